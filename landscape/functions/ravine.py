"""A long straight valley, as narrow as you like and turned as you like.

A quadratic with eigenvalues 1 and kappa: gradient descent needs lr < 2/kappa and then creeps along the floor at rate 1 - lr
(Nocedal & Wright 2006, section 3.3). Turning it shows which methods care about the axes: Adam and its kin do.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

RAVINE = Problem(
    key="ravine",
    name="Ravine",
    group="Bowls and valleys",
    formula=Formula(
        "(u**2 + condition*v**2)/2",
        ("condition", "rotation"),
        where=(("c", "cos(pi*rotation/180)"), ("s", "sin(pi*rotation/180)"), ("u", "c*x + s*y"), ("v", "c*y - s*x")),
        residuals=("u/sqrt(2)", "sqrt(condition/2)*v"),
    ),
    parameters=(
        Parameter(
            "condition",
            "Condition number",
            100.0,
            1.0,
            1000.0,
            scale="log",
            help="Largest curvature divided by the smallest.",
            symbol=r"\kappa",
        ),
        Parameter("rotation", "Rotation", 30.0, 0.0, 90.0, help="Degrees between the valley floor and the x axis.", symbol=r"\theta"),
    ),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.5, -0.4),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="The steep direction limits the learning rate, the flat one needs a large one: their ratio is the condition number.",
    source="Nocedal & Wright 2006, section 3.3",
    question="Who gets along the floor without bouncing off the walls?",
    recommended=rates(sgd=0.01, momentum=0.005, nesterov=0.005, adagrad=0.5, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=200,
    levels="log",
)
