"""AdaBound: Adam whose rates are cut to a corridor that closes. Luo et al. 2019, bias-corrected as in the authors' code."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, betas, guard, learning_rate
from optimizers.shown import Seen, Shown, curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, v, c1, c2 = state[:n], state[n : 2 * n], state[2 * n], state[2 * n + 1]
    step, lower, upper = state[2 * n + 2], state[2 * n + 3], state[2 * n + 4]
    lr, beta1, beta2, eps, final_lr, gamma = hypers[0], hypers[1], hypers[2], hypers[3], hypers[4], hypers[5]
    factor = hypers[hypers.shape[0] - 1]  # the schedule's: the corridor follows it, as in the authors' code
    for b in range(lanes):
        c1[b] = beta1[b] * c1[b] + (1.0 - beta1[b])
        c2[b] = beta2[b] * c2[b] + (1.0 - beta2[b])
        step[b] = lr[b] * np.sqrt(c2[b]) / c1[b]
        lower[b] = final_lr[b] * factor[b] * (1.0 - 1.0 / (gamma[b] * (t + 1.0) + 1.0))
        upper[b] = final_lr[b] * factor[b] * (1.0 + 1.0 / (gamma[b] * (t + 1.0)))
    for i in range(n):
        for b in range(lanes):
            m[i, b] = beta1[b] * m[i, b] + (1.0 - beta1[b]) * g[i, b]
            v[i, b] = beta2[b] * v[i, b] + (1.0 - beta2[b]) * g[i, b] * g[i, b]
            x[i, b] -= min(max(step[b] / (np.sqrt(v[i, b]) + eps[b]), lower[b]), upper[b]) * m[i, b]


def _free(s: Seen) -> np.ndarray:
    """The rate before the corridor cuts it, (steps + 1, n)."""
    return s.column("step") / (np.sqrt(s["v"]) + s.values["eps"])


ADABOUND = Optimizer(
    key="adabound",
    name="AdaBound",
    summary="Begins as Adam and ends as momentum: a corridor closes round each coordinate's rate.",
    rule=rule,
    hypers=(
        learning_rate(1e-3), *betas(), guard(1e-8),
        Hyper("final_lr", "final rate", r"\eta^*", 0.1, 1e-5, 10.0, "log", help="Where the corridor closes."),
        Hyper("gamma", "pace of closing", r"\gamma", 1e-3, 1e-5, 0.5, "log", (1e-12, 1.0),
              help="After some 1 / gamma ticks the corridor is from half to twice the final rate."),
    ),
    formula=(
        r"\eta_l = <final_lr>\, (1 - \tfrac{1}{<gamma> t + 1}), \quad \eta_u = <final_lr>\, (1 + \tfrac{1}{<gamma> t})",
        r"\theta_t = \theta_{t-1} - \mathrm{clip}\Big(\frac{<lr>\, \sqrt{1 - <beta2>^t}}{(1 - <beta1>^t)(\sqrt{v_t} + <eps>)},\, "
        r"\eta_l,\, \eta_u\Big)\, m_t",
    ),
    paper="Luo et al. 2019, arXiv:1902.09843, algorithm 2 (bias corrections and gamma as in the authors' code)",
    strengths="Adam's quick start; at the end all coordinates share one rate, and unlike Adam it comes to rest.",
    weaknesses="Inherits both tunings: a final rate above the stability edge diverges late.",
    honest="The corridor shows in full. Its advantage, doing better on new data than Adam, cannot show in two dimensions.",
    vectors=("m", "v"),
    shows=(
        Shown("bounds", "corridor", r"[\eta_l, \eta_u]", "corridor", lambda s: np.column_stack([s["lower"], s["upper"]]),
              "effective rate in its corridor"),
        curves("free", "Adam's rate", "", "effective rate in its corridor", lambda s: _free(s), dashed=True),
        curves("rate", "rate", r"\mathrm{clip}(\cdot, \eta_l, \eta_u)", "effective rate in its corridor",
               lambda s: np.clip(_free(s), s.column("lower"), s.column("upper"))),
        curves("m", "m", "m_t", "m: mean of gradients"),
        curves("v", "v", "v_t", "v: mean of squared gradients"),
    ),
    says=("Adam's rates would be {free}", "the corridor is {bounds}: the rates are {rate}"),
    scalars=("1 - beta1^t", "1 - beta2^t", "step", "lower", "upper"),
)  # fmt: skip
