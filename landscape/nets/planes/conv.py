"""Convolutional nets over a plane, about twice as fast as one point after another: same arithmetic, in an order that suits the machine.

Batch norm in evaluation is affine with fixed statistics, so it is folded into the convolution before it (Jacob et al. 2018,
arXiv:1712.05877, section 3.2), anew at every point; images lie channels last; few samples at a time stay in the cache; a point a core.
"""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from queue import SimpleQueue

import numpy as np
import torch
from torch import nn

from landscape.nets.planes.objective import Objective, one_thread
from landscape.nets.planes.plane import Plane
from landscape.parallel import CORES
from landscape.problem import Array

PIXELS = 16_384  # a batch: measured on ResNet-8 with 8 and 16 channels, images of 8 x 8 to 32 x 32
FEWEST, MOST = 32, 256  # samples a batch


def folded(objective: Objective, plane: Plane) -> Callable[[Array, Array], tuple[Array, Array]] | None:
    """A function of coordinates a, b (P,) that returns loss and accuracy (P,); None for nets without convolutions over images.

    Where folding would change the outputs batch norm stays as it is. Several threads may call it at once: each takes a copy of the net.
    """
    if not any(isinstance(part, nn.Conv2d) for part in objective.module.modules()) or objective.x.ndim != 4:
        return None
    if objective.statistics in ("data", "population"):  # all samples at once, then
        return None
    origin, u, v = (objective.tensor(vector) for vector in (plane.origin, plane.u, plane.v))
    images = objective.x.contiguous(memory_format=torch.channels_last)
    size = min(max(PIXELS // (images.shape[2] * images.shape[3]), FEWEST), MOST)
    batches = list(zip(torch.split(images, size), torch.split(objective.y, size), strict=True))
    with one_thread(), torch.inference_mode():
        first = _copy(objective, _pairs(objective))
        if first.folds and not all(_same(objective, first, point) for point in (origin, origin + u, origin + v)):
            first = _copy(objective, [])
    copies: SimpleQueue[_Copy] = SimpleQueue()
    for _ in range(CORES):
        copies.put(deepcopy(first))

    def evaluate(a: Array, b: Array) -> tuple[Array, Array]:
        own = copies.get()
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


def _copy(objective: Objective, pairs: list[tuple[str, str]]) -> _Copy:
    """A net of its own, in which these convolutions do the work of these norms."""
    module, folds = deepcopy(objective.module), []
    for parameter in module.parameters():
        parameter.requires_grad_(False)
    for conv, norm in pairs:
        layer, affine = module.get_submodule(conv), module.get_submodule(norm)
        assert isinstance(layer, nn.Conv2d)
        assert isinstance(affine, nn.BatchNorm2d)
        assert affine.running_mean is not None
        assert affine.running_var is not None
        deviation = (affine.running_var + affine.eps).sqrt()
        folds.append(_Fold(conv, norm, affine.running_mean.clone(), deviation, layer.bias is not None))
        layer.bias = nn.Parameter(torch.zeros_like(deviation), requires_grad=False)
        module.set_submodule(norm, nn.Identity())
    module = module.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    moved = {f"{fold.conv}.{name}" for fold in folds for name in ("weight", "bias")}
    return _Copy(module, {name: parameter for name, parameter in module.named_parameters() if name not in moved}, tuple(folds))


def _pairs(objective: Objective) -> list[tuple[str, str]]:
    """The names of the convolutions whose output is what a batch norm gets, seen by watching the net at work.

    Not by torch.fx: while that traces a net, the nets of other threads do not work.
    """
    module, calls, made = deepcopy(objective.module), Counter[str](), {}
    pairs: list[tuple[str, str]] = []

    def convolved(name: str, output: torch.Tensor) -> None:
        calls[name] += 1
        made[id(output)] = (name, output)  # kept, so that its id stays its own

    def normed(name: str, given: torch.Tensor) -> None:
        calls[name] += 1
        if id(given) in made:
            pairs.append((made[id(given)][0], name))

    for name, part in module.named_modules():
        if type(part) is nn.Conv2d:
            part.register_forward_hook(lambda part, given, output, name=name: convolved(name, output))
        elif isinstance(part, nn.BatchNorm2d) and part.running_mean is not None:
            part.register_forward_pre_hook(lambda part, given, name=name: normed(name, given[0]))
    module(objective.x[:FEWEST])
    times = Counter(conv for conv, _ in pairs)
    return [(conv, norm) for conv, norm in pairs if calls[conv] == calls[norm] == times[conv] == 1]  # what is shared stays as it is


def _same(objective: Objective, copy: _Copy, point: torch.Tensor) -> bool:
    """Whether the copy computes what the net does: not where a convolution's output goes elsewhere too."""
    weights, x = objective.layout.split(point), objective.x[:FEWEST]
    with objective.lock:
        wanted = objective.call(weights, x)
    apart = (copy.at(weights)(x) - wanted).abs().max()
    return not bool(torch.isfinite(wanted).all()) or bool(apart <= 1e-3 * wanted.abs().max())
