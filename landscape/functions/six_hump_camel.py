"""Six minima in a small space, two of them the lowest.

Dixon & Szego (1978), Towards Global Optimisation 2; Jamil & Yang (2013), no. 30. Symmetric under (x, y) -> (-x, -y).
"""

from landscape.formula import Formula
from landscape.problem import Problem, Stationary, rates

SIX_HUMP_CAMEL = Problem(
    key="six_hump_camel",
    name="Six-hump camel",
    group="Many minima",
    formula=Formula("(4 - 2.1*x**2 + x**4/3)*x**2 + x*y + (4*y**2 - 4)*y**2"),
    domain=((-2.0, 2.0), (-1.2, 1.2)),
    start=(-1.9, 1.1),
    stationary=(
        *(Stationary(f"{s * 0.089842}", f"{s * -0.712656}", "minimum", "global minimum") for s in (1, -1)),
        *(Stationary(f"{s * 1.703607}", f"{s * -0.796084}", "minimum", "local minimum") for s in (1, -1)),
        *(Stationary(f"{s * 1.607105}", f"{s * 0.568651}", "minimum", "local minimum") for s in (1, -1)),
        Stationary("0", "0", "saddle", "saddle"),
        *(Stationary(f"{s * 1.1092}", f"{s * -0.7683}", "saddle", "saddle") for s in (1, -1)),
        *(Stationary(f"{s * 1.6381}", f"{s * 0.2287}", "saddle", "saddle") for s in (1, -1)),
        *(Stationary(f"{s * 1.2961}", f"{s * 0.6051}", "saddle", "saddle") for s in (1, -1)),
        *(Stationary(f"{s * 1.2302}", f"{s * 0.1623}", "maximum", "local maximum") for s in (1, -1)),
    ),
    lesson="Shallow minima lie beside deep ones: a step a little larger skips the first and reaches the second.",
    source="Dixon & Szego 1978; Jamil & Yang 2013, no. 30",
    question="Who skips the shallow hollows?",
    recommended=rates(sgd=0.05, momentum=0.05, nesterov=0.05, adagrad=0.5, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=100,
)
