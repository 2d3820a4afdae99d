"""NAdam: Adam with Nesterov's look-ahead folded into its mean. Dozat 2016, with the momentum schedule as in PyTorch."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Hyper, Optimizer, betas, guard, learning_rate
from optimizers.shown import corrected, curves, effective_rate, number


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, v, c2, cooling, power, product = state[:n], state[n : 2 * n], state[2 * n], state[2 * n + 1], state[2 * n + 2], state[2 * n + 3]
    step_m, step_g, correction = state[2 * n + 4], state[2 * n + 5], state[2 * n + 6]
    lr, beta1, beta2, eps, psi = hypers[0], hypers[1], hypers[2], hypers[3], hypers[4]
    if t == 0:
        for b in range(lanes):
            cooling[b] = 0.96 ** psi[b]
            power[b], product[b] = cooling[b], 1.0
    for b in range(lanes):
        c2[b] = beta2[b] * c2[b] + (1.0 - beta2[b])
        mu = beta1[b] * (1.0 - 0.5 * power[b])
        power[b] *= cooling[b]  # 0.96 ** ((t + 1) psi)
        mu_next = beta1[b] * (1.0 - 0.5 * power[b])
        product[b] *= mu
        # one division for all three corrections, as in Adam
        c_g, c_m = 1.0 - product[b], 1.0 - product[b] * mu_next
        inverse = 1.0 / (c_g * c_m * c2[b])
        step_g[b] = lr[b] * (1.0 - mu) * inverse * c_m * c2[b]
        step_m[b] = lr[b] * mu_next * inverse * c_g * c2[b]
        correction[b] = inverse * c_g * c_m
    for i in range(n):
        for b in range(lanes):
            m[i, b] = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            v[i, b] = beta2[b] * v[i, b] + (1.0 - beta2[b]) * g[i, b] * g[i, b]
            x[i, b] -= (step_m[b] * m[i, b] + step_g[b] * g[i, b]) / (np.sqrt(correction[b] * v[i, b]) + eps[b])


NADAM = Optimizer(
    key="nadam",
    name="NAdam",
    summary="Adam that gives the newest gradient extra weight, as Nesterov's step does: it turns a little earlier.",
    rule=rule,
    hypers=(
        learning_rate(2e-3), *betas(), guard(1e-8),
        Hyper("momentum_decay", "warm-up of the momentum", r"\psi", 4e-3, 1e-4, 1.0, "log",
              help="The momentum rises from about half of beta 1 to all of it, in some 25 / this ticks."),
        PENALTY,
    ),
    formula=(
        r"\mu_t = <beta1>\, (1 - \tfrac12\, 0.96^{t <momentum_decay>})",
        r"m_t = <beta1>\, m_{t-1} + (1 - <beta1>)\, g_t, \quad v_t = <beta2>\, v_{t-1} + (1 - <beta2>)\, g_t^2",
        r"\hat m_t = \frac{\mu_{t+1}\, m_t}{1 - \prod_{s \le t+1} \mu_s} + \frac{(1 - \mu_t)\, g_t}{1 - \prod_{s \le t} \mu_s}",
        r"\theta_t = \theta_{t-1} - <lr>\, \frac{\hat m_t}{\sqrt{v_t / (1 - <beta2>^t)} + <eps>}",
    ),
    paper="Dozat 2016, Incorporating Nesterov Momentum into Adam, ICLR workshop, section 2: the algorithm Nadam",
    strengths="Overshoots less than Adam at the same rate, for the same memory.",
    weaknesses="The look-ahead is one along Adam's own rescaled step: none of Nesterov's guarantees come with it.",
    honest="The earlier turn shows. Its reported gains are those of large nets and cannot show in two dimensions.",
    vectors=("m", "v"),
    shows=(
        curves("m", "m", "m_t", "m: mean of gradients"),
        curves("v", "before its correction", "v_t", "v: mean of squared gradients", dashed=True),
        curves("v_hat", "v corrected", r"v_t / (1 - \beta_2^t)", "v: mean of squared gradients", lambda s: corrected(s, "v", "beta2")),
        curves("rate", "rate", r"\eta / (\sqrt{\hat v_t} + \epsilon)", "effective rate",
               lambda s: effective_rate(s.lr, corrected(s, "v", "beta2"), s.values)),
        number("share_m", lambda s: s.column("step of m")[:, 0] / s.lr[:, 0]),
        number("share_g", lambda s: s.column("step of g")[:, 0] / s.lr[:, 0]),
    ),
    says=("the last step is {share_m} times m {m} and {share_g} times the newest gradient, at a rate of {rate}",),
    scalars=("1 - beta2^t", "0.96^psi", "0.96^(t psi)", "product of mu", "step of m", "step of g", "v correction"),
)  # fmt: skip
