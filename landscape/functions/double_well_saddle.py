"""Two wells with a pass between them: symmetric starts wait on the pass.

The pitchfork's normal form (Strogatz 2015, Nonlinear Dynamics and Chaos, section 3.4) with a quadratic across. Bounded below, so
who leaves the saddle arrives somewhere. For a <= 0 there is a single well.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

DOUBLE_WELL_SADDLE = Problem(
    key="double_well_saddle",
    name="Double well",
    group="Saddles and plateaus",
    formula=Formula("x**4/4 - a*x**2/2 + y**2/2", ("a",)),
    parameters=(Parameter("a", "Separation a", 1.0, -1.0, 2.0, help="The wells lie at x = ±√a; at 0 and below they have merged."),),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(0.01, 1.6),
    stationary=(
        Stationary("sqrt(a)", "0", "minimum", "global minimum"),
        Stationary("-sqrt(a)", "0", "minimum", "global minimum"),
        Stationary("0", "0", "saddle", "saddle"),
        Stationary("0", "0", "minimum", "global minimum"),
    ),
    lesson="The path falls to the saddle, rests there, and only then finds a well: the smaller its offset, the longer the rest.",
    source="Strogatz 2015, section 3.4",
    question="Who leaves the pass first, and for which well?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.1, adagrad=0.2, rmsprop=0.05, adam=0.1, adamw=0.1),
    steps=120,
)
