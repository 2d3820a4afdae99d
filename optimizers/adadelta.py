"""Adadelta: Zeiler 2012. Both means start at 0; eps stands inside both roots."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Hyper, Optimizer, guard, learning_rate
from optimizers.shown import curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    v, u, lr, rho, eps = state[:n], state[n:], hypers[0], hypers[1], hypers[2]
    for i in range(n):
        for b in range(lanes):
            v[i, b] = rho[b] * v[i, b] + (1.0 - rho[b]) * g[i, b] * g[i, b]
            delta = np.sqrt((u[i, b] + eps[b]) / (v[i, b] + eps[b])) * g[i, b]  # RMS[delta] / RMS[g], with one root
            u[i, b] = rho[b] * u[i, b] + (1.0 - rho[b]) * delta * delta
            x[i, b] -= lr[b] * delta


def _before(u: np.ndarray) -> np.ndarray:
    """One tick earlier; it starts at 0."""
    return np.concatenate([u[:1], np.zeros_like(u[:1]), u[1:-1]])[: len(u)]


ADADELTA = Optimizer(
    key="adadelta",
    name="Adadelta",
    summary="RMSProp that takes its rate from its own recent steps: it creeps off, then gathers pace.",
    rule=rule,
    hypers=(
        learning_rate(1.0),
        Hyper("rho", "decay of the squares", r"\rho", 0.9, 0.0, 0.9999, "complement", (0.0, 1.0),
              help="The share of the old means of squares, of gradients and of steps, that is kept."),
        guard(1e-6),
        PENALTY,
    ),
    formula=(
        r"v_{t+1} = <rho>\, v_t + (1 - <rho>)\, g_t^2, \quad \Delta_t = \sqrt{\frac{u_t + <eps>}{v_{t+1} + <eps>}}\; g_t",
        r"u_{t+1} = <rho>\, u_t + (1 - <rho>)\, \Delta_t^2, \quad \theta_{t+1} = \theta_t - <lr>\, \Delta_t",
    ),
    paper="Zeiler 2012, arXiv:1212.5701, algorithm 1 and eq. 14 (lr = 1; the factor is PyTorch's)",
    strengths="Needs no rate: steps are measured by the steps before, and so have the coordinate's own units.",
    weaknesses="Epsilon is its real rate: the first steps are about its root, and on a small landscape the start takes hundreds of ticks.",
    honest="In full: what sets its pace is each coordinate's own history.",
    vectors=("v", "u"),
    shows=(
        curves("v", "mean square of gradients", "v_t", "mean squares: v of gradients, u of steps"),
        curves("u", "mean square of steps", "u_t", "mean squares: v of gradients, u of steps", dashed=True),
        curves("rate", "rate", r"\eta \sqrt{u_{t-1} + \epsilon} / \sqrt{v_t + \epsilon}", "effective rate",
               lambda s: s.lr * np.sqrt((_before(s["u"]) + s.values["eps"]) / (s["v"] + s.values["eps"]))),
    ),
    says=("root mean square of its steps over that of the gradients: a rate of {rate}",),
)  # fmt: skip
