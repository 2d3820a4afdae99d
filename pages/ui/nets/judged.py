"""Weights from a file beside the racers: how good they are, how far from the plane and from everybody's end. Knows no Streamlit.

The file is a visitor's own or one that comes with Ravine: all that is said of it is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landscape.nets import NetProblem, Scores
from optimizers.examples import EXAMPLES
from pages.scene import payload
from pages.ui.nets.compute import Drawn, Truth, truth
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record

NOBODY = -1  # a slot that no racer has


@dataclass(frozen=True, eq=False)
class Weighed:
    """Weights of the net on screen that nobody here has trained."""

    title: str  # that begins a sentence or heads a row
    label: str  # at its mark
    weights: np.ndarray  # (n,)


@lru_cache(maxsize=8)
def shipped(key: str) -> Weighed:
    """One of EXAMPLES. Raises ValueError where its file is damaged."""
    example = EXAMPLES[key]
    return Weighed("The shipped net", example.name, example.weights())


@dataclass(frozen=True, eq=False)
class Place:
    """Where weights are seen on a plane."""

    x: float
    y: float
    inside: bool  # of the frame
    truth: Truth


def place(experiment: NetsExperiment, drawn: Drawn, weights: np.ndarray) -> Place:
    """Of weights (n,); nowhere (NaN) where they are not finite."""
    seen = drawn.plane.project(weights)
    x, y = seen.coordinates[0].tolist()
    xs, ys = drawn.surface.xs, drawn.surface.ys
    inside = bool(xs[0] <= x <= xs[-1] and ys[0] <= y <= ys[-1])
    return Place(x, y, inside, truth(experiment, drawn, NOBODY, weights, seen, 0))


def marks(experiment: NetsExperiment, drawn: Drawn, some: Sequence[Weighed]) -> list[payload.Point]:
    """Where they are seen on the plane, for the scene: those that are within the frame and of the net that is drawn.

    A mark's height is the weights' own loss, not the plane's under it, as it is with racers.
    """
    fitting = [one for one in some if len(one.weights) == len(drawn.plane.origin)]  # the last picture stands while another net trains
    places = [(one, place(experiment, drawn, one.weights)) for one in fitting]
    return [payload.point(seen.x, seen.y, seen.truth.loss, "mark", one.label) for one, seen in places if seen.inside]


def distances(records: dict[int, Record], weights: np.ndarray) -> dict[int, float]:
    """To each racer's last weights, by slot; NaN where one is not finite."""
    with np.errstate(all="ignore"):
        return {slot: float(np.linalg.norm(record.training.final - weights)) for slot, record in records.items()}


def scores(problem: NetProblem, weights: np.ndarray) -> Scores:
    """Losses and accuracies; all NaN for weights (n,) that are not finite: such a net classifies nothing."""
    return _scores(problem, weights.tobytes()) if np.isfinite(weights).all() else Scores(*[np.full((), np.nan)] * 4)


@lru_cache(maxsize=16)
def _scores(problem: NetProblem, weights: bytes) -> Scores:
    return problem.scores(np.frombuffer(weights))
