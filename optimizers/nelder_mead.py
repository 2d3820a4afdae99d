"""Nelder-Mead: Nelder & Mead 1965, fig. 1; ties and constants as Lagarias et al. 1998, section 2, and SciPy (adaptive off).

The simplex is kept sorted by value, its first vertex is the iterate; what is asked for is a vertex or a trial point.
"""

import numpy as np
from numba import float64, int64, void

from landscape.kernel import MATRIX, RULE, deferred
from optimizers.optimizer import Hyper, Optimizer
from optimizers.shown import TRIAL, Seen, Shown, curves, number

REFLECTED, EXPANDED, OUTSIDE, INSIDE = -1, -2, -3, -4  # what was asked for, where it was no vertex: 0 to n


@deferred(void(MATRIX, MATRIX, MATRIX, int64, float64))
def probe(x, simplex, centroid, b, step):
    """Ask at centroid + step (centroid - worst)."""
    n = x.shape[0]
    for i in range(n):
        x[i, b] = (1.0 + step) * centroid[i, b] - step * simplex[n * n + i, b]


@deferred(void(MATRIX, MATRIX, MATRIX, MATRIX, int64))
def reflect(x, simplex, values, centroid, b):
    """Sort by insertion, ties by age; then ask at the worst vertex's mirror image in the centroid of the others."""
    n = x.shape[0]
    for last in range(1, n + 1):
        k = last
        while k > 0 and values[k, b] < values[k - 1, b]:
            values[k, b], values[k - 1, b] = values[k - 1, b], values[k, b]
            for i in range(k * n, k * n + n):
                simplex[i, b], simplex[i - n, b] = simplex[i - n, b], simplex[i, b]
            k -= 1
    for i in range(n):
        centroid[i, b] = 0.0
        for k in range(n):
            centroid[i, b] += simplex[k * n + i, b]
        centroid[i, b] /= n
    probe(x, simplex, centroid, b, 1.0)


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    at = (6 + n) * n
    reflected, centroid, values, simplex = state[n : 2 * n], state[2 * n : 3 * n], state[3 * n : 5 * n], state[5 * n : at]
    asked, reflection, steps = state[at], state[at + 1], state[at + 2]
    for b in range(lanes):
        if steps[b] == 0.0:  # where it begins anew it asks for all heights, of the same simplex at another place
            asked[b] = 0.0
            for k in range(n, -1, -1):
                for i in range(n):
                    edge = simplex[k * n + i, b] - simplex[i, b] if t > 0 else hypers[0, b] if i == k - 1 else 0.0
                    simplex[k * n + i, b] = x[i, b] + edge
        steps[b] = np.floor(steps[b]) + 0.5
        phase, take, shrink = int64(asked[b]), False, False
        if phase >= 0:
            values[phase, b] = f[b]
            asked[b] = phase + 1.0
            if phase < n:
                for i in range(n):
                    x[i, b] = simplex[(phase + 1) * n + i, b]
                continue
        elif phase == REFLECTED:
            reflection[b] = f[b]
            for i in range(n):
                reflected[i, b] = x[i, b]
            if f[b] < values[0, b]:
                asked[b] = EXPANDED
                probe(x, simplex, centroid, b, 2.0)
                continue
            take = f[b] < values[n - 1, b]
            if not take:
                outside = f[b] < values[n, b]
                asked[b] = OUTSIDE if outside else INSIDE
                probe(x, simplex, centroid, b, 0.5 if outside else -0.5)
                continue
        elif phase == EXPANDED:
            take = True
            if not f[b] < reflection[b]:
                f[b] = reflection[b]
                for i in range(n):
                    x[i, b] = reflected[i, b]
        else:
            take = f[b] <= reflection[b] if phase == OUTSIDE else f[b] < values[n, b]
            shrink = not take
        if take:
            values[n, b] = f[b]
            for i in range(n):
                simplex[n * n + i, b] = x[i, b]
        if phase < 0:  # a step is done: the simplex is another
            steps[b] += 0.5
        if shrink:
            asked[b] = 1.0
            for k in range(1, n + 1):
                for i in range(n):
                    simplex[k * n + i, b] = simplex[i, b] + 0.5 * (simplex[k * n + i, b] - simplex[i, b])
            for i in range(n):
                x[i, b] = simplex[n + i, b]  # its value is asked for first
        else:
            asked[b] = REFLECTED
            reflect(x, simplex, values, centroid, b)
            for i in range(n):
                state[i, b] = simplex[i, b]


