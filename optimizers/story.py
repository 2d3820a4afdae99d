"""What happened on a run, as facts: curvature against the stability edge, zig-zag, where it came to rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landscape import Problem
from optimizers.optimizer import Optimizer
from optimizers.run import Run

Rest = Literal["minimum", "saddle", "maximum", "flat"]
Fate = Literal["", "diverged", "left", "hole"]
SAMPLES = 200  # points of the path at which the Hessian is looked at


@dataclass(frozen=True)
class Facts:
    ticks: int  # recorded before a divergence
    diverged_at: int | None
    gap: float | None  # last finite loss above the lowest known minimum; None where there is none
    reached: int | None  # evaluations after which the gap came, and stayed, within the tolerance
    gradient: float  # norm at the last finite iterate
    distance: float | None  # from there to the nearest minimum
    nearest: int | None  # its index in problem.minima
    nearest_gap: float | None  # last finite loss above that minimum's
    curvatures: tuple[float, float]  # smallest and largest eigenvalue of the Hessian there
    rest: Rest  # what the Hessian's signs say of that place
    stands_still: bool  # the last step is negligible against the frame
    steepness: float | None  # lr times the largest curvature at the end; where it diverged, the largest met on the path
    edge: float | None  # what it must stay below on a quadratic
    crossings: int  # sign changes of the gradient along the sharp direction
    left_at: int | None  # first tick outside the landscape's frame
    last_step: float  # length of the last step
    fate: Fate  # why nothing follows `diverged_at`: it left a landscape that ends there, or met a hole in one; empty where it ran on


def tell(problem: Problem, optimizer: Optimizer, values: Mapping[str, float], run: Run, tolerance: float) -> Facts:
    """The facts of a single run (no lane axis). `values` are its hyperparameters."""
    ends = len(run.path) if run.diverged_at is None else run.diverged_at
    path = run.path[: max(ends, 1)]
    with np.errstate(all="ignore"):
        sharpness, direction = _curvature_along(problem, path)
        low, high = _eigenvalues(problem, path[-1])
        gradient = float(np.linalg.norm(problem.gradient(path[-1])))
        steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    minima = problem.minima
    distances = np.linalg.norm(minima - path[-1][:, None], axis=0) if minima.size else np.empty(0)
    (x0, x1), (y0, y1) = problem.domain
    frame = np.hypot(x1 - x0, y1 - y0)
    last = float(steps[-1]) if len(steps) else 0.0
    nearest = int(distances.argmin()) if distances.size else None
    loss = float(run.loss[len(path) - 1])
    edge = optimizer.edge(values) if optimizer.edge else None
    return Facts(
        ticks=len(path) - 1,
        diverged_at=run.diverged_at,
        gap=None if problem.lowest is None else loss - problem.lowest,
        reached=reached(problem, run, tolerance),
        gradient=gradient,
        distance=float(distances.min()) if distances.size else None,
        nearest=nearest,
        nearest_gap=None if nearest is None else loss - float(problem.value(minima[:, nearest])),
        curvatures=(low, high),
        rest=_rest(low, high),
        stands_still=len(steps) > 0 and last < 1e-6 * frame,
        steepness=_steepness(values["lr"], sharpness if run.diverged_at is not None else max(abs(low), abs(high)))
        if edge is not None
        else None,
        edge=edge,
        crossings=_crossings(problem, path, direction),
        left_at=_left(path, x0, x1, y0, y1),
        last_step=last,
        fate=fate(problem, run),
    )


def fate(problem: Problem, run: Run) -> Fate:
    """Why a single run was over before its time; empty where it was not."""
    if run.diverged_at is None:
        return ""
    if not problem.ends:
        return "diverged"
    places = run.queries if run.diverged_at < len(run.queries) else run.path
    (x0, x1), (y0, y1) = problem.domain
    x, y = places[run.diverged_at]
    return "hole" if x0 <= x <= x1 and y0 <= y <= y1 else "left"


def reached(problem: Problem, run: Run, tolerance: float) -> int | None:
    """Evaluations after which the loss came to within `tolerance` of the lowest known minimum, and stayed; None if it did not."""
    if problem.lowest is None or run.diverged_at is not None:
        return None
    outside = np.flatnonzero(~(run.loss - problem.lowest <= tolerance))
    first = int(outside[-1]) + 1 if outside.size else 0
    return first if first < len(run.loss) else None


def _curvature_along(problem: Problem, path: np.ndarray) -> tuple[float, np.ndarray]:
    """The largest curvature met on the path, and the sharp direction at its end."""
    sample = path[np.unique(np.linspace(0, len(path) - 1, min(len(path), SAMPLES)).astype(int))]
    hessians = np.moveaxis(problem.hessian(np.ascontiguousarray(sample.T)), -1, 0)
    finite = hessians[np.all(np.isfinite(hessians), axis=(1, 2))]
    if not len(finite):
        return np.nan, np.array([1.0, 0.0])
    values, vectors = np.linalg.eigh(finite)
    return float(np.abs(values).max()), vectors[-1][:, np.abs(values[-1]).argmax()]


def _eigenvalues(problem: Problem, point: np.ndarray) -> tuple[float, float]:
    hessian = problem.hessian(point)
    if not np.all(np.isfinite(hessian)):
        return np.nan, np.nan
    values = np.linalg.eigvalsh(hessian)
    return float(values[0]), float(values[-1])


def _steepness(lr: float, curvature: float) -> float | None:
    return float(lr * curvature) if np.isfinite(curvature) else None


def _rest(low: float, high: float) -> Rest:
    flat = 1e-9 * max(abs(low), abs(high), 1e-6)
    if not (abs(low) > flat or abs(high) > flat):
        return "flat"
    if low < -flat:
        return "saddle" if high > flat else "maximum"
    return "minimum"


def _crossings(problem: Problem, path: np.ndarray, direction: np.ndarray) -> int:
    with np.errstate(all="ignore"):
        along = direction @ problem.gradient(np.ascontiguousarray(path.T))
    signs = np.sign(along[np.isfinite(along) & (along != 0)])
    return int(np.count_nonzero(np.diff(signs)))


def _left(path: np.ndarray, x0: float, x1: float, y0: float, y1: float) -> int | None:
    outside = ~((path[:, 0] >= x0) & (path[:, 0] <= x1) & (path[:, 1] >= y0) & (path[:, 1] <= y1))
    return int(outside.argmax()) if outside.any() else None
