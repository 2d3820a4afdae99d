"""A line through points: the two weights of y = w x + b, and a bowl that moves when the points do.

Squared error as a mean over the samples; dividing it by 2 as well halves gradient and curvature, and sources do both (Bishop 2006,
Pattern Recognition and Machine Learning, eq. 3.12, divides). The truth is w = 2, b = 1, the inputs are uniform in [-1, 1].
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Problem, Stationary, rates
from landscape.samples.data import DRAW, SQUARES, count, noise, normal, uniform


def points(values: Mapping[str, float]) -> Array:
    x = uniform(values, 0)
    return np.stack([x, 2.0 * x + 1.0 + values["noise"] * normal(values, 1)])


LINE_FIT = Problem(
    key="line_fit",
    name="Line fit",
    group="Fits to data",
    formula=Formula(
        "(z - y)**2/divisor",
        ("divisor",),
        where=(("z", "w*x + b"),),
        coordinates=("w", "b"),
        columns=("x", "y"),
        outputs=("z",),
        likelihood=True,  # Gaussian, of variance divisor/2
        layers=(("z", ("w", "b")),),
    ),
    parameters=(
        SQUARES,
        noise(0.5, 2.0),
        count(),
        DRAW,
    ),
    sampler=points,
    domain=((-1.0, 4.0), (-1.5, 3.0)),
    start=(0.0, 0.0),
    stationary=(Stationary("2", "1", "minimum", "least squares", reach=10.0),),
    lesson="The loss is a mean over points: each of them alone has a valley, and only all together have a bowl.",
    source="Bishop 2006, Pattern Recognition and Machine Learning, eq. 3.12",
    question="Who finds the line through the points?",
    recommended=rates(sgd=0.1, momentum=0.02, nesterov=0.02, adagrad=0.5, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=100,
    levels="log",
)
