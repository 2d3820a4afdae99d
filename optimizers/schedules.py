"""Learning-rate schedules: the factor on the base rate, as a pure function of the tick; and the one that listens to the loss.

A schedule on T ticks is a table of T factors, so any schedule goes with any optimizer and a page can draw the same figures.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import int64, void

from landscape.kernel import MATRIX, VECTOR, Kernel, kernel
from optimizers.optimizer import Hyper

RATE = void(VECTOR, MATRIX, MATRIX, VECTOR, int64)  # f (B,), plan, memory (3, B), factor (B,), t: before the rule of tick t
Form = Callable[[np.ndarray, int, Mapping[str, float]], np.ndarray]  # ticks (T,), T, hyperparameters -> factors (T,)


@kernel(RATE)
def tabled(f, plan, memory, factor, t):
    """plan (T, 1): one factor a tick for all lanes."""
    for b in range(factor.shape[0]):
        factor[b] = plan[t, 0]


@kernel(RATE)
def plateau(f, plan, memory, factor, t):
    """plan (4, 1): factor, patience, threshold, smallest factor; memory (3, B): the best loss, ticks without a better one, the last loss.

    As torch.optim.lr_scheduler.ReduceLROnPlateau (mode min, relative threshold): the loss of tick t decides on the rate of tick t + 1.
    """
    best, bad, last = memory[0], memory[1], memory[2]
    for b in range(factor.shape[0]):
        if t == 0:
            best[b], bad[b], factor[b] = math.inf, 0.0, 1.0
        elif last[b] < best[b] * (1.0 - plan[2, 0]):
            best[b], bad[b] = last[b], 0.0
        else:
            bad[b] += 1.0
        if bad[b] > plan[1, 0]:
            factor[b], bad[b] = max(factor[b] * plan[0, 0], plan[3, 0]), 0.0
        last[b] = f[b]


@dataclass(frozen=True)
class Schedule:
    """A schedule, as a declaration. `form` gives the factors; one that listens to the loss has none and brings its own kernel."""

    key: str
    name: str
    summary: str
    hypers: tuple[Hyper, ...]
    formula: str  # LaTeX of the factor, <key> stands for a hyperparameter
    paper: str
    form: Form | None
    rule: Kernel = field(default=tabled)


def planned(schedule: tuple[Schedule, Mapping[str, float]] | None, steps: int) -> np.ndarray:
    """The rows that a schedule's kernel reads: its factors (steps, 1), or its hyperparameters (h, 1)."""
    if schedule is None:
        return np.empty((0, 1))
    declared, given = schedule
    values = {hyper.key: float(hyper.check(given.get(hyper.key, hyper.default))) for hyper in declared.hypers}
    if declared.form is None:
        return np.array(list(values.values()))[:, None]
    return factors(declared, values, steps)[:, None]


def factors(schedule: Schedule, values: Mapping[str, float], steps: int) -> np.ndarray:
    """The factor on the learning rate at each tick, (steps,). Only for schedules that do not listen to the loss."""
    assert schedule.form is not None
    return np.asarray(schedule.form(np.arange(steps, dtype=np.float64), steps, values), dtype=np.float64)
