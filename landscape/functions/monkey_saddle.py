"""Three valleys and three ridges meet in a point where even the curvature vanishes.

The real part of (x + iy)^3: a degenerate critical point, the Hessian at the origin is zero. Unbounded below.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

MONKEY_SADDLE = Problem(
    key="monkey_saddle",
    name="Monkey saddle",
    group="Saddles and plateaus",
    formula=Formula("(x**3 - 3*x*y**2)/3"),
    domain=((-2.0, 2.0), (-2.0, 2.0)),
    start=(1.5, 0.05),
    stationary=(Stationary("0", "0", "saddle", "degenerate saddle"),),
    lesson="In the middle gradient and curvature both fade: descent nearly rests, and a tiny sideways offset decides its valley.",
    source="Milnor 1963, Morse Theory (degenerate critical points)",
    question="Two legs and a tail: which way off the saddle?",
    recommended=rates(sgd=0.05, momentum=0.01, nesterov=0.01, adagrad=0.1, rmsprop=0.02, adam=0.05, adamw=0.05),
    steps=56,
)
