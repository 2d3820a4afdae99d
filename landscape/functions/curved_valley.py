"""An S-shaped river bed: the way down keeps turning.

Our own: a parabola across y = bend sin x, on a floor that falls gently towards the origin. Unlike Rosenbrock's, the valley
turns both ways, so momentum that helped in one bend carries over the bank in the next. The origin is the only stationary point:
the gradient vanishes across the valley only on its floor, and along the floor only at x = 0.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

CURVED_VALLEY = Problem(
    key="curved_valley",
    name="Curved valley",
    group="Bowls and valleys",
    formula=Formula(
        "x**2/20 + steepness*v**2/2",
        ("bend", "steepness"),
        where=(("v", "y - bend*sin(x)"),),
        residuals=("x/sqrt(20)", "sqrt(steepness/2)*v"),
    ),
    parameters=(
        Parameter("bend", "Bend", 1.5, 0.0, 2.5, symbol="A", help="How far the valley swings to either side; 0 makes it straight."),
        Parameter("steepness", "Steepness", 20.0, 1.0, 200.0, scale="log", symbol="k", help="Curvature across the valley."),
    ),
    domain=((-6.0, 6.0), (-3.0, 3.0)),
    start=(-5.0, 2.5),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="Following a bend needs a sense of direction that is renewed: stored momentum points along the valley of a while ago.",
    source="Ravine; compare Rosenbrock 1960",
    question="Who stays in the river bed through every bend?",
    recommended=rates(sgd=0.02, momentum=0.02, nesterov=0.02, adagrad=1, rmsprop=0.02, adam=0.5, adamw=0.5),
    steps=400,
    levels="log",
)
