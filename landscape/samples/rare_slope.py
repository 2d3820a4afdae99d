"""Two slopes that never end and never change: one is felt at every sample, the other at one in fifty.

What AdaGrad was made for (Duchi, Hazan & Singer 2011, JMLR 12, section 1.3) and nothing else: a gradient of 1, always or now and then.
"""

from collections.abc import Mapping

import numpy as np

from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, rates
from landscape.samples.data import DRAW, count


def slopes(values: Mapping[str, float]) -> Array:
    at, period = np.arange(int(values["samples"])), int(values["period"])
    return np.stack([np.ones(len(at)), at % period == values["draw"] % period])


RARE_SLOPE = Problem(
    key="rare_slope",
    name="Rare slope",
    group="Small models",
    formula=Formula("12 - w1*u1 - w2*u2", coordinates=("w1", "w2"), columns=("u1", "u2")),
    parameters=(
        Parameter("period", "Felt once in", 50, 1, 200, integer=True, help="The slope along weight 2 is there in one of so many samples."),
        count(50),
        DRAW,
    ),
    sampler=slopes,
    domain=((-1.0, 11.0), (-1.0, 5.0)),
    start=(0.0, 0.0),
    lesson="AdaGrad's rate falls like 1 over the root of how often a weight was pulled: after 1,000 samples, 20 of them rare, that one's "
    "is 7 times as large.",
    source="Duchi, Hazan & Singer 2011, JMLR 12, section 1.3",
    question="Who hears the slope that is rarely there?",
    recommended=rates(sgd=0.01, momentum=0.001, nesterov=0.001, adagrad=0.1, rmsprop=0.01, adam=0.01, adamw=0.01),
    race=(("adagrad", ()), ("sgd", ()), ("rmsprop", ()), ("adam", ())),
    batch=1,
    replacement=False,
    steps=1000,
)
