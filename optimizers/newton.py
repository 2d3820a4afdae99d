"""Newton's method, plain, damped and saddle-free, and trust-region Newton: what the Hessian's eigenvalues say of a step.

In the eigenvectors v_k of the Hessian a step is a number each, -(v_k . g) over a curvature: lambda_k + damping (Newton), its modulus
(saddle-free: Dauphin et al. 2014, arXiv:1406.2572), lambda_k + mu (trust region: Nocedal & Wright 2006, section 4.3).
A direction without slope gets no step. A direction with slope and without curvature gets an infinite one: on a singular Hessian plain
Newton diverges, and says so; damping is the remedy, and the user's choice.
"""

import math

import numpy as np
from numba import int64, void

from landscape.kernel import CUBE, MATRIX, RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import TRIAL, Seen, Shown, arrow, coming, curves, eigenvalues, number, quadratic


@deferred(void(CUBE, MATRIX, int64))
def eigen(a, v, b):
    """Cyclic Jacobi (Golub & Van Loan 2013, algorithms 8.5.1-8.5.3): leaves eigenvalues on the diagonal of a, eigenvectors as columns of v.

    For n = 2 it is one rotation, the closed form.
    """
    n = v.shape[0]
    for i in range(n):
        for j in range(n):
            v[i, j] = 1.0 if i == j else 0.0
    for _ in range(50):
        turned = False
        for p in range(n - 1):
            for q in range(p + 1, n):
                if not abs(a[p, q, b]) > 1e-18 * (abs(a[p, p, b]) + abs(a[q, q, b])):
                    continue
                turned = True
                tau = (a[q, q, b] - a[p, p, b]) / (2.0 * a[p, q, b])
                t = (1.0 if tau >= 0.0 else -1.0) / (abs(tau) + math.sqrt(1.0 + tau * tau))
                c = 1.0 / math.sqrt(1.0 + t * t)
                s = t * c
                for k in range(n):
                    a[k, p, b], a[k, q, b] = c * a[k, p, b] - s * a[k, q, b], s * a[k, p, b] + c * a[k, q, b]
                for k in range(n):
                    a[p, k, b], a[q, k, b] = c * a[p, k, b] - s * a[q, k, b], s * a[p, k, b] + c * a[q, k, b]
                    v[k, p], v[k, q] = c * v[k, p] - s * v[k, q], s * v[k, p] + c * v[k, q]
                a[p, q, b], a[q, p, b] = 0.0, 0.0
        if not turned:
            break


