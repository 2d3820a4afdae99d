"""RMSProp: Tieleman & Hinton 2012. The mean of squares starts at 0 and is not corrected for it."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Hyper, Optimizer, epsilon, learning_rate
from optimizers.shown import curves, effective_rate


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    v, lr, alpha, eps, inside = state, hypers[0], hypers[1], hypers[2], hypers[3]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            v[i, b] = alpha[b] * v[i, b] + (1.0 - alpha[b]) * g[i, b] * g[i, b]
        for b in range(x.shape[1]):
            x[i, b] -= lr[b] * g[i, b] / (np.sqrt(v[i, b] + inside[b] * eps[b]) + (1.0 - inside[b]) * eps[b])


RMSPROP = Optimizer(
    key="rmsprop",
    name="RMSProp",
    summary="AdaGrad that forgets: each coordinate's step is about lr, whatever the slope.",
    rule=rule,
    hypers=(
        learning_rate(1e-2),
        Hyper("alpha", "decay of the squares", r"\alpha", 0.9, 0.0, 0.9999, "complement", (0.0, 1.0),
              help="The share of the old mean of squares that is kept (PyTorch's default is 0.99)."),
        *epsilon(1e-8, "v_{t+1}"),
        PENALTY,
    ),
    formula=(r"v_{t+1} = <alpha>\, v_t + (1 - <alpha>)\, g_t^2", r"\theta_{t+1} = \theta_t - <lr>\, \frac{g_t}{<eps_inside>}"),
    paper="Tieleman & Hinton 2012, Coursera Neural Networks lecture 6e, slide 29",
    strengths="Keeps its pace on long valleys and plateaus, where AdaGrad stalls.",
    weaknesses="Never settles at a fixed rate: near the minimum it hops about with steps of about lr.",
    honest="In part: a ravine along the axes flatters it, so rotate it. That one rate serves weights of a thousand scales cannot "
    "show on two.",
    vectors=("v",),
    shows=(
        curves("v", "mean of squares", "v_t", "v: mean of squared gradients"),
        curves("rate", "rate", r"\eta / (\sqrt{v_t} + \epsilon)", "effective rate", lambda s: effective_rate(s.lr, s["v"], s.values)),
    ),
    says=("squared gradients are {v} in the mean: a rate of {rate}",),
)  # fmt: skip
