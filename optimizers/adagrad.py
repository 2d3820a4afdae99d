"""AdaGrad (diagonal): Duchi, Hazan & Singer 2011. The sum starts at 0."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Optimizer, epsilon, learning_rate
from optimizers.shown import curves, effective_rate


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    G, lr, eps, inside = state, hypers[0], hypers[1], hypers[2]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            G[i, b] += g[i, b] * g[i, b]
        for b in range(x.shape[1]):
            x[i, b] -= lr[b] * g[i, b] / (np.sqrt(G[i, b] + inside[b] * eps[b]) + (1.0 - inside[b]) * eps[b])


ADAGRAD = Optimizer(
    key="adagrad",
    name="AdaGrad",
    summary="Gives each coordinate its own rate, which only ever shrinks.",
    rule=rule,
    hypers=(learning_rate(0.5), *epsilon(1e-8, "G_{t+1}"), PENALTY),
    formula=(r"G_{t+1} = G_t + g_t^2", r"\theta_{t+1} = \theta_t - <lr>\, \frac{g_t}{<eps_inside>}"),
    paper="Duchi, Hazan & Singer 2011, JMLR 12, fig. 1 (diagonal)",
    strengths="Rare features keep a large rate; a ravine along the axes is no ravine to it.",
    weaknesses="Its rate falls like 1 / sqrt(t) on an even slope, and one steep place at the start is never forgotten: on the landscape "
    "Long strip it stalls at a rate with which RMSProp arrives.",
    honest="The stall shows in full. The gain from rare features takes data that has them: see the landscape Rare feature.",
    vectors=("G",),
    shows=(
        curves("G", "sum of squares", "G_t", "G: sum of squared gradients"),
        curves("rate", "rate", r"\eta / (\sqrt{G_t} + \epsilon)", "effective rate", lambda s: effective_rate(s.lr, s["G"], s.values)),
    ),
    says=("the squared gradients so far sum to {G}", "that leaves each coordinate a rate of {rate}"),
)
