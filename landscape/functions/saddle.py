"""A pass between two hills: the gradient vanishes where the ground still falls on both sides.

The hyperbolic paraboloid, the local form of every non-degenerate saddle (Morse lemma). It is unbounded below: a method that
escapes goes on falling. Dauphin et al. (2014), arXiv:1406.2572, on why saddles matter more than bad minima.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

SADDLE = Problem(
    key="saddle",
    name="Saddle",
    group="Saddles and plateaus",
    formula=Formula("(x**2 - y**2)/2"),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(-1.5, 0.001),
    stationary=(Stationary("0", "0", "saddle", "saddle"),),
    lesson="Near a saddle the gradient is tiny, and plain descent dwells there before it leaves along the falling direction.",
    source="Dauphin et al. 2014, arXiv:1406.2572",
    question="Who leaves the saddle first?",
    recommended=rates(sgd=0.1, momentum=0.02, nesterov=0.02, adagrad=0.1, rmsprop=0.02, adam=0.05, adamw=0.05),
    steps=90,
)
