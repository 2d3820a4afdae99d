"""Run an optimizer down a landscape: one run, or many lanes at once."""

import math
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, Literal

import numpy as np

from landscape import Problem
from landscape.kernel import Kernel, plain
from optimizers.around import Around
from optimizers.conditions import Conditions, disturbed, with_replacement, without_replacement
from optimizers.loop import BLOCK, blocks, loop, uncurved, undisturbed, undrawn, unfollowed, unscheduled
from optimizers.optimizer import Optimizer
from optimizers.run import Record, Run
from optimizers.schedules import Schedule, planned


@dataclass(frozen=True)
class Batches:
    """Mini-batches of `size` samples of a problem on data."""

    size: int
    replacement: bool = True


@dataclass(frozen=True)
class Aim:
    """Where a run is to arrive: at a loss, or within a distance of a point, or both. Each a number or one a lane.

    Judged at each evaluation, on what was evaluated there: a look-ahead point or a line search's trial is not the iterate itself.
    """

    level: Any = math.inf  # () or (B,): the loss to come down to
    centre: Any = 0.0  # (n,) or (n, B)
    radius: Any = math.inf  # () or (B,)

    def rows(self, n: int, lanes: int) -> np.ndarray:
        """As the loop takes it: (n + 2, B)."""
        rows = np.empty((n + 2, lanes))
        centre = np.asarray(self.centre, dtype=np.float64)
        rows[:n] = centre.reshape(n, -1) if centre.ndim else centre
        rows[n], rows[n + 1] = np.square(self.radius), self.level
        return rows


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
    aim: Aim | None = None,
    watch: Sequence[str] = (),
    proceed: Callable[[int], bool] | None = None,
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
        aim: what `Run.arrived_at` is about.
        watch: names of the optimizer's state, which `Run.state` then holds after each tick.
        proceed: asked every PACE ticks, with the ticks done, whether to go on; where it says no the run ends there. For up to 128 lanes.
        **hypers: the optimizer's hyperparameters by key, scalars or (B,); defaults are the declaration's.

    Raises:
        ValueError: an unknown hyperparameter or one out of bounds, a start that is not n finite numbers, lanes that do not match,
            steps < 0, a method whose curvature this problem does not offer, a batch larger than the data.
    """
    if steps != int(steps) or steps < 0:
        raise ValueError(f"steps = {steps}: give a whole number, 0 or more.")
    steps, samples = int(steps), problem.data.shape[1]
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
    recorded = keep == "path"
    record = Record.of(
        x, (steps + 1) * recorded, steps * (recorded and bool(optimizer.looks_ahead or around)),
        (steps, len(watched := optimizer.rows_of(watch, n))),
    )  # fmt: skip
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
    work = _Work(
        kernels, tuple(bool(part) for part in parts), problem, optimizer.rows(n), batches.size if batches else 0,
        np.broadcast_to(np.asarray(seed, dtype=np.int64), lanes).copy(), table, planned(schedule, steps), conditions.table(lanes), settings,
        aim.rows(n, lanes) if aim else np.empty((0, lanes)), watched, float(tolerance), record,
    )  # fmt: skip
    native = compiled and all(hasattr(kernel, "py_func") for kernel in kernels)
    if native and lanes > BLOCK:
        if proceed:
            raise ValueError(f"{lanes} lanes run without a stop: leave `proceed` out, or give at most {BLOCK} at a time.")
        each_chunk(lambda lo, hi: work.run_blocks(lo, hi, steps), lanes)
    else:
        done = work.run_one(steps, native, compiled, proceed)
        record, steps = record.until(done), done
    run = record.report(problem, work.aim, steps, single)
    return replace(run, state=optimizer.watched(watch, record.seen, n, single)) if watch else run


PACE = 64  # ticks between two questions whether to proceed


@dataclass(frozen=True)
class _Work:
    """One call's arrays, ready for the loop; all with a lane axis."""

    kernels: tuple[Kernel, ...]
    switches: tuple[bool, ...]
    problem: Problem
    rows: int
    size: int
    seeds: np.ndarray
    hypers: np.ndarray
    plan: np.ndarray
    settings: np.ndarray
    follow: np.ndarray
    aim: np.ndarray
    watched: np.ndarray
    tolerance: float
    record: Record

    def run_one(self, steps: int, native: bool, compiled: bool, proceed: Callable[[int], bool] | None) -> int:
        """All lanes together, in strides where somebody asks; the ticks done.

        A problem that is plain Python (PyTorch evaluates it) makes the loop plain too; rules stay compiled, unless `compiled` is False.
        """
        x, n, lanes = self.record.x.copy(), *self.record.x.shape
        samples = self.problem.data.shape[1] if self.switches[0] else 0
        own = (x, np.zeros((self.rows, lanes)), slow := np.zeros((n, lanes)), np.zeros((3, lanes)), np.zeros((samples, lanes), np.int64))
        run, kernels = (loop, self.kernels) if native else (plain(loop), self.kernels if compiled else tuple(map(plain, self.kernels)))
        given = (self.problem.lane_params(lanes), self.problem.data, self.seeds, self.hypers[0].copy(), self.hypers)
        begin, r = 0, self.record
        with nullcontext() if native else np.errstate(all="ignore"):  # a divergence is a result, not a warning
            while True:
                end = min(begin + PACE, steps) if proceed else steps
                run(
                    *kernels, *self.switches, *own, *given, self.plan, self.settings, self.follow, self.aim, self.watched, self.size,
                    begin, end, self.tolerance, r.path, r.queries, r.seen, *r.ticks,
                )  # fmt: skip
                begin = end
                if end >= steps or (proceed and not proceed(end)):
                    r.x[:] = slow
                    return end

    def run_blocks(self, lo: int, hi: int, steps: int) -> None:
        """A chunk of the lanes, block after block, without the GIL."""
        r, point = self.record, np.ascontiguousarray(self.record.x[:, lo:hi])
        rows = (np.ascontiguousarray(each[:, lo:hi]) for each in (self.settings, self.follow, self.aim))
        blocks(
            *self.kernels, *self.switches, point, self.rows, self.problem.lane_params(hi - lo), self.problem.data, self.seeds[lo:hi],
            np.ascontiguousarray(self.hypers[:, lo:hi]), self.plan, *rows, self.watched, self.size, steps, self.tolerance,
            r.path[:, :, lo:hi], r.queries[:, :, lo:hi], r.seen[:, :, lo:hi], *(at[lo:hi] for at in r.ticks),
        )  # fmt: skip
        r.x[:, lo:hi] = point


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
