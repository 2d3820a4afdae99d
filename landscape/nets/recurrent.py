"""A plain recurrent net: one state, carried from step to step through the same weights, and an answer from the last one."""

from dataclasses import dataclass
from math import prod
from typing import ClassVar

import torch
from torch import Tensor, nn

from landscape.nets.model import checked
from landscape.nets.parts import ACTIVATIONS


class Recurrence(nn.Module):
    """h_t = tanh(W x_t + b + U h_{t-1}), h_0 = 0, and what is said of h_T: Elman 1990, Cognitive Science 14, figure 2.

    Samples (N, T, features). What is one axis short is numbers, one a step; what is one axis longer is images, a row of pixels a step.
    """

    def __init__(self, features: int, width: int, outputs: int, activation: str) -> None:
        super().__init__()
        self.features = features
        self.input, self.state = nn.Linear(features, width), nn.Linear(width, width, bias=False)
        self.activation = ACTIVATIONS[activation].module()
        self.answer = nn.Linear(width, outputs)

    def forward(self, x: Tensor) -> Tensor:
        first, *others = self.input(x.reshape(len(x), -1, self.features)).unbind(1)  # what each step brings in: T of (N, width)
        h, back = self.activation(first), self.state.weight.t()
        for step in others:
            h = self.activation(torch.addmm(step, h, back))
        out: Tensor = self.answer(h)
        return out


@dataclass(frozen=True)
class RNN:
    """One layer of units that see each other's last values; what a sample's last axis holds comes in at one step."""

    units: int = 32
    activation: str = "tanh"
    init: str = "torch"
    scale: float = 1.0

    title: ClassVar[str] = "RNN"
    norm: ClassVar[str] = "none"
    sequences: ClassVar[bool] = False  # it answers once, after the last step
    shares: ClassVar[bool] = True
    dropout: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        checked(self.activation, self.norm, self.init, self.scale, (self.units,))

    @property
    def name(self) -> str:
        return f"RNN, {self.units} units, {ACTIVATIONS[self.activation].name}"

    @staticmethod
    def reads(shape: tuple[int, ...]) -> tuple[int, int]:
        """A sample of this shape in so many steps, of so many numbers each."""
        features = shape[-1] if len(shape) > 1 else 1
        return prod(shape) // features, features

    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module:
        return Recurrence(self.reads(shape)[1], self.units, outputs, self.activation)
