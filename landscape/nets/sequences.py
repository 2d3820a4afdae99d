"""Sequences of symbols, and what is to be said of them: one symbol a position."""

import numpy as np

from landscape.nets.dataset import DRAW, Dataset, Split, Targets, Values, count, drawn, held_out
from landscape.problem import Array

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
