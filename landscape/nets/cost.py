"""What a tick of training costs, measured before it is begun."""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from landscape.problem import WHOLE

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem

TRIALS = 5


@dataclass(frozen=True)
class Estimate:
    """On this machine, as busy as it is."""

    name: str
    weights: int
    seconds: float  # a tick: loss, gradient and, where a method asks for one, the curvature matrix; not the method's own work
    megabytes: float  # a recorded snapshot of the weights, in float64

    def require(self, steps: int, within: float) -> None:
        """Raises ValueError where so many ticks would take longer than `within` seconds."""
        if steps * self.seconds > within:
            raise ValueError(
                f"{self.name}, {self.weights:,} weights: {steps:,} ticks would take {steps * self.seconds:.0f} s, more than {within:g}. "
                f"Take a smaller net, smaller batches, or at most {int(within / self.seconds):,} ticks."
            )


def estimate(problem: "NetProblem", batch: int | None = None, curvature: str = "") -> Estimate:
    """Seconds a tick, the median of a few, for batches of this size or for all the data.

    Raises ValueError for a batch larger than the data, and for a curvature matrix that the problem does not offer.
    """
    samples = len(problem.split.train)
    if batch is not None and not 1 <= batch <= samples:
        raise ValueError(f"A batch of {batch}, but {problem.name} has {samples} samples: choose 1 to {samples}.")
    matrix = problem.curvature(curvature) if curvature else None
    if isinstance(matrix, str):
        raise ValueError(f"{problem.name}: {matrix}")
    evaluate = problem.kernel_for(batch or samples)
    x, params, data = np.array(problem.start[:, None]), problem.lane_params(1), problem.data
    picked = np.zeros((batch, 1), dtype=np.int64) + np.arange(batch)[:, None] if batch else WHOLE
    f, g, h = np.empty(1), np.empty((problem.n, 1)), np.empty((problem.n if matrix else 0, problem.n, 1))
    spent = []
    for _ in range(TRIALS + 1):  # the first one may compile
        began = time.perf_counter()
        evaluate(x, params, data, picked, f, g)
        if matrix:
            matrix(x, params, data, picked, h)
        spent.append(time.perf_counter() - began)
    return Estimate(problem.name, problem.n, float(np.median(spent[1:])), problem.n * 8 / 1e6)
