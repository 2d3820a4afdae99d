"""The lowest known minimum's value, where the landscape's parameters differ between runs: what a loss is measured against."""

import itertools
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from landscape import Problem
from landscape.algebra import NUMPY, fold
from landscape.expression import parse
from landscape.problem import WHOLE
from optimizers import OPTIMIZERS, descend
from optimizers.maps.case import Case

POLISH = 20  # Newton steps from where a minimum is known to where it is at a lane's parameters
SAMPLES = 5  # values of a parameter at which the minima of a formula are searched for
MOST = 16  # minima that are followed from there
APART = 1e-3  # closer than this, two of them are one


def level_of(case: Case, params: Mapping[str, np.ndarray]) -> Any:
    """The loss that counts as arrived, () or (B,); minus infinity where no minimum is known."""
    problem = case.problem
    lowest = lowest_at(problem, params) if params else problem.lowest
    return -math.inf if lowest is None else lowest + case.tolerance


def lowest_at(problem: Problem, params: Mapping[str, np.ndarray]) -> np.ndarray | None:
    """The lowest known minimum's value at parameters that differ between lanes, (B,): declared or found, and polished by Newton."""
    lanes = len(next(iter(params.values())))
    found = list((_followed if problem.stationary is None else _declared)(problem, params, lanes))
    if not found:
        return None
    lowest = np.min(found, axis=0)
    return np.where(np.isfinite(lowest), lowest, -np.inf)


def _declared(problem: Problem, params: Mapping[str, np.ndarray], lanes: int) -> Iterator[np.ndarray]:
    """Each declared minimum's value, (B,): infinite where these parameters have none of it."""
    names = problem.formula.names(problem.parameter_values | dict(params))
    for point in (point for point in problem.stationary or () if point.kind == "minimum"):
        at = np.stack([np.broadcast_to(fold(parse(text, tuple(names)), names, NUMPY), lanes) for text in (point.x, point.y)])
        there = np.isfinite(at).all(axis=0)
        near = np.where(there, at, 0.0)
        polished, as_declared = (
            descend(problem, OPTIMIZERS["newton"], near, steps, keep="final", params=params, share=False).final_loss
            for steps in (POLISH, 0)
        )
        yield np.where(there, np.fmin(polished, as_declared), np.inf)


def _followed(problem: Problem, params: Mapping[str, np.ndarray], lanes: int) -> Iterator[np.ndarray]:
    """The values of the minima that Newton comes to from those found at other parameters, (B,): infinite where it comes to none."""
    rows = problem.lane_params(lanes, **params)
    for point in _searched(problem, tuple(params)):
        run = descend(problem, OPTIMIZERS["newton"], np.tile(point[:, None], lanes), POLISH, keep="final", params=params, share=False)
        (a, b), (_, c) = _hessian(problem, rows, run.final)
        with np.errstate(all="ignore"):
            cupped = (run.settled_at >= 0) & (a + c >= 0) & (a * c - b * b >= 0)  # else what was a minimum is a saddle or a top here
        yield np.where(cupped, run.final_loss, np.inf)


def _hessian(problem: Problem, rows: np.ndarray, x: np.ndarray) -> np.ndarray:
    """(2, 2, B) at x (2, B), for parameters (p, B)."""
    h = np.empty((2, *x.shape))
    with np.errstate(all="ignore"):
        problem.hessian_kernel(np.ascontiguousarray(x), rows, problem.data, WHOLE, h)
    return h


@lru_cache(maxsize=64)
def _searched(problem: Problem, varying: tuple[str, ...]) -> tuple[np.ndarray, ...]:
    """Minima that a search finds at some values of these parameters, the lowest ones, (2,) each."""
    ranges = [np.linspace(p.low, p.high, SAMPLES) for p in problem.parameters if p.key in varying]
    keys = [p.key for p in problem.parameters if p.key in varying]
    sampled = [problem.with_parameters(**dict(zip(keys, map(float, values), strict=True))) for values in itertools.product(*ranges)]
    points = [point for each in (problem, *sampled) for point in each.stationary_points() if point.kind == "minimum"]
    kept: list[np.ndarray] = []
    for point in sorted(points, key=lambda point: point.value):
        at = np.array([point.x, point.y])
        if all(np.abs(at - other).max() > APART for other in kept):
            kept.append(at)
    return tuple(kept[:MOST])
