"""Declared stationary points at the current parameters: polished, checked, and dropped where they have ceased to be.

All points are worked on at once, as lanes: (2, k).
"""

import numpy as np
import numpy.typing as npt

from landscape.algebra import NUMPY, fold
from landscape.expression import parse
from landscape.problem import Kind, Point, Problem

Array = npt.NDArray[np.float64]

RING = 1e-3  # of the domain: where a point's kind is looked at
SAME = 1e-5  # of the domain: points closer than this have merged
SPOKES = 64
NEWTON_STEPS = 30
HALVINGS = 8

ORDER: tuple[Kind, ...] = ("minimum", "saddle", "maximum")


def stationary_points(problem: Problem) -> tuple[Point, ...]:
    """See `Problem.stationary_points`."""
    size = float(np.ptp(np.array(problem.domain), axis=1).max())
    seeds = _coordinates(problem)
    exists = np.asarray(np.isfinite(seeds).all(axis=0))  # a coordinate without a value: no such point at these parameters
    declared = [point for point, there in zip(problem.stationary or (), exists, strict=True) if there]
    if not declared:
        return ()
    x = newton(problem, seeds[:, exists])
    near = np.linalg.norm(x - seeds[:, exists], axis=0) <= np.array([point.reach for point in declared]) * size
    kept: list[Point] = []
    for i, (point, kind, value) in enumerate(zip(declared, kinds(problem, x, RING * size), problem.value(x), strict=True)):
        merged = any(np.hypot(x[0, i] - other.x, x[1, i] - other.y) <= SAME * size for other in kept)
        if near[i] and kind == point.kind and not merged:
            kept.append(Point(float(x[0, i]), float(x[1, i]), float(value), point.kind, point.label))
    return tuple(sorted(kept, key=lambda point: (ORDER.index(point.kind), point.value)))


def _coordinates(problem: Problem) -> Array:
    """The declared coordinates at the current parameters, (2, k)."""
    names = problem.formula.names(problem.parameter_values)
    known = tuple(names)
    pairs = [[float(fold(parse(text, known), names, NUMPY)) for text in (point.x, point.y)] for point in problem.stationary or ()]
    return np.array(pairs, dtype=np.float64).reshape(-1, problem.n).T


def newton(problem: Problem, x: Array) -> Array:
    """Damped Newton steps on the gradient, each taken only where it makes the gradient smaller."""
    g = problem.gradient(x)
    for _ in range(NEWTON_STEPS):
        h = np.nan_to_num(problem.hessian(x))  # (2, 2, k)
        rounding = 4 * np.finfo(float).eps * np.abs(h).max(axis=(0, 1)) * (1 + np.abs(x).max(axis=0))
        open_ = np.linalg.norm(g, axis=0) > rounding  # the others are as exact as the formula lets them be
        if not open_.any():
            break
        step = _solved(h, g)
        stuck = open_.copy()
        for halving in range(HALVINGS):
            trial = np.where(open_, x - step * 0.5**halving, x)
            trial_g = problem.gradient(trial)
            better = open_ & (np.linalg.norm(trial_g, axis=0) < np.linalg.norm(g, axis=0))
            x, g = np.where(better, trial, x), np.where(better, trial_g, g)
            open_ &= ~better
            if not open_.any():
                break
        if (open_ == stuck).all():  # nobody got closer
            break
    return x


def _solved(h: Array, g: Array) -> Array:
    """H^-1 g along the eigenvectors of each H, (2, 2, k); nothing along those without curvature."""
    angle = np.arctan2(2 * h[0, 1], h[0, 0] - h[1, 1]) / 2
    mean, half = (h[0, 0] + h[1, 1]) / 2, np.hypot((h[0, 0] - h[1, 1]) / 2, h[0, 1])
    step = np.zeros_like(g)
    for curvature, (u, v) in ((mean + half, (np.cos(angle), np.sin(angle))), (mean - half, (-np.sin(angle), np.cos(angle)))):
        curved = np.abs(curvature) > 1e-12 * (np.abs(mean) + half)
        along = np.where(curved, (u * g[0] + v * g[1]) / np.where(curved, curvature, 1.0), 0.0)
        step += along * np.stack([u, v])
    return step


def kinds(problem: Problem, x: Array, radius: float, smooth: bool = True) -> list[Kind | None]:
    """What each point is, seen from a ring around it; None where the gradient is not zero. Holds at kinks and flat points too.

    With smooth=False a lowest point counts whatever its gradient: at a kink there is none to be zero.
    """
    angles = np.linspace(0, 2 * np.pi, SPOKES, endpoint=False)
    ring = x[:, :, None] + radius * np.stack([np.cos(angles), np.sin(angles)])[:, None, :]  # (2, k, SPOKES)
    value = problem.value(x)
    rise = problem.value(ring.reshape(problem.n, -1)).reshape(-1, SPOKES) - value[:, None]
    height = np.abs(rise).max(axis=1)
    noise = 1e-12 * (np.abs(value) + height)
    level = np.linalg.norm(problem.gradient(x), axis=0) * radius <= 1e-6 * height + noise
    lowest, highest = rise.min(axis=1) >= -noise, rise.max(axis=1) <= noise
    level = level if smooth else lowest
    seen = zip(level, lowest, highest, strict=True)
    return [("minimum" if low else "maximum" if high else "saddle") if flat else None for flat, low, high in seen]
