"""How forgiving a method is: learning rates that work, default against tuned, and what is good and bad about it here, measured."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizers import Aim
from optimizers.maps.case import Case
from optimizers.maps.lowest import level_of
from optimizers.trials import Trials, decades, tried

RATES = 101
STARTS = 256  # random ones, all over the domain


@dataclass(frozen=True)
class Result:
    """What one setting comes to: a learning rate, or none where the method has no rate."""

    lr: float | None
    arrived: int | None  # evaluations to the tolerance
    loss: float  # at the end; infinite where it diverged
    diverged: bool


@dataclass(frozen=True)
class Robustness:
    """`rates` is empty for a method without a learning rate: there is nothing to tune, and its default is its tuned result."""

    rates: np.ndarray  # (RATES,)
    works: np.ndarray  # (RATES,) bool: reaches the tolerance within the budget, and stays
    arrived: np.ndarray  # (RATES,): evaluations, or -1
    loss: np.ndarray  # (RATES,): at the end
    diverged: np.ndarray  # (RATES,) bool
    default: Result  # the declaration's own rate
    tuned: Result  # the best of `rates` and the default
    budget: str
    objective: str

    @property
    def share(self) -> float:
        """The share of the rates that work; of a method without a rate whether its only setting does."""
        return float(self.works.mean()) if len(self.works) else float(self.default.arrived is not None)


def robustness(case: Case) -> Robustness:
    """101 learning rates over six decades, and the default, each run once from the case's start for its number of evaluations.

    Other hyperparameters are the case's. Raises ValueError where the method cannot run on the landscape.
    """
    hyper = case.method.by_key.get("lr")
    rates = decades(case.method, RATES) if hyper else np.empty(0)
    trials = _tried(case, np.append(rates, hyper.default if hyper else math.nan))
    default, tuned = (_result(trials, k, bool(hyper)) for k in (-1, trials.best))
    budget = f"{len(rates) + 1} runs of {case.steps} evaluations from ({case.start[0]:g}, {case.start[1]:g})"
    if hyper:
        budget += f"; learning rates from {rates[0]:.3g} to {rates[-1]:.3g}"
    objective = (
        f"fewest evaluations to come within {case.tolerance:g} of the lowest known loss and stay; failing that, the lowest loss at the end"
    )
    arrived, loss, diverged = trials.arrived[:-1], trials.loss[:-1], trials.diverged[:-1]
    return Robustness(rates, arrived >= 0, arrived, loss, diverged, default, tuned, budget, objective)


def _tried(case: Case, rates: np.ndarray) -> Trials:
    arguments: dict[str, Any] = case.arguments
    hypers = {key: arguments.pop(key) for key in dict(case.hypers)}
    return tried(case.problem, case.method, case.start, case.steps, case.tolerance, rates, hypers, share=False, **arguments)


def _result(trials: Trials, k: int, rated: bool) -> Result:
    arrived = int(trials.arrived[k])
    lr = float(trials.rates[k]) if rated else None
    return Result(lr, arrived if arrived >= 0 else None, float(trials.loss[k]), bool(trials.diverged[k]))


@dataclass(frozen=True)
class Merits:
    """A row of the table of pros and cons: a method on a landscape, every cell measured."""

    optimizer: str
    working_rates: float  # share of 101 over six decades
    diverging_rates: float
    default: Result
    tuned: Result
    vectors: int  # kept for each parameter, besides the parameters themselves
    starts: float  # share of random starts from which the tuned setting arrives
    spread: float  # third over first quartile of the evaluations that these take; NaN where none arrives
    needs: str  # what it must be given besides gradients; empty: nothing


def merits(case: Case) -> Merits:
    """Everything in a row, for one case. Raises ValueError where the method cannot run on the landscape."""
    found = robustness(case)
    best = case if found.tuned.lr is None else case.having("hyper", {"lr": found.tuned.lr})
    arrived = _from_everywhere(best)
    there = arrived[arrived >= 0]
    low, high = np.quantile(there, (0.25, 0.75)) if len(there) else (math.nan, math.nan)
    diverging = float(found.diverged.mean()) if len(found.rates) else float(found.default.diverged)
    vectors = len(case.method.memory(dict(case.hypers)))
    spread = float(max(high, 1.0) / max(low, 1.0)) if len(there) else math.nan
    return Merits(
        case.optimizer,
        found.share,
        diverging,
        found.default,
        found.tuned,
        vectors,
        len(there) / len(arrived),
        spread,
        case.method.curvature,
    )


def _from_everywhere(case: Case) -> np.ndarray:
    """Evaluations to the tolerance, or -1, from STARTS uniform random starts in the domain."""
    domain = np.array(case.problem.domain)
    starts = domain[:, :1] + np.random.default_rng(0).random((2, STARTS)) * np.ptp(domain, axis=1)[:, None]
    return case.run(start=starts, keep="final", aim=Aim(level_of(case, {})), share=False).arrived_at
