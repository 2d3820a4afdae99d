"""Momentum on Rosenbrock written by hand as one pass over the lanes: how fast it could be if nothing were behind a pointer.

Our loop makes three passes (evaluate, look, rule), because one compilation a landscape and one a method serve all their pairs. This is the
pair's own kernel, with the same look at who diverged and who settled, or without it.
"""

from collections.abc import Callable

import numpy as np
from numba import njit

from landscape.parallel import CORES, pool

WIDTH = 448  # lanes at a time: they stay in the first-level cache
NEVER = 2**31 - 1


@njit(nogil=True, error_model="numpy")
def passed(x, y, u, v, lr, b, beta, one, far, largest, little, looks, ticks, diverged_at, settled_at):
    """x, y, u, v, lr (B,): point, velocity and rate; the other numbers have their type, so that none makes them wider."""
    never = np.int32(NEVER)
    for t in range(ticks):
        now = np.int32(t)
        if looks:
            for k in range(len(x)):
                short, off = one - x[k], y[k] - x[k] * x[k]
                twice = b * off + b * off
                f, gx, gy = short * short + b * off * off, -(short + short) - (twice + twice) * x[k], twice
                size = gx * gx + gy * gy
                fine = (abs(x[k]) + abs(y[k]) <= far) & (abs(f) <= largest) & (size <= largest)
                diverged_at[k] = min(diverged_at[k], never if fine else now)
                settled_at[k] = min(settled_at[k], now) if size <= little else never
                u[k], v[k] = beta * u[k] + gx, beta * v[k] + gy
                x[k] -= lr[k] * u[k]
                y[k] -= lr[k] * v[k]
        else:
            for k in range(len(x)):
                short, off = one - x[k], y[k] - x[k] * x[k]
                twice = b * off + b * off
                gx, gy = -(short + short) - (twice + twice) * x[k], twice
                u[k], v[k] = beta * u[k] + gx, beta * v[k] + gy
                x[k] -= lr[k] * u[k]
                y[k] -= lr[k] * v[k]


@njit(nogil=True, error_model="numpy")
def chunk(rates, end, numbers, looks, ticks):
    """A block of lanes after another, from the start that `end` (2, B) holds to where they end."""
    b, beta, one, far, largest, little = numbers
    for lo in range(0, len(rates), WIDTH):
        lr = rates[lo : lo + WIDTH].copy()
        x, y, u, v = end[0, lo : lo + WIDTH].copy(), end[1, lo : lo + WIDTH].copy(), np.zeros_like(lr), np.zeros_like(lr)
        diverged_at, settled_at = np.full(len(lr), NEVER, np.int32), np.full(len(lr), NEVER, np.int32)
        passed(x, y, u, v, lr, b, beta, one, far, largest, little, looks, ticks, diverged_at, settled_at)
        end[0, lo : lo + WIDTH], end[1, lo : lo + WIDTH] = x, y


def one_pass(rates: np.ndarray, start: tuple[float, float], ticks: int, dtype: type, looks: bool) -> Callable[[], np.ndarray]:
    """The runs as `descend` makes them, a chunk a core; gives back where they end, (2, B)."""
    numbers = tuple(dtype(value) for value in (100.0, 0.9, 1.0, 1e12, min(1e300, float(np.finfo(dtype).max)), 1e-12))
    share = -(-len(rates) // CORES)

    def work() -> np.ndarray:
        end = np.empty((2, len(rates)), dtype)
        end[0], end[1] = start
        own = rates.astype(dtype)
        list(
            pool().map(lambda lo: chunk(own[lo : lo + share], end[:, lo : lo + share], numbers, looks, ticks), range(0, len(rates), share))
        )
        return end

    return work
