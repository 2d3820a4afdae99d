"""Gauss-Newton, Levenberg-Marquardt, natural gradient and K-FAC: one rule, solve(C + lambda I, g); they differ in the curvature C.

C is never negative (Gauss-Newton matrix, Fisher matrix, Kronecker products of positive factors), so LDL' needs no pivots. A direction
without slope gets no step; with slope and without curvature an infinite one: a singular C without damping diverges, and says so.
"""

import numpy as np
from numba import int64, void

from landscape.kernel import CUBE, MATRIX, RULE, deferred
from optimizers.newton import DAMPING, falls
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import TRIAL, Seen, Shown, arrow, coming, curves, number, quadratic


@deferred(void(CUBE, MATRIX, int64))
def solve(a, r, b):
    """Overwrites r with the solution p of a p = r, and a with its factors (Golub & Van Loan 2013, algorithm 4.1.2)."""
    n = r.shape[0]
    for j in range(n):
        for k in range(j):
            a[j, j, b] -= a[j, k, b] * a[j, k, b] * a[k, k, b]
        for i in range(j + 1, n):
            for k in range(j):
                a[i, j, b] -= a[i, k, b] * a[j, k, b] * a[k, k, b]
            a[i, j, b] = a[i, j, b] / a[j, j, b] if a[i, j, b] != 0.0 else 0.0
    for i in range(n):
        for k in range(i):
            r[i, b] -= a[i, k, b] * r[k, b]
    for i in range(n - 1, -1, -1):
        r[i, b] = r[i, b] / a[i, i, b] if r[i, b] != 0.0 else 0.0
        for k in range(i + 1, n):
            r[i, b] -= a[k, i, b] * r[k, b]


