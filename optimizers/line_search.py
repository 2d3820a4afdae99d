"""Line searches in reverse communication, and the three rules that share them: BFGS, L-BFGS and conjugate gradient.

All in one file, because a cached kernel calls no kernel of another file; the declarations are in bfgs.py, l_bfgs.py,
conjugate_gradient.py and, of the choice itself, in searches.py. The iterate theta, its gradient g and the direction p are in the state;
each trial theta + alpha p is a tick.

A search that finds no lower point in MAX_TRIALS starts again along -g, with everything learned forgotten. Finds that search none either, or
is there no slope at all, the method stops moving for good. If a strong Wolfe search runs out of trials but has found a lower
point, it returns to the lowest one. The loop counts a trial that is not finite as a divergence.
"""

import math

from numba import float64, int64, void

from landscape.kernel import MATRIX, RULE, VECTOR, deferred
from optimizers.optimizer import MEMORY

MAX_TRIALS = 20
FIXED, ARMIJO, WOLFE = 0, 1, 2
AGAIN, ACCEPTED, FAILED = 0, 1, 2
SEARCH = ("loss", "slope", "alpha", "trials", "steepest", "lo", "loss at lo", "slope at lo", "hi", "loss at hi", "slope at hi")
LOSS, SLOPE, ALPHA, TRIALS, STEEPEST, LO, LO_F, LO_D, HI, HI_F, HI_D = range(11)
PAIRS = 11  # L-BFGS goes on: how many pairs it has, and its alphas
TINY = 2.0**-52


@deferred(float64(float64, float64, float64, float64, float64, float64))
def cubic(a, fa, da, b, fb, db):
    """Where the cubic through two values and slopes is least, eq. 3.59; exact on quadratics. NaN where there is none."""
    d1 = da + db - 3.0 * (fa - fb) / (a - b)
    d2 = math.copysign(1.0, b - a) * math.sqrt(d1 * d1 - da * db) if d1 * d1 >= da * db else math.nan
    return b - (b - a) * (db + d2 - d1) / (db - da + 2.0 * d2)


@deferred(int64(MATRIX, VECTOR, MATRIX, MATRIX, MATRIX, int64, int64))
def judge(x, f, g, state, hypers, at, b):
    """Nocedal & Wright 2006, algorithms 3.1 (Armijo), 3.5 and 3.6 (strong Wolfe; no bracket yet: hi is infinite)."""
    n, steps = x.shape[0], state[state.shape[0] - 1]
    c = state[at:]
    steps[b] = math.floor(steps[b]) + 0.5
    if c[TRIALS, b] < 0.0:  # it has stopped: steps of no length, which what is around it may end
        steps[b] += 0.5
        return AGAIN
    search, c1, c2, rho = hypers[1, b], hypers[2, b], hypers[3, b], hypers[4, b]
    alpha, slope = c[ALPHA, b], 0.0
    for i in range(n):
        slope += g[i, b] * state[2 * n + i, b]
    c[TRIALS, b] += 1.0
    below = f[b] <= c[LOSS, b] + c1 * alpha * c[SLOPE, b]
    if search == FIXED or c[TRIALS, b] > MAX_TRIALS or (search == ARMIJO and below):
        return ACCEPTED
    trial = rho * alpha
    if search == WOLFE:
        other, other_f, other_d = c[LO, b], c[LO_F, b], c[LO_D, b]
        if not (below and f[b] < c[LO_F, b]):
            c[HI, b], c[HI_F, b], c[HI_D, b] = alpha, f[b], slope
        elif abs(slope) <= -c2 * c[SLOPE, b]:
            return ACCEPTED
        else:
            if slope * (c[HI, b] - c[LO, b]) >= 0.0:
                c[HI, b], c[HI_F, b], c[HI_D, b] = c[LO, b], c[LO_F, b], c[LO_D, b]
            c[LO, b], c[LO_F, b], c[LO_D, b] = alpha, f[b], slope
        lo, hi = c[LO, b], c[HI, b]
        if math.isinf(hi):  # still falling: on to at most four times the last advance, as Moré & Thuente 1994
            near, far = lo + 0.1 * (lo - other), lo + 4.0 * (lo - other)
            otherwise = far
        else:  # an interpolation too close to an end is replaced by a bisection, as after eq. 3.58
            other, other_f, other_d = hi, c[HI_F, b], c[HI_D, b]
            near, far = min(lo, hi) + 0.1 * abs(hi - lo), max(lo, hi) - 0.1 * abs(hi - lo)
            otherwise = 0.5 * (lo + hi)
        trial = cubic(lo, c[LO_F, b], c[LO_D, b], other, other_f, other_d)
        if not near <= trial <= far:
            trial = otherwise
    if c[TRIALS, b] == MAX_TRIALS:
        trial = c[LO, b]
        if trial == 0.0 and c[STEEPEST, b] == 0.0:
            return FAILED
        if trial == 0.0:
            c[TRIALS, b] = -1.0
    c[ALPHA, b] = trial
    for i in range(n):
        x[i, b] = state[i, b] + trial * state[2 * n + i, b]
    return AGAIN