@deferred(RULE)
def newton(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    lr, damping, absolute = hypers[0], hypers[1], hypers[2]
    v = np.empty((n, n), dtype=x.dtype)
    for b in range(lanes):
        eigen(h, v, b)
        for k in range(n):
            slope = 0.0
            for i in range(n):
                slope += v[i, k] * g[i, b]
            if slope != 0.0:
                curvature = abs(h[k, k, b]) if absolute[b] else h[k, k, b]
                step = lr[b] * slope / (curvature + damping[b])
                for i in range(n):
                    x[i, b] -= step * v[i, k]


@deferred(RULE)
def trust_region(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    theta, g0, H, at = state[:n], state[n : 2 * n], state[2 * n : (2 + n) * n], (2 + n) * n
    loss, radius, predicted, length = state[at], state[at + 1], state[at + 2], state[at + 3]
    steps, largest, eta = state[at + 4], hypers[1], hypers[2]
    v = np.empty((n, n), dtype=x.dtype)
    for b in range(lanes):
        rho = math.inf
        if t == 0:
            radius[b] = hypers[0, b]
        if steps[b] == 0.0:
            steps[b] = 0.5
        else:
            steps[b] = math.floor(steps[b]) + 1.0  # algorithm 4.1 counts a trial that fails as a step, too
            rho = (loss[b] - f[b]) / predicted[b]
            if rho < 0.25:
                radius[b] *= 0.25
            elif rho > 0.75 and length[b] >= (1.0 - 1e-9) * radius[b]:
                radius[b] = min(2.0 * radius[b], largest[b])
        if rho > eta[b]:
            loss[b] = f[b]
            for i in range(n):
                theta[i, b], g0[i, b] = x[i, b], g[i, b]
                for j in range(n):
                    H[i * n + j, b] = h[i, j, b]
        for i in range(n):
            for j in range(n):
                h[i, j, b] = H[i * n + j, b]
        eigen(h, v, b)
        least = math.inf
        for k in range(n):
            least = min(least, h[k, k, b])
            g[k, b] = 0.0
            for i in range(n):
                g[k, b] += v[i, k] * g0[i, b]  # from here on the slope along v_k
        # nu = mu + least. No coordinate of the step may be longer than the radius: where |p| is not less, Newton climbs from below.
        nu = max(least, 0.0)
        for k in range(n):
            nu = max(nu, abs(g[k, b]) / radius[b] - (h[k, k, b] - least))
        norm = 0.0
        for _ in range(60):
            square, falls = 0.0, 0.0
            for k in range(n):
                if g[k, b] != 0.0:
                    stiff = h[k, k, b] - least + nu
                    square += (g[k, b] / stiff) ** 2
                    falls += (g[k, b] / stiff) ** 2 / stiff
            norm = math.sqrt(square)
            if not norm > radius[b] * (1.0 + 1e-14):
                break
            nu += square / falls * (norm - radius[b]) / radius[b]  # eq. 4.44
        # the hard case, eq. 4.45: no slope along the most negative curvature, so it leaves that way as far as it may
        rest = math.sqrt(radius[b] ** 2 - norm**2) if least < 0.0 and nu == 0.0 else 0.0
        length[b], predicted[b] = math.hypot(norm, rest), 0.0
        for i in range(n):
            x[i, b] = theta[i, b]
        for k in range(n):
            step = -g[k, b] / (h[k, k, b] - least + nu) if g[k, b] != 0.0 else 0.0
            if h[k, k, b] == least:
                step, rest = step + rest, 0.0
            predicted[b] -= g[k, b] * step + 0.5 * h[k, k, b] * step * step
            for i in range(n):
                x[i, b] += step * v[i, k]


DAMPING = Hyper("damping", "damping", r"\lambda", 0.0, 1e-6, 1e3, "log",
                help="Added to every curvature: large, and the method becomes gradient descent with rate lr / damping.")  # fmt: skip


def used(s: Seen) -> np.ndarray:
    """The matrix that Newton divides by: the Hessian, or its modulus, damped. (steps + 1, n, n)"""
    H = s.matrix("hessian")
    if s.values["absolute"]:
        values, v = np.linalg.eigh(np.nan_to_num(H, posinf=0.0, neginf=0.0))
        H = v * np.abs(values)[:, None, :] @ np.swapaxes(v, 1, 2) + 0.0 * H  # 0 times what is not finite is NaN
    return H + s.values["damping"] * np.eye(H.shape[1])


def falls(s: Seen) -> np.ndarray:
    """How far the loss falls to the point that is asked at, (steps + 1,)."""
    return s["loss"] - s.problem.value(np.ascontiguousarray(coming(s.queries).T))


NEWTON = Optimizer(
    key="newton",
    name="Newton",
    summary="Jumps to the stationary point of the local quadratic model, be it a minimum or a saddle.",
    rule=newton,
    hypers=(
        learning_rate(1.0),
        DAMPING,
        Hyper("absolute", "negative curvature", "", 0, 0, 1, "switch", (0, 1),
              help="Saddle-free: along negative curvature it goes down instead of up.",
              options=("as it is (plain)", "its modulus (saddle-free)"), forms=("H_t", "|H_t|")),
    ),
    formula=(r"\theta_{t+1} = \theta_t - <lr>\, (<absolute> + <damping>\, I)^{-1} g_t, \quad H_t = \nabla^2 L(\theta_t)",),
    paper="Nocedal & Wright 2006, eq. 3.30; |H|: Dauphin et al. 2014, arXiv:1406.2572, section 4",
    strengths="Near a minimum it doubles the number of correct digits with every step, in any ravine.",
    weaknesses="Jumps onto saddles and maxima too; where the Hessian is singular its step is infinite.",
    honest="Its steps are true, its price is not: n^2 numbers and n^3 work a step are next to nothing for two weights.",
    power=3,
    shows=(
        Shown("model", "local quadratic model", r"H_t", "model", lambda s: quadratic(s, used(s)), dashed=True, always=True),
        number("curvatures", lambda s: eigenvalues(used(s)), "and"),
    ),
    says=("its model's curvatures are {curvatures}: the step to where the model is flat is {step}",),
    curvature="hessian",
)  # fmt: skip

TRUST_REGION = Optimizer(
    key="trust_region",
    name="Trust-region Newton",
    summary="Newton on a leash: the best point of the local model within a radius, which grows while the model is right.",
    rule=trust_region,
    hypers=(
        Hyper("radius", "first radius", r"\Delta_0", 1.0, 1e-3, 1e2, "log", (1e-12, 1e12), help="How far the first step may go."),
        Hyper("largest", "largest radius", r"\hat\Delta", 100.0, 1e-2, 1e3, "log", (1e-12, 1e12), help="The radius grows no further."),
        Hyper("eta", "acceptance", r"\eta", 0.15, 0.0, 0.24, "linear", (0.0, 0.25),
              help="A step is taken where the loss falls by more than this share of what the model promised."),
    ),
    formula=(
        r"p_t = \arg\min_{\|p\| \le \Delta_t}\; g_t^\top p + \tfrac12 p^\top H_t\, p, \quad \Delta_0 = <radius>",
        r"\rho_t = \frac{L(\theta_t) - L(\theta_t + p_t)}{-g_t^\top p_t - \frac12 p_t^\top H_t\, p_t}, \quad "
        r"\theta_{t+1} = \theta_t + p_t \ \text{ if } \rho_t > <eta>",
        r"\Delta_{t+1} = \tfrac14 \Delta_t \ \text{ if } \rho_t < \tfrac14, \quad "
        r"\min(2 \Delta_t, <largest>) \ \text{ if } \rho_t > \tfrac34 \text{ and } \|p_t\| = \Delta_t",
    ),
    paper="Nocedal & Wright 2006, algorithm 4.1, eqs. 4.8, 4.44, 4.45; Moré & Sorensen 1983, SIAM J. Sci. Stat. Comput. 4(3), section 3",
    strengths="Leaves saddles, needs no learning rate, and ends as fast as Newton's method; a step that fails costs one evaluation.",
    weaknesses="Takes a Hessian and its eigenvectors a step.",
    honest="The radius and the way off a saddle are true, the price is not: n^3 work a step is next to nothing for two weights.",
    power=3,
    more="a step that fails is tried again within a smaller radius",
    shows=(
        Shown("leash", "trust region", r"\Delta_t", "circle", lambda s: np.column_stack([s.path, s["radius"]]), always=True),
        Shown("model", "local quadratic model", "H_t", "model", lambda s: quadratic(s, s["H"], s["g"]), dashed=True, always=True),
        arrow("step", "step it tries", "p_t", lambda s: (s.path, coming(s.queries) - s.path), always=True),
        TRIAL,
        curves("radius", "radius", r"\Delta_t", "radius of the trust region"),
        curves("ratio", "true over promised fall", r"\rho_t", "rho: true fall over promised fall",
               lambda s: falls(s) / s["predicted"]),
        number("predicted", lambda s: s["predicted"]),
        number("falls", falls),
    ),
    says=("radius {radius}", "its model promises that the loss falls by {predicted}, and it falls by {falls}: rho {ratio}"),
    vectors=("theta", "g"),
    matrices=("H",),
    scalars=("loss", "radius", "predicted", "length", "steps"),
    looks_ahead=True,
    curvature="hessian",
)  # fmt: skip
