"""Dropout: each training step is of another, thinned net. Srivastava, Hinton, Krizhevsky, Sutskever & Salakhutdinov 2014, JMLR 15.

A module is whole unless `thinned` says otherwise: scores, planes and curvature are of the whole net, in "evaluation mode".
"""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn


class Dropout(nn.Module):
    """r x / p with r of Bernoulli(p) in training, x itself afterwards: scaled at training time, as torch.nn.Dropout does."""

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.keep = 1.0 - rate  # the paper's p is the probability to stay, PyTorch's the one to go
        self.generator: torch.Generator | None = None  # of a thinned net

    def forward(self, x: Tensor) -> Tensor:
        return x if self.generator is None else x * self._mask(x) / self.keep

    def _mask(self, x: Tensor) -> Tensor:
        return torch.empty_like(x).bernoulli_(self.keep, generator=self.generator)


class DropoutScaledAtTest(Dropout):
    """r x in training, p x afterwards: as in the paper, section 4 and figure 2."""

    def forward(self, x: Tensor) -> Tensor:
        return x * self.keep if self.generator is None else x * self._mask(x)


RESCALED: dict[str, tuple[str, type[Dropout]]] = {
    "training": ("at training time, as PyTorch", Dropout),
    "test": ("at test time, as the paper", DropoutScaledAtTest),
}


@contextmanager
def thinned(module: nn.Module, generator: torch.Generator) -> Iterator[None]:
    """While it lasts every forward pass leaves out other units, drawn from this generator."""
    layers = [part for part in module.modules() if isinstance(part, Dropout)]
    for layer in layers:
        layer.generator = generator
    try:
        yield
    finally:
        for layer in layers:
            layer.generator = None
