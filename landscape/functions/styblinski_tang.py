"""Four wells of three depths.

Styblinski & Tang (1990), Neural Networks 3; Jamil & Yang (2013), no. 144. The two coordinates do not know of each other.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

STYBLINSKI_TANG = Problem(
    key="styblinski_tang",
    name="Styblinski-Tang",
    group="Many minima",
    formula=Formula("(x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2"),
    domain=((-5.0, 5.0), (-5.0, 5.0)),
    start=(0.5, 4.5),
    stationary=(
        Stationary("-2.903534", "-2.903534", "minimum", "global minimum"),
        Stationary("-2.903534", "2.746803", "minimum", "local minimum"),
        Stationary("2.746803", "-2.903534", "minimum", "local minimum"),
        Stationary("2.746803", "2.746803", "minimum", "local minimum"),
        Stationary("-2.903534", "0.156731", "saddle", "saddle"),
        Stationary("0.156731", "-2.903534", "saddle", "saddle"),
        Stationary("0.156731", "2.746803", "saddle", "saddle"),
        Stationary("2.746803", "0.156731", "saddle", "saddle"),
        Stationary("0.156731", "0.156731", "maximum", "local maximum"),
    ),
    lesson="Each coordinate chooses between two wells on its own; momentum can carry it over the hump into the deeper one.",
    source="Styblinski & Tang 1990; Jamil & Yang 2013, no. 144",
    question="Who gets over the hump into the deepest well?",
    recommended=rates(sgd=0.01, momentum=0.01, nesterov=0.01, adagrad=1, rmsprop=0.1, adam=0.5, adamw=0.5),
    steps=100,
)
