"""Loss and right answers of a multilayer perceptron at many points of a plane, in one compiled kernel.

Over a plane the first layer is affine in the two coordinates, X(W0 + a D1 + b D2) = X W0 + a X D1 + b X D2: three products made once
and handed in as `z`. All else runs in float32 over tiles of samples that stay in the first-level cache, sums of losses in float64.

tanh is a rational function fitted by us (Sanathanan-Koerner iterations for the relative error, on [0, 8]; off by 1.5e-7, with float32's
rounding 4e-7), e^x a polynomial after Cody & Waite's reduction to |x| <= ln(2)/2 (fitted likewise, 4e-9). Both let NaN through.
"""

# mypy: allow-untyped-defs

import math

import numpy as np
from numba import float32, int64, njit, types, void

from landscape.kernel import MATRIX, VECTOR, kernel

TILE = 128  # samples: two layers of 32 units are 32 KB
ZERO, ONE, HALF = np.float32(0.0), np.float32(1.0), np.float32(0.5)
END = np.float32(8.0)  # tanh is 1 beyond, in float32
P0, P1, P2, P3 = np.array([0.99999988, 0.12925658, 0.0029510182, 1.1428364e-05], np.float32)
Q1, Q2, Q3, Q4 = np.array([0.46258873, 0.023815531, 0.00023866838, 2.4591921e-07], np.float32)
LOWEST = np.float32(-87.0)  # e^-87 is the last normal float32
LOG2E, LN2_HIGH, LN2_LOW = np.float32(1 / math.log(2)), np.float32(0.693359375), np.float32(math.log(2) - 0.693359375)
E2, E3, E4, E5, E6 = np.array([0.49999989, 0.16666518, 0.041669533, 0.0083689163, 0.0013751408], np.float32)
BIAS, MANTISSA = np.float32(127.0), np.float32(2.0**23)  # of a float32's bits

ACTIVATIONS = {"tanh": 0, "relu": 1, "sigmoid": 2, "identity": 3}
FLOATS = types.Array(float32, 2, "C")
FUSED = void(
    types.Array(float32, 3, "C"), FLOATS, types.Array(int64, 1, "C"), types.Array(int64, 1, "C"), FLOATS, types.Array(float32, 1, "C"),
    VECTOR, VECTOR, MATRIX,
)  # fmt: skip


@njit(error_model="numpy", fastmath={"contract"})
def _tanh(x):
    x = END if x > END else (-END if x < -END else x)  # NaN is neither
    y = x * x
    return x * (P0 + y * (P1 + y * (P2 + y * P3))) / (ONE + y * (Q1 + y * (Q2 + y * (Q3 + y * Q4))))


@njit(error_model="numpy", fastmath={"contract"})
def _activate(rows, width, m, kind):
    if kind == 0:
        for j in range(width):
            for s in range(m):
                rows[j, s] = _tanh(rows[j, s])
    elif kind == 1:
        for j in range(width):
            for s in range(m):
                rows[j, s] = ZERO if rows[j, s] < ZERO else rows[j, s]
    elif kind == 2:
        for j in range(width):
            for s in range(m):
                rows[j, s] = HALF + HALF * _tanh(HALF * rows[j, s])


@njit(error_model="numpy", fastmath={"contract"})
def _layer(rows, inputs, w, at, outputs, m, result):
    """result = W rows + bias: two outputs by four inputs at a time, so that each number loaded is used more than once."""
    bias = at + outputs * inputs
    for o in range(0, outputs - 1, 2):
        for s in range(m):
            result[o, s] = w[bias + o]
            result[o + 1, s] = w[bias + o + 1]
        p, q = at + o * inputs, at + (o + 1) * inputs
        for i in range(0, inputs - 3, 4):
            p0, p1, p2, p3, q0, q1, q2, q3 = (
                w[p + i],
                w[p + i + 1],
                w[p + i + 2],
                w[p + i + 3],
                w[q + i],
                w[q + i + 1],
                w[q + i + 2],
                w[q + i + 3],
            )
            for s in range(m):
                x0, x1, x2, x3 = rows[i, s], rows[i + 1, s], rows[i + 2, s], rows[i + 3, s]
                result[o, s] = result[o, s] + p0 * x0 + p1 * x1 + p2 * x2 + p3 * x3
                result[o + 1, s] = result[o + 1, s] + q0 * x0 + q1 * x1 + q2 * x2 + q3 * x3
        for i in range(inputs - inputs % 4, inputs):
            for s in range(m):
                result[o, s] = result[o, s] + w[p + i] * rows[i, s]
                result[o + 1, s] = result[o + 1, s] + w[q + i] * rows[i, s]
    if outputs % 2 == 1:
        o = outputs - 1
        for s in range(m):
            result[o, s] = w[bias + o]
        for i in range(inputs):
            for s in range(m):
                result[o, s] = result[o, s] + w[at + o * inputs + i] * rows[i, s]