@deferred(RULE)
def preconditioned(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    lr, damping = hypers[0], hypers[1]
    for b in range(lanes):
        for i in range(n):
            h[i, i, b] += damping[b]
        solve(h, g, b)
        for i in range(n):
            x[i, b] -= lr[b] * g[i, b]


@deferred(RULE)
def levenberg_marquardt(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    theta, g0, C, at = state[:n], state[n : 2 * n], state[2 * n : (2 + n) * n], (2 + n) * n
    loss, damping, steps = state[at], state[at + 1], state[at + 2]
    factor, scaled = hypers[1], hypers[2]
    for b in range(lanes):
        if t == 0:
            damping[b] = hypers[0, b]
        begins = steps[b] == 0.0
        better = begins or f[b] <= loss[b]
        if not begins:
            damping[b] *= 1.0 / factor[b] if better else factor[b]
        steps[b] = 0.5 if begins else np.floor(steps[b]) + 1.0  # a trial that fails counts as a step, too
        if better:
            loss[b] = f[b]
            for i in range(n):
                theta[i, b], g0[i, b] = x[i, b], g[i, b]
                for j in range(n):
                    C[i * n + j, b] = h[i, j, b]
        for i in range(n):
            g[i, b] = g0[i, b]
            for j in range(n):
                h[i, j, b] = C[i * n + j, b]
            h[i, i, b] += damping[b] * (h[i, i, b] if scaled[b] else 1.0)
        solve(h, g, b)
        for i in range(n):
            x[i, b] = theta[i, b] - g[i, b]


def modelled(kind: str, name: str, symbol: str) -> tuple[Shown, ...]:
    """The quadratic that a curvature matrix and its damping make, around the point that it steps to."""

    def damped(s: Seen) -> np.ndarray:
        return s.matrix(kind) + s.values["damping"] * np.eye(s.path.shape[1])

    return (Shown("model", name, symbol, "model", lambda s: quadratic(s, damped(s)), dashed=True),)


GAUSS_NEWTON = Optimizer(
    key="gauss_newton",
    name="Gauss-Newton",
    summary="Newton for least squares without second derivatives: it jumps to where the linearised residuals are smallest.",
    rule=preconditioned,
    hypers=(learning_rate(1.0), DAMPING),
    formula=(r"\theta_{t+1} = \theta_t - <lr>\, (C_t + <damping>\, I)^{-1} g_t, \quad C_t = \text{mean of } J^\top \ell'' J",),
    paper="Nocedal & Wright 2006, eq. 10.23",
    strengths="Never climbs towards a saddle: its curvature is never negative. As fast as Newton where the residuals end small.",
    weaknesses="Only for sums of squares and other losses of a model's output; overshoots where they bend, diverges where J loses rank.",
    honest="True to life for curve fits, which have few weights. The price of n^2 numbers and n^3 work shows only in large nets.",
    power=3,
    curvature="gauss_newton",
    shows=modelled("gauss_newton", "Gauss-Newton model", "C_t"),
    says=("the gradient is {g}; its model takes it by {step}",),
)


def _damped(s: Seen) -> np.ndarray:
    """C + lambda I, or C + lambda diag C, (steps + 1, n, n)."""
    C = s["C"]
    unit = np.eye(C.shape[1])
    return C + s["damping"][:, None, None] * (C * unit if s.values["scaled"] else unit)


LEVENBERG_MARQUARDT = Optimizer(
    key="levenberg_marquardt",
    name="Levenberg-Marquardt",
    summary="Gauss-Newton that turns towards gradient descent, with shorter steps, whenever a step fails.",
    rule=levenberg_marquardt,
    hypers=(
        Hyper("damping", "first damping", r"\lambda_0", 1e-2, 1e-6, 1e3, "log", (1e-300, 1e12), help="Large: a short step downhill."),
        Hyper("factor", "factor", r"\nu", 10.0, 1.5, 100.0, "log", (1.0, 1e6),
              help="The damping is divided by this after a success and multiplied by it after a failure."),
        Hyper("scaled", "what is damped", "", 0, 0, 1, "switch", (0, 1),
              help="Marquardt's scaling makes the path independent of the parameters' units.",
              options=("all directions alike (Levenberg)", "in units of the curvature (Marquardt)"),
              forms=("I", r"\mathrm{diag}\, C_t")),
    ),
    formula=(
        r"p_t = -(C_t + \lambda_t <scaled>)^{-1} g_t, \quad \lambda_0 = <damping>, \quad C_t = \text{mean of } J^\top \ell'' J",
        r"L(\theta_t + p_t) \le L(\theta_t):\ \theta_{t+1} = \theta_t + p_t,\ \lambda_{t+1} = \lambda_t / <factor>; "
        r"\quad \text{else } \lambda_{t+1} = <factor> \lambda_t",
    ),
    paper="Marquardt 1963, J. SIAM 11(2), pp. 431-441; Nocedal & Wright 2006, eq. 10.34",
    strengths="The standard for curve fitting: the loss never rises, and near the end it is Gauss-Newton.",
    weaknesses="Only for sums of squares and other losses of a model's output; every failed trial is an evaluation.",
    honest="True to life: its home is the curve fit with few weights.",
    power=3,
    more="a step that fails is tried again with more damping",
    shows=(
        Shown("model", "damped Gauss-Newton model", "C_t", "model", lambda s: quadratic(s, _damped(s), s["g"]), dashed=True),
        arrow("step", "step it tries", "p_t", lambda s: (s.path, coming(s.queries) - s.path)),
        TRIAL,
        curves("damping", "damping", r"\lambda_t", "damping lambda"),
        number("falls", falls),
    ),
    says=("damping {damping}", "it tries {step}, where the loss falls by {falls}"),
    vectors=("theta", "g"),
    matrices=("C",),
    scalars=("loss", "damping", "steps"),
    looks_ahead=True,
    curvature="gauss_newton",
)  # fmt: skip

NATURAL_GRADIENT = Optimizer(
    key="natural_gradient",
    name="Natural gradient",
    summary="Steepest descent as the model's distribution sees it: the path does not depend on how the parameters are written.",
    rule=preconditioned,
    hypers=(learning_rate(0.1), DAMPING),
    formula=(r"\theta_{t+1} = \theta_t - <lr>\, (F_t + <damping>\, I)^{-1} g_t, \quad F_t = \text{the model's Fisher matrix}",),
    paper="Amari 1998, Neural Computation 10(2), theorem 1",
    strengths="Reparametrise the model and, to first order in lr, its path stays.",
    weaknesses="Needs a loss that is a likelihood, n^2 numbers and n^3 work a step; damping brings the parameters' units back in.",
    honest="Its path is true. The price of a Fisher matrix, n^2 numbers and n^3 work a step, is next to nothing for two weights.",
    power=3,
    curvature="fisher",
    shows=modelled("fisher", "model with the Fisher matrix", "F_t"),
    says=("the gradient is {g}; its model takes it by {step}",),
)

KFAC = Optimizer(
    key="kfac",
    name="K-FAC",
    summary="Natural gradient with each layer's Fisher matrix taken as a product of two small ones.",
    rule=preconditioned,
    hypers=(learning_rate(0.1), Hyper("damping", "damping", r"\lambda", 1e-2, 1e-6, 1e3, "log", help="Added to every curvature.")),
    formula=(r"\theta_{t+1} = \theta_t - <lr>\, (\breve F_t + <damping>\, I)^{-1} g_t, \quad \breve F_t = \text{blocks } A \otimes G",),
    paper="Martens & Grosse 2015, arXiv:1503.05671, sections 3 and 4.2; damped as a whole, not by factors (their section 6.3)",
    strengths="Two small matrices a layer stand for one with the square of its weights: the natural gradient for nets.",
    weaknesses="The product is an approximation, and it needs layers. Here the small matrices are multiplied out, to be shown, "
    "and it pays n^3; kept apart, for a square layer of n weights, it would be n^1.5.",
    honest="Its advantage, two small matrices instead of a huge one, cannot show on two weights: here it is a natural gradient "
    "with an error.",
    power=3,
    curvature="kronecker",
    shows=modelled("kronecker", "model with Kronecker factors", r"\breve F_t"),
    says=("the gradient is {g}; its model takes it by {step}",),
)
