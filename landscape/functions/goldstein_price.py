"""Crossed ravines whose values run over six decades.

Goldstein & Price (1971), Mathematics of Computation 25; Jamil & Yang (2013), no. 58.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

GOLDSTEIN_PRICE = Problem(
    key="goldstein_price",
    name="Goldstein-Price",
    group="Classics",
    formula=Formula(
        "p*q",
        where=(
            ("p", "1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2)"),
            ("q", "30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2)"),
        ),
    ),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.0, 0.5),
    stationary=(
        Stationary("0", "-1", "minimum", "global minimum"),
        Stationary("-0.6", "-0.4", "minimum", "local minimum"),
        Stationary("1.8", "0.2", "minimum", "local minimum"),
        Stationary("1.2", "0.8", "minimum", "local minimum"),
        Stationary("-0.4", "-0.6", "saddle", "saddle"),
        Stationary("1.2", "-0.2", "saddle", "saddle"),
        Stationary("0.6", "0.4", "saddle", "saddle"),
        Stationary("1.4", "0.6", "saddle", "saddle"),
        Stationary("0.8", "0.2", "maximum", "local maximum"),
    ),
    lesson="Learning rates are not free of units: where values reach a million, a harmless looking rate explodes.",
    source="Goldstein & Price 1971; Jamil & Yang 2013, no. 58",
    question="Who finds a rate that fits six decades?",
    recommended=rates(sgd=2e-05, momentum=1e-05, nesterov=5e-06, adagrad=0.5, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=300,
    levels="log",
)