@njit(error_model="numpy", fastmath={"contract"})
def _answers(z, outputs, m, labels, top, best, picked):
    """The largest output, and the label's; how many labels have the largest, the first of equals."""
    for s in range(m):
        top[s] = z[0, s]
        best[s] = ZERO
        picked[s] = z[0, s]
    for j in range(1, outputs):
        number = np.float32(j)
        for s in range(m):
            value, highest, answer, chosen, label = z[j, s], top[s], best[s], picked[s], labels[s]  # all read before any is written
            picked[s] = value if label == number else chosen
            best[s] = number if value > highest else answer
            top[s] = value if value > highest else highest
    right = 0
    for s in range(m):
        right += 1 if best[s] == labels[s] else 0
    return right


@njit(error_model="numpy", fastmath={"contract"})
def _cross_entropy(z, outputs, m, top, picked, total, rest, power, powers):
    """The sum over a tile of ln(sum_j e^z_j) - z_label."""
    for s in range(m):
        total[s] = ZERO
    for j in range(outputs):
        for s in range(m):
            x = z[j, s] - top[s]
            x = LOWEST if x < LOWEST else x
            k = np.floor(x * LOG2E + HALF)
            r = x - k * LN2_HIGH - k * LN2_LOW
            rest[s] = ONE + r + r * r * (E2 + r * (E3 + r * (E4 + r * (E5 + r * E6))))
            power[s] = np.int32((k + BIAS) * MANTISSA)  # 2^k by its bits
        for s in range(m):
            total[s] = total[s] + rest[s] * powers[s]
    loss, product = 0.0, 1.0
    for s in range(m):
        loss += np.float64(top[s]) - np.float64(picked[s])
        product *= np.float64(total[s])  # one logarithm for many samples
        if not product < 1e250:
            loss += math.log(product)
            product = 1.0
    return loss + math.log(product)


@njit(error_model="numpy", fastmath={"contract"})
def _squared_error(z, targets, outputs, m, total):
    """The sum over a tile and its outputs of (z - target)^2."""
    loss = 0.0
    for s in range(m):
        total[s] = ZERO
    for j in range(outputs):
        for s in range(m):
            total[s] = total[s] + (z[j, s] - targets[j, s]) * (z[j, s] - targets[j, s])
    for s in range(m):
        loss += np.float64(total[s])
    return loss


@kernel(FUSED, contract=True)
def measure(z, lines, widths, activations, targets, labels, a, b, out):
    """Sum of losses and of right answers at the points (a, b), (P,): out (2, P).

    z (3, h, N): the first layer's outputs at the origin, and what a and b add. `lines` (3, m): the other layers' weights so, each W row
    by row and then its bias. `widths`, `activations` (L,): of each layer. `targets` (outputs, N) for the squared error, summed over the
    outputs; empty for the cross-entropy. `labels` (N,): class numbers; where there are no classes, negative ones, and nothing is right.
    """
    layers, samples, points = widths.shape[0], z.shape[2], a.shape[0]
    widest = 4
    for k in range(layers):
        widest = max(widest, widths[k])
    w = np.empty(lines.shape[1], dtype=np.float32)
    front, back, work = np.empty((widest, TILE), np.float32), np.empty((widest, TILE), np.float32), np.empty((4, TILE), np.float32)
    power = np.empty(TILE, np.int32)
    powers = power.view(np.float32)
    for p in range(points):
        out[0, p], out[1, p] = 0.0, 0.0
    for lo in range(0, samples, TILE):
        m = min(TILE, samples - lo)
        for p in range(points):
            ap, bp = np.float32(a[p]), np.float32(b[p])
            for k in range(w.shape[0]):
                w[k] = lines[0, k] + ap * lines[1, k] + bp * lines[2, k]
            for j in range(widths[0]):
                row, z0, z1, z2 = front[j], z[0, j, lo : lo + m], z[1, j, lo : lo + m], z[2, j, lo : lo + m]
                for s in range(m):
                    row[s] = z0[s] + ap * z1[s] + bp * z2[s]
            _activate(front, widths[0], m, activations[0])
            at = 0
            for k in range(1, layers):
                _layer(front, widths[k - 1], w, at, widths[k], m, back)
                at += (widths[k - 1] + 1) * widths[k]
                front, back = back, front
                _activate(front, widths[k], m, activations[k])
            out[1, p] += _answers(front, widths[layers - 1], m, labels[lo : lo + m], work[0], work[1], work[2])
            if targets.shape[0] == 0:
                out[0, p] += _cross_entropy(front, widths[layers - 1], m, work[0], work[2], work[1], work[3], power, powers)
            else:
                out[0, p] += _squared_error(front, targets[:, lo : lo + m], widths[layers - 1], m, work[3])
