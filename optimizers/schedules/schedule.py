"""What a schedule declares, and how it becomes the table that the loop reads: a factor on the base rate for every tick.

Ticks count from 0. A warm-up of W ticks comes first and rises to the schedule's own first factor; the schedule then has what is left of
the run, T = steps - W, unless it is given a length of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numba import int64, void

from landscape.kernel import MATRIX, VECTOR, Kernel, deferred
from optimizers.optimizer import Hyper, filled

RATE = void(VECTOR, MATRIX, MATRIX, VECTOR, int64)  # f (B,), plan, memory (3, B), factor (B,), t: before the rule of tick t
Form = Callable[[np.ndarray, int, Mapping[str, float]], np.ndarray]  # ticks (T,), T, hyperparameters -> factors (T,)

WARMUP = (
    Hyper(
        "warmup", "warm-up", "W", 0, 0, 200, "linear", (0, 1e6), integer=True,
        help="Ticks over which the rate rises along a straight line, before the schedule begins: Goyal et al. 2017, arXiv:1706.02677, "
        "section 2.2.",
    ),
    Hyper(
        "warmup_from", "warm-up starts at", "", 0, 0, 1, "switch", (0, 1),
        help="Sources disagree: the first tick already makes a step of 1/W, or it makes none.",
        options=("1/W", "0"),
        forms=(r"\frac{t + 1}{<warmup>}", r"\frac{t}{<warmup>}"),
    ),
)  # fmt: skip
WARMUP_FORMULA = r"c_t = c_{<warmup>}\, <warmup_from> \quad (t \lt <warmup>)"


def length(help: str = "0: to the end of the run.") -> Hyper:
    return Hyper("length", "length", "T", 0, 0, 1000, "linear", (0, 1e6), help=f"Ticks; afterwards the rate stays. {help}", integer=True)


@deferred(RATE)
def tabled(f, plan, memory, factor, t):
    """plan (T, 1): one factor a tick for all lanes."""
    for b in range(factor.shape[0]):
        factor[b] = plan[t, 0]


@dataclass(frozen=True)
class Schedule:
    """A schedule, as a declaration. `form` gives the factors; one that listens to the loss has none and brings its own kernel.

    Every schedule takes the hyperparameters of the warm-up beside its own.
    """

    key: str
    name: str
    summary: str
    own: tuple[Hyper, ...]
    formula: str  # LaTeX of the factor c_t, t counted from the end of the warm-up; <key> stands for a hyperparameter
    paper: str
    form: Form | None
    rule: Kernel = field(default=tabled)

    @property
    def hypers(self) -> tuple[Hyper, ...]:
        """The schedule's own hyperparameters, then those of the warm-up."""
        return (*self.own, *WARMUP)

    def values(self, given: Mapping[str, object]) -> dict[str, float]:
        """Every hyperparameter's checked value, defaults filled in. Raises ValueError for an unknown name or a value out of bounds."""
        known = {hyper.key: hyper for hyper in self.hypers}
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"{self.name} has no {', '.join(unknown)}: it takes {', '.join(known)}.")
        return {key: float(hyper.check(given.get(key, hyper.default))) for key, hyper in known.items()}

    def latex(self, values: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The formula's lines, with symbols or with the given values in their places; with a warm-up its line comes first."""
        lines = (WARMUP_FORMULA, self.formula) if values and values.get("warmup") else (self.formula,)
        return tuple(filled(line, {hyper.key: hyper for hyper in self.hypers}, values or {}) for line in lines)


def planned(schedule: tuple[Schedule, Mapping[str, object]] | None, steps: int) -> np.ndarray:
    """The rows that a schedule's kernel reads: its factors (steps, 1), or its hyperparameters (h, 1)."""
    if schedule is None:
        return np.empty((0, 1))
    declared, given = schedule
    values = declared.values(given)
    if declared.form is None:
        return np.array(list(values.values()))[:, None]
    return factors(declared, values, steps)[:, None]


def factors(schedule: Schedule, given: Mapping[str, object], steps: int) -> np.ndarray:
    """The factor on the learning rate at each tick, (steps,). Only for schedules that do not listen to the loss."""
    assert schedule.form is not None
    values = schedule.values(given)
    warmup = int(values["warmup"])
    left = max(steps - warmup, 1)
    rest = np.asarray(schedule.form(np.arange(left, dtype=np.float64), left, values), dtype=np.float64)
    rise = (np.arange(warmup) + (1.0 - values["warmup_from"])) / max(warmup, 1) * rest[0]
    return np.concatenate([rise, rest])[:steps]


def rates(schedule: tuple[Schedule, Mapping[str, object]], lr: float, losses: np.ndarray) -> np.ndarray:
    """The learning rate of each tick, (T,), on a run whose evaluations had these losses (T,)."""
    declared, given = schedule
    if declared.form is not None:
        return lr * factors(declared, given, len(losses))
    plan, memory, factor = planned(schedule, len(losses)), np.zeros((3, 1)), np.ones(1)
    made = np.empty(len(losses))
    for t, loss in enumerate(losses):
        declared.rule(np.array([loss]), plan, memory, factor, t)
        made[t] = factor[0]
    return lr * made
