"""Downhill without noise: to which minimum a point belongs, whatever chance has made of it.

The gradient flow dx/dt = -grad f, by the exponential Euler method (Hochbruck & Ostermann 2010, Acta Numerica 19, eq. 2.28): a step is the
flow of the local quadratic model itself, so a ravine's walls do not limit it, and near a minimum it is Newton's.
"""

import numpy as np

from landscape import Problem

STEPS = 2000  # of a flow at most
REST = 1e-9  # of the domain's shorter side: a step as short as this is the last
GONE = 1e3  # half frames from the middle: from there nothing comes back
TINY = 1e-150  # instead of a zero that would divide
SHRINK, GROW = 0.5, 1.5  # of the longest step, where one has led uphill, and where one has not


def downhill(problem: Problem, x: np.ndarray, stride: float) -> np.ndarray:
    """Where the gradient flow leads from points (2, B): (2, B), in steps no longer than `stride`, outside the frame in longer ones.

    A flow ends where it is when it comes to rest, when it is GONE or where the landscape ends, and after STEPS steps.
    """
    (low, high), size = np.array(problem.domain).T[:, :, None], float(np.ptp(np.array(problem.domain), axis=1).min())
    end = np.array(x, dtype=np.float64)
    lanes = np.flatnonzero(np.isfinite(end).all(axis=0))
    f, share = problem.value(end[:, lanes]), np.ones(len(lanes))
    for _ in range(STEPS):
        if not len(lanes):
            break
        at = np.ascontiguousarray(end[:, lanes])
        frames = np.max(np.abs(at - (low + high) / 2) / ((high - low) / 2), axis=0)
        with np.errstate(all="ignore"):
            step = quadratic_flow(problem.gradient(at), problem.hessian(at), share * stride * np.maximum(frames, 1.0))
        new = np.ascontiguousarray(at + step)
        value = problem.value(new)
        fell = value <= f
        end[:, lanes[fell]] = new[:, fell]
        share = np.where(fell, np.minimum(GROW * share, 1.0), SHRINK * share)
        on = (frames < GONE) & (share * stride > REST * size) & ~(fell & (np.hypot(*step) <= REST * size))
        lanes, share, f = lanes[on], share[on], np.where(fell, value, f)[on]
    return end


def quadratic_flow(g: np.ndarray, h: np.ndarray, longest: np.ndarray) -> np.ndarray:
    """The flow's step (2, B) on the quadratic with gradient g (2, B) and Hessian h (2, 2, B), about as far as `longest` (B,) at most."""
    middle, half = (h[0, 0] + h[1, 1]) / 2.0, np.hypot((h[0, 0] - h[1, 1]) / 2.0, h[0, 1])
    steep, flat, size = middle + half, middle - half, np.hypot(*g)
    time = longest / np.maximum(size, TINY)
    time = np.minimum(time, 1.0 / np.maximum(-flat, TINY))  # along a ridge it grows e-fold
    by_steep, by_flat = (-np.expm1(-curvature * time) / curvature for curvature in (_not_zero(steep), _not_zero(flat)))
    across = np.where(half > 0.0, (by_steep - by_flat) / np.maximum(2.0 * half, TINY), 0.0)  # Sylvester's formula of a matrix function
    return -by_flat * g - across * np.stack([(h[0, 0] - flat) * g[0] + h[0, 1] * g[1], h[0, 1] * g[0] + (h[1, 1] - flat) * g[1]])


def _not_zero(curvature: np.ndarray) -> np.ndarray:
    return np.where(np.abs(curvature) < TINY, TINY, curvature)
