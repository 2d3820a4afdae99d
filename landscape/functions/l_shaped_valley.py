"""Down one corridor, round the corner, along the other.

Our own: x^2 y^2 keeps the path near one axis or the other, a weak bowl draws it to (3, 0). The corridors are those of a product of
two weights, the loss of the smallest deep linear network (Saxe et al. 2014, arXiv:1312.6120).
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

L_SHAPED_VALLEY = Problem(
    key="l_shaped_valley",
    name="L-shaped valley",
    group="Bowls and valleys",
    formula=Formula(
        "steepness*x**2*y**2/2 + ((x - 3)**2 + y**2)/10",
        ("steepness",),
        residuals=("sqrt(steepness/2)*x*y", "(x - 3)/sqrt(10)", "y/sqrt(10)"),
    ),
    parameters=(Parameter("steepness", "Steepness", 5.0, 0.5, 50.0, scale="log", symbol="k", help="How narrow the two corridors are."),),
    domain=((-1.0, 4.0), (-1.0, 4.0)),
    start=(0.6, 3.5),
    stationary=(Stationary("3", "0", "minimum", "global minimum"),),
    lesson="At the corner the useful direction changes from one coordinate to the other: what was learned about each must be unlearned.",
    source="Ravine; compare Saxe et al. 2014, arXiv:1312.6120",
    question="Who takes the corner?",
    recommended=rates(sgd=0.02, momentum=0.02, nesterov=0.01, adagrad=2, rmsprop=0.05, adam=0.5, adamw=0.5),
    steps=300,
    levels="log",
)
