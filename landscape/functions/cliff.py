"""A gentle slope that ends at a wall: one step onto the wall throws the iterate far away.

Our own two-dimensional stand-in for the wall that Pascanu, Mikolov & Bengio (2013), arXiv:1211.5063, fig. 6, show for a recurrent
unit. Theirs iterates a sigmoid 50 times; ours is one tanh, with the same features: a nearly flat top, a wall whose gradient is
large but finite, and a bowl at its foot.
"""

from landscape.formula import Formula
from landscape.problem import Parameter, Problem, Stationary, rates

CLIFF = Problem(
    key="cliff",
    name="Cliff",
    group="Cliffs and sharp minima",
    formula=Formula("height*(1 + tanh(steepness*u))/2 + ((x + 1)**2 + y**2)/10", ("height", "steepness"), where=(("u", "x - 1/2 + y/5"),)),
    parameters=(
        Parameter("height", "Height", 3.0, 0.5, 10.0, symbol="h"),
        Parameter(
            "steepness",
            "Steepness",
            20.0,
            3.0,
            100.0,
            scale="log",
            symbol="k",
            help="The wall's largest slope is half of height times steepness.",
        ),
    ),
    domain=((-3.0, 3.0), (-3.0, 3.0)),
    start=(2.0, 1.5),
    stationary=(Stationary("-1", "0", "minimum", "global minimum"),),
    lesson="A learning rate that suits the slope is far too large on the wall: this is what gradient clipping is for.",
    source="After Pascanu, Mikolov & Bengio 2013, arXiv:1211.5063, fig. 6",
    question="Who survives the cliff?",
    recommended=rates(sgd=0.2, momentum=0.05, nesterov=0.1, adagrad=0.5, rmsprop=0.05, adam=0.2, adamw=0.2),
    steps=200,
)
