"""What a net is: a frozen, hashable specification, of which a seeded PyTorch module is built."""

from typing import Any, Protocol

from torch import nn

from landscape.nets.parts import ACTIVATIONS, INITS, NORMS, initialise


class Model(Protocol):
    """A specification: `make` puts the module together, for samples of a shape and a number of outputs; `build` fills its weights."""

    def __hash__(self) -> int: ...
    @property
    def name(self) -> str: ...
    @property
    def norm(self) -> str: ...
    @property
    def init(self) -> str: ...
    @property
    def scale(self) -> float: ...
    @property
    def sequences(self) -> bool: ...  # whether it answers at each position of a sequence
    @property
    def dropout(self) -> float: ...  # the share of the hidden units that a training step leaves out
    @property
    def shares(self) -> bool: ...  # whether a weight is at work at several places of a sample
    def make(self, shape: tuple[int, ...], outputs: int) -> nn.Module: ...


def build(model: Model, shape: tuple[int, ...], outputs: int, seed: int) -> nn.Module:
    """The specified module, float32, its weights drawn by this seed."""
    return initialise(model.make(shape, outputs), INITS[model.init], model.scale, seed)


def choose(table: dict[str, Any], key: str, what: str) -> Any:
    """The table's entry. Raises ValueError, naming the choices, where there is none."""
    if key not in table:
        raise ValueError(f"There is no {what} {key[:40]!r}: choose one of {', '.join(table)}.")
    return table[key]


def checked(activation: str, norm: str, init: str, scale: float, sizes: tuple[int, ...]) -> None:
    """Raises ValueError for a specification of which no net can be built."""
    choose(ACTIVATIONS, activation, "activation"), choose(NORMS, norm, "normalisation"), choose(INITS, init, "initialisation")
    if not 0.0 <= scale < float("inf"):
        raise ValueError(f"The initialisation's scale is {scale}: give a number, 0 or more.")
    if any(size != int(size) or size < 1 for size in sizes):
        raise ValueError(f"Sizes of {sizes}: every layer needs a whole number of units, 1 or more.")
