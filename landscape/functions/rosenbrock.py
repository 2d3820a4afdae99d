"""A curved valley: its wall is found at once, its floor takes patience.

Rosenbrock (1960), "An automatic method for finding the greatest or least value of a function", The Computer Journal 3, with
a = 1, b = 100; Jamil & Yang (2013), no. 105.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

ROSENBROCK = Problem(
    key="rosenbrock",
    name="Rosenbrock",
    group="Bowls and valleys",
    formula=Formula("(a - x)**2 + b*(y - x**2)**2", ("a", "b"), residuals=("a - x", "sqrt(b)*(y - x**2)")),
    parameters=(
        Parameter("a", "Minimum a", 1.0, -1.5, 1.5, help="The minimum lies at (a, a²)."),
        Parameter("b", "Steepness b", 100.0, 1.0, 1000.0, scale="log", help="How much steeper the walls are than the floor."),
    ),
    domain=((-2.0, 2.0), (-1.0, 3.0)),
    start=(-1.5, 2.0),
    stationary=(Stationary("a", "a**2", "minimum", "global minimum"),),
    lesson="The walls are steep, the floor is nearly flat and bends: the gradient hardly ever points along the valley.",
    source="Rosenbrock 1960; Jamil & Yang 2013, no. 105",
    question="Who finds the valley floor first?",
    recommended=rates(sgd=0.001, momentum=0.002, nesterov=0.001, adagrad=1, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=400,
    levels="log",
)
