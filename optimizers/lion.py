"""Lion: the sign of a mean of gradients. Found by program search: Chen et al. 2023."""

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    m, lr, beta1, beta2 = state, hypers[0], hypers[1], hypers[2]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            c = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            x[i, b] -= lr[b] * (1.0 if c > 0.0 else (-1.0 if c < 0.0 else 0.0))
            m[i, b] = beta2[b] * m[i, b] + (1.0 - beta2[b]) * g[i, b]


LION = Optimizer(
    key="lion",
    name="Lion",
    summary="Every coordinate moves by exactly lr each step: the path runs along diagonals.",
    rule=rule,
    hypers=(
        learning_rate(1e-4),
        Hyper("beta1", "beta 1", r"\beta_1", 0.9, 0.0, 0.999, "complement", (0.0, 1.0),
              help="The share of the memory in the step; the newest gradient has the rest."),
        Hyper("beta2", "beta 2", r"\beta_2", 0.99, 0.0, 0.9999, "complement", (0.0, 1.0),
              help="The share of the old memory that is kept."),
    ),
    formula=(
        r"\theta_{t+1} = \theta_t - <lr>\; \mathrm{sign}\big(<beta1>\, m_t + (1 - <beta1>)\, g_t\big)",
        r"m_{t+1} = <beta2>\, m_t + (1 - <beta2>)\, g_t",
    ),
    paper="Chen et al. 2023, arXiv:2302.06675, algorithm 2 (its weight decay is this lab's decoupled decay, for every method)",
    strengths="One vector of memory to Adam's two, and no scale to estimate: steep or flat, the pace is the same.",
    weaknesses="Cannot settle at a fixed rate: it hops to and fro for ever.",
    honest="Its diagonal steps show. Its advantage, less memory in large models, cannot show in two dimensions.",
    vectors=("m",),
    shows=(curves("m", "m", "m_t", "m: mean of gradients"),),
    says=("its mean of gradients is {m}: only the signs of a mix with the newest decide",),
)  # fmt: skip
