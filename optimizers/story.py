"""What happened on a run, as facts: curvature against the stability edge, zig-zag, where it came to rest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from landscape import Problem
from landscape.problem import Point
from landscape.search import lowest_seen
from optimizers.optimizer import Optimizer
from optimizers.run import Run

Rest = Literal["minimum", "saddle", "maximum", "flat"]
Fate = Literal["", "diverged", "left", "hole", "void"]
SAMPLES = 200  # points of the path at which the Hessian is looked at
LAST = 20  # steps that say whether it still moves
AROUND = 10.0  # frames round the middle of this one: whatever has no value there is no overflow
LANDED = 0.1  # of the slope before: whoever is so much lower on the other side has landed, and not jumped from wall to wall
DUST = 1e-6  # of the gradient: a slope along the sharp direction that is smaller beside the other turns no path
MOVES = 1e-6  # of the frame's diagonal: shorter steps are negligible
HERE, THERE = 0.02, 0.1  # of the frame's diagonal: at a minimum whatever its loss, and round a minimum whose loss it has


@dataclass(frozen=True)
class Facts:
    ticks: int  # recorded before a divergence
    diverged_at: int | None
    gap: float | None  # last finite loss above the lowest known minimum; None where there is none
    reached: int | None  # evaluations after which the gap came, and stayed, within the tolerance
    close: int | None  # the same of the distance to a lowest minimum
    gradient: float  # norm at the last finite iterate
    best: float  # the lowest finite loss on the path
    distance: float | None  # from the last finite iterate to the nearest minimum, or to the frame's lowest point at its edge
    nearest: Point | None  # that minimum
    nearest_gap: float | None  # last finite loss above that minimum's
    near: bool  # whether it ended there: close by, or within the tolerance of its loss and not far
    curvatures: tuple[float, float]  # smallest and largest eigenvalue of the Hessian there
    rest: Rest  # what the Hessian's signs say of that place
    stands_still: bool  # its last steps are negligible against the frame
    wanders: bool  # its last steps are not, and lead hither and thither, though there is no slope
    steepness: float | None  # lr times the largest curvature at the end; where it diverged, the largest met on the path
    edge: float | None  # what it must stay below on a quadratic
    penalty: float  # the part of that curvature that an L2 penalty makes
    crossings: int  # sign changes of the gradient along the sharp direction, on its way
    jumps: int  # those of them that led from wall to wall, not down to the floor
    travelled: int  # the evaluations of that way: until it arrived, or came to rest
    left_at: int | None  # the tick since which it has been outside the landscape's frame; None where it ended inside
    last_step: float  # length of the last step
    fate: Fate  # why nothing follows `diverged_at`: it left a landscape that ends there, or met a hole in one, or the formula has no value
    level: bool = False  # the loss has no slope anywhere on its path
    growth: tuple[float, float] | None = None  # the loss at the start and at the end, where it grows towards the end
    shaken: bool = False  # by gradient noise or mini-batches, which turn the slope's sign too
    slowed: float | None = None  # the learning rate at its end, where a schedule has taken nearly all of it away
    held: str = ""  # what balances the slope where it stands still: an L2 penalty that is not in the picture, a decay, or both
    lower: float | None = (
        None  # the lowest loss of all racers and on the frame, where that is below the lowest minimum known: see `undercut`
    )


def tell(
    problem: Problem,
    optimizer: Optimizer,
    values: Mapping[str, float],
    run: Run,
    tolerance: float,
    penalty: float = 0.0,
    decay: float = 0.0,
    shaken: bool = False,
) -> Facts:
    """The facts of a single run (no lane axis). `values` are its hyperparameters.

    `penalty`: the weight of the L2 penalty that it descended and `problem` does not have. It adds to each curvature. `decay`: the
    decoupled decay beside its steps. `shaken`: whether chance plays a part in its gradients.
    """
    ends = len(run.path) if run.diverged_at is None else run.diverged_at
    path = run.path[: max(ends, 1)]
    with np.errstate(all="ignore"):
        sharpness, direction = _curvature_along(problem, path, penalty)
        low, high = _eigenvalues(problem, path[-1])
        slope = problem.gradient(path[-1])
        gradient = float(np.linalg.norm(slope))
        steps = np.linalg.norm(np.diff(path, axis=0), axis=1)
    goals = [point for point in (*problem.stationary_points(), problem.edge) if point and point.kind == "minimum"]
    distances = [float(np.hypot(point.x - path[-1][0], point.y - path[-1][1])) for point in goals]
    distance = min(distances, default=None)
    nearest = None if distance is None else goals[distances.index(distance)]
    (x0, x1), (y0, y1) = problem.domain
    frame = float(np.hypot(x1 - x0, y1 - y0))
    last = float(steps[-1]) if len(steps) else 0.0
    pace = float(steps[-LAST:].mean()) if len(steps) else 0.0
    straight = float(np.linalg.norm(path[-1] - path[max(len(path) - 1 - LAST, 0)])) / (pace * len(steps[-LAST:]) or 1.0)
    loss = float(run.loss[len(path) - 1])
    nearest_gap = None if nearest is None else loss - nearest.value
    edge = optimizer.edge(values) if optimizer.edge else None
    arrived = reached(problem, run, tolerance)
    resting = _since(np.append(steps, 0.0) < MOVES * frame)
    travelled = next((tick for tick in (arrived, resting) if tick is not None), len(path) - 1)
    crossings, jumps = _crossings(problem, path[: travelled + 1], direction)
    stands_still = len(steps) > 0 and (last < MOVES * frame or (gradient < 1e-8 and pace < 1e-4 * frame))
    return Facts(
        ticks=len(path) - 1,
        diverged_at=run.diverged_at,
        gap=None if problem.lowest is None else loss - problem.lowest,
        reached=arrived,
        close=close(problem, run, tolerance),
        gradient=gradient,
        best=_best(run),
        distance=distance,
        nearest=nearest,
        nearest_gap=nearest_gap,
        near=_near(distance, nearest_gap, frame, tolerance),
        curvatures=(low, high),
        rest=_rest(low, high),
        stands_still=stands_still,
        wanders=gradient < 1e-8 and pace >= 1e-4 * frame and straight < 0.8,
        steepness=_steepness(values["lr"], sharpness if run.diverged_at is not None else max(abs(low + penalty), abs(high + penalty)))
        if edge is not None
        else None,
        edge=edge,
        penalty=penalty,
        crossings=crossings,
        jumps=jumps,
        travelled=travelled,
        left_at=_left(path, x0, x1, y0, y1),
        last_step=last,
        fate=fate(problem, run),
        level=_level(problem, path),
        growth=_growth(run.loss[: len(path)]),
        shaken=shaken,
        held=" and ".join(["the L2 penalty"] * bool(penalty) + ["the decoupled decay"] * bool(decay))
        if stands_still and _balanced(slope, (penalty + decay) * path[-1])
        else "",
    )


def fate(problem: Problem, run: Run) -> Fate:
    """Why a single run was over before its time; empty where it was not."""
    if run.diverged_at is None:
        return ""
    places = run.queries if run.diverged_at < len(run.queries) else run.path
    (x0, x1), (y0, y1) = problem.domain
    x, y = places[run.diverged_at]
    if problem.ends:
        return "hole" if x0 <= x <= x1 and y0 <= y <= y1 else "left"
    around = abs(x - (x0 + x1) / 2) <= AROUND * (x1 - x0) and abs(y - (y0 + y1) / 2) <= AROUND * (y1 - y0)
    return "void" if around and not np.isfinite(problem.value((x, y))) else "diverged"


def undercut(problem: Problem, runs: Iterable[Run], tolerance: float) -> float | None:
    """The lowest loss of these runs, or on the frame where minima are searched for, if it is clearly below the lowest minimum known.

    Then that one is not the lowest.
    """
    lowest = min([*map(_best, runs), lowest_seen(problem) if problem.stationary is None and not problem.ends else np.inf])
    return lowest if clearly_below(lowest, problem, tolerance) else None


def clearly_below(loss: float, problem: Problem, tolerance: float) -> bool:
    """Whether a loss is lower than the lowest minimum known, by more than the tolerance and rounding."""
    return problem.lowest is not None and loss < problem.lowest - max(tolerance, 1e-9 * abs(problem.lowest))


def _best(run: Run) -> float:
    return float(np.min(run.loss[np.isfinite(run.loss)], initial=np.inf))


def without_floor(facts: Facts, lower: float | None) -> Facts:
    """The facts where something is lower than all minima known: nothing has arrived, and nobody knows how far it is to go."""
    return facts if lower is None else replace(facts, gap=None, reached=None, close=None, lower=lower)


def _near(distance: float | None, gap: float | None, frame: float, tolerance: float) -> bool:
    if distance is None or gap is None:
        return False
    return distance <= HERE * frame or (abs(gap) <= tolerance and distance <= THERE * frame)


def reached(problem: Problem, run: Run, tolerance: float) -> int | None:
    """Evaluations after which the loss came to within `tolerance` of the lowest known minimum, and stayed; None if it did not."""
    if problem.lowest is None or run.diverged_at is not None:
        return None
    return _since(run.loss - problem.lowest <= tolerance)


def close(problem: Problem, run: Run, tolerance: float) -> int | None:
    """Evaluations after which the iterate came, and stayed, as near to one of the lowest minima known; None if it did not."""
    minima = [point for point in problem.stationary_points() if point.kind == "minimum"]
    if not minima or run.diverged_at is not None:
        return None
    lowest = min(point.value for point in minima)
    at = np.array([(point.x, point.y) for point in minima if point.value <= lowest + 1e-9 * abs(lowest)])
    return _since(np.linalg.norm(run.path[:, None] - at, axis=2).min(axis=1) <= tolerance)


def _since(there: np.ndarray) -> int | None:
    """The first of all that are true to the end; None where the last is not."""
    outside = np.flatnonzero(~there)
    first = int(outside[-1]) + 1 if outside.size else 0
    return first if first < len(there) else None


def _curvature_along(problem: Problem, path: np.ndarray, penalty: float) -> tuple[float, np.ndarray]:
    """The largest curvature met on the path, and the sharp direction at its end."""
    sample = path[np.unique(np.linspace(0, len(path) - 1, min(len(path), SAMPLES)).astype(int))]
    hessians = np.moveaxis(problem.hessian(np.ascontiguousarray(sample.T)), -1, 0) + penalty * np.eye(2)
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


def _crossings(problem: Problem, path: np.ndarray, direction: np.ndarray) -> tuple[int, int]:
    """Sign changes of the slope, and how many of these are jumps to the other wall."""
    with np.errstate(all="ignore"):
        gradient = problem.gradient(np.ascontiguousarray(path.T))
        along = direction @ gradient
        steep = np.linalg.norm(gradient, axis=0)
    slopes = along[np.isfinite(along) & (np.abs(along) > DUST * steep)]
    turned = slopes[1:] * slopes[:-1] < 0.0
    jumped = turned & (np.abs(slopes[1:]) > LANDED * np.abs(slopes[:-1]))
    return int(np.count_nonzero(turned)), int(np.count_nonzero(jumped))


def _level(problem: Problem, path: np.ndarray) -> bool:
    with np.errstate(all="ignore"):
        return bool(np.all(problem.gradient(np.ascontiguousarray(path.T)) == 0.0))


def _growth(loss: np.ndarray) -> tuple[float, float] | None:
    """Where the last steps come higher than all of the first half twice over, in heights above the lowest that was seen."""
    if len(loss) <= 2 * LAST or not np.all(np.isfinite(loss)):
        return None
    height = loss - loss.min()
    grows = height[-1] > height[0] and height[-LAST:].max() > 2 * height[: len(height) // 2].max()
    return (float(loss[0]), float(loss[-1])) if grows else None


def _balanced(slope: np.ndarray, pull: np.ndarray) -> bool:
    """Whether a slope and a pull towards the origin are each other's opposite, but for what is left to go."""
    return bool(np.linalg.norm(slope + pull) < 0.01 * np.linalg.norm(pull))


def _left(path: np.ndarray, x0: float, x1: float, y0: float, y1: float) -> int | None:
    inside = np.flatnonzero((path[:, 0] >= x0) & (path[:, 0] <= x1) & (path[:, 1] >= y0) & (path[:, 1] <= y1))
    since = int(inside[-1]) + 1 if inside.size else 0
    return since if since < len(path) else None