@deferred(void(MATRIX, VECTOR, MATRIX, MATRIX, int64, int64))
def arrive(x, f, g, state, at, b):
    """The accepted trial is the new iterate; or it is where it begins."""
    n, steps = x.shape[0], state[state.shape[0] - 1]
    steps[b] += 0.5
    state[at + LOSS, b] = f[b]
    for i in range(n):
        state[i, b], state[n + i, b] = x[i, b], g[i, b]


@deferred(void(MATRIX, MATRIX, MATRIX, int64, int64, float64, float64))
def depart(x, state, hypers, at, b, alpha, steepest):
    """Ask for the first trial along p; along -g instead, where p does not go downhill."""
    n = x.shape[0]
    g, p, c = state[n : 2 * n], state[2 * n : 3 * n], state[at:]
    slope, square, length = 0.0, 0.0, 0.0
    for i in range(n):
        slope += g[i, b] * p[i, b]
        square += g[i, b] * g[i, b]
        length += abs(g[i, b])
    if not slope < 0.0:
        slope, steepest = -square, 1.0
        for i in range(n):
            p[i, b] = -g[i, b]
    if steepest == 1.0:
        alpha = hypers[0, b] * min(1.0, 1.0 / length)  # a gradient has no natural length: torch.optim.LBFGS begins so
    c[TRIALS, b] = 0.0
    if not slope < 0.0:
        c[TRIALS, b], alpha = -1.0, 0.0
    c[SLOPE, b], c[ALPHA, b], c[STEEPEST, b] = slope, alpha, steepest
    c[LO, b], c[LO_F, b], c[LO_D, b], c[HI, b] = 0.0, c[LOSS, b], slope, math.inf
    for i in range(n):
        x[i, b] = state[i, b] + alpha * p[i, b] if slope < 0.0 else state[i, b]


