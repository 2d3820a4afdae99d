"""How sharp a minimum is, measured in several ways; no two of them need agree."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.nets.planes.curvature import Estimate, lanczos
from landscape.nets.planes.directions import normalised
from landscape.nets.planes.objective import Objective
from landscape.problem import Array

BISECTIONS = 12  # 1/4096 of the bracket


@dataclass(frozen=True, eq=False)
class Edge:
    """The largest curvature along training against the edge of stability: gradient descent is stable below 2/lr."""

    steps: np.ndarray  # (T,): of which points
    curvature: Array  # (T,): the Hessian's largest eigenvalue
    residuals: Array  # (T,): how far from an eigenvalue it can be
    edge: float  # 2/lr


def edge_of_stability(objective: Objective, path: npt.ArrayLike, lr: float, every: int = 1, steps: int = 40, seed: int = 0) -> Edge:
    """The largest eigenvalue at every `every`th point of a path (T, n), and at its last; Cohen et al. 2021, arXiv:2103.00065, section 3."""
    if not lr > 0 or every < 1:
        raise ValueError(f"lr = {lr:g}, every = {every}: both must be above 0.")
    points = objective.layout.as_points(path)
    at = np.union1d(np.arange(0, len(points), every), [len(points) - 1])
    tops = [lanczos(objective, points[step], 1, steps, seed) for step in at]
    return Edge(at, np.array([top.values[0] for top in tops]), np.array([top.residuals[0] for top in tops]), 2 / lr)


@dataclass(frozen=True)
class Rise:
    """How much the loss rises at a distance from a point."""

    radius: float
    random: Estimate  # over random directions, uniform on the sphere
    uphill: float  # along the gradient, the first-order worst case: Foret et al. 2021, arXiv:2010.01412, eq. 2; NaN where it is 0


def loss_rise(objective: Objective, weights: npt.ArrayLike, radius: float, draws: int = 20, seed: int = 0) -> Rise:
    """The rise of the loss `radius` away, in weight space's own distance."""
    if not radius > 0 or draws < 2:
        raise ValueError(f"radius = {radius:g}, draws = {draws}: give a radius above 0 and 2 draws or more.")
    at = objective.layout.as_points(weights)
    directions = np.random.default_rng(seed).standard_normal((draws, objective.n))
    directions *= radius / np.linalg.norm(directions, axis=1, keepdims=True)
    rises = objective.along(at + directions)[0] - objective.at(at)[0]
    gradient = objective.gradient(at)[1]
    length = np.linalg.norm(gradient)
    uphill = objective.at(at + radius / length * gradient)[0] - objective.at(at)[0] if length > 0 else np.nan
    return Rise(radius, Estimate(float(rises.mean()), float(rises.std(ddof=1) / np.sqrt(draws)), draws), float(uphill))


def width(objective: Objective, weights: npt.ArrayLike, rise: float, draws: int = 10, reach: float = 4.0, seed: int = 0) -> Array:
    """How far one can go along filter-normalised random directions until the loss has risen by `rise`, (2 draws,): both ways.

    In multiples of the filters' own lengths, so that rescaled twins of a net are equally wide (Li et al. 2018, section 4). The first
    crossing on a grid of 1/16 out to `reach`, halved down to 1/4096 of that; infinite where there is none.
    """
    if not rise > 0 or draws < 1 or not reach > 0:
        raise ValueError(f"rise = {rise:g}, draws = {draws}, reach = {reach:g}: all must be above 0.")
    at, rng = objective.layout.as_points(weights), np.random.default_rng(seed)
    level, grid = objective.at(at)[0] + rise, np.arange(1, int(np.ceil(16 * reach)) + 1) / 16
    found = []
    for _ in range(draws):
        direction = normalised(rng.standard_normal(objective.n), at, objective.layout)
        found += [_crossing(objective, at, sign * direction, level, grid) for sign in (1, -1)]
    return np.array(found)


def _crossing(objective: Objective, at: Array, direction: Array, level: float, grid: Array) -> float:
    high = next((far for far in grid if not objective.at(at + far * direction)[0] < level), None)
    if high is None:
        return float("inf")
    low = high - grid[0]
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        low, high = (middle, high) if objective.at(at + middle * direction)[0] < level else (low, middle)
    return float((low + high) / 2)
