"""A floor so flat that it has no curvature at all: descent slows down for ever.

x^4/4 + y^2/2: at the minimum the Hessian is singular. Along x gradient descent obeys dx/dt = -x^3, so |x| shrinks like
1/sqrt(2t) instead of geometrically (Nesterov 2018, Lectures on Convex Optimization, section 2.1, on sublinear rates).
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

DEGENERATE_VALLEY = Problem(
    key="degenerate_valley",
    name="Degenerate valley",
    group="Bowls and valleys",
    formula=Formula("x**4/4 + y**2/2", residuals=("x**2/2", "y/sqrt(2)")),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.6, 1.5),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="Where curvature vanishes, progress never settles into a fixed rate: each further digit costs a hundred times the steps.",
    source="Nesterov 2018, section 2.1 (sublinear rates)",
    question="Who still gets anywhere when the ground is level?",
    recommended=rates(sgd=0.2, momentum=0.05, nesterov=0.1, adagrad=1, rmsprop=0.02, adam=0.2, adamw=0.5),
    steps=200,
    levels="log",
)
