"""What a racer's settings lead to, remembered on names and numbers (kernels cannot be hashed): a moved slider re-runs one racer only."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from optimizers import Run, descend
from optimizers.around import fast_path
from optimizers.gradients import gradients
from optimizers.schedules import rates
from optimizers.shown import look_inside, own_path
from optimizers.story import Facts, tell, undercut, without_floor
from pages.ui.experiment import Experiment, Racer

SLOWED = 0.01  # of the largest rate: who stops there is stopped by the schedule
QUARTILES = (0.25, 0.5, 0.75)


@dataclass(frozen=True)
class Fan:
    """What the runs of one racer over many seeds come to."""

    band: np.ndarray  # (3, steps + 1): quartiles of the loss
    arrived: int | None  # how many end within the tolerance of the lowest loss; None where nobody knows that one
    diverged: int

    @property
    def median(self) -> float:
        """Of the loss at the end; infinite where most have diverged."""
        return float(self.band[1, -1])


@dataclass(frozen=True)
class Outcome:
    run: Run
    gradient: np.ndarray  # (steps + 1,): |g| at the iterates
    rate: np.ndarray | None  # (steps,): the learning rate of each step, where a schedule changes it
    fan: Fan | None  # over the seeds, where there are several
    facts: Facts
    fast: np.ndarray | None = None  # (steps + 1, 2, n): the method's own way, where something follows it; see `fast_path`


def race(experiment: Experiment) -> dict[int, Outcome]:
    """Every racer's outcome, by slot. Its place plays no part in it, so a duplicate costs nothing."""
    setup = experiment.setup
    outcomes = {racer.slot: outcome(setup, anywhere(racer)) for racer in experiment.racers}
    lower = undercut(setup.seen, (each.run for each in outcomes.values()), setup.tolerance)
    if lower is None:
        return outcomes
    return {slot: replace(each, facts=without_floor(each.facts, lower)) for slot, each in outcomes.items()}


def anywhere(racer: Racer) -> Racer:
    """The racer without its place, which plays no part in its run."""
    return replace(racer, slot=0, shown=True)


@lru_cache(maxsize=256)
def outcome(setup: Experiment, racer: Racer) -> Outcome:
    method, seen = racer.method, setup.seen
    run = run_of(setup, racer, setup.seed, watch=method.vectors[:1] if racer.around and method.looks_ahead else ())
    with np.errstate(all="ignore"):
        gradient = np.linalg.norm(seen.gradient(np.ascontiguousarray(run.path.T)), axis=0)
    rate, plan = None, setup.plan(racer)
    if plan:
        rate = rates(plan, racer.values.get("lr", 1.0), setup.problem.value(np.ascontiguousarray(run.queries.T)))
    fast = fast_path(*racer.follower, own_path(method, run), run.path) if racer.follower else None
    return Outcome(run, gradient, rate, fan_of(setup, racer), facts_of(setup, racer, run, rate), fast)


def facts_of(setup: Experiment, racer: Racer, run: Run, rate: np.ndarray | None) -> Facts:
    """What is told of a run, at the learning rate of its last step, where a schedule changes it."""
    values, slowed = racer.values, None
    if rate is not None and len(rate) and "lr" in values:
        last = len(rate) if run.diverged_at is None else run.diverged_at
        values = values | {"lr": float(rate[max(0, min(last, len(rate)) - 1)])}
        slowed = values["lr"] if values["lr"] < SLOWED * float(rate.max()) else None
    penalty, decay = setup.unseen_penalty(racer), float(setup.conditions_of(racer).decay)
    facts = tell(setup.seen, racer.method, values, run, setup.tolerance, penalty, decay, setup.varies(racer))
    return replace(facts, slowed=slowed)


def inside(experiment: Experiment) -> dict[str, np.ndarray] | None:
    """What the selected racer holds inside, by key of `Optimizer.inside`; None where nobody wants to see it."""
    racer = experiment.looked_into
    return _inside(experiment.setup, replace(racer, slot=0, shown=True)) if racer else None


@lru_cache(maxsize=16)
def _inside(setup: Experiment, racer: Racer) -> dict[str, np.ndarray]:
    run = run_of(setup, racer, setup.seed, watch=racer.method.watchable)
    return look_inside(setup.problem, racer.method, racer.values, run, outcome(setup, racer).rate, bool(racer.around))


def run_of(setup: Experiment, racer: Racer, seed: Any, **more: Any) -> Run:
    """A racer's run; with seeds (S,), one lane a seed."""
    terms = setup.terms(racer) | racer.values | more
    run = descend(setup.problem, racer.method, setup.start, setup.steps, seed=seed, **terms)
    if not setup.weighed:
        return run
    with np.errstate(all="ignore"):
        return replace(run, loss=run.loss + 0.5 * setup.weighed * (run.path**2).sum(axis=1))


def fan_of(setup: Experiment, racer: Racer) -> Fan | None:
    """Quartiles of the loss over the seeds, and how many arrive; a diverged run counts as infinitely bad."""
    if setup.seeds < 2 or not setup.varies(racer):
        return None
    run, lowest = run_of(setup, racer, setup.seed + np.arange(setup.seeds)), setup.seen.lowest
    diverged = run.diverged_at >= 0
    with np.errstate(all="ignore"):
        band = np.quantile(np.where(np.isnan(run.loss), np.inf, run.loss), QUARTILES, axis=1, method="inverted_cdf")
        arrived = None if lowest is None else int(np.count_nonzero((run.loss[-1] - lowest <= setup.tolerance) & ~diverged))
    return Fan(band, arrived, int(np.count_nonzero(diverged)))


@lru_cache(maxsize=32)
def slopes(setup: Experiment, racer: Racer) -> tuple[np.ndarray, np.ndarray]:
    """The gradients that a racer was handed, and what clipping left of them, (steps, 2) each."""
    return gradients(setup.problem, outcome(setup, racer).run.queries, setup.conditions, setup.batches(racer), setup.seed)
