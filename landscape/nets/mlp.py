"""Multilayer perceptrons."""

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from torch import Tensor, nn

from landscape.nets.dropout import RESCALED
from landscape.nets.model import checked, choose
from landscape.nets.parts import ACTIVATIONS, NORMS


class Skip(nn.Module):
    """inner(x) + x."""

    def __init__(self, inner: nn.Module) -> None:
        super().__init__()
        self.inner = inner

    def forward(self, x: Tensor) -> Tensor:
        out: Tensor = self.inner(x) + x
        return out


@dataclass(frozen=True)
class MLP:
    """Fully connected layers: a matrix, a normalisation, an activation, dropout; `skip`: a layer as wide as the last adds its input."""

    widths: tuple[int, ...] = (16,)  # of the hidden layers
    activation: str = "tanh"
    norm: str = "none"
    skip: bool = False
    bias: bool = True
    dropout: float = 0.0  # the share of each hidden layer's units that a training step leaves out
    rescale: str = "training"  # when what that takes away is made up for: a key of RESCALED
    init: str = "torch"
    scale: float = 1.0  # the initial weights are multiplied by this; for "normal" it is their standard deviation

    title: ClassVar[str] = "MLP"
    sequences: ClassVar[bool] = False
    shares: ClassVar[bool] = False

    def __post_init__(self) -> None:
        checked(self.activation, self.norm, self.init, self.scale, self.widths)
        choose(RESCALED, self.rescale, "time to rescale")
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"Dropout leaves out a share of {self.dropout}: give a number from 0 to below 1.")

    @property
    def name(self) -> str:
        return f"MLP, {' and '.join(map(str, self.widths)) or 'no'} hidden units, {ACTIVATIONS[self.activation].name}" + (
            f", dropout {self.dropout:g}" if self.dropout else ""
        )

    def sizes(self, shape: tuple[int, ...], outputs: int) -> tuple[int, ...]:
        """Units of every layer, inputs first, outputs last."""
        inputs = 1
        for size in shape:
            inputs *= size
        return (inputs, *self.widths, outputs)

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        sizes = self.sizes(shape, outputs)
        layers: list[nn.Module] = [nn.Flatten()]
        for before, size in pairwise(sizes[:-1]):
            norm = [] if self.norm == "none" else [NORMS[self.norm].flat(size)]
            linear = nn.Linear(before, size, self.bias and not NORMS[self.norm].couples)
            drop = [RESCALED[self.rescale][1](self.dropout)] if self.dropout else []
            layer = nn.Sequential(linear, *norm, ACTIVATIONS[self.activation].module(), *drop)
            layers.append(Skip(layer) if self.skip and before == size else layer)
        layers.append(nn.Linear(sizes[-2], sizes[-1], self.bias))
        return nn.Sequential(*layers)
