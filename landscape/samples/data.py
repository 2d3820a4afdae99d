"""What the samplers share: the parameters that shape data, and random numbers that hold still.

Each column has a stream of its own, so that moving a slider moves the points and does not replace them: more samples are the same ones
and some new ones, more noise pushes each of them further the way it went.
"""

from collections.abc import Mapping

import numpy as np

from landscape.problem import Array, Parameter

DRAW = Parameter("draw", "Draw of the samples", 0, 0, 99, integer=True, help="Which samples were drawn: move it to draw others.")

# Sources disagree whether the mean squared error is halved; halving halves gradient and curvature, and doubles what rates are stable.
SQUARES = Parameter("divisor", "Squared error over", 1, 1, 2, integer=True, symbol="d", help="1: the mean squared error; 2: half of it.")


def count(default: int = 200) -> Parameter:
    return Parameter("samples", "Samples", default, 10, 10_000, scale="log", integer=True, symbol="N", help="How many samples there are.")


def noise(default: float, high: float) -> Parameter:
    return Parameter("noise", "Noise in the data", default, 0.0, high, help="Standard deviation of what the model cannot explain.")


def uniform(values: Mapping[str, float], column: int) -> Array:
    """Uniform numbers in [-1, 1], one a sample."""
    return np.random.default_rng((int(values["draw"]), column)).uniform(-1.0, 1.0, int(values["samples"]))


def normal(values: Mapping[str, float], column: int) -> Array:
    """Standard normal numbers, one a sample."""
    return np.random.default_rng((int(values["draw"]), column)).standard_normal(int(values["samples"]))
