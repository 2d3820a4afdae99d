"""What a lesson's words say in letters, in the numbers of the run on screen."""

from collections.abc import Callable

import numpy as np

from pages.ui.compute import race
from pages.ui.experiment import Experiment
from pages.ui.words import figure


def first_steps(experiment: Experiment) -> str:
    """Each racer's first step against the first racer's; empty where there is none to compare with."""
    outcomes = race(experiment)
    lengths = {}
    for racer in experiment.racers:
        path = outcomes[racer.slot].run.path
        lengths[racer.slot] = float(np.linalg.norm(path[1] - path[0])) if len(path) > 1 else np.nan
    first, *others = experiment.racers or (None,)
    if first is None or not others or not lengths[first.slot] > 0.0:
        return ""
    shares = [
        f"{racer.mark.coloured} {figure(lengths[racer.slot] / lengths[first.slot])}" for racer in others if np.isfinite(lengths[racer.slot])
    ]
    return f"Measured in the run on screen, first steps as multiples of {first.mark.coloured}: {', '.join(shares)}." if shares else ""


MEASURES: dict[str, Callable[[Experiment], str]] = {"first_steps": first_steps}


def measured(experiment: Experiment, name: str) -> str:
    """In Markdown; empty where a lesson measures nothing."""
    return MEASURES[name](experiment) if name else ""
