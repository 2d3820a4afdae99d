"""Value, gradient and Hessian of a bicubic patch surface: see `spline.patches`. Off the grid, and in a hole, they are NaN."""

# mypy: allow-untyped-defs

import math

import numpy as np

from landscape.kernel import CURVATURE, EVALUATE, deferred, piece

EDGE = 1e-9  # of a step: rounding of a point that lies on the edge


@piece
def _cell(position, nodes):
    """The patch that holds a position, counted in steps, and where in it; -1 off the grid."""
    if not -EDGE <= position <= nodes - 1 + EDGE:
        return -1, 0.0
    i = min(max(int(position), 0), nodes - 2)
    return i, position - i


@piece
def _hermite(t, order, w):
    """The weights of both ends' values and slopes, of a cubic's value, first or second derivative: de Boor 2001, eq. IV.4, on [0, 1]."""
    if order == 0:
        w[0], w[1], w[2], w[3] = (1 + 2 * t) * (1 - t) ** 2, t * (1 - t) ** 2, t * t * (3 - 2 * t), t * t * (t - 1)
    elif order == 1:
        w[0], w[1], w[2], w[3] = 6 * t * (t - 1), (1 - t) * (1 - 3 * t), 6 * t * (1 - t), t * (3 * t - 2)
    else:
        w[0], w[1], w[2], w[3] = 12 * t - 6, 6 * t - 4, 6 - 12 * t, 6 * t - 2


@piece
def _patch(data, x, y, across, along, p, q):
    """The surface's derivative of order `across` in x and `along` in y."""
    nx, ny = int(data[0, 2]), int(data[0, 5])
    i, s = _cell((x - data[0, 0]) / data[0, 1], nx)
    j, t = _cell((y - data[0, 3]) / data[0, 4], ny)
    if i < 0 or j < 0:
        return math.nan
    _hermite(s, across, p)
    _hermite(t, along, q)
    total = 0.0
    for b in range(2):
        for a in range(2):
            node = (j + b) * nx + i + a
            total += q[2 * b] * (p[2 * a] * data[1, node] + p[2 * a + 1] * data[2, node])
            total += q[2 * b + 1] * (p[2 * a] * data[3, node] + p[2 * a + 1] * data[4, node])
    return total / (data[0, 1] ** across * data[0, 4] ** along)


@deferred(EVALUATE)
def evaluate(x, params, data, batch, f, g):
    p, q = np.empty(4), np.empty(4)
    for b in range(x.shape[1]):
        f[b] = _patch(data, x[0, b], x[1, b], 0, 0, p, q)
        g[0, b] = _patch(data, x[0, b], x[1, b], 1, 0, p, q)
        g[1, b] = _patch(data, x[0, b], x[1, b], 0, 1, p, q)


@deferred(CURVATURE)
def hessian(x, params, data, batch, h):
    p, q = np.empty(4), np.empty(4)
    for b in range(x.shape[1]):
        h[0, 0, b] = _patch(data, x[0, b], x[1, b], 2, 0, p, q)
        h[1, 1, b] = _patch(data, x[0, b], x[1, b], 0, 2, p, q)
        h[0, 1, b] = h[1, 0, b] = _patch(data, x[0, b], x[1, b], 1, 1, p, q)
