"""The best learning rate for a method on a start, a landscape and a budget, by trying: one lane a rate."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape import Problem
from optimizers.descend import descend
from optimizers.optimizer import Optimizer

TENTHS = (1.0, 1.25, 1.6, 2.0, 2.5, 3.15, 4.0, 5.0, 6.3, 8.0)  # of a decade, in readable figures (the R10 series of ISO 3)
DECADES = 6


@dataclass(frozen=True)
class Tuned:
    lr: float
    reached: int | None  # evaluations to the tolerance at that rate
    loss: float  # at its end
    trials: int
    steps: int


def tune(
    problem: Problem, optimizer: Optimizer, start: Any, steps: int, tolerance: float, values: Mapping[str, Any], **experiment: Any
) -> Tuned:
    """The rate, of 61 over six decades (ten a decade), that comes to within the tolerance first and stays.

    Where none does, the one that ends lowest. `values` are the other hyperparameters, `experiment` what else `descend` takes.
    """
    hyper = optimizer.by_key["lr"]
    top = round(math.log10(hyper.high))
    rates = np.array([*(float(f"{tenth}e{decade}") for decade in range(top - DECADES, top) for tenth in TENTHS), 10.0**top])
    trials = len(rates)
    settings = {key: value for key, value in values.items() if key != "lr"}
    loss = descend(problem, optimizer, start, steps, lr=rates, **settings, **experiment).loss  # (steps + 1, trials)
    end = np.where(np.isfinite(loss[-1]), loss[-1], np.inf)
    first = np.full(trials, steps + 1)
    if problem.lowest is not None:
        outside = ~(loss - problem.lowest <= tolerance)
        first = np.where(outside.any(axis=0), steps + 1 - outside[::-1].argmax(axis=0), 0)
    best = int(np.lexsort((end, first))[0])
    return Tuned(float(rates[best]), int(first[best]) if first[best] <= steps else None, float(end[best]), trials, steps)
