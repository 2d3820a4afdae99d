"""A line through points of which some are far off: each of those pulls with a force that no longer grows.

Huber (1964), "Robust estimation of a location parameter", Ann. Math. Statist. 35: the loss r^2/2 up to |r| = delta, from there on straight.
With delta large it is least squares, which the outliers drag away.
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, Stationary, rates
from landscape.samples.data import DRAW, count, normal, uniform


def points(values: Mapping[str, float]) -> Array:
    """Outliers lie far above the line at its right end only, so that they tilt it."""
    x = uniform(values, 0)
    outlier = (uniform(values, 2) < 2.0 * values["outliers"] - 1.0) & (x > 0.0)
    return np.stack([x, 2.0 * x + 1.0 + 0.3 * normal(values, 1) + 8.0 * outlier])


HUBER_FIT = Problem(
    key="huber_fit",
    name="Robust fit",
    group="Fits to data",
    formula=Formula(
        "huber(z - y, delta)",
        ("delta",),
        where=(("z", "w*x + b"),),
        coordinates=("w", "b"),
        columns=("x", "y"),
        outputs=("z",),
    ),
    parameters=(
        Parameter("delta", "Bend", 0.5, 0.1, 10.0, scale="log", help="Errors beyond this count in proportion, not squared."),
        Parameter("outliers", "Outliers", 0.2, 0.0, 0.5, help="Share of the points in the right half that are far off."),
        count(),
        DRAW,
    ),
    sampler=points,
    domain=((-1.0, 6.0), (-2.0, 4.0)),
    start=(-0.5, -1.0),
    stationary=(Stationary("2", "1", "minimum", "robust fit", reach=10.0),),
    lesson="Squared errors give every outlier a pull as large as its error; bent, they leave the line where most points are.",
    source="Huber 1964, Ann. Math. Statist. 35",
    question="Who reaches the line that the outliers cannot move?",
    recommended=rates(sgd=0.5, momentum=0.1, nesterov=0.1, adagrad=0.5, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=150,
    levels="log",
)
