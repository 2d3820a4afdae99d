"""Run an optimizer down a landscape: one run, or many lanes at once."""

import math
import os
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np

from landscape import Problem
from landscape.kernel import Kernel, plain
from optimizers.around import Around
from optimizers.conditions import Conditions, disturbed, with_replacement, without_replacement
from optimizers.loop import BLOCK, FAR, blocks, loop, uncurved, undisturbed, undrawn, unfollowed, unscheduled
from optimizers.optimizer import Optimizer
from optimizers.schedules import Schedule, planned


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


@dataclass(frozen=True)
class Batches:
    """Mini-batches of `size` samples of a problem on data."""

    size: int
    replacement: bool = True


def descend(
    problem: Problem,
    optimizer: Optimizer,
    start: Any,
    steps: int,
    *,
    keep: Literal["path", "final"] = "path",
    tolerance: float = 1e-6,
    compiled: bool = True,
    conditions: Conditions = Conditions(),  # noqa: B008 - frozen
    schedule: tuple[Schedule, Mapping[str, float]] | None = None,
    around: tuple[Around, Mapping[str, Any]] | None = None,
    batches: Batches | None = None,
    seed: Any = 0,
    **hypers: Any,
) -> Run:
    """Descend from `start` for `steps` ticks; a tick is one evaluation of loss and gradient.

    Args:
        start: (n,), or (n, B) for B lanes at once.
        keep: "path" records everything; "final" only where each lane ended and when it got there, for sweeps.
        tolerance: a run has converged where its gradient norm is within this at the end.
        compiled: False runs the same loop, rule and problem as plain Python.
        conditions: noise, clipping and decay, in each tick alike for every method.
        schedule: a schedule and its hyperparameters: the learning rate's factor at each tick.
        around: what follows the method's iterate, and its hyperparameters; the path is then the follower's.
        batches: mini-batches, for a problem on data; None evaluates all of it.
        seed: of noise and mini-batches, an integer or (B,): lanes of one seed see the same.
        **hypers: the optimizer's hyperparameters by key, scalars or (B,); defaults are the declaration's.

    Raises:
        ValueError: an unknown hyperparameter or one out of bounds, a start that is not n finite numbers, lanes that do not match,
            steps < 0, a method whose curvature this problem does not offer, a batch larger than the data.
    """
    if steps != int(steps) or steps < 0:
        raise ValueError(f"steps = {steps}: give a whole number, 0 or more.")
    steps, samples = int(steps), problem.samples
    if batches is not None and not 1 <= batches.size <= samples:
        has = f"has {samples} samples: choose 1 to {samples}" if samples else "has no samples: leave batches out, noise takes their place"
        raise ValueError(f"A batch of {batches.size}, but {problem.name} {has}.")
    curvature = problem.curvature(optimizer.curvature) if optimizer.curvature else uncurved
    if isinstance(curvature, str):
        raise ValueError(f"{optimizer.name} cannot run on {problem.name}: {curvature}")
    followed, follow = around if around else (None, {})
    if followed and (unknown := set(follow) - {hyper.key for hyper in followed.hypers}):
        raise ValueError(f"{followed.name} has no {', '.join(sorted(unknown))}: it takes {', '.join(h.key for h in followed.hypers)}.")
    x, rows, single = _lanes(
        problem, np.asarray(start, dtype=np.float64),
        [*optimizer.values(hypers).values(), *(h.check(follow.get(h.key, h.default)) for h in (followed.hypers if followed else ()))],
        [*vars(conditions).values(), seed],
    )  # fmt: skip
    n, lanes = x.shape
    table, settings = np.vstack([rows[: len(optimizer.hypers)], np.ones(lanes)]), rows[len(optimizer.hypers) :]
    plan = planned(schedule, steps)
    seeds = np.array(np.broadcast_to(np.asarray(seed, dtype=np.int64), lanes))
    disturbance = conditions.table(lanes)
    recorded = steps + 1 if keep == "path" else 0
    path = np.empty((recorded, n, lanes))
    queries = np.empty((steps if keep == "path" and (optimizer.looks_ahead or around) else 0, n, lanes))
    diverged_at, settled_at = np.full(lanes, -1), np.full(lanes, -1)
    draws = with_replacement if batches is None or batches.replacement else without_replacement
    kernels = (
        problem.evaluate_kernel,
        curvature,
        draws if batches else undrawn,
        schedule[0].rule if schedule else unscheduled,
        disturbed if conditions.active else undisturbed,
        optimizer.rule,
        followed.rule if followed else unfollowed,
    )
    parts = (batches, optimizer.curvature, schedule, conditions.active, optimizer.looks_ahead, followed, "lr" in optimizer.by_key)
    fixed = (*(bool(part) for part in parts), optimizer.rows(n), batches.size if batches else 0)

    def chunk(lo: int, hi: int, run: Kernel, kernels: tuple[Kernel, ...]) -> None:
        point = np.ascontiguousarray(x[:, lo:hi])
        run(
            *kernels, *fixed, point, problem.lane_params(hi - lo), problem.data, seeds[lo:hi], np.ascontiguousarray(table[:, lo:hi]), plan,
            np.ascontiguousarray(disturbance[:, lo:hi]), np.ascontiguousarray(settings[:, lo:hi]), steps, float(tolerance),
            path[:, :, lo:hi], queries[:, :, lo:hi], diverged_at[lo:hi], settled_at[lo:hi],
        )  # fmt: skip
        x[:, lo:hi] = point

    if not compiled:
        with np.errstate(all="ignore"):  # a divergence is a result, not a warning
            chunk(0, lanes, plain(loop), tuple(plain(kernel) for kernel in kernels))
    elif lanes <= BLOCK:
        chunk(0, lanes, loop, kernels)
    else:
        each_chunk(lambda lo, hi: chunk(lo, hi, blocks, kernels), lanes)
    return _report(problem, x, path, queries, diverged_at, settled_at, steps, single)


