"""Where each tensor of a module lies in its flat weight vector."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Entry:
    """One trainable tensor."""

    name: str
    shape: tuple[int, ...]
    offset: int

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def place(self) -> slice:
        """Its place in the flat vector."""
        return slice(self.offset, self.offset + self.size)

    @property
    def vector(self) -> bool:
        """A bias, a scale or shift of a norm layer, a lone scalar: what has no filters."""
        return len(self.shape) <= 1

    def rows(self, flat: Array) -> Array:
        """This tensor's part of a flat vector as filters, (filters, weights each): a view."""
        return flat[self.place].reshape(self.shape[0], -1)


@dataclass(frozen=True)
class Layout:
    """All trainable tensors of a module, in the order of `named_parameters()`; a tensor that two layers share is there once."""

    entries: tuple[Entry, ...]

    @classmethod
    def of(cls, module: torch.nn.Module) -> "Layout":
        """Raises ValueError for a module without trainable parameters."""
        entries, offset = [], 0
        for name, parameter in module.named_parameters():
            entries.append(Entry(name, tuple(parameter.shape), offset))
            offset += parameter.numel()
        if not offset:
            raise ValueError("The module has no parameters: there is no weight space to draw.")
        return cls(tuple(entries))

    @property
    def n(self) -> int:
        """How many weights there are."""
        return sum(entry.size for entry in self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries)

    def check(self, weights: npt.ArrayLike) -> Array:
        """Flat weights as float64, (n,), or (T, n) for a path. Raises ValueError where they do not fit."""
        flat = np.asarray(weights, dtype=np.float64)
        if flat.ndim not in (1, 2) or flat.shape[-1] != self.n:
            raise ValueError(f"Weights of this net have shape ({self.n},), a path (T, {self.n}); these have {flat.shape}.")
        return flat

    def split(self, flat: torch.Tensor) -> dict[str, torch.Tensor]:
        """Views of a flat tensor by name, in the tensors' shapes."""
        return {entry.name: flat[entry.place].view(entry.shape) for entry in self}
