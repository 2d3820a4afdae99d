"""A net's weights as one flat vector, and which stretch of it is which tensor."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from landscape.problem import Array


@dataclass(frozen=True)
class Entry:
    """One trainable tensor. A filter is what makes one output unit: a slice along the first axis (Li et al. 2018, section 4)."""

    name: str
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        return prod(self.shape)

    @property
    def place(self) -> slice:
        """Where it lies in the flat vector."""
        return slice(self.offset, self.offset + self.size)

    @property
    def vector(self) -> bool:
        """A bias, a scale or shift of a norm layer, a lone scalar: what has no filters."""
        return len(self.shape) <= 1

    def rows(self, flat: Array) -> Array:
        """This tensor's part of a flat vector (n,) as filters, (filters, weights each): a view. What has none is one row."""
        return flat[self.place].reshape(1 if self.vector else self.shape[0], -1)


@dataclass(frozen=True)
class Layout:
    """Named tensors, one after another, each row-major: the order of `module.parameters()`. What two layers share is there once."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, module: nn.Module) -> "Layout":
        """The layout of a module's parameters, whoever made the module. Raises ValueError where it has none."""
        entries: list[Entry] = []
        offset = 0
        for name, parameter in module.named_parameters():
            entries.append(Entry(name, tuple(parameter.shape), offset))
            offset += parameter.numel()
        if not offset:
            raise ValueError("The module has no parameters: there is no weight space to draw.")
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

    def split(self, flat: Tensor) -> dict[str, Tensor]:
        """Views of a flat tensor (n,): each tensor by name, in its shape."""
        return {entry.name: flat[entry.place].view(entry.shape) for entry in self.entries}

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

    def as_points(self, weights: npt.ArrayLike) -> Array:
        """Flat weights as float64: one point (n,), or those of a path (T, n). Raises ValueError where they are not of this net's shape."""
        points = np.asarray(weights, dtype=np.float64)
        if points.ndim not in (1, 2) or points.shape[-1] != self.n:
            raise ValueError(f"Weights of this net have shape ({self.n},), a path (T, {self.n}); these have {points.shape}.")
        return points


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
