"""A V-shaped valley with a rounded floor: convex, but with slopes that say nothing about the distance.

Huber (1964), Annals of Mathematical Statistics 35: quadratic within delta, linear outside. Convex, not strongly: away from the
floor the Hessian is singular, and at a corner of the graph nothing but the gradient's sign changes.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

HUBER_VALLEY = Problem(
    key="huber_valley",
    name="Huber valley",
    group="Bowls and valleys",
    formula=Formula(
        "huber(u, delta) + steepness*huber(v, delta)", ("delta", "steepness"), where=(("u", "(x + y)/sqrt(2)"), ("v", "(y - x)/sqrt(2)"))
    ),
    parameters=(
        Parameter("delta", "Rounding", 0.2, 0.01, 2.0, scale="log", help="Half the width of the quadratic floor."),
        Parameter(
            "steepness", "Steepness", 5.0, 1.0, 50.0, scale="log", symbol="k", help="Slope across the valley divided by the slope along it."
        ),
    ),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    start=(-2.5, -1.0),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="On a straight slope the gradient is as long near the minimum as far from it: only the rounded floor lets a step settle.",
    source="Huber 1964",
    question="Who settles on the floor instead of rattling between the walls?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.1, adagrad=0.5, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=150,
)
