"""Ripples of two wavelengths on a bowl.

Levy & Montalvo (1985), SIAM Journal on Scientific and Statistical Computing 6, in the two-dimensional form no. 13 of Surjanovic & Bingham.
Their domain reaches to 10; ours keeps to the ripples around the minimum. It is symmetric about x = 1 and about y = 1.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

# Distances of the other minima from (1, 1), lowest first.
# fmt: off
LOCAL = (
    (0.33, 0), (0.328, 0.266), (0.659, 0), (0.659, 0.325), (0, 0.973), (0.989, 0), (0.657, 0.602), (0.33, 0.979), (0.989, 0.33),
    (0.659, 0.987), (0.988, 0.639), (1.318, 0), (1.318, 0.332), (0.989, 0.992), (0, 1.483), (0.326, 1.48), (1.318, 0.651),
    (1.648, 0), (1.318, 0.995), (1.648, 0.332), (0.652, 1.468), (1.648, 0.657), (1.648, 0.996), (1.977, 0), (0.986, 1.39),
    (0, 1.987), (0.33, 1.988), (1.977, 0.332), (0.659, 1.99), (1.977, 0.66), (1.318, 1.356), (1.977, 0.997), (0.989, 1.992),
    (1.318, 1.994), (1.308, 1.57), (1.647, 1.346), (1.648, 1.995), (1.977, 1.342), (1.643, 1.615), (1.977, 1.996), (1.975, 1.633),
)
# fmt: on

LEVY_13 = Problem(
    key="levy_13",
    name="Levy 13",
    group="Many minima",
    formula=Formula(
        "sin(3*pi*x)**2 + (x - 1)**2*(1 + sin(3*pi*y)**2) + (y - 1)**2*(1 + sin(2*pi*y)**2)",
        residuals=("sin(3*pi*x)", "x - 1", "(x - 1)*sin(3*pi*y)", "y - 1", "(y - 1)*sin(2*pi*y)"),
    ),
    domain=((-1.0, 3.0), (-1.0, 3.0)),
    start=(-0.5, 2.5),
    stationary=(
        Stationary("1", "1", "minimum", "global minimum"),
        *(Stationary(f"1 + {i * x}", f"1 + {j * y}") for x, y in LOCAL for i in (1, -1) for j in (1, -1)),
    ),
    lesson="Each step of the staircase holds whoever steps too short.",
    source="Levy & Montalvo 1985; Surjanovic & Bingham, Levy N. 13",
    question="Who comes down the staircase?",
    recommended=rates(sgd=0.01, momentum=0.01, nesterov=0.005, adagrad=0.5, rmsprop=0.05, adam=0.5, adamw=0.5),
    steps=150,
)
