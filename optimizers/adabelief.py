"""AdaBelief: Adam that measures how far a gradient is from what was expected, not how large it is. Zhuang et al. 2020, algorithm 2."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Optimizer, betas, guard, learning_rate
from optimizers.shown import corrected, curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, s, c1, c2, step, correction = (
        state[:n],
        state[n : 2 * n],
        state[2 * n],
        state[2 * n + 1],
        state[2 * n + 2],
        state[2 * n + 3],
    )
    lr, beta1, beta2, eps = hypers[0], hypers[1], hypers[2], hypers[3]
    for b in range(lanes):
        c1[b] = beta1[b] * c1[b] + (1.0 - beta1[b])
        c2[b] = beta2[b] * c2[b] + (1.0 - beta2[b])
        inverse = 1.0 / (c1[b] * c2[b])
        step[b] = inverse * c2[b] * lr[b]
        correction[b] = inverse * c1[b]
    for i in range(n):
        for b in range(lanes):
            m[i, b] = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            surprise = g[i, b] - m[i, b]
            s[i, b] = beta2[b] * s[i, b] + (1.0 - beta2[b]) * surprise * surprise + eps[b]
            x[i, b] -= step[b] * m[i, b] / (np.sqrt(correction[b] * s[i, b]) + eps[b])


ADABELIEF = Optimizer(
    key="adabelief",
    name="AdaBelief",
    summary="Adam that strides out where gradients come as expected and steps short where they surprise.",
    rule=rule,
    hypers=(learning_rate(1e-3), *betas(), guard(1e-16, low=1e-20)),
    formula=(
        r"m_{t+1} = <beta1>\, m_t + (1 - <beta1>)\, g_t, \quad s_{t+1} = <beta2>\, s_t + (1 - <beta2>)\, (g_t - m_{t+1})^2 + <eps>",
        r"\hat m_{t+1} = \frac{m_{t+1}}{1 - <beta1>^{t+1}}, \quad \hat s_{t+1} = \frac{s_{t+1}}{1 - <beta2>^{t+1}}",
        r"\theta_{t+1} = \theta_t - <lr>\, \frac{\hat m_{t+1}}{\sqrt{\hat s_{t+1}} + <eps>}",
    ),
    paper="Zhuang et al. 2020, arXiv:2010.07468, algorithm 2 (epsilon 1e-16 as in the authors' code)",
    strengths="On a long even slope the surprise fades and its steps grow beyond lr, where Adam's never do.",
    weaknesses="Where the slope stays exactly the same nothing but epsilon bounds the step: it can shoot far past the end of a plain.",
    honest="Its long strides show. Its advantage, doing better on new data than Adam, cannot show in two dimensions.",
    vectors=("m", "s"),
    shows=(
        curves("m_hat", "m corrected", r"\hat m_t", "m: what gradient it expects", lambda s: corrected(s, "m", "beta1")),
        curves("s_hat", "s corrected", r"\hat s_t", "s: mean squared surprise", lambda s: corrected(s, "s", "beta2")),
        curves(
            "rate",
            "rate",
            r"\eta / (\sqrt{\hat s_t} + \epsilon)",
            "effective rate",
            lambda s: s.lr / (np.sqrt(corrected(s, "s", "beta2")) + s.values["eps"]),
        ),
    ),
    says=("it expected a gradient near {m_hat}; the mean squared surprise is {s_hat}: a rate of {rate}",),
    scalars=("1 - beta1^t", "1 - beta2^t", "step", "s correction"),
)
