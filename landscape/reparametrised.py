"""One model in two sets of coordinates: what a way on one landscape is on the other."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from landscape.algebra import NUMPY, fold
from landscape.expression import parse
from landscape.ground import Array

if TYPE_CHECKING:
    from landscape.problem import Problem


@dataclass(frozen=True)
class Reparametrised:
    """The problem that is the same model in other coordinates, with the same parameters, and the way there and back.

    Both are formulas, a coordinate each: `there` of this problem's coordinates, `back` of the other's.
    """

    problem: str  # its key
    there: tuple[str, str]
    back: tuple[str, str]


def other_of(problem: "Problem") -> "Problem":
    """The same model in its other coordinates, at the same parameters. Raises ValueError where none are declared."""
    from landscape.samples import SAMPLES  # they are declared with these

    if problem.other is None:
        raise ValueError(f"{problem.name} is declared in one set of coordinates only")
    return SAMPLES[problem.other.problem].with_parameters(**problem.parameter_values)


def there(problem: "Problem", points: Array) -> Array:
    """Points of the problem, (..., 2), in the other coordinates; NaN where they have no place there."""
    return _carried(problem.coordinates, problem.other.there, points) if problem.other else points


def back(problem: "Problem", points: Array) -> Array:
    """Points of the other one, (..., 2), in this problem's coordinates."""
    return _carried(other_of(problem).coordinates, problem.other.back, points) if problem.other else points


def _carried(names: tuple[str, ...], formulas: tuple[str, ...], points: Array) -> Array:
    values = dict(zip(names, np.moveaxis(points, -1, 0), strict=True))
    with np.errstate(all="ignore"):
        return np.stack([fold(parse(text, names), values, NUMPY) for text in formulas], axis=-1)
