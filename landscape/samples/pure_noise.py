"""No slope at all, only noise: whatever moves here is the optimizer's own doing.

Each sample is a gradient, and its opposite is a sample too, so that their mean is zero exactly: a plain. What decay does to a weight whose
gradient is noise is seen without anything else: an L2 penalty passes through Adam's division by the noise, decoupled decay does not
(Loshchilov & Hutter 2019, arXiv:1711.05101, proposition 2).
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, rates
from landscape.samples.data import DRAW, count, normal


def gradients(values: Mapping[str, float]) -> Array:
    """Each followed by its opposite: added up in this order they cancel exactly."""
    loud, quiet = values["loud"] * normal(values, 0), values["quiet"] * normal(values, 1)
    return np.stack([np.stack([column, -column], axis=1).ravel() for column in (loud, quiet)])


PURE_NOISE = Problem(
    key="pure_noise",
    name="Pure noise",
    group="Small models",
    formula=Formula("w1*u1 + w2*u2", coordinates=("w1", "w2"), columns=("u1", "u2")),
    parameters=(
        Parameter(
            "loud", "Noise on weight 1", 10.0, 0.001, 100.0, scale="log", help="Standard deviation of its gradient over the samples."
        ),
        Parameter(
            "quiet", "Noise on weight 2", 0.01, 0.001, 100.0, scale="log", help="Standard deviation of its gradient over the samples."
        ),
        count(1_000),
        DRAW,
    ),
    sampler=gradients,
    domain=((-0.5, 2.0), (-0.5, 2.0)),
    start=(1.0, 1.0),
    lesson="The mean gradient is zero everywhere: take batches and a decay, and see whose decay is the same on both weights.",
    source="Loshchilov & Hutter 2019, arXiv:1711.05101, proposition 2",
    question="Whose weights decay alike when their gradients do not?",
    recommended=rates(sgd=0.01, momentum=0.001, nesterov=0.001, adagrad=0.01, rmsprop=0.01, adam=0.01, adamw=0.01),
    race=(("adam", (("weight_decay", 0.1),)), ("adamw", (("weight_decay", 0.1),))),
    batch=1,
    steps=500,
)
