"""A smooth surface through a grid of values: the bicubic spline, as values and slopes at the nodes.

The tensor product of cubic splines with not-a-knot ends (de Boor 2001, A Practical Guide to Splines, chapters IV and XVII): twice
continuously differentiable, and the same surface as scipy's RectBivariateSpline with s=0. A patch is fixed by f, f_x, f_y and f_xy at its
four corners (Hermite form), so that a point needs its own patch only.
"""

from functools import lru_cache

import numpy as np

from landscape.ground import Array

HEADER = 6  # x0, step in x, nx, y0, step in y, ny


def patches(xs: Array, ys: Array, values: Array) -> Array:
    """What the kernels of a slice take as `data`, (5, nx * ny): a header, then f, f_x, f_y and f_xy per grid step.

    Nodes that are not finite are holes: lines are splined up to them and begin anew behind them; no patch at a hole has a value.
    """
    finite = np.where(np.isfinite(values), values, np.nan)
    across, along = _slopes(finite), _slopes(finite.T).T
    data = np.zeros((5, values.size))
    data[0, :HEADER] = xs[0], (xs[-1] - xs[0]) / (len(xs) - 1), len(xs), ys[0], (ys[-1] - ys[0]) / (len(ys) - 1), len(ys)
    data[1:] = np.stack([finite, across, along, _slopes(along)]).reshape(4, -1)
    return data


def _slopes(lines: Array) -> Array:
    """The spline's derivative at each node of each row, per step, (m, n); NaN at a hole and at a node alone between holes."""
    slopes = np.full(lines.shape, np.nan)
    whole = np.isfinite(lines).all(axis=1)
    slopes[whole] = lines[whole] @ differentiator(lines.shape[1]).T
    for row in np.flatnonzero(~whole):
        known = np.isfinite(lines[row])
        edges = np.flatnonzero(np.diff(np.concatenate([[False], known, [False]]).astype(int)))
        for begin, end in zip(edges[::2], edges[1::2], strict=True):
            if end - begin > 1:
                slopes[row, begin:end] = differentiator(int(end - begin)) @ lines[row, begin:end]
    return slopes


@lru_cache(maxsize=64)
def differentiator(n: int) -> Array:
    """Values at n nodes one step apart -> the slopes of their cubic spline there, (n, n); of a parabola or a line through 3 or 2."""
    if n < 4:
        powers = np.vander(np.arange(n), increasing=True)
        derived = powers[:, :-1] * np.arange(1, n)  # of 1, t, t^2: 0, 1, 2t
        return np.concatenate([np.zeros((n, 1)), derived], axis=1) @ np.linalg.inv(powers)
    # s_(i-1) + 4 s_i + s_(i+1) = 3 (f_(i+1) - f_(i-1)): no jump of the second derivative at inner nodes
    left, right = np.zeros((n, n)), np.zeros((n, n))
    for i in range(1, n - 1):
        left[i, i - 1 : i + 2], right[i, i - 1 : i + 2] = (1, 4, 1), (-3, 0, 3)
    # not-a-knot: none of the third derivative at the second node and the last but one: s_0 + 2 s_1 = (-5 f_0 + 4 f_1 + f_2) / 2
    left[0, :2], right[0, :3] = (1, 2), (-2.5, 2, 0.5)
    left[-1, -2:], right[-1, -3:] = (2, 1), (-0.5, -2, 2.5)
    slopes: Array = np.asarray(np.linalg.solve(left, right), dtype=np.float64)
    return slopes
