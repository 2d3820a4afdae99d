"""RAdam: Adam that does not trust its mean of squares until it has seen enough of them. Liu et al. 2020, algorithm 2.

The first rectified step is 6 with PyTorch's threshold and 5 with the paper's, for any beta 2 near 1.
"""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Hyper, Optimizer, betas, guard, learning_rate
from optimizers.shown import Seen, Shown, corrected, curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, v, c1, c2, step, trusted = state[:n], state[n : 2 * n], state[2 * n], state[2 * n + 1], state[2 * n + 2], state[2 * n + 3]
    lr, beta1, beta2, eps, paper = hypers[0], hypers[1], hypers[2], hypers[3], hypers[4]
    for b in range(lanes):
        c1[b] = beta1[b] * c1[b] + (1.0 - beta1[b])
        c2[b] = beta2[b] * c2[b] + (1.0 - beta2[b])
        rho_inf = 2.0 / (1.0 - beta2[b]) - 1.0
        rho = rho_inf - 2.0 * (t + 1.0) * (1.0 - c2[b]) / c2[b]
        r = np.sqrt((rho - 4.0) * (rho - 2.0) * rho_inf / ((rho_inf - 4.0) * (rho_inf - 2.0) * rho) * c2[b])
        trusted[b] = 1.0 if rho > (4.0 if paper[b] > 0.0 else 5.0) else 0.0
        step[b] = lr[b] * (r if trusted[b] > 0.0 else 1.0) / c1[b]
    for i in range(n):
        for b in range(lanes):
            m[i, b] = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            v[i, b] = beta2[b] * v[i, b] + (1.0 - beta2[b]) * g[i, b] * g[i, b]
            size = np.sqrt(v[i, b]) + eps[b]
            x[i, b] -= step[b] * m[i, b] / (size if trusted[b] > 0.0 else 1.0)


def _rectification(s: Seen) -> np.ndarray:
    """r_t, where rho_t is above 4: Liu et al. 2020, algorithm 2."""
    kept, largest = s.values["beta2"] ** s.t[:, 0], 2.0 / (1.0 - s.values["beta2"]) - 1.0
    rho = largest - 2.0 * s.t[:, 0] * kept / (1.0 - kept)
    return np.sqrt((rho - 4.0) * (rho - 2.0) * largest / ((largest - 4.0) * (largest - 2.0) * np.where(rho > 4.0, rho, np.nan)))


def _rate(s: Seen) -> np.ndarray:
    """What m_hat is multiplied by."""
    size = (np.sqrt(s["v"]) + s.values["eps"]) / np.sqrt(1.0 - s.values["beta2"] ** s.t)
    return s.lr * np.where(s.column("trusted") == 1.0, _rectification(s)[:, None] / size, 1.0 + 0.0 * size)


RADAM = Optimizer(
    key="radam",
    name="RAdam",
    summary="Momentum for the first few steps, then Adam with a rate that grows as its mean of squares settles.",
    rule=rule,
    hypers=(
        learning_rate(1e-3), *betas(), guard(1e-8),
        Hyper("threshold", "rectified when", "", 0, 0, 1, "switch", (0, 1), help="How many gradients the mean of squares must be worth.",
              options=("rho > 5 (PyTorch)", "rho > 4 (paper)"), forms=("5", "4")),
        PENALTY,
    ),
    formula=(
        r"\rho_\infty = \tfrac{2}{1 - <beta2>} - 1, \quad \rho_t = \rho_\infty - \tfrac{2 t\, <beta2>^t}{1 - <beta2>^t}, \quad "
        r"r_t = \sqrt{\tfrac{(\rho_t - 4)(\rho_t - 2)\, \rho_\infty}{(\rho_\infty - 4)(\rho_\infty - 2)\, \rho_t}}",
        r"\theta_t = \theta_{t-1} - <lr>\, \hat m_t \cdot \begin{cases} r_t \sqrt{1 - <beta2>^t}\, /\, (\sqrt{v_t} + <eps>) "
        r"& \rho_t > <threshold> \\ 1 & \text{otherwise} \end{cases}",
    ),
    paper="Liu et al. 2020, arXiv:1908.03265, algorithm 2 (epsilon is PyTorch's: outside the root of v before its correction)",
    strengths="Its warm-up is built in: while the mean of squares is worth little, it takes cautious steps.",
    weaknesses="Until then it steps by lr times the gradient, a leap where that is steep. Without noise there is nothing to distrust.",
    honest="Only with gradient noise, which it exists to distrust. Its advantage, the first steps of training a large net, cannot "
    "show in two dimensions.",
    vectors=("m", "v"),
    shows=(
        curves("r", "rectification", "r_t", "r: how far v is trusted", lambda s: _rectification(s)),
        Shown("first", "first rectified step", "", "mark", lambda s: np.flatnonzero(s["trusted"] == 1.0)[:1].astype(float),
              "r: how far v is trusted"),
        curves("m_hat", "m corrected", r"\hat m_t", "m: mean of gradients", lambda s: corrected(s, "m", "beta1")),
        curves("v_hat", "v corrected", r"v_t / (1 - \beta_2^t)", "v: mean of squared gradients", lambda s: corrected(s, "v", "beta2")),
        curves("rate", "rate", r"\eta r_t / \sqrt{\hat v_t}", "effective rate", lambda s: _rate(s)),
        Shown("phase", "", "", "word", lambda s: s["trusted"], options=(
            "v is not trusted yet: the step is lr times m-hat", "v is trusted: the step is rectified")),
    ),
    says=("{phase}", "r is {r}", "a rate of {rate}"),
    scalars=("1 - beta1^t", "1 - beta2^t", "step", "trusted"),
)  # fmt: skip
