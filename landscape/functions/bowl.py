"""The friendliest landscape: straight down is straight to the minimum.

The sphere function; Jamil & Yang (2013), no. 137, halved so that its Hessian is the identity.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

BOWL = Problem(
    key="bowl",
    name="Bowl",
    group="Bowls and valleys",
    formula=Formula("(x**2 + y**2)/2", residuals=("x/sqrt(2)", "y/sqrt(2)")),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.5, 1.2),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="Curvature is 1 in every direction: one learning rate suits them all, and lr = 1 arrives in a single step.",
    source="Sphere function; Jamil & Yang 2013, no. 137 (halved)",
    question="Who takes the straight way down?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.05, adagrad=0.5, rmsprop=0.1, adam=0.2, adamw=0.2),
    steps=60,
)
