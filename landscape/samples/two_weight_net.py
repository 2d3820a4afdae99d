"""The smallest net there is, w2 tanh(w1 x): two equally good minima, a saddle between them, and plains where tanh is full.

Changing both signs changes nothing (Chen, Lu & Hecht-Nielsen 1993, Neural Computation 5, on the symmetries of tanh nets), so the minima
come in pairs and the origin is a saddle. The data come from such a net, w1 = 1.5 and w2 = 1, with noise.
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Problem, Stationary, rates
from landscape.samples.data import DRAW, SQUARES, count, noise, normal, uniform


def points(values: Mapping[str, float]) -> Array:
    x = 2.0 * uniform(values, 0)
    return np.stack([x, np.tanh(1.5 * x) + values["noise"] * normal(values, 1)])


TWO_WEIGHT_NET = Problem(
    key="two_weight_net",
    name="Net of two weights",
    group="Small models",
    formula=Formula(
        "(z - y)**2/divisor",
        ("divisor",),
        where=(("h", "w1*x"), ("z", "w2*tanh(h)")),
        coordinates=("w1", "w2"),
        columns=("x", "y"),
        outputs=("z",),
        likelihood=True,  # Gaussian, of variance divisor/2
        layers=(("h", ("w1",)), ("z", ("w2",))),
    ),
    parameters=(SQUARES, noise(0.1, 0.5), count(), DRAW),
    sampler=points,
    domain=((-4.0, 4.0), (-2.5, 2.5)),
    start=(-0.3, 2.0),
    stationary=(
        Stationary("1.5", "1", "minimum", "global minimum", reach=0.3),
        Stationary("-1.5", "-1", "minimum", "global minimum", reach=0.3),
        Stationary("0", "0", "saddle", "saddle"),
    ),
    lesson="Turn both signs round and the net is the same: so there are two minima, and a saddle between them.",
    source="Ravine; the symmetry: Chen, Lu & Hecht-Nielsen 1993, Neural Computation 5",
    question="Who passes the saddle, and on which side?",
    recommended=rates(sgd=0.1, momentum=0.025, nesterov=0.025, adagrad=0.5, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=200,
    levels="log",
)
