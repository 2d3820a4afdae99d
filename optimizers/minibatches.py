"""Mini-batch gradients at one point: how they scatter round the full one, how their mean meets it, and what batch size does to them.

The draws are those of the race's own kernels: a lane a batch.
"""

from dataclasses import dataclass

import numpy as np

from landscape import Problem
from optimizers.conditions import with_replacement, without_replacement
from optimizers.descend import Batches

DRAWS = 512


@dataclass(frozen=True)
class Cloud:
    """Gradients of DRAWS independent batches of one size."""

    full: np.ndarray  # (n,): over all the data
    each: np.ndarray  # (n, DRAWS)
    variance: float  # of one of them, summed over the coordinates, as theory has it

    @property
    def mean(self) -> np.ndarray:
        """The mean of the first 1, 2, ... of them, (n, DRAWS)."""
        return np.cumsum(self.each, axis=1) / np.arange(1, self.each.shape[1] + 1)

    @property
    def away(self) -> np.ndarray:
        """How far that mean is from the full gradient, (DRAWS,)."""
        distance: np.ndarray = np.linalg.norm(self.mean - self.full[:, None], axis=0)
        return distance

    @property
    def error(self) -> np.ndarray:
        """The same in standard errors of that mean, (DRAWS,)."""
        with np.errstate(all="ignore"):
            return self.away / np.sqrt(self.variance / np.arange(1, self.each.shape[1] + 1))

    @property
    def measured(self) -> float:
        """The mean squared distance from the full gradient."""
        return float(((self.each - self.full[:, None]) ** 2).sum(axis=0).mean())


def cloud(problem: Problem, x: np.ndarray, batches: Batches, seed: int = 0) -> Cloud:
    """The cloud at the point x (n,). Raises ValueError for a problem without data and for a batch larger than it."""
    samples = problem.samples
    if not 1 <= batches.size <= samples:
        raise ValueError(f"A batch of {batches.size}, but {problem.name} has {samples} samples: choose 1 to {samples}.")
    batch = _drawn(samples, batches, seed)
    return Cloud(problem.gradient(x), _gradients(problem, x, batch), variance(problem, x, batches))


def spreads(problem: Problem, x: np.ndarray, replacement: bool, seed: int = 0) -> list[float]:
    """The measured variance for each of `sizes`, from one drawing: the first samples of a batch are a smaller batch."""
    samples = problem.samples
    batch, full = _drawn(samples, Batches(samples, replacement), seed), problem.gradient(x)
    return [Cloud(full, _gradients(problem, x, batch[:size]), 0.0).measured for size in sizes(problem)]


def variance(problem: Problem, x: np.ndarray, batches: Batches) -> float:
    """sigma^2 / B; without replacement times (N - B) / (N - 1) (Cochran 1977, Sampling Techniques, theorem 2.2)."""
    samples = problem.samples
    each = _gradients(problem, x, np.arange(samples)[None, :])
    spread = float(((each - each.mean(axis=1, keepdims=True)) ** 2).sum(axis=0).mean())
    finite = 1.0 if batches.replacement or samples == 1 else (samples - batches.size) / (samples - 1)
    return spread / batches.size * finite


def law(problem: Problem, x: np.ndarray, replacement: bool) -> np.ndarray:
    """`variance` for every batch size from 1 to all of the data, (N,)."""
    samples = problem.samples
    size = np.arange(1, samples + 1)
    finite = 1.0 if replacement or samples == 1 else (samples - size) / (samples - 1)
    expected: np.ndarray = variance(problem, x, Batches(1)) / size * finite
    return expected


def sizes(problem: Problem) -> tuple[int, ...]:
    """Batch sizes to compare: 1, 2, 4, ... and all of the data."""
    samples = problem.samples
    return (*(2**k for k in range(samples.bit_length()) if 2**k < samples), samples)


def _drawn(samples: int, batches: Batches, seed: int) -> np.ndarray:
    """DRAWS batches, (size, DRAWS)."""
    order = np.ascontiguousarray(np.broadcast_to(np.arange(samples)[:, None], (samples, DRAWS)))
    batch = np.zeros((batches.size, DRAWS), dtype=np.int64)
    draw = with_replacement if batches.replacement else without_replacement
    draw(batch, order, seed * DRAWS + np.arange(DRAWS), 0)
    return batch


def _gradients(problem: Problem, x: np.ndarray, batch: np.ndarray) -> np.ndarray:
    """The gradient at x on each column of the batch, (n, B)."""
    lanes = batch.shape[1]
    at = np.ascontiguousarray(np.broadcast_to(np.asarray(x, dtype=np.float64)[:, None], (problem.n, lanes)))
    f, g = np.empty(lanes), np.empty_like(at)
    with np.errstate(all="ignore"):
        problem.evaluate_kernel(at, problem.lane_params(lanes), problem.data, np.ascontiguousarray(batch), f, g)
    return g
