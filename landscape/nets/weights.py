"""A net's weights as one flat vector, and which stretch of it is which tensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from typing import Literal

import numpy as np
import torch
from torch import Tensor, nn

from landscape.problem import Array

Kind = Literal["weight", "bias", "norm"]


@dataclass(frozen=True)
class Entry:
    """One named tensor. A filter of a weight is what makes one output unit: a slice along `filter_axis` (Li et al. 2018, section 4)."""

    name: str
    shape: tuple[int, ...]
    offset: int
    kind: Kind
    filter_axis: int | None  # None: a bias or a normalisation's parameter has no filters

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def place(self) -> slice:
        """Where it lies in the flat vector."""
        return slice(self.offset, self.offset + self.size)


@dataclass(frozen=True)
class Layout:
    """Named tensors, one after another, each row-major: the order of `module.parameters()`."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, module: nn.Module) -> "Layout":
        """The layout of a module's parameters."""
        kinds = {
            id(parameter): "norm" if not isinstance(part, (nn.Linear, nn.Conv2d)) else "weight" if name == "weight" else "bias"
            for part in module.modules()
            for name, parameter in part.named_parameters(recurse=False)
        }
        entries: list[Entry] = []
        offset = 0
        for name, parameter in module.named_parameters():
            kind: Kind = kinds[id(parameter)]  # type: ignore[assignment]
            entries.append(Entry(name, tuple(parameter.shape), offset, kind, 0 if kind == "weight" else None))
            offset += parameter.numel()
        return cls(tuple(entries))

    @property
    def n(self) -> int:
        """Weights in all."""
        return sum(entry.size for entry in self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def named(self, flat: Array) -> dict[str, Array]:
        """Views of a vector (n,) or of lanes (n, B): each tensor by name, (*shape[, B])."""
        self.check(flat)
        return {entry.name: flat[entry.place].reshape(*entry.shape, *flat.shape[1:]) for entry in self.entries}

    def flat(self, tensors: dict[str, Array]) -> Array:
        """The vector, float64 (n,), of named tensors. Raises ValueError where a tensor is missing, too many, or of another shape."""
        if missing := [entry.name for entry in self.entries if entry.name not in tensors]:
            raise ValueError(f"The weights lack {missing[0]!r}: they are of another net.")
        if extra := sorted(set(tensors) - {entry.name for entry in self.entries}):
            raise ValueError(f"The weights have {extra[0][:60]!r}, which the net has not: they are of another net.")
        vector = np.empty(self.n)
        for entry in self.entries:
            tensor = np.asarray(tensors[entry.name])
            if tensor.shape != entry.shape:
                raise ValueError(f"{entry.name} has shape {tensor.shape}, the net's has {entry.shape}: they are of another net.")
            vector[entry.place] = tensor.reshape(-1)
        return vector

    def check(self, flat: Array) -> None:
        """Raises ValueError where the first axis does not hold this net's weights."""
        if flat.ndim not in (1, 2) or len(flat) != self.n:
            raise ValueError(f"The net has {self.n} weights: a vector ({self.n},) or lanes ({self.n}, B), not {flat.shape}.")


def flatten(module: nn.Module) -> Array:
    """A module's parameters as a flat vector, float64 (n,)."""
    return np.concatenate([parameter.detach().double().numpy().reshape(-1) for parameter in module.parameters()])


def bind(module: nn.Module) -> tuple[Tensor, Tensor]:
    """Make the module's parameters, and their gradients, views of two flat vectors (n,), and return these: writing there moves the net."""
    parameters = list(module.parameters())
    theta = torch.cat([parameter.detach().reshape(-1) for parameter in parameters])
    gradient = torch.zeros_like(theta)
    offset = 0
    for parameter in parameters:
        place = slice(offset, offset + parameter.numel())
        parameter.data = theta[place].view(parameter.shape)
        parameter.grad = gradient[place].view(parameter.shape)
        offset += parameter.numel()
    return theta, gradient
