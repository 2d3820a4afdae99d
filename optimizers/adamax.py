"""AdaMax: Adam with the largest recent gradient in the place of the root of the mean square. Kingma & Ba 2015, section 7.1."""

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Optimizer, betas, guard, learning_rate
from optimizers.shown import corrected, curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, u, c1, step = state[:n], state[n : 2 * n], state[2 * n], state[2 * n + 1]
    lr, beta1, beta2, eps = hypers[0], hypers[1], hypers[2], hypers[3]
    for b in range(lanes):
        c1[b] = beta1[b] * c1[b] + (1.0 - beta1[b])
        step[b] = lr[b] / c1[b]  # u needs no correction
    for i in range(n):
        for b in range(lanes):
            m[i, b] = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            u[i, b] = max(beta2[b] * u[i, b], abs(g[i, b]) + eps[b])
            x[i, b] -= step[b] * m[i, b] / u[i, b]


ADAMAX = Optimizer(
    key="adamax",
    name="AdaMax",
    summary="Adam that measures a coordinate by its largest recent gradient: no step is longer than about lr.",
    rule=rule,
    hypers=(learning_rate(2e-3), *betas(), guard(1e-8), PENALTY),
    formula=(
        r"m_{t+1} = <beta1>\, m_t + (1 - <beta1>)\, g_t, \quad u_{t+1} = \max(<beta2>\, u_t,\; |g_t| + <eps>)",
        r"\theta_{t+1} = \theta_t - \frac{<lr>}{1 - <beta1>^{t+1}}\, \frac{m_{t+1}}{u_{t+1}}",
    ),
    paper="Kingma & Ba 2015, arXiv:1412.6980, algorithm 2 and eq. 12 (the paper has no epsilon, PyTorch adds it to |g|)",
    strengths="A single huge gradient shortens the steps at once; the scale needs no bias correction and no square root.",
    weaknesses="It remembers that gradient for some 1 / (1 - beta 2) ticks: after a cliff it crawls.",
    honest="In full: the bound on its steps and the long memory of a large gradient are each coordinate's own.",
    vectors=("m", "u"),
    shows=(
        curves("m", "before its correction", "m_t", "m: mean of gradients", dashed=True),
        curves("m_hat", "m corrected", r"\hat m_t", "m: mean of gradients", lambda s: corrected(s, "m", "beta1")),
        curves("u", "largest", "u_t", "u: largest recent gradient"),
        curves("rate", "rate", r"\eta / u_t", "effective rate", lambda s: s.lr / s["u"]),
    ),
    says=("the largest recent gradients are {u}: a rate of {rate}",),
    scalars=("1 - beta1^t", "step"),
)
