"""The mean loss of a multilayer perceptron, and of a recurrent net, and its gradient: Rumelhart, Hinton & Williams 1986, Nature 323.

Samples go through in blocks, the sample as the last axis, so that every inner loop runs over samples and LLVM vectorises it. A block is
filled up to whole fours with copies of its last sample, whose errors d are 0.
"""
# mypy: allow-untyped-defs
# a kernel's types are its signature

import math

import numpy as np
from numba import float64, int64, types, void

from landscape.kernel import EVALUATE, MATRIX, VECTOR, deferred, piece

BLOCK = 64  # samples
TANH, RELU, SIGMOID = 0, 1, 2
CROSS_ENTROPY, SQUARES, HALF_SQUARES, SUM = 0, 1, 2, 3
SIZES = types.Array(int64, 1, "C")


@deferred(void(VECTOR, int64, MATRIX, MATRIX, int64, int64, int64))
def forward(theta, bias, a, z, width, activation, inputs):
    """z = W a + b, then the activation; W and b lie in theta. `inputs` and z's rows are the layer's sizes."""
    outputs = z.shape[0]
    for o in range(outputs):
        for s in range(width):
            z[o, s] = theta[outputs * inputs + o] if bias else 0.0
        for i in range(inputs):
            w = theta[o * inputs + i]
            for s in range(width):
                z[o, s] += w * a[i, s]
        for s in range(width):
            if activation == TANH:
                z[o, s] = math.tanh(z[o, s])
            elif activation == RELU:
                z[o, s] = z[o, s] if not z[o, s] <= 0.0 else 0.0  # NaN stays NaN
            elif activation == SIGMOID:
                z[o, s] = 1.0 / (1.0 + math.exp(-z[o, s]))


@deferred(void(VECTOR, VECTOR, int64, MATRIX, MATRIX, MATRIX, int64, int64, int64))
def backward(theta, gradient, bias, a, d, below, width, activation, layer):
    """Adds to the gradient of W and b, and turns the errors d of a layer into those `below` it; the first layer needs none."""
    outputs, inputs = d.shape[0], a.shape[0]
    for o in range(outputs):
        for i in range(inputs):
            s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
            for s in range(0, width, 4):
                s0 += d[o, s] * a[i, s]
                s1 += d[o, s + 1] * a[i, s + 1]
                s2 += d[o, s + 2] * a[i, s + 2]
                s3 += d[o, s + 3] * a[i, s + 3]
            gradient[o * inputs + i] += (s0 + s1) + (s2 + s3)
        if bias:
            for s in range(width):
                gradient[outputs * inputs + o] += d[o, s]
    for i in range(inputs if layer > 0 else 0):
        for s in range(width):
            below[i, s] = 0.0
        for o in range(outputs):
            w = theta[o * inputs + i]
            for s in range(width):
                below[i, s] += w * d[o, s]
        for s in range(width):
            if activation == TANH:
                below[i, s] *= 1.0 - a[i, s] * a[i, s]
            elif activation == RELU:
                below[i, s] *= 1.0 if a[i, s] > 0.0 else 0.0
            elif activation == SIGMOID:
                below[i, s] *= a[i, s] * (1.0 - a[i, s])


@deferred(float64(MATRIX, MATRIX, MATRIX, SIZES, int64, int64, int64, int64))
def errors(z, d, data, picked, inputs, used, width, loss):
    """The summed loss of a block, and its derivatives d in the outputs z."""
    total, k = 0.0, z.shape[0]
    for s in range(width):
        if loss == CROSS_ENTROPY:
            top, share = z[0, s], 0.0
            for o in range(1, k):
                top = max(top, z[o, s])
            for o in range(k):
                d[o, s] = math.exp(z[o, s] - top)
                share += d[o, s]
            y = int64(data[inputs, picked[s]])
            for o in range(k):
                d[o, s] = d[o, s] / share - (1.0 if o == y else 0.0)
            total += top + math.log(share) - z[y, s] if s < used else 0.0
        else:
            for o in range(k):
                d[o, s] = 1.0
                value = z[o, s]
                if loss != SUM:
                    factor = 1.0 if loss == SQUARES else 0.5
                    d[o, s] = 2.0 * factor * (z[o, s] - data[inputs + o, picked[s]])
                    value = d[o, s] * d[o, s] / (4.0 * factor)
                total += value if s < used else 0.0
        for o in range(k if s >= used else 0):
            d[o, s] = 0.0
    return total


@piece
def pick(batch, b, lo, used, picked):
    """Which samples lane b takes from place `lo` on; how many that are with those that fill the last vector up."""
    width = (used + 3) // 4 * 4
    for s in range(width):
        place = lo + min(s, used - 1)
        picked[s] = batch[place, b] if batch.shape[0] > 0 else place
    return width


