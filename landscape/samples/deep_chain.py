"""Two weights in a row, w1 w2 x: a deep net without anything that bends, and yet no bowl.

Deep linear nets have no bad minima, only saddles (Baldi & Hornik 1989, Neural Networks 2; Saxe, McClelland & Ganguli 2014, arXiv:1312.6120,
section 1.1, for how long the saddle at the origin holds a start near it). All points with the right product are minima.
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Problem, Stationary, rates
from landscape.samples.data import DRAW, SQUARES, count, noise, normal, uniform


def points(values: Mapping[str, float]) -> Array:
    x = uniform(values, 0)
    return np.stack([x, x + values["noise"] * normal(values, 1)])


DEEP_CHAIN = Problem(
    key="deep_chain",
    name="Deep chain",
    group="Small models",
    formula=Formula(
        "(z - y)**2/divisor",
        ("divisor",),
        where=(("h", "w1*x"), ("z", "w2*h")),
        coordinates=("w1", "w2"),
        columns=("x", "y"),
        outputs=("z",),
        likelihood=True,  # Gaussian, of variance divisor/2
        layers=(("h", ("w1",)), ("z", ("w2",))),
    ),
    parameters=(SQUARES, noise(0.1, 0.5), count(), DRAW),
    sampler=points,
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    start=(-0.55, 0.5),
    stationary=(
        Stationary("1", "1", "minimum", "balanced minimum", reach=0.3),
        Stationary("-1", "-1", "minimum", "balanced minimum", reach=0.3),
        Stationary("0", "0", "saddle", "saddle"),
    ),
    lesson="The gradient of each weight is multiplied by the other one: where both are small, nothing moves.",
    source="Baldi & Hornik 1989, Neural Networks 2; Saxe et al. 2014, arXiv:1312.6120, section 1.1",
    question="Who leaves the saddle first, and where on the curve of minima does it end?",
    recommended=rates(sgd=0.2, momentum=0.05, nesterov=0.05, adagrad=0.2, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=150,
    levels="log",
)
