"""A flat cross-shaped basin between walls that grow with the eighth power.

Beale (1958), On an iterative method for finding a local minimum; Jamil & Yang (2013), no. 10; problem 5 of More, Garbow & Hillstrom (1981).
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

BEALE = Problem(
    key="beale",
    name="Beale",
    group="Classics",
    formula=Formula(
        "(1.5 - x + x*y)**2 + (2.25 - x + x*y**2)**2 + (2.625 - x + x*y**3)**2",
        residuals=("1.5 - x + x*y", "2.25 - x + x*y**2", "2.625 - x + x*y**3"),
    ),
    domain=((-4.5, 4.5), (-4.5, 4.5)),
    start=(1.0, 1.6),
    stationary=(
        Stationary("3", "0.5", "minimum", "global minimum"),
        Stationary("0", "1", "saddle", "saddle"),
        Stationary("0.1005", "-2.6445", "saddle", "saddle"),
    ),
    lesson="Gradients differ by a factor of a million between the corners and the middle: no one learning rate is right everywhere.",
    source="Beale 1958; More, Garbow & Hillstrom 1981, no. 5; Jamil & Yang 2013, no. 10",
    question="Who gets off the wall and along the flat arm?",
    recommended=rates(sgd=0.01, momentum=0.002, nesterov=0.002, adagrad=1, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=400,
    levels="log",
)
