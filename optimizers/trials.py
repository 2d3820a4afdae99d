"""Learning rates, tried: one lane a rate, on a start, a landscape and a budget."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape import Problem
from optimizers.descend import Aim, descend
from optimizers.optimizer import Optimizer
from optimizers.story import clearly_below, undercut

DECADES = 6  # from the learning rate's slider's upper end downward


@dataclass(frozen=True)
class Trials:
    """What each of R rates came to."""

    rates: np.ndarray  # (R,)
    arrived: np.ndarray  # (R,): evaluations to come within the tolerance of the lowest known minimum and stay; -1
    loss: np.ndarray  # (R,): at the end; infinite where that is no number
    diverged: np.ndarray  # (R,) bool

    @property
    def best(self) -> int:
        """Index of the rate that arrives first; where none does, of the one that ends lowest."""
        return int(np.lexsort((self.loss, np.where(self.arrived < 0, np.inf, self.arrived)))[0])


def tried(
    problem: Problem, optimizer: Optimizer, start: Any, steps: int, tolerance: float, rates: np.ndarray, values: Mapping[str, Any],
    **experiment: Any,
) -> Trials:  # fmt: skip
    """Each rate once. `values` are the other hyperparameters, `experiment` what else `descend` takes.

    A method without a learning rate is run as often, always alike.
    """
    level = -math.inf if problem.lowest is None or undercut(problem, (), tolerance) is not None else problem.lowest + tolerance
    settings = dict(values) | ({"lr": rates} if "lr" in optimizer.by_key else {})
    starts = np.tile(np.reshape(start, (problem.n, 1)), len(rates))
    run = descend(problem, optimizer, starts, steps, keep="final", aim=Aim(level=level), **settings, **experiment)
    diverged = run.status == "diverged"
    arrived = run.arrived_at
    if clearly_below(float(np.nanmin(run.final_loss, initial=np.inf)), problem, tolerance):
        arrived = np.full_like(arrived, -1)  # the lowest minimum known is not the lowest: nobody has arrived there
    return Trials(rates, arrived, np.where(np.isfinite(run.final_loss) & ~diverged, run.final_loss, np.inf), diverged)


def decades(optimizer: Optimizer, count: int) -> np.ndarray:
    """`count` rates, evenly spread over DECADES below the upper end of the method's slider, (count,)."""
    top = math.log10(optimizer.by_key["lr"].high)
    return np.logspace(top - DECADES, top, count)
