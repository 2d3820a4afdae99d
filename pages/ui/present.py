"""An experiment and its outcomes as what the scene draws, and as what a visitor takes home."""

import csv
import io
from functools import lru_cache
from typing import Any

from pages.scene.payload import race_payload, surface_payload
from pages.ui.compute import Outcome, problem_of, race
from pages.ui.experiment import Experiment, Racer
from pages.ui.words import place, sentence

GRID = 101


def surface_data(experiment: Experiment) -> dict[str, Any]:
    return _surface(experiment.landscape, experiment.params)


@lru_cache(maxsize=64)
def _surface(landscape: str, params: tuple[float, ...]) -> dict[str, Any]:
    return surface_payload(problem_of(landscape, params), GRID)


def race_data(experiment: Experiment, outcomes: dict[int, Outcome], navigations: int) -> dict[str, Any]:
    raise NotImplementedError


def paths_csv(experiment: Experiment) -> bytes:
    """Every racer's path at full precision: a row a tick."""
    outcomes = race(experiment)
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("racer", "optimizer", "settings", "tick", "x", "y", "loss", "gradient_norm"))
    for place_, racer in enumerate(experiment.racers, start=1):
        run, gradient = outcomes[racer.slot].run, outcomes[racer.slot].gradient
        for tick, ((x, y), loss, norm) in enumerate(zip(run.path.tolist(), run.loss.tolist(), gradient.tolist(), strict=True)):
            table.writerow((place_, racer.optimizer, racer.detail, tick, repr(x), repr(y), repr(loss), repr(norm)))
    return text.getvalue().encode()
