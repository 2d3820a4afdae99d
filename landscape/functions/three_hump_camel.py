"""One good minimum in the middle, two poor ones beside it.

Jamil & Yang (2013), no. 29; Surjanovic & Bingham. Their domain reaches to 5, where the sixth power hides the humps; ours to 2.5.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

THREE_HUMP_CAMEL = Problem(
    key="three_hump_camel",
    name="Three-hump camel",
    group="Many minima",
    formula=Formula("2*x**2 - 1.05*x**4 + x**6/6 + x*y + y**2"),
    domain=((-2.5, 2.5), (-2.5, 2.5)),
    start=(-2.1, -1.5),
    stationary=(
        Stationary("0", "0", "minimum", "global minimum"),
        Stationary("-1.7476", "0.8738", "minimum", "local minimum"),
        Stationary("1.7476", "-0.8738", "minimum", "local minimum"),
        Stationary("-1.0705", "0.5353", "saddle", "saddle"),
        Stationary("1.0705", "-0.5353", "saddle", "saddle"),
    ),
    lesson="Enough momentum carries an iterate through the first hollow into the better one behind it.",
    source="Surjanovic & Bingham; Jamil & Yang 2013, no. 29",
    question="Who rolls through the side hollow to the middle?",
    recommended=rates(sgd=0.05, momentum=0.02, nesterov=0.02, adagrad=0.5, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=100,
    levels="log",
)
