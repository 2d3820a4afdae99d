"""Four equal minima: where you start decides where you end.

Himmelblau (1972), Applied Nonlinear Programming; Jamil & Yang (2013), no. 65.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

HIMMELBLAU = Problem(
    key="himmelblau",
    name="Himmelblau",
    group="Many minima",
    formula=Formula("(x**2 + y - 11)**2 + (x + y**2 - 7)**2", residuals=("x**2 + y - 11", "x + y**2 - 7")),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.2, -3.8),
    stationary=(
        Stationary("3", "2", "minimum", "global minimum"),
        Stationary("-2.805118", "3.131313", "minimum", "global minimum"),
        Stationary("-3.779310", "-3.283186", "minimum", "global minimum"),
        Stationary("3.584428", "-1.848127", "minimum", "global minimum"),
        Stationary("-0.270845", "-0.923039", "maximum", "local maximum"),
        Stationary("3.385154", "0.073852", "saddle", "saddle"),
        Stationary("0.086678", "2.884255", "saddle", "saddle"),
        Stationary("-3.073026", "-0.081353", "saddle", "saddle"),
        Stationary("-0.127961", "-1.953715", "saddle", "saddle"),
    ),
    lesson="Four minima of equal depth: methods from one start can end in different ones, and a small change of start changes which.",
    source="Himmelblau 1972; Jamil & Yang 2013, no. 65",
    question="Four ways down: who ends where?",
    recommended=rates(sgd=0.005, momentum=0.002, nesterov=0.002, adagrad=0.5, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=150,
    levels="log",
)
