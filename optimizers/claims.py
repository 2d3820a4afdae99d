"""Claims about racers on a landscape, tested: many seeds a racer, at the best of its learning rates or at its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape import Problem
from landscape.claim import Claim
from optimizers.descend import descend
from optimizers.optimizer import Optimizer
from optimizers.tune import readable
from optimizers.verdict import Verdict

SEEDS = 64
CHOOSING = 8  # seeds that choose the rate; none of them takes part in the test, which would flatter who has the most luck


@dataclass(frozen=True)
class Side:
    """A racer of a claim, as `descend` takes it."""

    method: Optimizer
    values: Mapping[str, float]
    terms: Mapping[str, Any]  # conditions, schedule, batches, ...


@dataclass(frozen=True, eq=False)
class Tested:
    """A side at the rate that it was given, and its ends."""

    lr: float | None  # None: the method has none
    loss: np.ndarray  # (SEEDS,): over all the data, above the lowest; infinite where it diverged
    trials: int  # rates that were tried


def tested(problem: Problem, side: Side, start: Any, steps: int, tuned: bool) -> Tested:
    """The ends of a side over SEEDS seeds; `tuned`: at the rate, of 61, with the lowest median over CHOOSING others."""
    lr, trials = side.values.get("lr"), 0
    if tuned and lr is not None:
        rates = readable(side.method)
        ends = _ends(problem, side, start, steps, np.repeat(rates, CHOOSING), np.tile(SEEDS + np.arange(CHOOSING), len(rates)))
        lr, trials = float(rates[np.median(ends.reshape(len(rates), CHOOSING), axis=1).argmin()]), len(rates)
    return Tested(lr, _ends(problem, side, start, steps, lr, np.arange(SEEDS)), trials)


def judged(claims: tuple[Claim, ...], sides: Mapping[int, Tested]) -> tuple[Verdict, ...]:
    """The verdict on each claim; sides by their place."""
    return tuple(Verdict(claim, sides[claim.racer].loss, sides[claim.than].loss) for claim in claims)


def _ends(problem: Problem, side: Side, start: Any, steps: int, lr: Any, seeds: np.ndarray) -> np.ndarray:
    """The loss of each lane's last iterate above the lowest that is known, (lanes,)."""
    values = dict(side.values) | ({} if lr is None else {"lr": lr})
    starts = np.tile(np.reshape(start, (problem.n, 1)), len(seeds))
    run = descend(problem, side.method, starts, steps, keep="final", seed=seeds, **values, **side.terms)
    with np.errstate(all="ignore"):
        loss = problem.value(run.final) - (problem.lowest or 0.0)
    return np.where(np.isfinite(loss) & (run.diverged_at < 0), loss, np.inf)
