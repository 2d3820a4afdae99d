"""What a descent leaves behind, and how it is told from the arrays that the loop has filled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from landscape import Problem
from landscape.problem import WHOLE
from optimizers.loop import FAR

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
    evaluations: Any  # int or (B,): evaluations spent, up to a divergence
    status: Any  # "converged", "diverged" or "running", or an array of them (B,)
    diverged_at: Any  # tick or None; (B,) with -1 for none
    settled_at: Any  # tick since which |g| has stayed within the tolerance, or None; (B,) with -1
    arrived_at: Any  # evaluations after which the run came to its `Aim` and stayed, or None; (B,) with -1
    state: Mapping[str, np.ndarray] = field(default_factory=dict)  # what was watched: see `Optimizer.watched`


@dataclass(frozen=True)
class Record:
    """The arrays that the loop fills, all with a lane axis."""

    x: np.ndarray  # (n, B): the start, then the last iterate
    path: np.ndarray  # (steps + 1, n, B), or empty
    queries: np.ndarray  # (steps, n, B), or empty
    seen: np.ndarray  # (steps, k, B): the watched rows of the state
    diverged_at: np.ndarray  # (B,)
    settled_at: np.ndarray
    arrived_at: np.ndarray

    @classmethod
    def of(cls, x: np.ndarray, path: int, queries: int, seen: tuple[int, int]) -> "Record":
        """Room for so many ticks of each."""
        n, lanes = x.shape
        ticks = [np.full(lanes, -1, dtype=np.int32) for _ in range(3)]
        return cls(x, np.empty((path, n, lanes)), np.empty((queries, n, lanes)), np.empty((*seen, lanes)), *ticks)

    def until(self, steps: int) -> "Record":
        """The part of a run that was stopped after so many ticks."""
        return Record(self.x, self.path[: steps + 1], self.queries[:steps], self.seen[:steps], *self.ticks)

    @property
    def ticks(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return self.diverged_at, self.settled_at, self.arrived_at

    def report(self, problem: Problem, params: np.ndarray | None, aim: np.ndarray, steps: int, single: bool) -> Run:
        """The run, with what no evaluation has seen: the last step. `params` where they differ between lanes."""
        diverged_at, settled_at, arrived_at = self.ticks
        final_loss = _value(problem, params, self.x)
        sound = (np.abs(self.x).sum(axis=0) <= FAR) & ~np.isnan(final_loss)  # a landscape may have a hole, or end
        diverged_at[(diverged_at < 0) & ~sound] = steps
        diverged = diverged_at >= 0
        for lane in np.flatnonzero(diverged) if len(self.path) else ():
            for record in (self.path, self.queries, self.seen):
                record[diverged_at[lane] + 1 :, :, lane] = np.nan
        settled_at[diverged] = -1
        if len(aim):
            there = _within(self.x, final_loss, aim) & ~diverged
            arrived_at[:] = np.where(there, np.where(arrived_at < 0, steps, arrived_at), -1)
        status = STATUS[np.where(diverged, 2, settled_at >= 0)]
        evaluations = np.where(diverged, np.minimum(diverged_at + 1, steps), steps)
        loss = _loss_along(problem, params, self.path)
        queries = self.queries if len(self.queries) else self.path[:-1]
        if not single:
            return Run(self.path, queries, loss, self.x, final_loss, evaluations, status, *self.ticks)
        diverged_tick, settled_tick, arrived_tick = (None if at[0] < 0 else int(at[0]) for at in self.ticks)
        one = (self.path[..., 0], queries[..., 0], loss[..., 0], self.x[:, 0], float(final_loss[0]), int(evaluations[0]), str(status[0]))
        return Run(*one, diverged_tick, settled_tick, arrived_tick)


def _within(x: np.ndarray, loss: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Who is at the aim, as the loop's `arrive` sees it: (B,)."""
    with np.errstate(all="ignore"):
        near = len(aim) == 1 or ((x - aim[2:]) ** 2).sum(axis=0) <= aim[1]
        return (loss <= aim[0]) & near


def _value(problem: Problem, params: np.ndarray | None, x: np.ndarray) -> np.ndarray:
    """The loss (B,) at x (n, B); `params` (p, B) where they differ between lanes."""
    if params is None:
        return np.asarray(problem.value(x))
    f = np.empty(x.shape[1])
    with np.errstate(all="ignore"):
        problem.evaluate_kernel(x, params, problem.data, WHOLE, f, np.empty_like(x))
    return f


def _loss_along(problem: Problem, params: np.ndarray | None, path: np.ndarray) -> np.ndarray:
    """The loss at every recorded iterate: (steps + 1, B). Not an evaluation of the method's: it costs the racer nothing."""
    recorded, n, lanes = path.shape
    if not recorded:
        return np.empty((0, lanes))
    points = np.ascontiguousarray(np.moveaxis(path, 1, 0)).reshape(n, recorded * lanes)
    return _value(problem, None if params is None else np.tile(params, recorded), points).reshape(recorded, lanes)
