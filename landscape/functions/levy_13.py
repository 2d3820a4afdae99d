"""Ripples of two wavelengths on a bowl.

Levy & Montalvo (1985), SIAM Journal on Scientific and Statistical Computing 6, in the two-dimensional form no. 13 of Surjanovic & Bingham.
Their domain reaches to 10; ours keeps to the ripples around the minimum. It is symmetric about x = 1 and about y = 1.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary

LOCAL = @@LOCAL@@  # distances of the other minima from (1, 1)

LEVY_13 = Problem(
    key="levy_13",
    name="Levy 13",
    group="Many minima",
    formula=Formula("sin(3*pi*x)**2 + (x - 1)**2*(1 + sin(3*pi*y)**2) + (y - 1)**2*(1 + sin(2*pi*y)**2)"),
    domain=((-1.0, 3.0), (-1.0, 3.0)),
    start=(-0.5, 2.5),
    stationary=(
        Stationary("1", "1", "minimum", "global minimum"),
        *(Stationary(f"1 + {i * x}", f"1 + {j * y}") for x, y in LOCAL for i in (1, -1) for j in (1, -1)),
    ),
    lesson="Each step of the staircase holds whoever steps too short.",
    source="Levy & Montalvo 1985; Surjanovic & Bingham, Levy N. 13",
    question="Who comes down the staircase?",
    steps=150,
)
