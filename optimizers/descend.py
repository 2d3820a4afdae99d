"""Run an optimizer down a landscape: one run, or many lanes at once."""

import os
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from landscape import Problem
from landscape.kernel import plain
from optimizers.loop import FAR, loop
from optimizers.optimizer import Optimizer

BLOCK = 256  # lanes a block: a block's state stays in the first-level cache


@dataclass(frozen=True)
class Run:
    """What a descent left behind. Lane axis B only where the start or a hyperparameter had one.

    After the tick of a divergence the record is NaN. With keep="final" `path`, `queries` and `loss` have length 0.
    """

    path: np.ndarray  # (steps + 1, n[, B]): the iterates
    queries: np.ndarray  # (steps, n[, B]): where each evaluation was made
    loss: np.ndarray  # (steps + 1[, B]): the loss AT the iterates
    final: np.ndarray  # (n[, B]): the last iterate
    final_loss: Any  # (,) or (B,)
    evaluations: Any  # int or (B,): evaluations spent, up to a divergence
    status: Any  # "converged", "diverged" or "running", or an array of them (B,)
    diverged_at: Any  # tick or None; (B,) with -1 for none
    settled_at: Any  # tick since which |g| has stayed within the tolerance, or None; (B,) with -1


def descend(
    problem: Problem,
    optimizer: Optimizer,
    start: Any,
    steps: int,
    *,
    keep: Literal["path", "final"] = "path",
    tolerance: float = 1e-6,
    compiled: bool = True,
    **hypers: Any,
) -> Run:
    """Descend from `start` for `steps` ticks; a tick is one evaluation of loss and gradient.

    Args:
        start: (n,), or (n, B) for B lanes at once.
        keep: "path" records everything; "final" only where each lane ended and when it got there, for sweeps.
        tolerance: a run has converged where its gradient norm is within this at the end.
        compiled: False runs the same loop, rule and problem as plain Python.
        **hypers: the optimizer's hyperparameters by key, scalars or (B,); defaults are the declaration's.

    Raises:
        ValueError: an unknown hyperparameter or one out of bounds, a start that is not n finite numbers, lanes that do not match,
            steps < 0.
    """
    if steps != int(steps) or steps < 0:
        raise ValueError(f"steps = {steps}: give a whole number, 0 or more.")
    steps = int(steps)
    x, table, single = _lanes(problem, optimizer, np.asarray(start, dtype=np.float64), optimizer.values(hypers))
    n, lanes = x.shape
    recorded = steps + 1 if keep == "path" else 0
    path = np.empty((recorded, n, lanes))
    queries = np.empty((steps if keep == "path" and optimizer.looks_ahead else 0, n, lanes))
    diverged_at, settled_at = np.full(lanes, -1), np.full(lanes, -1)
    params = problem.lane_params(min(lanes, BLOCK))
    run_loop, evaluate, rule = loop, problem.evaluate_kernel, optimizer.rule
    if not compiled:
        run_loop, evaluate, rule = plain(loop), plain(evaluate), plain(rule)

    def block(lo: int) -> None:
        hi = min(lo + BLOCK, lanes)
        point = np.ascontiguousarray(x[:, lo:hi])
        diverged, settled = diverged_at[lo:hi], settled_at[lo:hi]
        with np.errstate(all="ignore"):  # of interest in the plain form only: a divergence is a result, not a warning
            run_loop(
                evaluate, rule, point, np.ascontiguousarray(params[:, : hi - lo]), np.zeros(hi - lo), np.zeros_like(point),
                np.zeros((optimizer.rows(n), hi - lo)), np.ascontiguousarray(table[:, lo:hi]), optimizer.looks_ahead, steps,
                float(tolerance), path[:, :, lo:hi], queries[:, :, lo:hi], diverged, settled,
            )  # fmt: skip
        x[:, lo:hi] = point

    _each_block(block, range(0, lanes, BLOCK))
    return _report(problem, x, path, queries, diverged_at, settled_at, steps, single)


@cache
def pool() -> Executor:
    """The one thread pool of the process, for blocks of lanes; the compiled loop holds no GIL."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="lanes")


def _each_block(block: Callable[[int], None], starts: range) -> None:
    if len(starts) == 1:
        block(starts[0])
    else:
        list(pool().map(block, starts))


def _lanes(problem: Problem, optimizer: Optimizer, start: np.ndarray, values: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray, bool]:
    """Start as (n, B) and hyperparameters as (h, B), and whether it is a single run without a lane axis."""
    if start.ndim not in (1, 2) or start.shape[0] != problem.n or not np.all(np.isfinite(start)):
        raise ValueError(f"start must be {problem.n} finite numbers, or an array of shape ({problem.n}, B); it is {start.tolist()!r:.80}.")
    shapes = {"start": start.shape[1:], **{key: value.shape for key, value in values.items()}}
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        raise ValueError(
            f"lanes do not match: {', '.join(f'{k} {s}' for k, s in shapes.items() if s)}; give all the same length."
        ) from None
    if len(shape) > 1:
        raise ValueError("hyperparameters are scalars or arrays of shape (B,).")
    lanes = shape[0] if shape else 1
    x = np.broadcast_to(start.reshape(problem.n, -1), (problem.n, lanes)).copy()
    table = np.empty((len(values), lanes))
    for row, value in enumerate(values.values()):
        table[row] = value
    return x, table, not shape


def _report(
    problem: Problem,
    x: np.ndarray,
    path: np.ndarray,
    queries: np.ndarray,
    diverged_at: np.ndarray,
    settled_at: np.ndarray,
    steps: int,
    single: bool,
) -> Run:
    diverged_at[(diverged_at < 0) & ~np.all(np.abs(x) <= FAR, axis=0)] = steps  # the last step, which no evaluation has seen
    diverged = diverged_at >= 0
    for lane in np.flatnonzero(diverged):
        path[diverged_at[lane] + 1 :, :, lane] = np.nan
        queries[diverged_at[lane] + 1 :, :, lane] = np.nan
        settled_at[lane] = -1
    status = np.where(diverged, "diverged", np.where(settled_at >= 0, "converged", "running"))
    evaluations = np.where(diverged, diverged_at + 1, steps)
    final_loss = problem.value(x)
    loss = _loss_along(problem, path)
    if not len(queries):
        queries = path[:-1]
    if single:
        tick = [None if at[0] < 0 else int(at[0]) for at in (diverged_at, settled_at)]
        return Run(path[..., 0], queries[..., 0], loss[..., 0], x[:, 0], float(final_loss[0]), int(evaluations[0]), str(status[0]), *tick)
    return Run(path, queries, loss, x, final_loss, evaluations, status, diverged_at, settled_at)


def _loss_along(problem: Problem, path: np.ndarray) -> np.ndarray:
    """The loss at every recorded iterate: (steps + 1, B). Not an evaluation of the method's: it costs the racer nothing."""
    recorded, n, lanes = path.shape
    points = np.ascontiguousarray(np.moveaxis(path, 1, 0)).reshape(n, recorded * lanes)
    return np.asarray(problem.value(points)).reshape(recorded, lanes)
