"""An egg box on a bowl: regular local minima all the way to the middle.

Rastrigin (1974) in the n-dimensional form of Muhlenbein, Schomisch & Born (1991), Parallel Computing 17; amplitude 10.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

RASTRIGIN = Problem(
    key="rastrigin",
    name="Rastrigin",
    group="Many minima",
    formula=Formula("2*A + x**2 - A*cos(2*pi*x) + y**2 - A*cos(2*pi*y)", ("A",)),
    parameters=(Parameter("A", "Amplitude", 10.0, 0.0, 20.0, help="Height of the ripples; 0 leaves the bowl."),),
    domain=((-5.12, 5.12), (-5.12, 5.12)),
    start=(-3.4, 2.7),
    stationary=(
        Stationary("0", "0", "minimum", "global minimum"),
        *(Stationary(f"{0.99496 * i:.4f}", f"{0.99496 * j:.4f}") for i in range(-5, 6) for j in range(-5, 6) if (i, j) != (0, 0)),
    ),
    lesson="The nearest minimum is almost never the best one; only noise, large steps or momentum get from one basin to the next.",
    source="Rastrigin 1974; Muhlenbein et al. 1991",
    question="Who gets stuck in the nearest hollow?",
    recommended=rates(sgd=0.002, momentum=0.005, nesterov=0.002, adagrad=2, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=150,
)
