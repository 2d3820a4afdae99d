"""Convolutional nets over a plane, about twice as fast as one point after another: same arithmetic, in an order that suits the machine.

Batch norm in evaluation is affine with fixed statistics, so it is folded into the convolution before it (Jacob et al. 2018,
arXiv:1712.05877, section 3.2), anew at every point; images lie channels last; few samples at a time stay in the cache; a point a core.
"""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import torch
from torch import fx, nn

from landscape.nets.planes.layout import Array
from landscape.nets.planes.objective import Objective, one_thread
from landscape.nets.planes.plane import Plane
from landscape.parallel import CORES

PIXELS = 16_384  # a batch: measured on ResNet-8 with 8 and 16 channels, images of 8 x 8 to 32 x 32
FEWEST, MOST = 32, 256  # samples a batch


def folded(objective: Objective, plane: Plane) -> Callable[[Array, Array], tuple[Array, Array]] | None:
    """A function of coordinates a, b (P,) that returns loss and accuracy (P,); None for nets without convolutions over images.

    A net that torch.fx cannot trace keeps its batch norm as it is. Several threads may call it at once: each takes a copy of the net.
    """
    if not any(isinstance(part, nn.Conv2d) for part in objective.module.modules()) or objective.x.ndim != 4:
        return None
    if objective.statistics in ("data", "population"):  # all samples at once, then
        return None
    vectors = [objective.tensor(vector) for vector in (plane.origin, plane.u, plane.v)]
    copies: SimpleQueue[_Copy] = SimpleQueue()
    for _ in range(CORES):
        copies.put(_copy(objective))
    images = objective.x.contiguous(memory_format=torch.channels_last)
    size = min(max(PIXELS // (images.shape[2] * images.shape[3]), FEWEST), MOST)
    batches = list(zip(torch.split(images, size), torch.split(objective.y, size), strict=True))

    def evaluate(a: Array, b: Array) -> tuple[Array, Array]:
        own, (origin, u, v) = copies.get(), vectors
        try:
            with one_thread(), torch.inference_mode():
                points = [origin.add(u, alpha=p).add_(v, alpha=q) for p, q in zip(a.tolist(), b.tolist(), strict=True)]
                pairs = [objective.measured(own.at(objective.layout.split(point)), batches) for point in points]
        finally:
            copies.put(own)
        loss, accuracy = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        return loss, accuracy

    return evaluate


@dataclass(frozen=True)
class _Fold:
    """A convolution that does its batch norm's work; `conv` and `norm` are their names in the net."""

    conv: str
    norm: str
    mean: torch.Tensor
    deviation: torch.Tensor
    bias: bool  # whether the net's convolution has one


@dataclass(frozen=True)
class _Copy:
    """The net, with weights of its own to write into."""

    module: nn.Module
    plain: dict[str, torch.Tensor]  # parameters that are copied as they are
    folds: tuple[_Fold, ...]

    def at(self, weights: dict[str, torch.Tensor]) -> nn.Module:
        """The net at these weights."""
        for name, target in self.plain.items():
            target.copy_(weights[name])
        for fold in self.folds:
            conv = self.module.get_submodule(fold.conv)
            assert isinstance(conv, nn.Conv2d)
            assert conv.bias is not None
            scale = weights[f"{fold.norm}.weight"] / fold.deviation if f"{fold.norm}.weight" in weights else 1 / fold.deviation
            shift = weights[f"{fold.conv}.bias"] - fold.mean if fold.bias else -fold.mean
            conv.weight.copy_(weights[f"{fold.conv}.weight"] * scale[:, None, None, None])
            conv.bias.copy_(shift * scale + weights[f"{fold.norm}.bias"] if f"{fold.norm}.bias" in weights else shift * scale)
        return self.module


def _copy(objective: Objective) -> _Copy:
    module, folds = _traced(deepcopy(objective.module))
    module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    moved = {name for fold in folds for name in (f"{fold.conv}.weight", f"{fold.conv}.bias", f"{fold.norm}.weight", f"{fold.norm}.bias")}
    return _Copy(module, {name: parameter for name, parameter in module.named_parameters() if name not in moved}, folds)


def _traced(module: nn.Module) -> tuple[nn.Module, tuple[_Fold, ...]]:
    try:
        traced = fx.symbolic_trace(module)
    except (fx.proxy.TraceError, TypeError, ValueError, RuntimeError, NotImplementedError, AttributeError):
        return module, ()  # its way depends on the data
    return traced, _fold(traced)


def _fold(traced: fx.GraphModule) -> tuple[_Fold, ...]:
    """Take batch norms that follow a convolution out of the graph."""
    parts, folds = dict(traced.named_modules()), []
    calls = [str(node.target) for node in traced.graph.nodes if node.op == "call_module"]
    for node in list(traced.graph.nodes):
        before = node.args[0] if node.op == "call_module" and node.args else None
        norm = parts.get(str(node.target))
        if not isinstance(norm, nn.BatchNorm2d) or not isinstance(before, fx.Node) or before.op != "call_module" or len(before.users) != 1:
            continue
        conv = parts.get(str(before.target))
        if type(conv) is not nn.Conv2d or norm.running_mean is None or norm.running_var is None:
            continue
        if calls.count(str(node.target)) != 1 or calls.count(str(before.target)) != 1:  # shared: folded weights would not be
            continue
        deviation = (norm.running_var + norm.eps).sqrt()
        folds.append(_Fold(str(before.target), str(node.target), norm.running_mean.clone(), deviation, conv.bias is not None))
        if conv.bias is None:
            conv.bias = nn.Parameter(torch.zeros_like(norm.running_mean))
        node.replace_all_uses_with(before)
        traced.graph.erase_node(node)
    traced.recompile()
    return tuple(folds)
