"""The conditions of an experiment, the same for every method: gradient noise, clipping, decay; and which samples a tick looks at.

Order, every tick: noise is added to the gradient, the noisy gradient is clipped, the L2 penalty joins it, decoupled decay shrinks the
iterate. Random numbers are COMMON: they are a function of seed, tick and coordinate alone, so lanes of one seed see the same noise and
methods differ by method.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import boolean, int64, njit, types, uint64, void

from landscape.kernel import CUBE, INDICES, MATRIX, VECTOR, deferred
from optimizers.optimizer import Hyper

SEEDS = types.Array(int64, 1, "C")
# x, iterate, f, g, h, lr, settings, seeds, ahead, t
CONDITION = void(MATRIX, MATRIX, VECTOR, MATRIX, CUBE, VECTOR, MATRIX, SEEDS, boolean, int64)
DRAW = void(INDICES, INDICES, SEEDS, int64)  # batch (m, B), order (N, B), seeds, t


@dataclass(frozen=True)
class Conditions:
    """What disturbs or restrains every racer alike. A value may be an array (B,): one experiment a lane.

    Raises ValueError, on use, for a value that is negative or no number.
    """

    noise: Any = 0.0  # standard deviation of the Gaussian noise on each coordinate of the gradient
    clip_norm: Any = math.inf  # the gradient is shortened to this length: its direction is kept
    clip_value: Any = math.inf  # each coordinate is cut to this: the direction changes
    l2: Any = 0.0  # lambda of the penalty lambda/2 |x|^2, added to loss and gradient
    decay: Any = 0.0  # decoupled: the iterate shrinks by lr times this, beside the method's own step

    def rows(self) -> list[np.ndarray]:
        """One row a condition, () or (B,)."""
        rows = [np.asarray(value, dtype=np.float64) for value in vars(self).values()]
        for row, name in zip(rows, vars(self), strict=True):
            if not np.all(row >= 0):
                raise ValueError(f"{name} = {row}: give a number, 0 or more.")
        return rows

    @property
    def active(self) -> bool:
        """Whether anything is to be done at all."""
        off = Conditions()
        return any(np.any(np.asarray(value) != getattr(off, name)) for name, value in vars(self).items())


def _condition(key: str, name: str, symbol: str, default: float, low: float, high: float, help: str) -> Hyper:
    return Hyper(key, name, symbol, default, low, high, "log", help=help)


# Each condition as a control; `default` is the value that it is switched on with.
DECLARED = (
    _condition(
        "noise", "Gradient noise", r"\sigma", 0.5, 1e-3, 1e3, "Standard deviation of what is added to each coordinate of the gradient."
    ),
    _condition(
        "clip_norm", "Clip by norm", r"\|g\|_{\max}", 1.0, 1e-3, 1e3, "A longer gradient is shortened to this; it keeps its direction."
    ),
    _condition("clip_value", "Clip by value", r"|g_i|_{\max}", 1.0, 1e-3, 1e3, "Each coordinate is cut to this; the direction changes."),
    _condition("l2", "L2 penalty", r"\lambda", 0.1, 1e-5, 100.0, "Adds half of this times the squared weights to the loss."),
    _condition("decay", "Decoupled decay", r"\lambda", 0.1, 1e-5, 100.0, "Shrinks the weights by the rate times this, beside the step."),
)


ON_GRADIENT = ("noise", "clip_norm", "clip_value")  # what reaches only methods that ask for gradients


@njit(cache=True, nogil=True)
def scramble(seed, tick, index):
    """64 well-mixed bits from three numbers: the finalizer of SplitMix64 (Steele, Lea & Flood 2014, fig. 17), once for each."""
    z = np.uint64(0)
    for part in (seed, tick, index):
        z = (z ^ np.uint64(np.int64(part))) + np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return z


@njit(cache=True, nogil=True, error_model="numpy")
def gaussian(seed, tick, index):
    """A standard normal number (Box & Muller 1958), a function of its arguments alone."""
    first = (float(scramble(seed, tick, 2 * index) >> np.uint64(11)) + 0.5) * 2.0**-53
    second = float(scramble(seed, tick, 2 * index + 1) >> np.uint64(11)) * 2.0**-53
    return math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)


@deferred(CONDITION)
def disturbed(x, iterate, f, g, h, lr, settings, seeds, ahead, t):
    n, lanes = x.shape
    noise, clip_norm, clip_value, l2, decay = settings[0], settings[1], settings[2], settings[3], settings[4]
    for b in range(lanes):
        if noise[b] > 0.0:
            for i in range(n):
                g[i, b] += noise[b] * gaussian(seeds[b], t, i)
        square = 0.0
        for i in range(n):
            square += g[i, b] * g[i, b]
        if square > clip_norm[b] * clip_norm[b]:
            for i in range(n):
                g[i, b] *= clip_norm[b] / math.sqrt(square)
        for i in range(n):
            g[i, b] = min(max(g[i, b], -clip_value[b]), clip_value[b]) + l2[b] * x[i, b]
            f[b] += 0.5 * l2[b] * x[i, b] * x[i, b]
            if h.shape[0] > 0:
                h[i, i, b] += l2[b]
            shrink = lr[b] * decay[b]
            if ahead:  # both the iterate and the point ahead of it are weights
                iterate[i, b] -= shrink * iterate[i, b]
            x[i, b] -= shrink * x[i, b]


@deferred(DRAW)
def with_replacement(batch, order, seeds, t):
    for k in range(batch.shape[0]):
        for b in range(batch.shape[1]):
            batch[k, b] = int64(scramble(seeds[b], t, -1 - k) % uint64(order.shape[0]))


@deferred(DRAW)
def without_replacement(batch, order, seeds, t):
    """Epochs: every sample once, in an order shuffled anew (Fisher-Yates) whenever the next batch would not fit; a rest is left out."""
    size, samples = batch.shape[0], order.shape[0]
    per_epoch = samples // size
    place = t % per_epoch
    for b in range(batch.shape[1]):
        if place == 0:
            for k in range(samples - 1, 0, -1):
                other = int64(scramble(seeds[b], t, -1 - k) % uint64(k + 1))
                order[k, b], order[other, b] = order[other, b], order[k, b]
        for k in range(size):
            batch[k, b] = order[place * size + k, b]
