"""What a data set declares: how its samples are drawn, by which parameters, and what is to be said of each of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from landscape.problem import Array, Parameter

Targets = npt.NDArray[Any]  # (N,) class numbers, int64, or (N, k) numbers, float64
Values = Mapping[str, float]


@dataclass(frozen=True)
class Part:
    """Samples and what is to be said of them."""

    x: Array  # (N, *shape)
    y: Targets

    def __len__(self) -> int:
        return len(self.x)


@dataclass(frozen=True)
class Split:
    train: Part
    validation: Part


@dataclass(frozen=True)
class Dataset:
    """Labelled samples, the same ones for the same parameter values. Hashable: pages cache on it.

    `sampler` makes the two parts. Every data set has the parameters "samples" and "validation" (how many samples each part has) and "draw".
    """

    key: str
    name: str
    task: Literal["classes", "numbers"]
    shape: tuple[int, ...]  # of one sample
    outputs: int  # classes, or numbers a sample
    parameters: tuple[Parameter, ...]
    sampler: Callable[[Values], Split]
    source: str
    values: tuple[float, ...] | None = None  # of the parameters; None: their defaults
    classes: tuple[str, ...] = ()  # their names; empty: their numbers
    positions: int = 1  # at which a class is to be named; beyond 1 the samples are sequences, and targets are (N, positions)

    @property
    def class_names(self) -> tuple[str, ...]:
        """In words, or else in digits."""
        return self.classes or tuple(map(str, range(self.outputs)))

    @property
    def images(self) -> bool:
        """Whether a sample is an image, (channels, height, width)."""
        return len(self.shape) == 3

    @property
    def parameter_values(self) -> dict[str, float]:
        """The current value of every parameter, by key."""
        values = self.values or tuple(parameter.default for parameter in self.parameters)
        return {parameter.key: value for parameter, value in zip(self.parameters, values, strict=True)}

    def with_parameters(self, **values: float) -> "Dataset":
        """This data set at other parameter values. Raises ValueError for one that it does not have or that is out of its range."""
        known = {parameter.key: parameter for parameter in self.parameters}
        if unknown := sorted(set(values) - set(known)):
            raise ValueError(f"{self.name} has no parameter {unknown[0][:40]!r}: it has {', '.join(known)}.")
        bound = self.parameter_values | {key: known[key].check(value) for key, value in values.items()}
        return replace(self, values=tuple(bound.values()))

    def split(self) -> Split:
        """The samples to train on and those to validate with; drawn once, then remembered. Treat the arrays as read-only."""
        return _split(self.sampler, tuple(self.parameter_values.items()))


@lru_cache(maxsize=32)
def _split(sampler: Callable[[Values], Split], values: tuple[tuple[str, float], ...]) -> Split:
    split = sampler(dict(values))
    for part in (split.train, split.validation):
        part.x.setflags(write=False)
        part.y.setflags(write=False)
    return split


DRAW = Parameter("draw", "Draw of the samples", 0, 0, 9999, integer=True, help="Which samples were drawn: move it to draw others.")


def count(default: int = 200, high: int = 2_000) -> Parameter:
    return Parameter("samples", "Samples", default, 1, high, scale="log", integer=True, help="How many samples the net is trained on.")


def held_out(default: int = 500, high: int = 2_000) -> Parameter:
    return Parameter("validation", "Validation samples", default, 1, high, scale="log", integer=True, help="Samples it never trains on.")


def noise(default: float, high: float) -> Parameter:
    return Parameter("noise", "Noise", default, 0.0, high, help="Standard deviation of what each point is pushed aside by.")


def drawn(values: Values, make: Callable[[int, np.random.Generator], tuple[Array, Targets]]) -> Split:
    """Both parts from the same distribution, each with a random stream of its own, so that the size of one does not change the other."""
    parts = []
    for column, key in enumerate(("samples", "validation")):
        rng = np.random.default_rng((int(values["draw"]), column))
        x, y = make(int(values[key]), rng)
        parts.append(Part(np.ascontiguousarray(x, dtype=np.float64), np.ascontiguousarray(y)))
    return Split(*parts)
