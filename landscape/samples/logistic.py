"""Two clouds of points and the line between them: a loss that flattens out where everybody is on the right side.

Logistic regression without an intercept; the label t is 0 or 1 and the loss ln(1 + e^z) - t z is minus the log-likelihood (Bishop 2006,
Pattern Recognition and Machine Learning, eq. 4.90). The second feature is measured in other units: its scale makes a ravine of the bowl.
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, Stationary, rates
from landscape.samples.data import DRAW, count, normal, uniform


def clouds(values: Mapping[str, float]) -> Array:
    t = (uniform(values, 0) > 0.0).astype(float)
    side = values["distance"] * (t - 0.5)
    return np.stack([normal(values, 1) + side, values["scale"] * (normal(values, 2) + side), t])


LOGISTIC = Problem(
    key="logistic",
    name="Logistic regression",
    group="Fits to data",
    formula=Formula(
        "softplus(z) - t*z",
        where=(("z", "w1*x1 + w2*x2"),),
        coordinates=("w1", "w2"),
        columns=("x1", "x2", "t"),
        outputs=("z",),
        likelihood=True,
        layers=(("z", ("w1", "w2")),),
    ),
    parameters=(
        Parameter("distance", "Distance of the clouds", 1.5, 0.0, 3.0, help="Between their centres, along each feature, in deviations."),
        Parameter("scale", "Scale of feature 2", 0.5, 0.2, 2.0, scale="log", help="Features in different units make a ravine."),
        count(),
        DRAW,
    ),
    sampler=clouds,
    domain=((-2.0, 6.0), (-2.0, 8.0)),
    start=(-1.0, -1.0),
    stationary=(Stationary("distance", "distance/scale", "minimum", "most likely weights", reach=10.0),),
    lesson="A point on the right side hardly pulls any more: the further down, the weaker the gradient and the curvature.",
    source="Bishop 2006, Pattern Recognition and Machine Learning, eq. 4.90",
    question="Who separates the clouds first?",
    recommended=rates(sgd=2, momentum=0.5, nesterov=0.5, adagrad=0.5, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=200,
    levels="log",
)
