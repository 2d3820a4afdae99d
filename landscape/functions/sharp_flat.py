"""Two wells, one sharp and one flat: which of them holds an iterate depends on the step.

Our own: two inverted Gaussians on a faint bowl. A minimum of curvature h holds gradient descent only while lr < 2/h, so large steps
leave sharp wells by themselves (Hochreiter & Schmidhuber 1997, Flat minima; Keskar et al. 2017, arXiv:1609.04836).
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

SHARP_FLAT = Problem(
    key="sharp_flat",
    name="Sharp and flat",
    group="Cliffs and sharp minima",
    formula=Formula(
        "(x**2 + y**2)/50 - sharp_depth*exp(-p/(2*sharp_width**2)) - flat_depth*exp(-q/(2*flat_width**2))",
        ("sharp_width", "sharp_depth", "flat_width", "flat_depth"),
        where=(("p", "(x + 1)**2 + y**2"), ("q", "(x - 1)**2 + y**2")),
    ),
    parameters=(
        Parameter("sharp_width", "Width of the sharp well", 0.2, 0.05, 0.5, symbol="w_s"),
        Parameter("sharp_depth", "Depth of the sharp well", 1.0, 0.0, 2.0, symbol="d_s"),
        Parameter("flat_width", "Width of the flat well", 0.6, 0.3, 1.2, symbol="w_f"),
        Parameter("flat_depth", "Depth of the flat well", 1.0, 0.0, 2.0, symbol="d_f"),
    ),
    domain=((-2.5, 2.5), (-2.0, 2.0)),
    start=(-0.5, -0.32),
    stationary=(
        Stationary("-1", "0", "minimum", "sharp minimum"),
        Stationary("1", "0", "minimum", "flat minimum"),
        Stationary("-1 + 2.6*sharp_width", "0", "saddle", "saddle"),
    ),
    lesson="A well of curvature h holds plain descent only while lr < 2/h: large steps and noise prefer the flat one.",
    source="Ravine; Hochreiter & Schmidhuber 1997; Keskar et al. 2017, arXiv:1609.04836",
    question="Who ends in the sharp well, who in the flat one?",
    recommended=rates(sgd=0.05, momentum=0.05, nesterov=0.05, adagrad=0.2, rmsprop=0.01, adam=0.1, adamw=0.1),
    steps=200,
)