def corners(s: Seen) -> np.ndarray:
    """The simplex, best corner first, (steps + 1, n (n + 1))."""
    rest = s["vertices 1 to n"]
    return np.hstack([s["vertex 0"], rest.reshape(len(rest), -1)])


def heights(s: Seen) -> np.ndarray:
    """The losses at the corners, lowest first, (steps + 1, n + 1)."""
    return np.hstack([s["values"], s["last value"]])[:, : s.path.shape[1] + 1]


def across(s: Seen) -> np.ndarray:
    """The longest edge from the best corner, (steps + 1,)."""
    n = s.path.shape[1]
    edges = corners(s).reshape(-1, n + 1, n)
    return np.linalg.norm(edges - edges[:, :1], axis=2).max(axis=1)


NELDER_MEAD = Optimizer(
    key="nelder_mead",
    name="Nelder-Mead",
    summary="A triangle that flips, stretches and shrinks its way downhill, by comparing heights alone.",
    rule=rule,
    hypers=(
        Hyper(
            "size", "first simplex", "s", 0.5, 1e-3, 1e1, "log", (1e-12, 1e6), help="Length of the first simplex's edges from the start."
        ),
    ),
    formula=(
        r"\theta^k = \theta_0 + <size>\, e_k, \quad L(\theta^0) \le \dots \le L(\theta^n), \quad c = \tfrac1n \sum_{k<n} \theta^k",
        r"\theta^n \leftarrow c + \alpha\, (c - \theta^n), \quad "
        r"\alpha = 1 \text{ (reflect)},\ 2 \text{ (expand)}",
        r"\alpha = \pm\tfrac12 \text{ (contract)}",
        r"\text{else shrink:}\quad \theta^k \leftarrow \tfrac12 (\theta^0 + \theta^k)",
    ),
    paper="Nelder & Mead 1965, Computer Journal 7(4), fig. 1; Lagarias et al. 1998, SIAM J. Optim. 9(1), section 2",
    strengths="Asks for no gradient: kinks, plateaus and black boxes are all the same to it.",
    weaknesses="Knows nothing of slopes, so it is slow in more than a few dimensions, and it can stall at points that are no minimum.",
    honest="Flattered: a triangle is a small simplex. With every further dimension it needs many more evaluations.",
    power=2,  # the centroid is summed anew over all corners
    more="2 to stretch or contract, n + 2 to shrink; and the best corner, which is the iterate, does not move at every flip",
    gradient_free=True,
    shows=(
        Shown("simplex", "simplex", r"\theta^0, \dots, \theta^n", "polygon", corners, always=True),
        TRIAL,
        curves("size", "longest edge", "", "size of the simplex", across),
        number("best", lambda s: heights(s)[:, 0]),
        number("worst", lambda s: heights(s)[:, -1]),
        Shown(
            "asks",
            "",
            "",
            "word",
            lambda s: np.where(s["asked"] < 0.0, -s["asked"], 0.0 * s["asked"]),
            options=(
                "it asks for the height of a corner",
                "it reflects its worst corner",
                "that went well: it goes twice as far",
                "that went badly: it tries half as far",
                "that went worse: it tries inside itself",
            ),
        ),
    ),
    says=("its corners are at heights from {best} to {worst}", "{asks}"),
    vectors=("theta", "reflected", "centroid", "values", "last value", "vertex 0"),  # n + 1 values take two vectors
    matrices=("vertices 1 to n",),
    scalars=("asked", "reflection", "steps"),
    looks_ahead=True,
)
