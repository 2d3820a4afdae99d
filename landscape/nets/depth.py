"""How a signal fares on its way through a net and back: the size of activations and gradients, layer by layer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem


@dataclass(frozen=True)
class Signals:
    """Of each layer with a weight matrix or filters, in the order of computation; Euclidean norms over samples and units, (L,)."""

    names: tuple[str, ...]
    outputs: Array  # of what the layer puts out, before normalisation and activation
    gradients: Array  # of the loss's gradient in that
    weights: Array  # of the loss's gradient in the layer's weights, without biases

    @property
    def first_over_last(self) -> float:
        """The gradient that reaches the first layer, over that at the last: 1e-36 has vanished, 1e14 has exploded."""
        return float(self.gradients[0] / self.gradients[-1])


def signals(problem: "NetProblem", weights: npt.ArrayLike | None = None) -> Signals:
    """Send all the training data through the net and the loss's gradient back, at weights (n,) or at the initial ones."""
    net = problem.net()
    if weights is not None:
        at = np.asarray(weights, dtype=np.float64)
        problem.layout.check(at)
        net.load(at)
    layers = {name: part for name, part in net.module.named_modules() if isinstance(part, (nn.Linear, nn.Conv2d))}
    outputs: dict[str, Tensor] = {}

    def watch(name: str) -> Any:
        def hook(part: nn.Module, given: tuple[Tensor, ...], out: Tensor) -> None:
            outputs[name] = out

        return hook

    for name, part in layers.items():
        part.register_forward_hook(watch(name))
    mean = net.mean(*net.train)
    wanted = [*outputs.values(), *(layers[name].weight for name in outputs)]
    norms = np.array([torch.linalg.vector_norm(part.double()).item() for part in torch.autograd.grad(mean, wanted)])
    sizes = np.array([torch.linalg.vector_norm(part.detach().double()).item() for part in outputs.values()])
    return Signals(tuple(outputs), sizes, norms[: len(outputs)], norms[len(outputs) :])
