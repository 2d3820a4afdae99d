"""A single hole in an endless plain: the gradient knows of it only close by.

Easom (1990), master's thesis, University of Louisville; Jamil & Yang (2013), no. 50. Their domain reaches to 100; ours shows the hole
and as much plain as has any slope that can be seen. The four faint hollows around it are real.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

EASOM = Problem(
    key="easom",
    name="Easom",
    group="Saddles and plateaus",
    formula=Formula("-cos(x)*cos(y)*exp(-(x - pi)**2 - (y - pi)**2)"),
    domain=((0.0, 6.3), (0.0, 6.3)),
    start=(2.2, 4.3),
    stationary=(
        Stationary("pi", "pi", "minimum", "global minimum"),
        *(Stationary(f"pi + {i * 1.8366}", f"pi + {j * 1.8366}", "minimum", "faint hollow") for i in (1, -1) for j in (1, -1)),
    ),
    lesson="Far from the hole the gradient is zero to all practical purposes: no rule that follows it can help.",
    source="Easom 1990; Jamil & Yang 2013, no. 50",
    question="Who feels the hole?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.1, adagrad=0.2, rmsprop=0.02, adam=0.1, adamw=0.1),
    steps=150,
)
