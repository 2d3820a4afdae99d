"""Many methods at once: their merits on one landscape, and the scoreboard of methods and landscapes."""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from landscape import PROBLEMS
from optimizers.maps.case import Case
from optimizers.maps.robustness import Merits, Result, merits, robustness
from optimizers.maps.tiles import Progress, compute

Row = TypeVar("Row")


@dataclass(frozen=True)
class Score:
    """A row of the scoreboard."""

    landscape: str
    optimizer: str
    default: Result | None  # None: the method cannot run there
    tuned: Result | None
    share: float  # of the learning rates that work
    reason: str  # why it cannot; empty where it can


@dataclass(frozen=True)
class Table(Generic[Row]):
    """Rows that can be computed in tiles: lane k is the k-th case."""

    cases: tuple[Case, ...]
    row: Callable[[Case], Row]

    def tile(self, lanes: np.ndarray) -> list[Row]:
        return [self.row(self.cases[k]) for k in lanes]

    def rows(self, executor: Executor | None, progress: Progress | None, cancelled: Callable[[], bool] | None) -> tuple[Row, ...]:
        found: dict[int, Row] = {}
        compute(
            self, np.arange(len(self.cases)), lambda lanes, rows: found.update(zip(lanes.tolist(), rows, strict=True)),
            executor=executor, progress=progress, cancelled=cancelled, first=1,
        )  # fmt: skip
        return tuple(found[k] for k in range(len(self.cases)))


def score(case: Case) -> Score:
    if reason := case.method.unfit(case.problem):
        return Score(case.landscape, case.optimizer, None, None, math.nan, reason)
    found = robustness(case)
    return Score(case.landscape, case.optimizer, found.default, found.tuned, found.share, "")


def scoreboard(
    landscapes: Sequence[str], optimizers: Sequence[str], budget: int = 300, *, tolerance: float = 1e-3,
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> tuple[Score, ...]:  # fmt: skip
    """Every method on every landscape from the landscape's own start: default, and tuned, on `budget` evaluations a run.

    Raises:
        ValueError: an unknown landscape or method.
        Cancelled: `cancelled` said so.
    """
    if unknown := [key for key in landscapes if key not in PROBLEMS]:
        raise ValueError(f"There is no landscape {unknown[0][:40]!r}: choose of {', '.join(PROBLEMS)}.")
    cases = tuple(Case(place, key, PROBLEMS[place].start, budget, tolerance) for place in landscapes for key in optimizers)
    return Table(cases, score).rows(executor, progress, cancelled)


def pros_and_cons(
    case: Case, optimizers: Sequence[str], *,
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> tuple[Merits, ...]:  # fmt: skip
    """The merits of each method that can run on the case's landscape, with its own default hyperparameters.

    Raises:
        ValueError: an unknown method.
        Cancelled: `cancelled` said so.
    """
    cases = tuple(replace(case, optimizer=key, hypers=()) for key in optimizers)
    fit = tuple(each for each in cases if not each.method.unfit(each.problem))
    return Table(fit, merits).rows(executor, progress, cancelled)
