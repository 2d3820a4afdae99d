"""One feature is always there, the other once in fifty samples: the second weight hears of its error only now and then.

Least squares on a dense and a rare feature, the situation that AdaGrad was made for (Duchi, Hazan & Singer 2011, JMLR 12, section 1.3). The
loss over all the data is a ravine: curvatures 2 and two in `period`.
"""

from collections.abc import Mapping

import numpy as np

from landscape.claim import Claim
from landscape.formula import Formula
from landscape.problem import Array, Parameter, Problem, Stationary, rates
from landscape.samples.data import DRAW, SQUARES, count, noise, normal, uniform


def features(values: Mapping[str, float]) -> Array:
    dense = np.sign(uniform(values, 0))
    rare = (np.arange(len(dense)) % values["period"] == 0).astype(float)
    return np.stack([dense, rare, dense + rare + values["noise"] * normal(values, 1)])


SPARSE_FEATURES = Problem(
    key="sparse_features",
    name="Rare feature",
    group="Fits to data",
    formula=Formula(
        "(z - y)**2/divisor",
        ("divisor",),
        where=(("z", "w1*x1 + w2*x2"),),
        coordinates=("w1", "w2"),
        columns=("x1", "x2", "y"),
        outputs=("z",),
        likelihood=True,  # Gaussian, of variance divisor/2
        layers=(("z", ("w1", "w2")),),
    ),
    parameters=(
        SQUARES,
        Parameter("period", "Active once in", 50, 1, 50, integer=True, help="Feature 2 is there in one of so many samples."),
        noise(0.1, 1.0),
        count(500),
        DRAW,
    ),
    sampler=features,
    domain=((-1.5, 2.0), (-1.5, 2.0)),
    start=(-1.0, -1.0),
    stationary=(Stationary("1", "1", "minimum", "least squares", reach=10.0),),
    lesson="A rare feature has a small mean gradient: a common rate leaves it behind, a rate of its own for each weight does not.",
    source="Duchi, Hazan & Singer 2011, JMLR 12, section 1.3",
    question="Who learns the weight of the rare feature?",
    recommended=rates(sgd=0.25, momentum=0.025, nesterov=0.025, adagrad=0.5, rmsprop=0.02, adam=0.1, adamw=0.1),
    race=(("sgd", ()), ("adagrad", ()), ("rmsprop", ()), ("adam", ())),
    batch=8,
    claims=(
        Claim("AdaGrad is good for sparse gradients: it ends lower than gradient descent.", 1, 0),
        Claim("RMSProp is, too.", 2, 0),
        Claim("Adam is, too.", 3, 0),
        Claim("AdaGrad is better at it than Adam.", 1, 3),
    ),
    steps=200,
    levels="log",
)