@cache
def pool() -> Executor:
    """The one thread pool of the process, for blocks of lanes; the compiled loop holds no GIL."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="lanes")


def each_chunk(work: Callable[[int, int], None], lanes: int) -> None:
    """Share the lanes out, a chunk a core: all lanes take the same time."""
    share = math.ceil(lanes / BLOCK / (os.cpu_count() or 1)) * BLOCK
    list(pool().map(lambda lo: work(lo, min(lo + share, lanes)), range(0, lanes, share)))


def _lanes(problem: Problem, start: np.ndarray, values: list[np.ndarray], others: list[Any]) -> tuple[np.ndarray, np.ndarray, bool]:
    """Start as (n, B), one row of (B,) a value, and whether it is a single run without a lane axis."""
    if start.ndim not in (1, 2) or start.shape[0] != problem.n or not np.all(np.isfinite(start)):
        raise ValueError(f"start must be {problem.n} finite numbers, or an array of shape ({problem.n}, B); it is {start.tolist()!r:.80}.")
    shapes = [start.shape[1:], *(np.shape(value) for value in (*values, *others))]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"lanes do not match: {', '.join(str(s) for s in shapes if s)}; give all the same length.") from None
    if len(shape) > 1:
        raise ValueError("hyperparameters, conditions and seeds are scalars or arrays of shape (B,).")
    lanes = shape[0] if shape else 1
    x = np.broadcast_to(start.reshape(problem.n, -1), (problem.n, lanes)).copy()
    table = np.empty((len(values), lanes))
    for row, value in zip(table, values, strict=True):
        row[:] = value
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
    # the last step, which no evaluation has seen
    diverged_at[(diverged_at < 0) & ~np.all(np.abs(x) <= FAR, axis=0)] = steps
    diverged = diverged_at >= 0
    for lane in np.flatnonzero(diverged):
        path[diverged_at[lane] + 1 :, :, lane] = np.nan
        queries[diverged_at[lane] + 1 :, :, lane] = np.nan
        settled_at[lane] = -1
    status = np.where(diverged, "diverged", np.where(settled_at >= 0, "converged", "running"))
    evaluations = np.where(diverged, np.minimum(diverged_at + 1, steps), steps)
    final_loss = problem.value(x)
    loss = _loss_along(problem, path)
    if not len(queries):
        queries = path[:-1]
    if single:
        tick = [None if at[0] < 0 else int(at[0]) for at in (diverged_at, settled_at)]
        return Run(
            path[..., 0], queries[..., 0], loss[..., 0], x[:, 0], float(final_loss[0]), int(evaluations[0]), str(status[0]), *tick
        )  # fmt: skip
    return Run(path, queries, loss, x, final_loss, evaluations, status, diverged_at, settled_at)


def _loss_along(problem: Problem, path: np.ndarray) -> np.ndarray:
    """The loss at every recorded iterate: (steps + 1, B). Not an evaluation of the method's: it costs the racer nothing."""
    recorded, n, lanes = path.shape
    points = np.ascontiguousarray(np.moveaxis(path, 1, 0)).reshape(n, recorded * lanes)
    return np.asarray(problem.value(points)).reshape(recorded, lanes)
