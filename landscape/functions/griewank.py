"""A bowl so wide and shallow that close up there are only ripples.

Griewank (1981), Journal of Optimization Theory and Applications 34; Jamil & Yang (2013), no. 59. Their domain reaches to 100; ours to 10,
around the global minimum.
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

GRIEWANK = Problem(
    key="griewank",
    name="Griewank",
    group="Many minima",
    formula=Formula("1 + (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2))"),
    domain=((-10.0, 10.0), (-10.0, 10.0)),
    start=(6.4, -4.0),
    stationary=(
        Stationary("0", "0", "minimum", "global minimum"),
        *(Stationary(f"{i}*pi", f"{j}*pi*sqrt(2)") for i in range(-3, 4) for j in range(-2, 3) if (i + j) % 2 == 0 and (i, j) != (0, 0)),
    ),
    lesson="All the minima are nearly equally deep, and nothing local tells which way the best one lies.",
    source="Griewank 1981; Jamil & Yang 2013, no. 59",
    question="Which hollow is the deepest, and can anybody tell?",
    recommended=rates(sgd=0.5, momentum=0.2, nesterov=0.5, adagrad=1, rmsprop=0.1, adam=0.5, adamw=0.5),
    steps=150,
)
