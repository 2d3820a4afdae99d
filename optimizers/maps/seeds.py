"""Many seeds of one noisy run: the fan of their losses over the ticks, where they end, when they escape.

A run belongs to the minimum that its end leads to downhill, without noise: strong noise keeps it away from the minimum itself.
"""

import math
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landscape import Problem
from optimizers import Aim
from optimizers.maps.basins import as_one, nearest, reach_of
from optimizers.maps.case import Case
from optimizers.maps.flow import downhill
from optimizers.maps.lowest import level_of
from optimizers.maps.sheet import Ends
from optimizers.maps.tiles import Progress, compute

MOST = 10_000  # seeds
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
LARGEST = 64 * 2**20  # bytes of losses held at once: more ticks than fit are thinned out evenly, the first and the last kept
PATHS = 32 * 2**20  # bytes of a tile's paths, at 40 a run and tick
NEIGHBOURHOOD = 0.05  # of the domain's shorter side: round the start, where nothing else is asked for
STRIDE = 1.0  # of a minimum's reach: no step downhill is longer


@dataclass(frozen=True)
class Region:
    """Around a point: a disc, or a strip where only one coordinate counts."""

    x: float
    y: float
    radius: float
    along: Literal["both", "x", "y"] = "both"

    def __post_init__(self) -> None:
        if not (math.isfinite(self.x) and math.isfinite(self.y) and 0.0 < self.radius < math.inf):
            raise ValueError(f"A region needs a finite centre and a radius above 0, not ({self.x}, {self.y}) and {self.radius}.")

    def outside(self, points: np.ndarray) -> np.ndarray:
        """Which of the points, (..., 2, B), lie outside: (..., B). What is not a number does."""
        dx, dy = points[..., 0, :] - self.x, points[..., 1, :] - self.y
        with np.errstate(all="ignore"):
            return ~({"both": np.hypot(dx, dy), "x": np.abs(dx), "y": np.abs(dy)}[self.along] <= self.radius)


@dataclass(frozen=True)
class Fan:
    """What `count` seeds came to; a run that diverged counts as infinitely bad from then on."""

    ticks: np.ndarray  # (k,): those that the quantiles are of; all of them, unless that would take too much memory
    levels: np.ndarray  # (q,)
    quantiles: np.ndarray  # (q, k): of the loss; each is the loss of one of the runs
    mean: np.ndarray  # (steps + 1,): of the loss, at every tick; infinite from where a run has diverged
    ends: np.ndarray  # (count,): the loss at the end; infinite for a run that diverged
    end: np.ndarray  # (2, count): the last iterate
    escape: np.ndarray  # (count,) int32: the first tick at which the iterate is outside the region, or -1
    inside: np.ndarray  # (count,) bool: within the region at the end
    within: np.ndarray  # (steps + 1,): the share of the runs that is within the region, at every tick
    arrived: np.ndarray  # (count,) int32: evaluations to the tolerance, or -1
    which: np.ndarray  # (count,) int16: the known minimum to which the gradient flow leads from its end, or -1
    reached: np.ndarray  # (count,) bool: it ends within reach of that minimum
    reach: float
    minima: np.ndarray  # (2, k)
    region: Region

    @property
    def middle(self) -> np.ndarray:
        """The mean of where the runs end, (2,), of those that did not diverge."""
        sound = np.isfinite(self.ends)
        return self.end[:, sound].mean(axis=1) if sound.any() else np.full(2, np.nan)

    @property
    def fractions(self) -> np.ndarray:
        """The share of the runs whose end leads to each minimum, (k,)."""
        return _shares(self.which, self)

    @property
    def near(self) -> np.ndarray:
        """The share of the runs that belongs to each minimum and ends within reach of it, (k,)."""
        return _shares(np.where(self.reached, self.which, -1), self)


def _shares(which: np.ndarray, fan: Fan) -> np.ndarray:
    return np.bincount(which[which >= 0], minlength=fan.minima.shape[1]) / len(which)


@dataclass(frozen=True)
class Part:
    """Some of the seeds."""

    ends: Ends  # `which` is the basin
    losses: np.ndarray  # (k, B) float32: seven digits, to draw quantiles with
    total: np.ndarray  # (steps + 1,): their sum, in full precision and of all ticks
    escape: np.ndarray  # (B,)
    within: np.ndarray  # (steps + 1,): how many are in the region


