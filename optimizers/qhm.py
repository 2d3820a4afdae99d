"""Quasi-hyperbolic momentum: Ma & Yarats 2019, arXiv:1810.06801."""

from landscape.kernel import RULE, deferred
from optimizers.momentum import MOMENTUM_FACTOR
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    m, lr, beta, nu = state, hypers[0], hypers[1], hypers[2]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            m[i, b] = beta[b] * m[i, b] + (1.0 - beta[b]) * g[i, b]
            x[i, b] -= lr[b] * ((1.0 - nu[b]) * g[i, b] + nu[b] * m[i, b])


QHM = Optimizer(
    key="qhm",
    name="Quasi-hyperbolic momentum",
    summary="A step of plain gradient descent and one of momentum, mixed: it damps like the one and hurries like the other.",
    rule=rule,
    hypers=(
        learning_rate(1e-3),
        MOMENTUM_FACTOR,
        Hyper("nu", "share of momentum", r"\nu", 0.7, 0.0, 1.0, "linear", (0.0, 1.0),
              help="0 is gradient descent, 1 momentum as a mean; nu = momentum is Nesterov's method (section 4.2)."),
    ),
    formula=(
        r"m_{t+1} = <momentum>\, m_t + (1 - <momentum>)\, g_t",
        r"\theta_{t+1} = \theta_t - <lr>\, \left((1 - <nu>)\, g_t + <nu>\, m_{t+1}\right)",
    ),
    paper="Ma & Yarats 2019, arXiv:1810.06801, eqs. 3-4",
    strengths="One slider leads from gradient descent by way of Nesterov's method to momentum.",
    weaknesses="Its mean starts at zero and is not corrected; one number more to choose.",
    honest="In full: how it damps depends on each curvature by itself, in two dimensions as in millions.",
    vectors=("m",),
    shows=(curves("m", "m", "m_t", "m: mean of gradients"),),
    says=("mixes the gradient with its mean {m}: next step {step}",),
    optional=(("m", "nu"),),
)  # fmt: skip
