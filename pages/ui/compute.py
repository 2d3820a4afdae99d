"""What a racer's settings lead to, remembered on names and numbers (kernels cannot be hashed): a moved slider re-runs one racer only."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from landscape import FUNCTIONS, Problem
from optimizers import Run, descend
from optimizers.story import Facts, tell
from pages.ui.experiment import Experiment, Racer


@dataclass(frozen=True)
class Outcome:
    run: Run
    gradient: np.ndarray  # (steps + 1,): |g| at the iterates
    facts: Facts


def race(experiment: Experiment) -> dict[int, Outcome]:
    """Every racer's outcome, by slot. The colour plays no part in it, so a duplicate costs nothing."""
    return {racer.slot: outcome(experiment, racer) for racer in experiment.racers}


def outcome(experiment: Experiment, racer: Racer) -> Outcome:
    return _outcome(
        experiment.landscape, experiment.params, experiment.start, experiment.steps, experiment.tolerance, racer.optimizer, racer.hypers
    )


@lru_cache(maxsize=256)
def _outcome(
    landscape: str,
    params: tuple[float, ...],
    start: tuple[float, float],
    steps: int,
    tolerance: float,
    optimizer: str,
    hypers: tuple[float, ...],
) -> Outcome:
    racer = Racer(optimizer, 0, hypers)
    problem = problem_of(landscape, params)
    settings: dict[str, Any] = dict(racer.values)
    run = descend(problem, racer.method, start, steps, **settings)
    with np.errstate(all="ignore"):
        gradient = np.linalg.norm(problem.gradient(np.ascontiguousarray(run.path.T)), axis=0)
    return Outcome(run, gradient, tell(problem, racer.method, racer.values, run, tolerance))


@lru_cache(maxsize=64)
def problem_of(landscape: str, params: tuple[float, ...]) -> Problem:
    base = FUNCTIONS[landscape]
    return base.with_parameters(**dict(zip((p.key for p in base.parameters), params, strict=True)))
