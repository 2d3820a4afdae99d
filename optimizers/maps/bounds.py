"""What theory says of the mean over many seeds, with every constant: upper bounds on it, and at one rate the very law.

Of plain gradient descent with Gaussian noise on its gradient, on a landscape that is convex wherever it is looked at.
An upper bound is drawn, not taken for the slope: runs may be as much better as they like.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

import numpy as np

from landscape import Problem
from optimizers.conditions import Conditions
from optimizers.maps.case import Case
from optimizers.schedules import SCHEDULES
from optimizers.schedules.schedule import factors

GRID = 65  # points a side at which the curvature is looked at
FLAT, SAME = 1e-9, 1e-6  # of the largest curvature: less than this is none; curvatures that differ by less are the same


@dataclass(frozen=True)
class Premises:
    """The constants of the theorems, named as they name them."""

    mu: float  # the smallest curvature; 0: convex, and no more
    largest: float  # L
    quadratic: bool
    sigma2: float  # E|noise|^2, over all coordinates
    gap: float  # f(start) - f*
    distance2: float  # |start - x*|^2
    rates: np.ndarray  # (steps,): eta_t
    schedule: str  # its key; "constant" where there is none
    beta: float  # of a rate beta / (gamma + t), t from 1; of a constant rate, the rate
    gamma: float


@dataclass(frozen=True)
class Theorem:
    """A bound on the mean loss above the lowest at ticks 1, 2, ..., or on its average over the ticks so far."""

    name: str
    formula: str  # LaTeX
    short: str  # of the formula, for a legend
    source: str
    of: Literal["mean", "average"]
    exact: bool  # not a bound: the mean itself, up to a start that is soon forgotten
    applies: Callable[[Premises], bool]
    values: Callable[[Premises], np.ndarray]  # (steps,), after 1, 2, ... steps


def _ticks(p: Premises) -> np.ndarray:
    return np.arange(1, len(p.rates) + 1, dtype=np.float64)


def _fixed(p: Premises) -> np.ndarray:
    floor = p.beta * p.largest * p.sigma2 / (2.0 * p.mu)
    return floor + (1.0 - p.beta * p.mu) ** _ticks(p) * (p.gap - floor)


def _diminishing(p: Premises) -> np.ndarray:
    nu = max(p.beta**2 * p.largest * p.sigma2 / (2.0 * (p.beta * p.mu - 1.0)), (p.gamma + 1.0) * p.gap)
    return nu / (p.gamma + 1.0 + _ticks(p))  # their w_k is what k - 1 steps have made


def _convex(p: Premises) -> np.ndarray:
    return (p.distance2 + p.sigma2 * np.cumsum(p.rates**2)) / np.cumsum(weights(p))


def weights(p: Premises) -> np.ndarray:
    """Of the ticks, in the average that `CONVEX` bounds: (steps,), positive."""
    return 2.0 * p.rates - p.largest * p.rates**2


LAW = Theorem(
    "σ²/(2μt): the law at rate 1/(μt)",
    r"\mathbb{E}[f_T] - f^* \approx \frac{\sigma^2}{2 \mu T}, \quad \eta_t = \frac{1}{\mu t}",
    "σ²/(2μt)",
    "Chung 1954, Ann. Math. Statist. 25; along curvature μ what is left is the mean of T noises over μ, of a variance 1/T as large; where "
    "curvatures differ, in the end at most this",
    "mean", True,
    lambda p: p.quadratic and p.schedule == "inverse" and p.gamma == 0.0 and p.sigma2 > 0.0 and abs(p.beta * p.mu - 1.0) < SAME,
    lambda p: p.sigma2 / (2.0 * p.mu * _ticks(p)),
)  # fmt: skip
DIMINISHING = Theorem(
    "Upper bound at rate β/(γ + t)",
    r"\mathbb{E}[f_T] - f^* \le \frac{\nu}{\gamma + 1 + T}, \quad "
    r"\nu = \max\left\{\frac{\beta^2 L \sigma^2}{2 (\beta \mu - 1)},\ (\gamma + 1) (f_0 - f^*)\right\}",
    "ν/(γ + 1 + t)",
    "Bottou, Curtis & Nocedal 2018, arXiv:1606.04838, theorem 4.7",
    "mean", False,
    lambda p: p.schedule == "inverse" and p.gamma > 0.0 and p.beta * p.mu > 1.0 + SAME and p.rates[0] * p.largest <= 1.0 + SAME,
    _diminishing,
)  # fmt: skip
FIXED = Theorem(
    "Upper bound at a constant rate",
    r"\mathbb{E}[f_T] - f^* \le F + (1 - \eta \mu)^T (f_0 - f^* - F), \quad F = \frac{\eta L \sigma^2}{2 \mu}",
    "F + (1 - ημ)ᵗ (f₀ - F)",
    "Bottou, Curtis & Nocedal 2018, arXiv:1606.04838, theorem 4.6",
    "mean", False,
    lambda p: p.schedule == "constant" and p.mu > 0.0 and p.beta * p.largest <= 1.0 + SAME,
    _fixed,
)  # fmt: skip
CONVEX = Theorem(
    "Upper bound on convex landscapes",
    r"\frac{\sum_t w_t\, \mathbb{E}[f_t]}{\sum_t w_t} - f^* \le \frac{D^2 + \sigma^2 \sum_t \eta_t^2}{\sum_t w_t}, "
    r"\quad w_t = 2 \eta_t - L \eta_t^2, \ D = |\theta_0 - \theta^*|",
    "(D² + σ² Σ η²)/Σ w",
    "Ghadimi & Lan 2013, arXiv:1309.5549, theorem 2.1 (b), of the average over the ticks so far",
    "average", False,
    lambda p: bool(np.all(p.rates * p.largest < 2.0)),
    _convex,
)  # fmt: skip
THEOREMS = (LAW, DIMINISHING, FIXED, CONVEX)  # the sharper first


@dataclass(frozen=True)
class Bound:
    """A theorem that applies to a case, in numbers."""

    theorem: Theorem
    premises: Premises
    values: np.ndarray  # (steps,), after 1, 2, ... steps

    def measured(self, heights: np.ndarray) -> np.ndarray:
        """What it is about, (steps,), from the mean heights (steps + 1,) over the seeds."""
        if self.theorem.of == "mean":
            return heights[1:]
        share = weights(self.premises)
        return np.asarray(np.cumsum(share * heights[:-1]) / np.cumsum(share))

    @property
    def constant(self) -> Callable[[float], float]:
        """E[f] mu T / sigma^2 at the last tick T, from E[f] there."""
        p = self.premises
        return lambda height: height * p.mu * len(p.rates) / p.sigma2


def bound(case: Case) -> Bound | None:
    """The sharpest theorem that applies to a case; None where none does."""
    premises = _premises(case)
    if premises is None:
        return None
    theorem = next((each for each in THEOREMS if each.applies(premises)), None)
    return Bound(theorem, premises, theorem.values(premises)) if theorem else None


def _premises(case: Case) -> Premises | None:
    problem = case.problem
    key, given = case.schedule or ("constant", ())
    values: Mapping[str, float] = dict(given)
    quiet = replace(case.conditions, noise=0.0) == Conditions()
    plain = case.method.plain and not dict(case.hypers).get(case.method.l2)
    if not plain or case.around or case.batch or not quiet or not case.steps or SCHEDULES[key].form is None:
        return None
    found = curvatures(problem)
    if found is None or problem.lowest is None:
        return None
    smallest, largest, quadratic = found
    lr, start, best = dict(case.hypers)["lr"], np.array(case.start), problem.minima[:, 0]
    warm = bool(values.get("warmup"))
    delay = values.get("delay", 1.0)
    return Premises(
        mu=smallest, largest=largest, quadratic=quadratic,
        sigma2=problem.n * float(case.conditions.noise) ** 2,
        gap=float(problem.value(start)) - problem.lowest,
        distance2=float(((start - best) ** 2).sum()),
        rates=lr * factors(SCHEDULES[key], values, case.steps),
        schedule="" if warm else key,
        beta=lr * delay if key == "inverse" else lr,
        gamma=delay - 1.0,
    )  # fmt: skip


@lru_cache(maxsize=64)
def curvatures(problem: Problem) -> tuple[float, float, bool] | None:
    """Smallest and largest curvature on a grid over the frame, and whether they are the same everywhere; None where it is not convex."""
    if problem.lacks("hessian") or not problem.minima.size:
        return None
    xs, ys = (np.linspace(*side, GRID) for side in problem.domain)
    points = np.stack([grid.ravel() for grid in np.meshgrid(xs, ys)])
    (a, b), (_, c) = problem.hessian(points)
    middle, half = (a + c) / 2, np.hypot((a - c) / 2, b)
    low, high = middle - half, middle + half
    smallest, largest = float(low.min()), float(high.max())
    if not np.isfinite(largest) or largest <= 0.0 or smallest < -FLAT * largest:
        return None
    same = float(np.ptp(low)) <= SAME * largest and float(np.ptp(high)) <= SAME * largest
    return (smallest if smallest > FLAT * largest else 0.0), largest, same