@dataclass(frozen=True)
class Seeds:
    """Runs of one case that can be computed in tiles: lane k has the seed case.seed + k."""

    case: Case
    region: Region
    stride: int

    @property
    def ticks(self) -> np.ndarray:
        return np.unique(np.append(np.arange(0, self.case.steps, self.stride), self.case.steps))

    def tile(self, lanes: np.ndarray) -> Part:
        """The runs of these seeds; their paths are gone with the tile."""
        case, problem = self.case, self.case.problem
        run = case.run(
            start=np.tile(np.array(case.start)[:, None], len(lanes)), seed=case.seed + lanes, aim=Aim(level_of(case, {})), share=False
        )
        outside = self.region.outside(run.path)
        escape = np.where(outside.any(axis=0), outside.argmax(axis=0), -1)
        losses, ends = np.where(np.isfinite(run.loss), run.loss, np.inf), Ends.of(run, problem)
        ends.which[:] = basin(problem, np.where(ends.diverged_at < 0, ends.end, np.nan))
        with np.errstate(over="ignore"):
            return Part(ends, losses[self.ticks].astype(np.float32), losses.sum(axis=1), escape.astype(np.int32), (~outside).sum(axis=1))


def basin(problem: Problem, points: np.ndarray) -> np.ndarray:
    """The known minimum to which the gradient flow leads from each of the points (2, B), or -1: (B,)."""
    minima = problem.minima
    if not minima.size:
        return np.full(points.shape[1], -1, np.int16)
    reach = reach_of(problem, minima)
    which, far = nearest(downhill(problem, points, STRIDE * reach), minima)
    return as_one(problem, np.where(far <= reach, which, np.int16(-1)))


def neighbourhood(case: Case) -> Region:
    """A disc round the start."""
    return Region(*case.start, NEIGHBOURHOOD * float(np.ptp(np.array(case.problem.domain), axis=1).min()))


def fan(
    case: Case, count: int, *, region: Region | None = None, levels: tuple[float, ...] = QUANTILES,
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Fan:  # fmt: skip
    """`count` runs of a case, seeds case.seed, case.seed + 1, ...; `region`: what they escape from, by default the start's neighbourhood.

    Raises:
        ValueError: more than MOST seeds or none, levels outside [0, 1].
        Cancelled: `cancelled` said so.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"{count:,} seeds: choose 1 to {MOST:,}.")
    if not levels or not all(0.0 <= level <= 1.0 for level in levels):
        raise ValueError(f"Quantiles {levels}: give numbers between 0 and 1.")
    problem = case.problem
    region = region or neighbourhood(case)
    seeds = Seeds(case, region, max(1, math.ceil(4 * count * (case.steps + 1) / LARGEST)))
    ends, losses, escape = Ends.room(count), np.empty((len(seeds.ticks), count), np.float32), np.empty(count, np.int32)
    total, within = np.zeros(case.steps + 1), np.zeros(case.steps + 1)

    def keep(lanes: np.ndarray, part: Part) -> None:
        ends.put(lanes, part.ends)
        losses[:, lanes], escape[lanes] = part.losses, part.escape
        with np.errstate(over="ignore"):
            np.add(total, part.total, out=total)
        np.add(within, part.within, out=within)

    largest = max(1, PATHS // (40 * (case.steps + 1)))
    compute(seeds, np.arange(count), keep, executor=executor, progress=progress, cancelled=cancelled, largest=largest)
    minima, reach = problem.minima, reach_of(problem, problem.minima)
    reached = (ends.which >= 0) & (ends.which == as_one(problem, np.where((near := nearest(ends.end, minima))[1] <= reach, near[0], -1)))
    quantiles = np.quantile(losses, levels, axis=1, method="inverted_cdf").astype(np.float64)
    final = np.where(np.isfinite(ends.loss) & (ends.diverged_at < 0), ends.loss, np.inf)
    inside = ~region.outside(ends.end)
    return Fan(
        seeds.ticks, np.array(levels), quantiles, total / count, final, ends.end, escape, inside, within / count, ends.arrived,
        ends.which, reached, reach, minima, region,
    )  # fmt: skip
