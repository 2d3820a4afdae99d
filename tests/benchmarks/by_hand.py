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


def one_pass(rates: np.ndarray, start: tuple[float, float], ticks: int, dtype: type, looks: bool) -> Callable[[], np.ndarray]:
    """The runs as `descend` makes them, a block after another on all cores; gives back where they end, (2, B)."""
    cast = [dtype(value) for value in (100.0, 0.9, 1.0, 1e12, min(1e300, float(np.finfo(dtype).max)), 1e-12)]
    end = np.empty((2, len(rates)), dtype)

    def block(lo: int) -> None:
        lr = rates[lo : lo + WIDTH].astype(dtype)
        x, y, u, v = np.zeros((4, len(lr)), dtype)
        x[:], y[:] = start
        passed(x, y, u, v, lr, *cast, looks, ticks, *np.full((2, len(lr)), NEVER, np.int32))
        end[:, lo : lo + WIDTH] = x, y

    def work() -> np.ndarray:
        starts = [range(core * WIDTH, len(rates), CORES * WIDTH) for core in range(CORES)]
        list(pool().map(lambda own: [block(lo) for lo in own], starts))
        return end

    return work
