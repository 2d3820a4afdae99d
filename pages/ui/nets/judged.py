"""A visitor's weights beside the racers: how good they are, and how far from the plane and from everybody's end. Knows no Streamlit."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landscape.nets import NetProblem, Scores
from pages.scene import payload
from pages.ui.nets.compute import Drawn, Truth, truth
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record

NOBODY = -1  # a slot that no racer has
NAME = "your file"


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


def mark(found: Place) -> payload.Point:
    """For the scene; its height is the file's own loss, not the plane's under it, as it is with racers."""
    return payload.point(found.x, found.y, found.truth.loss, "mark", NAME)


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
