"""A wide plain that hardly tilts, with a funnel in its middle.

Our own: an inverted Gaussian on a faint bowl. On the plain the gradient is tiny but never zero, so methods that divide by its size
walk on while plain descent stands still (Goodfellow et al. 2016, Deep Learning, section 8.2.2, on plateaus).
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

PLATEAU_FUNNEL = Problem(
    key="plateau_funnel",
    name="Plateau and funnel",
    group="Saddles and plateaus",
    formula=Formula("1 - exp(-(x**2 + y**2)/(2*width**2)) + tilt*(x**2 + y**2)/2", ("width", "tilt")),
    parameters=(
        Parameter("width", "Funnel width", 0.7, 0.2, 2.0, symbol="w"),
        Parameter("tilt", "Tilt of the plain", 0.004, 0.0, 0.05, symbol="t", help="Curvature of the faint bowl that the plain belongs to."),
    ),
    domain=((-4.0, 4.0), (-4.0, 4.0)),
    start=(-3.0, 2.0),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="A tiny gradient makes tiny steps, unless the method divides by the gradient's own size.",
    source="Ravine; compare Goodfellow et al. 2016, section 8.2.2",
    question="Who crosses the plain?",
    recommended=rates(sgd=0.5, momentum=0.2, nesterov=0.2, adagrad=0.2, rmsprop=0.02, adam=0.2, adamw=0.2),
    steps=200,
)
