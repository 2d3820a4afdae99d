"""The basin map: every start in a frame, by the minimum that it reaches and the evaluations that it took.

A run belongs to a minimum where it ends within `reach` of it: REACH of the domain's shorter side, or less where minima lie closer
together. Known minima are the declared ones; others are looked for where runs ended and none is known, by a trust-region method from
there, so that a minimum is always one of the landscape's, never a place where many runs were stopped. The minima of one valley are one.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from landscape import Problem
from optimizers import OPTIMIZERS, Aim, descend
from optimizers.maps.case import Case
from optimizers.maps.sheet import STATUS, Ends, Precision, Sheet, refuse_beyond_memory
from optimizers.maps.tiles import Progress, coarse_first, compute, sample

REACH = 0.02  # of the domain's shorter side
SEPARATION = 0.4  # of the distance between the two closest minima, where that is less
CANDIDATES = 128  # ends from which further minima are looked for
SEARCH = 200  # evaluations that such a search may take
MOST = 1000  # minima
NARROWEST = 1e-12  # of a frame's coordinates: floating-point numbers do not lie closer

Range = tuple[float, float]


@dataclass(frozen=True)
class Basins(Sheet):
    """A map of starts: xs and ys are coordinates. `arrived`: evaluations to come within reach of the minimum, and stay."""

    which: np.ndarray  # (ny, nx) int16: index into minima, or -1
    minima: np.ndarray  # (2, k): the known ones, lowest first, then those that were found
    reach: float

    @property
    def areas(self) -> np.ndarray:
        """The share of the frame that each minimum draws in, (k,)."""
        return np.bincount(self.which[self.which >= 0], minlength=self.minima.shape[1]) / self.which.size

    @property
    def shares(self) -> dict[str, float]:
        """The rest of the frame: "diverged", "left" (see OUTSIDE), "resting" (without slope at none of the minima) and "unfinished"."""
        diverged, gone, still = (self.status == STATUS.index(status) for status in ("diverged", "left", "converged"))
        rest = self.which < 0
        parts = {"diverged": rest & diverged, "left": rest & gone, "resting": rest & still}
        parts["unfinished"] = rest & ~(diverged | gone | still)
        return {name: float(part.mean()) for name, part in parts.items()}

    def at(self, evaluations: int) -> np.ndarray:
        """Who has arrived after so many evaluations, (ny, nx): index of the minimum, or -1; the frames of an animation."""
        return np.where((self.arrived >= 0) & (self.arrived <= evaluations), self.which, -1)


@dataclass(frozen=True)
class Frame:
    """A basin map that can be computed in tiles: lane k is column k % nx of row k // nx."""

    case: Case
    x: Range
    y: Range
    nx: int
    ny: int
    minima: tuple[tuple[float, ...], tuple[float, ...]]
    precision: Precision = "float64"

    def __post_init__(self) -> None:
        refuse_beyond_memory(self.nx, self.ny)
        for name, (low, high), count in (("x", self.x, self.nx), ("y", self.y, self.ny)):
            if not (np.isfinite(low) and np.isfinite(high) and high - low > NARROWEST * max(abs(low), abs(high))):
                raise ValueError(f"{name} from {low} to {high}: give two finite numbers, the larger one second and not too close.")
            if count < 2:
                raise ValueError(f"{count} starts along {name}: a map needs 2 or more each way.")

    @property
    def shape(self) -> tuple[int, int]:
        return self.ny, self.nx

    @cached_property
    def xs(self) -> np.ndarray:
        return np.linspace(*self.x, self.nx)

    @cached_property
    def ys(self) -> np.ndarray:
        return np.linspace(*self.y, self.ny)

    @cached_property
    def reach(self) -> float:
        return reach_of(self.case.problem, np.array(self.minima))

    def tile(self, lanes: np.ndarray) -> Ends:
        """How these lanes end. Arrival is judged round one minimum: the one next to the start, and then, for who ends elsewhere, there."""
        starts = np.stack([self.xs[lanes % self.nx], self.ys[lanes // self.nx]])
        if not self.minima[0]:
            return self._ended(starts, None)
        guess, _ = nearest(starts, np.array(self.minima))
        ends = self._ended(starts, guess)
        which, far = nearest(ends.end, np.array(self.minima))
        ends.which[:] = np.where((far <= self.reach) & (ends.diverged_at < 0), which, -1)
        ends.arrived[ends.which < 0] = -1
        if len(other := np.flatnonzero((ends.which >= 0) & (ends.which != guess))):
            ends.arrived[other] = self._ended(starts[:, other], ends.which[other]).arrived
        return ends

    def _ended(self, starts: np.ndarray, which: np.ndarray | None) -> Ends:
        aim = None if which is None else Aim(centre=np.array(self.minima)[:, which], radius=self.reach)
        problem, case = self.case.problem, self.case
        run = descend(
            problem, case.method, starts, case.steps, keep="final", aim=aim, share=False, precision=self.precision, **case.arguments
        )
        return Ends.of(run, problem)


def nearest(points: np.ndarray, minima: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For points (2, B) the index of the nearest of the minima (2, k), and how far it is."""
    which, closest = np.zeros(points.shape[1], dtype=np.int16), np.full(points.shape[1], np.inf)
    with np.errstate(all="ignore"):
        for k in range(minima.shape[1]):
            far = np.hypot(points[0] - minima[0, k], points[1] - minima[1, k])
            which, closest = np.where(far < closest, np.int16(k), which), np.fmin(far, closest)
    return which, closest


def valley(problem: Problem) -> np.ndarray:
    """Which of the known minima only mark the floor of one valley, (k,) bool: see `landscape.search`."""
    return np.array([point.valley for point in problem.stationary_points() if point.kind == "minimum"], dtype=bool)


def as_one(problem: Problem, which: np.ndarray) -> np.ndarray:
    """Indices of minima, with those of a valley all its first one's."""
    floor = np.flatnonzero(valley(problem))
    return np.where(np.isin(which, floor), floor[0], which).astype(which.dtype) if len(floor) else which


def reach_of(problem: Problem, minima: np.ndarray) -> float:
    """How close to a minimum a run must end to belong to it."""
    reach = REACH * float(np.ptp(np.array(problem.domain), axis=1).min())
    known = valley(problem)  # those that were found besides come after them
    floor = np.append(known, np.zeros(max(0, minima.shape[1] - len(known)), dtype=bool))[: minima.shape[1]]
    between = np.hypot(minima[0][:, None] - minima[0], minima[1][:, None] - minima[1])
    apart = between[np.triu(~(floor[:, None] & floor), 1)]
    return min(reach, SEPARATION * float(apart.min())) if apart.size else reach


def found(problem: Problem, ends: np.ndarray, minima: np.ndarray) -> np.ndarray:
    """`minima` (2, k), and after them those that runs ended at, or on the way to, without being told of: lowest first."""
    reach = REACH * float(np.ptp(np.array(problem.domain), axis=1).min())
    low, high = np.array(problem.domain).T[:, :, None]
    cells, first = np.unique(np.round(ends / reach), axis=1, return_index=True)
    del cells
    starts = ends[:, first[np.linspace(0, len(first) - 1, min(CANDIDATES, len(first))).astype(int)]] if len(first) else ends
    x = descend(problem, OPTIMIZERS["trust_region"], starts, SEARCH, keep="final", share=False).final
    value, g, h = problem.value(x), problem.gradient(x), problem.hessian(x)
    with np.errstate(all="ignore"):
        determinant = h[0, 0] * h[1, 1] - h[0, 1] ** 2
        away = np.hypot(h[1, 1] * g[0] - h[0, 1] * g[1], h[0, 0] * g[1] - h[0, 1] * g[0]) / determinant  # a Newton step
        good = (h[0, 0] > 0) & (determinant > 0) & (away <= 0.01 * reach) & np.all((x >= low) & (x <= high), axis=0)
    for k in np.flatnonzero(good)[np.argsort(value[good], kind="stable")]:
        if minima.shape[1] < MOST and not np.any(np.hypot(*(minima - x[:, k, None])) <= 0.1 * reach):
            minima = np.append(minima, x[:, k, None], axis=1)
    return minima


def basins(
    case: Case, x: Range, y: Range, nx: int = 256, ny: int = 256, *, precision: Precision = "float64",
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Basins:  # fmt: skip
    """The map of nx by ny starts in the frame; a frame within another shows its borders at full resolution.

    Raises:
        ValueError: a frame that is empty, reversed or not finite, a map beyond memory.
        Cancelled: `cancelled` said so.
    """
    *_, sheet = refined_basins(case, x, y, nx, ny, coarse=0, precision=precision, executor=executor, progress=progress, cancelled=cancelled)
    return sheet


def refined_basins(
    case: Case, x: Range, y: Range, nx: int = 256, ny: int = 256, *, coarse: int = 64, precision: Precision = "float64",
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Iterator[Basins]:  # fmt: skip
    """First the map of about coarse x coarse of the starts, then the whole, for which those are not computed again."""
    frame = Frame(case, x, y, nx, ny, _pairs(case.problem.minima), precision)
    ends, everything = Ends.room(nx * ny), np.arange(nx * ny)
    rest = everything
    if coarse and max(nx, ny) > coarse:
        some, rest = coarse_first(frame.shape, coarse)
        frame = _assigned(frame, ends, some, executor, None, cancelled)
        yield _basins(frame, ends, sample(nx, coarse), sample(ny, coarse))
    yield _basins(_assigned(frame, ends, rest, executor, progress, cancelled), ends, np.arange(nx), np.arange(ny))


def _assigned(
    frame: Frame, ends: Ends, lanes: np.ndarray, executor: Executor | None, progress: Progress | None, cancelled: Callable[[], bool] | None
) -> Frame:
    """Compute these lanes; where some end at minima that nobody knew, these once more. The frame with all minima that are known then."""
    compute(frame, lanes, ends.put, executor=executor, progress=progress, cancelled=cancelled)
    lost = lanes[(ends.which[lanes] < 0) & (ends.status[lanes] < STATUS.index("diverged"))]
    if not len(lost):
        return frame
    minima = found(frame.case.problem, ends.end[:, lost], np.array(frame.minima))
    wider = replace(frame, minima=_pairs(minima))
    if wider.minima != frame.minima:
        _, far = nearest(ends.end[:, lost], minima)
        compute(wider, lost[far <= wider.reach], ends.put, executor=executor, progress=progress, cancelled=cancelled)
    return wider


def _pairs(minima: np.ndarray) -> tuple[tuple[float, ...], tuple[float, ...]]:
    return tuple(map(float, minima[0])), tuple(map(float, minima[1]))


def _basins(frame: Frame, ends: Ends, columns: np.ndarray, rows: np.ndarray) -> Basins:
    part, shape = ends.take((rows[:, None] * frame.nx + columns).ravel()), (len(rows), len(columns))
    loss, arrived, diverged_at, status, which = (
        each.reshape(shape) for each in (part.loss, part.arrived, part.diverged_at, part.status, part.which)
    )
    return Basins(
        frame.xs[columns], frame.ys[rows], loss, arrived, diverged_at, status, part.end.reshape(2, *shape), frame.precision,
        as_one(frame.case.problem, which), np.array(frame.minima), frame.reach,
    )  # fmt: skip
