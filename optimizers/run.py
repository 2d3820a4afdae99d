"""What a descent leaves behind, and how it is told from the arrays that the loop has filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from landscape import Problem
from landscape.problem import WHOLE
from optimizers.loop import NEVER

STRETCH = 4096  # lanes
STATUS = np.array(["running", "converged", "diverged"])


@dataclass(frozen=True)
class Run:
    """What a descent left behind. Lane axis B only where the start, a hyperparameter, a condition or the seed had one.

    After the tick of a divergence the record is NaN. With keep="final" `path`, `queries` and `loss` have length 0.
    """

    path: np.ndarray  # (steps + 1, n[, B]): the iterates
    queries: np.ndarray  # (steps, n[, B]): where each evaluation was made
    loss: np.ndarray  # (steps + 1[, B]): the loss AT the iterates, over all the data, without noise or penalty
    final: np.ndarray  # (n[, B]): the last iterate
    final_loss: Any  # (,) or (B,)
    steps: int  # ticks done
    diverged_at: Any  # tick or None; (B,) with -1 for none
    settled_at: Any  # tick since which |g| has stayed within the tolerance, or None; (B,) with -1
    arrived_at: Any  # evaluations after which the run came to its `Aim` and stayed, or None; (B,) with -1
    state: Mapping[str, np.ndarray] = field(default_factory=dict)  # what was watched: see `Optimizer.watched`

    @cached_property
    def evaluations(self) -> Any:
        """Evaluations spent, up to a divergence: int or (B,)."""
        if self.final.ndim == 1:
            return self.steps if self.diverged_at is None else min(self.diverged_at + 1, self.steps)
        return np.where(self.diverged_at >= 0, np.minimum(self.diverged_at + 1, self.steps), self.steps)

    @cached_property
    def status(self) -> Any:
        """ "converged", "diverged" or "running", or an array of them (B,)."""
        if self.final.ndim == 1:
            return str(STATUS[2 if self.diverged_at is not None else int(self.settled_at is not None)])
        return STATUS[np.where(self.diverged_at >= 0, 2, self.settled_at >= 0)]


@dataclass(frozen=True)
class Record:
    """The arrays that the loop fills, all with a lane axis."""

    x: np.ndarray  # (n, B): the last iterate
    loss: np.ndarray  # (B,): there
    path: np.ndarray  # (steps + 1, n, B), or empty
    queries: np.ndarray  # (steps, n, B), or empty
    seen: np.ndarray  # (steps, k, B): the watched rows of the state
    diverged_at: np.ndarray  # (B,), NEVER where it has not happened; `judge` makes -1 of that
    settled_at: np.ndarray
    arrived_at: np.ndarray

    @classmethod
    def of(cls, shape: tuple[int, int], path: int, queries: int, seen: tuple[int, int]) -> "Record":
        """Room for so many ticks of each, for n coordinates of so many lanes."""
        n, lanes = shape
        ticks = [np.full(lanes, NEVER, dtype=np.int32) for _ in range(3)]
        records = np.empty((path, n, lanes)), np.empty((queries, n, lanes)), np.empty((*seen, lanes))
        return cls(np.empty(shape), np.empty(lanes), *records, *ticks)

    def until(self, steps: int) -> "Record":
        """The part of a run that was stopped after so many ticks."""
        return Record(self.x, self.loss, self.path[: steps + 1], self.queries[:steps], self.seen[:steps], *self.ticks)

    @property
    def ticks(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.diverged_at, self.settled_at, self.arrived_at

    def report(self, problem: Problem, params: np.ndarray | None, steps: int, single: bool) -> Run:
        """The run, once all its lanes are judged. `params` where they differ between lanes."""
        for lane in np.flatnonzero(self.diverged_at >= 0) if len(self.path) else ():
            for record in (self.path, self.queries, self.seen):
                record[self.diverged_at[lane] + 1 :, :, lane] = np.nan
        loss = _loss_along(problem, params, self.path)
        queries = self.queries if len(self.queries) else self.path[:-1]
        if not single:
            return Run(self.path, queries, loss, self.x, self.loss, steps, *self.ticks)
        diverged_tick, settled_tick, arrived_tick = (None if at[0] < 0 else int(at[0]) for at in self.ticks)
        one = (self.path[..., 0], queries[..., 0], loss[..., 0], self.x[:, 0], float(self.loss[0]), steps)
        return Run(*one, diverged_tick, settled_tick, arrived_tick)


def value(problem: Problem, params: np.ndarray | None, x: np.ndarray) -> np.ndarray:
    """The loss (B,) at x (n, B); `params` (p, B) where they differ between lanes. What fits the caches at a time is twice as fast."""
    if params is None and not hasattr(problem.evaluate_kernel, "py_func"):
        return problem.value(x)  # plain Python has nothing to gain from stretches
    f = np.empty(x.shape[1])
    rows = problem.lane_params(min(STRETCH, len(f))) if params is None else params
    for lo in range(0, len(f), STRETCH):
        at = np.ascontiguousarray(x[:, lo : lo + STRETCH])
        own = rows[:, : at.shape[1]] if params is None else rows[:, lo : lo + STRETCH]
        with np.errstate(all="ignore"):  # where JIT is disabled
            problem.evaluate_kernel(at, np.ascontiguousarray(own), problem.data, WHOLE, f[lo : lo + STRETCH], np.empty_like(at))
    return f


def _loss_along(problem: Problem, params: np.ndarray | None, path: np.ndarray) -> np.ndarray:
    """The loss at every recorded iterate: (steps + 1, B). Not an evaluation of the method's: it costs the racer nothing."""
    recorded, n, lanes = path.shape
    if not recorded:
        return np.empty((0, lanes))
    points = np.ascontiguousarray(np.moveaxis(path, 1, 0)).reshape(n, recorded * lanes)
    return value(problem, None if params is None else np.tile(params, recorded), points).reshape(recorded, lanes)
