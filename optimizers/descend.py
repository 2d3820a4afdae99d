"""Run an optimizer down a landscape: one run, or many lanes at once."""

import itertools
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from landscape import Problem
from optimizers.around import Around
from optimizers.conditions import Conditions, disturbed, with_replacement, without_replacement
from optimizers.loop import uncurved, undisturbed, undrawn, unfollowed, unscheduled
from optimizers.optimizer import Optimizer
from optimizers.run import Record, Run
from optimizers.schedules import Schedule, planned
from optimizers.table import Table
from optimizers.work import FEW, Precision, Work, each_chunk


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

    def rows(self, n: int) -> np.ndarray:
        """As the loop takes it: (n + 2, 1) or (n + 2, B), or (1, ...) where only the loss counts."""
        centre = np.asarray(self.centre, dtype=np.float64)
        given = (self.level, np.square(self.radius), *(centre if centre.ndim else [centre] * n))
        rows = np.stack(np.broadcast_arrays(*(np.atleast_1d(np.asarray(row, dtype=np.float64)) for row in given)))
        return rows[:1] if np.all(rows[1] == np.inf) else rows


ALIKE, FACTOR = (
    np.zeros(()),
    np.ones(()),
)  # what the loop fills in: whether lanes share their values; the schedule's factor, if there is one


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
    params: Mapping[str, Any] | None = None,
    share: bool = True,
    precision: Precision = "float64",
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
        params: the landscape's parameters by key, (B,), where they differ between lanes; those that shape data cannot.
        share: lanes go to the process's thread pool, a chunk a core; False keeps them in this thread, for who has a pool of their own.
        precision: "float32" is for sweeps, with keep="final": about twice as fast, and good to some six digits.
        **hypers: the optimizer's hyperparameters by key, scalars or (B,); defaults are the declaration's.

    Raises:
        ValueError: an unknown hyperparameter or one out of bounds, a start that is not n finite numbers, lanes that do not match,
            steps < 0, a method whose curvature this problem does not offer, a batch larger than the data, a parameter that lanes share.
    """
    if steps != int(steps) or steps < 0:
        raise ValueError(f"steps = {steps}: give a whole number, 0 or more.")
    steps = int(steps)
    if batches is not None and not 1 <= batches.size <= problem.samples:
        samples = problem.samples
        has = f"has {samples} samples: choose 1 to {samples}" if samples else "has no samples: leave batches out, noise takes their place"
        raise ValueError(f"A batch of {batches.size}, but {problem.name} {has}.")
    curvature = problem.curvature(optimizer.curvature) if optimizer.curvature else uncurved
    if isinstance(curvature, str):
        raise ValueError(f"{optimizer.name} cannot run on {problem.name}: {curvature}")
    followed, follow = around if around else (None, {})
    if followed and (unknown := set(follow) - {hyper.key for hyper in followed.hypers}):
        raise ValueError(f"{followed.name} has no {', '.join(sorted(unknown))}: it takes {', '.join(h.key for h in followed.hypers)}.")
    x = np.asarray(start, dtype=np.float64)
    values = optimizer.values(hypers)
    if optimizer.l2 and np.any(values[optimizer.l2]):
        conditions = replace(conditions, l2=conditions.l2 + values[optimizer.l2])
    lanes, single = _lanes(problem, x, [*values.values(), *vars(conditions).values(), *follow.values(), seed, *(params or {}).values()])
    n = problem.n
    parts: tuple[Iterable[np.ndarray], ...] = (
        x,
        problem.lane_params(lanes, **params) if params else problem.lane_params(1),
        (*values.values(), ALIKE, FACTOR),
        conditions.rows() if conditions.active else (),
        (hyper.check(follow.get(hyper.key, hyper.default)) for hyper in followed.hypers) if followed else (),
        aim.rows(n) if aim else (),
    )
    rows = [tuple(part) for part in parts]
    table, ends = Table.of(itertools.chain(*rows), lanes), np.cumsum([len(part) for part in rows])
    recorded = keep == "path"
    record = Record.of(
        (n, lanes), (steps + 1) * recorded, steps * (recorded and bool(optimizer.looks_ahead or around)),
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
    on = (batches, optimizer.curvature, schedule, conditions.active, optimizer.looks_ahead, followed, "lr" in optimizer.by_key)
    given = np.stack(rows[1]) if params else None
    work = Work(
        kernels, tuple(bool(part) for part in on), problem, given, table, ends, optimizer.rows(n), batches.size if batches else 0,
        optimizer.stride, _seeds(seed, lanes), planned(schedule, steps), watched, float(tolerance), record,
    )  # fmt: skip
    native = compiled and all(hasattr(kernel, "py_func") for kernel in kernels)
    if precision == "float32":
        if recorded or watch or proceed or not native:
            raise ValueError('float32 is for sweeps: with keep="final", compiled, and nothing watched.')
        each_chunk(lambda lo, hi: work.run_blocks(lo, hi, steps, precision), lanes, share, precision)
    elif native and lanes > FEW:
        if proceed:
            raise ValueError(f"{lanes} lanes run without a stop: leave `proceed` out, or give at most {FEW} at a time.")
        each_chunk(lambda lo, hi: work.run_blocks(lo, hi, steps), lanes, share)
    else:
        done = work.run_one(steps, native, compiled, proceed)
        record, steps = record.until(done), done
    run = record.report(problem, given, steps, single)
    return replace(run, state=optimizer.watched(watch, record.seen, n, single)) if watch else run


def _lanes(problem: Problem, start: np.ndarray, values: list[Any]) -> tuple[int, bool]:
    """How many lanes there are, and whether it is a single run without a lane axis. Raises ValueError where they do not match."""
    if start.ndim not in (1, 2) or start.shape[0] != problem.n or not np.all(np.isfinite(start)):
        raise ValueError(f"start must be {problem.n} finite numbers, or an array of shape ({problem.n}, B); it is {start.tolist()!r:.80}.")
    shapes = [start.shape[1:], *(np.shape(value) for value in values)]
    try:
        shape = np.broadcast_shapes(*shapes)
    except ValueError:
        raise ValueError(f"lanes do not match: {', '.join(str(s) for s in shapes if s)}; give all the same length.") from None
    if len(shape) > 1:
        raise ValueError("hyperparameters, conditions and seeds are scalars or arrays of shape (B,).")
    return (shape[0] if shape else 1), not shape


def _seeds(seed: Any, lanes: int) -> np.ndarray:
    seeds = np.zeros(lanes, dtype=np.int64)
    if np.any(seed):
        seeds[:] = seed
    return seeds
