"""A crater in a field of ripples, with a point at its very bottom.

Ackley (1987), A Connectionist Machine for Genetic Hillclimbing; Jamil & Yang (2013), no. 1. Their domain reaches to 35; ours to 5,
where the ripples can be seen. The centre is a cone: the value there is 0, and by our convention the gradient is 0 too, a
subgradient; the cone's part of the Hessian counts as 0.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

ACKLEY = Problem(
    key="ackley",
    name="Ackley",
    group="Many minima",
    formula=Formula("20*(1 - exp(-0.2*r)) + e - exp((cos(2*pi*x) + cos(2*pi*y))/2)", where=(("r", "hypot(x, y)/sqrt(2)"),)),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(-2.6, 3.3),
    stationary=(
        Stationary("0", "0", "minimum", "global minimum"),
        *(Stationary(f"{0.985 * i:.3f}", f"{0.985 * j:.3f}") for i in range(-5, 6) for j in range(-5, 6) if (i, j) != (0, 0)),
    ),
    lesson="The overall slope leads to the middle, and every ripple is a trap on the way; at the bottom the slope does not fade.",
    source="Ackley 1987; Jamil & Yang 2013, no. 1",
    question="Who crosses the ripples?",
    recommended=rates(sgd=0.05, momentum=0.05, nesterov=0.05, adagrad=1, rmsprop=0.05, adam=0.5, adamw=0.5),
    steps=150,
)
