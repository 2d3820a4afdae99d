"""Sequences of symbols, and what is to be said of them: one symbol a position."""

import numpy as np

from landscape.nets.dataset import DRAW, Dataset, Split, Targets, Values, count, drawn, held_out
from landscape.problem import Array, Parameter

SYMBOLS, LENGTH = 12, 10


def _reversal(values: Values) -> Split:
    """Random symbols, to be said backwards: every position must look at another one, and none is like its neighbour."""

    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        x = rng.integers(0, SYMBOLS, (n, LENGTH))
        return x.astype(np.float64), x[:, ::-1].astype(np.int64)

    return drawn(values, make)


REVERSAL = Dataset(
    "reversal", "Reversed sequences", "classes", (LENGTH,), SYMBOLS, (count(256, 10_000), held_out(128, 2_000), DRAW), _reversal, "Ravine",
    positions=LENGTH,
)  # fmt: skip

KINDS, STEPS = 4, 12  # symbols of which one is to be remembered; how many come in all


def _recall(values: Values) -> Split:
    """Random symbols, one a step; the one that came `delay` steps before the end is asked for, the others are in its way."""
    back = int(values["delay"])

    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        symbols = rng.integers(0, KINDS, (n, STEPS))
        return np.eye(KINDS)[symbols], symbols[:, STEPS - 1 - back].astype(np.int64)

    return drawn(values, make)


RECALL = Dataset(
    "recall", "Delayed recall", "classes", (STEPS, KINDS), KINDS,
    (
        Parameter("delay", "Steps ago", 8, 0, STEPS - 1, integer=True,
                  help="How long a symbol is to be remembered while others come in: 0 asks for the last one."),
        count(1_000, 10_000), held_out(500, 2_000), DRAW,
    ),
    _recall, "Ravine, after Bengio, Simard & Frasconi 1994, IEEE Trans. Neural Networks 5, section III",
)  # fmt: skip