@deferred(RULE)
def bfgs(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    at, steps = (3 + n) * n, state[state.shape[0] - 1]
    theta, g0, p, H, c = state[:n], state[n : 2 * n], state[2 * n : 3 * n], state[3 * n : at], state[at:]
    for b in range(lanes):
        begins = steps[b] == 0.0
        verdict = ACCEPTED if begins else judge(x, f, g, state, hypers, at, b)
        if verdict == AGAIN:
            continue
        steepest = 1.0 if t == 0 or verdict == FAILED else 0.0
        sy, yy, yHy = 0.0, 0.0, 0.0
        if steepest == 0.0:  # where it begins anew, s is 0
            for i in range(n):
                sy += (x[i, b] - theta[i, b]) * (g[i, b] - g0[i, b])
                yy += (g[i, b] - g0[i, b]) ** 2
            if not sy > TINY * yy:  # no positive curvature seen: the matrix stays as it is
                steepest = c[STEEPEST, b]
        if steepest == 1.0 or c[STEEPEST, b] == 1.0:
            for i in range(n):
                for j in range(n):
                    H[i * n + j, b] = (1.0 if steepest == 1.0 else sy / yy) if i == j else 0.0  # eq. 6.20
        if sy > TINY * yy:
            for i in range(n):
                p[i, b] = 0.0
                for j in range(n):
                    p[i, b] += H[i * n + j, b] * (g[j, b] - g0[j, b])  # H y
                yHy += p[i, b] * (g[i, b] - g0[i, b])
            for i in range(n):  # eq. 6.17, multiplied out
                for j in range(n):
                    si, sj = x[i, b] - theta[i, b], x[j, b] - theta[j, b]
                    H[i * n + j, b] += ((1.0 + yHy / sy) * si * sj - p[i, b] * sj - si * p[j, b]) / sy
        if verdict == ACCEPTED:
            arrive(x, f, g, state, at, b)
        for i in range(n):
            p[i, b] = 0.0
            for j in range(n):
                p[i, b] -= H[i * n + j, b] * g0[j, b]
        depart(x, state, hypers, at, b, hypers[0, b], steepest)


@deferred(RULE)
def l_bfgs(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    at, size, steps = (3 + 2 * MEMORY) * n, MEMORY * n, state[state.shape[0] - 1]
    theta, g0, p, c = state[:n], state[n : 2 * n], state[2 * n : 3 * n], state[at:]
    s, y = state[3 * n : 3 * n + size], state[3 * n + size : at]
    for b in range(lanes):
        begins = steps[b] == 0.0
        verdict = ACCEPTED if begins else judge(x, f, g, state, hypers, at, b)
        if verdict == AGAIN:
            continue
        m, pairs = int64(hypers[5, b]), int64(c[PAIRS, b])
        if verdict == FAILED:
            pairs = 0
        elif not begins:
            sy, yy, k = 0.0, 0.0, pairs % m * n
            for i in range(n):
                sy += (x[i, b] - theta[i, b]) * (g[i, b] - g0[i, b])
                yy += (g[i, b] - g0[i, b]) ** 2
            if sy > TINY * yy:
                pairs += 1
                for i in range(n):
                    s[k + i, b], y[k + i, b] = x[i, b] - theta[i, b], g[i, b] - g0[i, b]
        if verdict == ACCEPTED:
            arrive(x, f, g, state, at, b)
        c[PAIRS, b] = pairs
        for i in range(n):
            p[i, b] = -g0[i, b]
        oldest, gamma = max(pairs - m, 0), 1.0
        for way in range(2 * (pairs - oldest)):  # algorithm 7.4: from the newest pair to the oldest, and back
            back = way >= pairs - oldest
            pair = 2 * oldest + way - pairs if back else pairs - 1 - way
            k, slot = pair % m * n, PAIRS + 1 + pair % m
            sy, yy, sp, yp = 0.0, 0.0, 0.0, 0.0
            for i in range(n):
                sy += s[k + i, b] * y[k + i, b]
                yy += y[k + i, b] * y[k + i, b]
                sp += s[k + i, b] * p[i, b]
                yp += y[k + i, b] * p[i, b]
            if not back:
                c[slot, b] = sp / sy
                gamma = sy / yy if way == 0 else gamma  # eq. 7.20
            for i in range(n):
                p[i, b] += s[k + i, b] * (c[slot, b] - yp / sy) if back else -c[slot, b] * y[k + i, b]
                p[i, b] *= gamma if way == pairs - oldest - 1 else 1.0
        depart(x, state, hypers, at, b, hypers[0, b], 1.0 if pairs == 0 else 0.0)


@deferred(RULE)
def conjugate_gradient(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    at, formula, steps = 3 * n, hypers[5], state[state.shape[0] - 1]
    g0, p, c = state[n : 2 * n], state[2 * n : 3 * n], state[at:]
    for b in range(lanes):
        begins = steps[b] == 0.0
        verdict = ACCEPTED if begins else judge(x, f, g, state, hypers, at, b)
        if verdict == AGAIN:
            continue
        old, new, mixed, along, beta = 0.0, 0.0, 0.0, 0.0, 0.0
        if verdict == ACCEPTED and not begins:
            for i in range(n):
                old += g0[i, b] * g0[i, b]
                new += g[i, b] * g[i, b]
                mixed += g[i, b] * g0[i, b]
                along += p[i, b] * (g[i, b] - g0[i, b])
            if formula[b] == 0.0:
                beta = new / old  # Fletcher-Reeves, eq. 5.41a
            elif formula[b] == 1.0:
                beta = max((new - mixed) / old, 0.0)  # Polak-Ribiere+, eqs. 5.44 and 5.45
            else:
                beta = new / along  # Dai-Yuan, eq. 5.49
        if verdict == ACCEPTED:
            arrive(x, f, g, state, at, b)
        for i in range(n):
            p[i, b] = beta * p[i, b] - g0[i, b]
        # its directions have no natural length: a search begins where the last one ended
        depart(x, state, hypers, at, b, hypers[0, b] if hypers[1, b] == FIXED else c[ALPHA, b], 1.0 if beta == 0.0 else 0.0)
