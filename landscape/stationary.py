"""Declared stationary points at the current parameters: polished, checked, and dropped where they have ceased to be."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from landscape.algebra import NUMPY, fold
from landscape.expression import parse
from landscape.problem import Kind, Point, Problem, Stationary

Array = npt.NDArray[np.float64]

REACH = 0.05  # of the domain: a point that Newton carries further was another one
RING = 1e-3  # of the domain: where a point's kind is looked at
NEWTON_STEPS = 30


def stationary_points(problem: Problem) -> tuple[Point, ...]:
    """See `Problem.stationary_points`."""
    kept: list[Point] = []
    size = float(np.ptp(np.array(problem.domain), axis=1).max())
    for point in _polished(problem, size):
        if all(np.hypot(point.x - other.x, point.y - other.y) > 1e-5 * size for other in kept):
            kept.append(point)
    return tuple(sorted(kept, key=lambda point: (("minimum", "saddle", "maximum").index(point.kind), point.value)))


def _polished(problem: Problem, size: float) -> Iterator[Point]:
    for declared in problem.stationary:
        seed = coordinates(problem, declared)
        if not np.isfinite(seed).all():
            continue  # the formula has no value here: the point does not exist at these parameters
        x = _newton(problem, seed)
        if np.linalg.norm(x - seed) <= REACH * size and kind_at(problem, x, RING * size) == declared.kind:
            yield Point(float(x[0]), float(x[1]), float(problem.value(x)), declared.kind, declared.label)


def coordinates(problem: Problem, declared: Stationary) -> Array:
    """A declared point's coordinates at the current parameters."""
    names = problem.formula.names(problem.parameter_values)
    return np.array([float(fold(parse(text, tuple(names)), names, NUMPY)) for text in (declared.x, declared.y)])


def _newton(problem: Problem, x: Array) -> Array:
    """Damped Newton steps on the gradient, each taken only if it makes the gradient smaller."""
    g = problem.gradient(x)
    for _ in range(NEWTON_STEPS):
        if not g.any():
            break
        h = problem.hessian(x)
        if not np.isfinite(h).all():
            break
        step = np.linalg.lstsq(h, g, rcond=1e-12)[0]
        trials = x[:, None] - step[:, None] * 0.5 ** np.arange(8)  # (2, 8)
        gradients = problem.gradient(trials)
        better = np.flatnonzero(np.linalg.norm(gradients, axis=0) < np.linalg.norm(g))
        if not better.size:
            break
        x, g = np.ascontiguousarray(trials[:, better[0]]), gradients[:, better[0]]
    return x


def kind_at(problem: Problem, x: Array, radius: float) -> Kind | None:
    """What a point is, seen from a ring around it; None where the gradient is not zero. Holds at kinks and flat points too."""
    angles = np.linspace(0, 2 * np.pi, 64, endpoint=False)
    ring = x[:, None] + radius * np.stack([np.cos(angles), np.sin(angles)])
    rise = problem.value(ring) - problem.value(x)
    slope = float(np.linalg.norm(problem.gradient(x)))
    noise = 1e-12 * (abs(float(problem.value(x))) + float(np.abs(rise).max()))
    if not slope * radius <= 1e-6 * float(np.abs(rise).max()) + noise:
        return None
    if (rise >= -noise).all():
        return "minimum"
    return "maximum" if (rise <= noise).all() else "saddle"