@deferred(EVALUATE)
def mlp(x, params, data, batch, f, g):
    n, layers = x.shape[0], params.shape[0] - 4
    loss, activation, bias = int64(params[0, 0]), int64(params[1, 0]), int64(params[2, 0])
    sizes, first, weights = np.empty(layers + 1, np.int64), np.zeros(layers + 2, np.int64), np.zeros(layers + 1, np.int64)
    for k in range(layers + 1):
        sizes[k] = int64(params[3 + k, 0])
        first[k + 1] = first[k] + sizes[k]
        if k > 0:
            weights[k] = weights[k - 1] + sizes[k] * (sizes[k - 1] + bias)
    a, d, picked = np.empty((first[layers + 1], BLOCK)), np.empty((first[layers + 1], BLOCK)), np.empty(BLOCK, np.int64)
    theta, gradient = np.empty(n), np.empty(n)
    samples = batch.shape[0] if batch.shape[0] > 0 else data.shape[1]
    for b in range(x.shape[1]):
        total = 0.0
        for i in range(n):
            theta[i], gradient[i] = x[i, b], 0.0
        for lo in range(0, samples, BLOCK):
            used = min(BLOCK, samples - lo)
            width = pick(batch, b, lo, used, picked)
            for s in range(width):
                for i in range(sizes[0]):
                    a[i, s] = data[i, picked[s]]
            for k in range(layers):
                after = a[first[k + 1] : first[k + 2]]
                forward(theta[weights[k] :], bias, a[first[k] :], after, width, activation if k < layers - 1 else -1, sizes[k])
            total += errors(a[first[layers] :], d[first[layers] :], data, picked, sizes[0], used, width, loss)
            for k in range(layers - 1, -1, -1):
                above, below = d[first[k + 1] : first[k + 2]], d[first[k] : first[k + 1]]
                backward(theta[weights[k] :], gradient[weights[k] :], bias, a[first[k] : first[k + 1]], above, below, width, activation, k)
        f[b] = total / samples
        for i in range(n):
            g[i, b] = gradient[i] / samples


@deferred(EVALUATE)
def rnn(x, params, data, batch, f, g):
    """Step by step, [W | U] at work on what comes in and the last state; back through time: Werbos 1990, Proc. IEEE 78, section III.

    Theta is W, b, U, the answer's matrix, its bias. Block t of `a` holds what step t sees: x_t, then h_{t-1}.
    """
    n = x.shape[0]
    loss, activation, steps = int64(params[0, 0]), int64(params[1, 0]), int64(params[2, 0])
    features, units, k = int64(params[3, 0]), int64(params[4, 0]), int64(params[5, 0])
    seen, last = features + units, features * units + units + units * units  # where the answer's weights begin
    a, z, d = np.zeros(((steps + 1) * seen, BLOCK)), np.empty((k, BLOCK)), np.empty((k, BLOCK))
    above, below, picked = np.empty((seen, BLOCK)), np.empty((seen, BLOCK)), np.empty(BLOCK, np.int64)
    both, slope = np.empty(units * seen + units), np.empty(units * seen + units)  # W and U row by row, then b; the loss's slope in them
    theta, answer = np.empty(n - last), np.empty(n - last)
    samples = batch.shape[0] if batch.shape[0] > 0 else data.shape[1]
    for b in range(x.shape[1]):
        total = 0.0
        for o in range(units):
            for i in range(seen):
                w = o * features + i if i < features else features * units + units + o * units + i - features
                both[o * seen + i], slope[o * seen + i] = x[w, b], 0.0
            both[units * seen + o], slope[units * seen + o] = x[features * units + o, b], 0.0
        for i in range(n - last):
            theta[i], answer[i] = x[last + i, b], 0.0
        for lo in range(0, samples, BLOCK):
            used = min(BLOCK, samples - lo)
            width = pick(batch, b, lo, used, picked)
            for s in range(width):
                for t in range(steps):
                    for i in range(features):
                        a[t * seen + i, s] = data[t * features + i, picked[s]]
            for t in range(steps):
                after = (t + 1) * seen
                forward(both, 1, a[t * seen : after], a[after + features : after + seen], width, activation, seen)
            state = a[steps * seen + features : (steps + 1) * seen]
            forward(theta, 1, state, z, width, -1, units)
            total += errors(z, d, data, picked, steps * features, used, width, loss)
            backward(theta, answer, 1, state, d, above[features:], width, activation, 1)
            for t in range(steps - 1, -1, -1):
                backward(both, slope, 1, a[t * seen : (t + 1) * seen], above[features:], below, width, activation, t)
                above, below = below, above
        f[b] = total / samples
        for o in range(units):
            for i in range(seen):
                w = o * features + i if i < features else features * units + units + o * units + i - features
                g[w, b] = slope[o * seen + i] / samples
            g[features * units + o, b] = slope[units * seen + o] / samples
        for i in range(n - last):
            g[last + i, b] = answer[i] / samples
