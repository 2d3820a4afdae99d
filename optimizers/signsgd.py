"""signSGD and, with momentum, Signum: Bernstein et al. 2018."""

from dataclasses import replace

from landscape.kernel import RULE, deferred
from optimizers.momentum import MOMENTUM_FACTOR
from optimizers.optimizer import Optimizer, learning_rate
from optimizers.shown import curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    m, lr, beta = state, hypers[0], hypers[1]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            m[i, b] = beta[b] * m[i, b] + (1.0 - beta[b]) * g[i, b]
            x[i, b] -= lr[b] * (1.0 if m[i, b] > 0.0 else (-1.0 if m[i, b] < 0.0 else 0.0))


SIGNSGD = Optimizer(
    key="signsgd",
    name="signSGD",
    summary="Looks only at which way is down in each coordinate, not at how steep it is.",
    rule=rule,
    hypers=(
        learning_rate(1e-3),
        replace(MOMENTUM_FACTOR, default=0.0, help="Above 0 it is Signum: the sign of a mean of about 1 / (1 - momentum) gradients."),
    ),
    formula=(r"m_{t+1} = <momentum>\, m_t + (1 - <momentum>)\, g_t, \quad \theta_{t+1} = \theta_t - <lr>\; \mathrm{sign}(m_{t+1})",),
    paper="Bernstein et al. 2018, arXiv:1802.04434, algorithms 1 (signSGD) and 2 (Signum)",
    strengths="Plateaus and cliffs are the same to it: every step has the same length. The core of what Adam and Lion do.",
    weaknesses="Hops round the minimum at a distance of lr for ever.",
    honest="Its equal steps show. Its advantage, one bit a coordinate to send between machines, cannot show in two dimensions.",
    vectors=("m",),
    shows=(curves("m", "m", "m_t", "m: mean of gradients, whose sign decides"),),
    says=("the signs of {m} decide; the next step is {step}",),
    optional=(("m", "momentum"),),
)
