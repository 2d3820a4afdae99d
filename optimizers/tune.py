"""The best learning rate for a method on a start, a landscape and a budget, by trying: one lane a rate."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape import Problem
from optimizers.optimizer import Optimizer
from optimizers.trials import DECADES, tried

TENTHS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)  # of a decade, in readable figures (the R10 series of ISO 3)


@dataclass(frozen=True)
class Tuned:
    lr: float
    reached: int | None  # evaluations to the tolerance at that rate
    loss: float  # at its end
    trials: int
    steps: int


def readable(optimizer: Optimizer) -> np.ndarray:
    """61 rates over six decades, ten a decade, in figures that can be read."""
    top = round(math.log10(optimizer.by_key["lr"].high))
    return np.array([*(float(f"{tenth}e{decade}") for decade in range(top - DECADES, top) for tenth in TENTHS), 10.0**top])


def tune(
    problem: Problem, optimizer: Optimizer, start: Any, steps: int, tolerance: float, values: Mapping[str, Any], **experiment: Any
) -> Tuned:
    """The rate, of 61 over six decades, that comes to within the tolerance first and stays; where none does, the one that ends lowest.

    `values` are the other hyperparameters, `experiment` what else `descend` takes.
    """
    trials = tried(problem, optimizer, start, steps, tolerance, readable(optimizer), values, **experiment)
    best = trials.best
    reached = int(trials.arrived[best]) if trials.arrived[best] >= 0 else None
    return Tuned(float(trials.rates[best]), reached, float(trials.loss[best]), len(trials.rates), steps)
