"""A turned bowl of condition 9: what every method should manage.

Booth, via Surjanovic & Bingham, Virtual Library of Simulation Experiments; Jamil & Yang (2013), no. 20. The Hessian's eigenvalues
are 2 and 18, along the diagonals.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

BOOTH = Problem(
    key="booth",
    name="Booth",
    group="Bowls and valleys",
    formula=Formula("(x + 2*y - 7)**2 + (2*x + y - 5)**2", residuals=("x + 2*y - 7", "2*x + y - 5")),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(-8.0, 2.0),
    stationary=(Stationary("1", "3", "minimum", "global minimum"),),
    lesson="A quadratic with its axes on the diagonals: methods that scale each coordinate gain nothing from the coordinates.",
    source="Surjanovic & Bingham; Jamil & Yang 2013, no. 20",
    question="Who copes with a valley that does not follow the axes?",
    recommended=rates(sgd=0.05, momentum=0.005, nesterov=0.02, adagrad=2, rmsprop=0.2, adam=1, adamw=1),
    steps=100,
    levels="log",
)
