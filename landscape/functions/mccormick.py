"""A tilted plate with a gentle wave.

McCormick (1976), Mathematical Programming 10; Jamil & Yang (2013), no. 72. Along x = y it falls without bound outside the domain: the
minimum is the lowest point of the domain only.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

MCCORMICK = Problem(
    key="mccormick",
    name="McCormick",
    group="Classics",
    formula=Formula("sin(x + y) + (x - y)**2 - 1.5*x + 2.5*y + 1"),
    domain=((-1.5, 4.0), (-3.0, 4.0)),
    start=(3.5, 3.5),
    stationary=(
        Stationary("-0.547198", "-1.547198", "minimum", "global minimum"),
        Stationary("2.594395", "1.594395", "minimum", "local minimum"),
        Stationary("1.547198", "0.547198", "saddle", "saddle"),
    ),
    lesson="The first hollow on the way is not the lowest; whoever overshoots is better off, and whoever overshoots twice is lost.",
    source="McCormick 1976; Jamil & Yang 2013, no. 72",
    question="Who passes the first hollow, and who stops in time?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.1, adagrad=1, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=150,
)
