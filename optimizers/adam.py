"""Adam: Kingma & Ba 2015, algorithm 1; AdamW: Loshchilov & Hutter 2019, algorithm 2; AMSGrad, a switch of both: Reddi et al. 2018.

1 - beta**t is what the mean makes of a gradient of 1, so it is carried as such: c = beta c + (1 - beta) costs no power and keeps its digits
for a beta near 1. The bias corrections are one factor a run and tick each: division and square root are what a tick costs.
"""

import numpy as np

from landscape.kernel import RULE, deferred, piece
from optimizers.optimizer import PENALTY, Hyper, Optimizer, betas, epsilon, learning_rate
from optimizers.shown import Seen, corrected, curves, divisor, effective_rate, number


@piece
def mean(old, new, beta):
    return beta * old + (1.0 - beta) * new


@piece
def divided_by(v, eps, inside):
    return np.sqrt(v + inside * eps) + (1.0 - inside) * eps


@deferred(RULE)
def adam(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    m, v, v_max = state[:n], state[n : 2 * n], state[2 * n : 3 * n]
    c1, c2, step, correction = state[3 * n], state[3 * n + 1], state[3 * n + 2], state[3 * n + 3]
    lr, beta1, beta2, eps, inside, correct_m, correct_v = hypers[0], hypers[1], hypers[2], hypers[3], hypers[4], hypers[5], hypers[6]
    amsgrad, held = hypers[7], 0
    alike = (hypers[hypers.shape[0] - 2, 0] > 0.0) & (amsgrad[0] == 0.0)
    for b in range(1 if alike else lanes):
        c1[b], c2[b] = mean(c1[b], 1.0, beta1[b]), mean(c2[b], 1.0, beta2[b])
        short_m, short_v = c1[b] if correct_m[b] > 0.0 else 1.0, c2[b] if correct_v[b] > 0.0 else 1.0
        inverse = 1.0 / (short_m * short_v)  # one division for both: 1 / (a b) times b is 1 / a
        step[b] = inverse * short_v  # m_hat = step m
        correction[b] = inverse * short_m  # v_hat = correction v
        held |= amsgrad[b] > 0.0
    for i in range(n):
        if alike:  # numbers in place of rows: reading those is what the general form spends half of its time on
            b1, b2, ahead, short, guard, within = beta1[0], beta2[0], step[0], correction[0], eps[0], inside[0]
            for b in range(lanes):
                m[i, b], v[i, b] = mean(m[i, b], g[i, b], b1), mean(v[i, b], g[i, b] * g[i, b], b2)
                x[i, b] -= lr[b] * ahead * m[i, b] / divided_by(short * v[i, b], guard, within)
        elif held:  # its own loop, so that lanes without it do not pay for the third vector
            for b in range(lanes):
                m[i, b], v[i, b] = mean(m[i, b], g[i, b], beta1[b]), mean(v[i, b], g[i, b] * g[i, b], beta2[b])
                v_max[i, b] = max(v_max[i, b], v[i, b])  # of the v that are not corrected, as in PyTorch
                bound = v_max[i, b] if amsgrad[b] > 0.0 else v[i, b]
                x[i, b] -= lr[b] * step[b] * m[i, b] / divided_by(correction[b] * bound, eps[b], inside[b])
        else:
            for b in range(lanes):
                m[i, b], v[i, b] = mean(m[i, b], g[i, b], beta1[b]), mean(v[i, b], g[i, b] * g[i, b], beta2[b])
                x[i, b] -= lr[b] * step[b] * m[i, b] / divided_by(correction[b] * v[i, b], eps[b], inside[b])


@deferred(RULE)
def adamw(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    kept, lr, weight_decay, decoupled = state[3 * n + 4], hypers[0], hypers[8], hypers[9]
    factor = hypers[hypers.shape[0] - 1]  # the schedule's
    for b in range(lanes):
        rate, alone = lr[b], factor[b]
        kept[b] = 1.0 - (alone if decoupled[b] > 0.0 else rate) * weight_decay[b]
    for i in range(n):
        for b in range(lanes):
            x[i, b] *= kept[b]
    adam(x, f, g, h, state, hypers, t)


def _bias_switch(key: str, moment: str, corrected: str) -> Hyper:
    symbol = rf"\hat {moment}_{{t+1}}"
    beta = "<beta1>" if moment == "m" else "<beta2>"
    return Hyper(key, f"bias correction of {moment}", "", 1, 0, 1, "switch", (0, 1),
                 help=f"{moment} starts at 0 and is too small at first; the correction divides that out.",
                 options=("off", "on"), short=f"{moment} corrected",
                 forms=(rf"{symbol} = {corrected}", rf"{symbol} = \frac{{{corrected}}}{{1 - {beta}^{{t+1}}}}"))  # fmt: skip


_HYPERS = (
    learning_rate(1e-3),
    *betas(),
    *epsilon(1e-8, r"\hat v_{t+1}"),
    _bias_switch("correct_m", "m", "m_{t+1}"),
    _bias_switch("correct_v", "v", "<amsgrad>"),
    Hyper("amsgrad", "AMSGrad", "", 0, 0, 1, "switch", (0, 1),
          help="Divides by the largest v so far: a rare large gradient is not forgotten. The paper has it without bias corrections.",
          options=("off", "on"), forms=(r"v_{t+1}", r"\max_{s \le t+1} v_s")),
)  # fmt: skip
_MOMENTS = (
    r"m_{t+1} = <beta1>\, m_t + (1 - <beta1>)\, g_t, \quad v_{t+1} = <beta2>\, v_t + (1 - <beta2>)\, g_t^2",
    r"<correct_m>, \quad <correct_v>",
)
_VECTORS, _OPTIONAL, _SCALARS = ("m", "v", "largest v"), (("largest v", "amsgrad"),), ("1 - beta1^t", "1 - beta2^t", "step", "v correction")


def _v_hat(s: Seen) -> np.ndarray:
    """What the step was divided by the root of: of AMSGrad, the largest; corrected, where that is on."""
    v = s["largest v" if s.values["amsgrad"] else "v"]
    return v / (1.0 - s.values["beta2"] ** s.t) if s.values["correct_v"] else v


_SHOWS = (
    curves("m", "before its correction", "m_t", "m: mean of gradients", dashed=True),
    curves("m_hat", "m corrected", r"\hat m_t", "m: mean of gradients",
           lambda s: corrected(s, "m", "beta1") if s.values["correct_m"] else s["m"]),
    curves("v", "before its correction", "v_t", "v: mean of squared gradients", dashed=True),
    curves("v_hat", "v corrected", r"\hat v_t", "v: mean of squared gradients", _v_hat),
    curves("rate", "rate", r"\eta / (\sqrt{\hat v_t} + \epsilon)", "effective rate", lambda s: effective_rate(s.lr, _v_hat(s), s.values)),
    number("root", lambda s: divisor(_v_hat(s), s.values)),
    number("window1", lambda s: 1.0 / (1.0 - np.full(1, s.values["beta1"]))),
    number("window2", lambda s: 1.0 / (1.0 - np.full(1, s.values["beta2"]))),
)  # fmt: skip
_SAYS = (
    "last step {moved}: lr times m {m_hat} over root v {root}",
    "memory {window1} and {window2} ticks",
)

ADAM = Optimizer(
    key="adam",
    name="Adam",
    summary="Momentum, rescaled by each coordinate's recent gradient size.",
    rule=adam,
    hypers=(*_HYPERS, PENALTY),
    formula=(*_MOMENTS, r"\theta_{t+1} = \theta_t - <lr>\, \frac{\hat m_{t+1}}{<eps_inside>}"),
    paper="Kingma & Ba 2015, arXiv:1412.6980, algorithm 1; AMSGrad: Reddi, Kale & Kumar 2018, arXiv:1904.09237, algorithm 2",
    strengths="Steps of about lr in every coordinate from the first tick on: its defaults work on landscapes of any scale.",
    weaknesses="Lives on the axes: rotate a ravine and it is slower. At a fixed rate it overshoots and circles small minima.",
    honest="In part: overshoot and its bond to the axes show. That one default rate serves millions of weights of different "
    "scales cannot show on two.",
    vectors=_VECTORS,
    shows=_SHOWS,
    says=_SAYS,
    scalars=_SCALARS,
    optional=_OPTIONAL,
)

ADAMW = Optimizer(
    key="adamw",
    name="AdamW",
    summary="Adam, with every weight pulled to zero by the same share a step.",
    rule=adamw,
    hypers=(
        *_HYPERS,
        Hyper("weight_decay", "weight decay", r"\lambda", 1e-2, 1e-5, 10.0, "log",
              help="Each step shrinks the weights by this, times the rate (PyTorch) or times the schedule's factor alone (paper)."),
        Hyper("decoupled", "the decay follows", "", 0, 0, 1, "switch", (0, 1),
              help="As published, the decay does not change with the learning rate, only with its schedule: sensible values are smaller.",
              options=("learning rate (PyTorch)", "schedule alone (paper)"),
              forms=(r"(1 - <lr>\,<weight_decay>)\,\theta_t", r"(1 - \eta_t\,<weight_decay>)\,\theta_t")),
    ),
    formula=(*_MOMENTS, r"\theta_{t+1} = <decoupled> - <lr>\, \frac{\hat m_{t+1}}{<eps_inside>}"),
    paper="Loshchilov & Hutter 2019, arXiv:1711.05101, algorithm 2 (by default decay times lr, as in PyTorch)",
    strengths="Decay acts alike on all weights; as an L2 penalty inside Adam it would hardly touch those with large gradients.",
    weaknesses="On a plain landscape the pull to the origin is a bias: it comes to rest beside the minimum.",
    honest="The pull to zero shows. What decay is for, a net that does better on new data, cannot show on a plain landscape.",
    vectors=_VECTORS,
    shows=_SHOWS,
    says=_SAYS,
    scalars=(*_SCALARS, "kept"),
    optional=_OPTIONAL,
)  # fmt: skip
