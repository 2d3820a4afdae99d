"""The plane of a nets experiment as a landscape of the race page, and the link that opens it there. Knows no Streamlit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from landscape import Problem
from landscape.nets.planes.plane import Plane, axis
from landscape.nets.planes.surface import loss_over
from landscape.slice import Slice
from optimizers import Conditions
from pages.ui.address import encode as race_query
from pages.ui.experiment import MAX_STEPS, default_experiment
from pages.ui.made import SLICE
from pages.ui.nets.address import experiment_of, recipe
from pages.ui.nets.compute import lay
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.kinds import KINDS, Ground
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Alone, Crew, Telling
from pages.ui.nets.words import axis_names

LEAST = 3.0  # of one side to the other; beyond that equal scales would leave a strip
TRAINING = 0.7  # the share of the work, by rule of thumb
ASIDE = 0.75  # of the way to a corner: where a race starts whose start the plane does not show


@dataclass(frozen=True)
class Share:
    """A part of a longer work, as its report."""

    whole: Telling
    low: float
    high: float

    def progress(self, fraction: float) -> None:
        self.whole.progress(self.low + (self.high - self.low) * fraction)

    def check(self) -> None:
        self.whole.check()

    def cancelled(self) -> bool:
        return self.whole.cancelled()


@dataclass(frozen=True, eq=False)
class Released:
    """A plane on which racers can be released."""

    land: Slice
    plane: Plane  # whose directions have length 1: the slice's coordinates are lengths in weight space
    ground: Ground
    records: Mapping[int, Record]

    @property
    def problem(self) -> Problem:
        """The slice, for what works on any problem."""
        return cast(Problem, self.land)


def released(experiment: NetsExperiment) -> NetsExperiment:
    """What decides on the slice: the plane with what the racers descend, the training loss, with its penalty where there is one."""
    measure = "penalised" if experiment.conditions.l2 else "train"
    return replace(experiment.drawn, plane=replace(experiment.plane, measure=measure))


def recipe_of(experiment: NetsExperiment) -> str:
    """All that decides on the slice, as one value of an address."""
    return recipe(released(experiment))


def slice_of(text: str, report: Telling = Alone()) -> Slice:  # noqa: B008 - frozen
    """The slice of a recipe, its racers trained where they are not remembered. Raises ValueError with what is wrong with it."""
    experiment, notes = experiment_of(text)
    if notes:
        raise ValueError(f"the recipe of the slice cannot be followed: {notes[0]}")
    return release(experiment, report).land


def release(experiment: NetsExperiment, report: Telling = Alone()) -> Released:  # noqa: B008 - frozen
    """Train who is not trained yet, lay the plane, evaluate all of it. Raises ValueError where there is none, or nothing finite on it."""
    experiment = released(experiment)
    crew = Crew(experiment)
    crew.allowed = True  # whoever waits sees how far it is, and can stop it
    try:
        for _ in crew.work(Share(report, 0.0, TRAINING)):
            pass
    finally:
        crew.leave()
    laid, ground, _, missing = lay(experiment, crew.records)
    kind, rest = KINDS[experiment.plane.kind], Share(report, TRAINING, 1.0)
    (x0, x1), (y0, y1) = kind.frame(laid, ground)
    plane, width, height = _unit(laid)
    xs, ys = axis(width * x0, width * x1, experiment.plane.points), axis(height * y0, height * y1, experiment.plane.points)
    surface = loss_over(ground.training, plane, xs, ys, on_progress=rest.progress, cancelled=rest.cancelled)
    measure = MEASURES[experiment.plane.measure]
    heights = measure.value(surface.loss, surface.accuracy, surface.square_norm, float(experiment.conditions.l2))
    start, words = _start(plane, experiment.problem.start, xs, ys)
    left = f" {', '.join(missing)} diverged and took no part in laying it." if missing else ""
    count, (first, second) = f"{experiment.problem.n:,}", axis_names(plane)
    land = Slice(
        f"{experiment.problem.name}: {kind.name[0].lower()}{kind.name[1:]}", xs, ys, heights, start,
        question="Who finds the valley of this slice first?",
        lesson=f"The training {measure.quantity} of a net of {count} weights over a plane: two directions of {count}. x is the distance "
               f"along {first}, y along {second}, from the end of the training that the plane goes through. {words}"
               "The slice ends at its frame. "
               "The net itself could go around what looks like a wall here.",
        source=f"{plane.how}{left} {surface.words}",
        axes=("x", "y"), along=(first, second), steps=min(experiment.steps, MAX_STEPS), levels=measure.levels, equal_scales=_alike(xs, ys),
        recommended={racer.optimizer: racer.values for racer in reversed(experiment.racers)},
    )  # fmt: skip
    return Released(land, plane, ground, crew.records)


def _unit(plane: Plane) -> tuple[Plane, float, float]:
    """The plane with directions of length 1, and how long they were: then a step in it is as long as it is in weight space."""
    long, high = (float(np.linalg.norm(vector)) for vector in (plane.u, plane.v))
    return replace(plane, u=plane.u / long, v=plane.v / high), long, high


def _alike(xs: np.ndarray, ys: np.ndarray) -> bool:
    return bool(1 / LEAST < (xs[-1] - xs[0]) / (ys[-1] - ys[0]) < LEAST)


def _start(plane: Plane, weights: np.ndarray, xs: np.ndarray, ys: np.ndarray) -> tuple[tuple[float, float], str]:
    """Where the initial weights are seen, and a word where that is not on the slice."""
    x, y = plane.project(weights).coordinates[0].tolist()
    if xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1]:
        return (x, y), "The start is the shadow of the initial weights. "
    return (ASIDE * float(xs[0]), ASIDE * float(ys[-1])), "The initial weights are beyond the frame, so the start is near a corner. "


def conditions_of(experiment: NetsExperiment) -> Conditions:
    """Those that the racers meet on the slice, too. Penalty and decay pull the weights to zero, which is no point of the plane: the penalty
    is in the slice's heights, the decay is left out.
    """
    return replace(experiment.conditions, l2=0.0, decay=0.0)


def race_address(experiment: NetsExperiment) -> dict[str, str | list[str]]:
    """The race page's query: the slice, and on it the same racers with the same settings, from where training began."""
    same: dict[str, Any] = {
        "conditions": conditions_of(experiment),
        "schedule": experiment.schedule,
        "seed": experiment.seed,
        "racers": experiment.racers,
    }
    written = race_query(replace(default_experiment(), **same))
    shared = {name: written[name] for name in ("conditions", "schedule", "seed", "racer") if name in written}
    return {"landscape": SLICE.key, SLICE.field: recipe_of(experiment)} | shared
