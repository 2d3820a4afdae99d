"""A gentle slope, long and even, that begins at the foot of a wall: whoever remembers the wall for ever never gets along.

Along x a slope that does not change until the floor rounds off (the pseudo-Huber function; Hartley & Zisserman 2003, Multiple View
Geometry, appendix 6.8), across it a bowl; the wall is ours. The situation of Duchi, Hazan & Singer's G that only grows, against that of
Tieleman & Hinton 2012, lecture 6e, slide 29, where squares are forgotten.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

STRIP = Problem(
    key="strip",
    name="Long strip",
    group="Bowls and valleys",
    formula=Formula("slope*(sqrt(1 + x**2) - 1) + y**2/4 + wall*exp(-4*(x + 9))", ("slope", "wall")),
    parameters=(
        Parameter("slope", "Slope", 0.1, 0.01, 1.0, scale="log", symbol="s", help="Of the strip, the same nearly all the way."),
        Parameter("wall", "Wall", 2.0, 0.0, 10.0, symbol="w", help="Height of the wall at its foot, where the start is; 0: there is none."),
    ),
    domain=((-9.5, 1.5), (-1.5, 1.5)),
    start=(-9.0, 1.0),
    stationary=(Stationary("0", "0", "minimum", "global minimum"),),
    lesson="A few ticks of a steep wall, then an even slope: at equal rates AdaGrad never forgets the wall, Adam does in a thousand "
    "ticks, RMSProp in ten.",
    source="Pseudo-Huber function, Hartley & Zisserman 2003, with a wall",
    question="Who forgets the wall and gets along the strip?",
    recommended=rates(sgd=0.1, momentum=0.05, nesterov=0.05, adagrad=0.05, rmsprop=0.05, adam=0.05, adamw=0.05),
    race=(("sgd", ()), ("adagrad", ()), ("rmsprop", ()), ("adam", ())),
    steps=300,
    levels="log",
    equal_scales=False,
)
