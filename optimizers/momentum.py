"""Momentum (heavy ball): Polyak 1964, in PyTorch's convention; the classical one is a switch."""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Hyper, Optimizer, learning_rate
from optimizers.shown import Seen, arrow, curves, number

MOMENTUM_FACTOR = Hyper("momentum", "momentum", r"\beta", 0.9, 0.0, 0.999, "complement", (0.0, 1.0),
                        help="The share of the velocity that is kept: it averages about 1 / (1 - momentum) gradients.")  # fmt: skip


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    v, lr, beta, dampening, classical = state, hypers[0], hypers[1], hypers[2], hypers[3]
    later = 0.0 if t == 0 else 1.0  # torch does not dampen the first gradient: v_1 = g_1
    alike, special = hypers[hypers.shape[0] - 2, 0] > 0.0, 0
    for b in range(1 if alike else x.shape[1]):
        special |= (classical[b] != 0.0) | (dampening[b] != 0.0)
    for i in range(x.shape[0]):
        if special:  # its own loop: rows that are read for nothing are what the plain form would spend its time on
            for b in range(x.shape[1]):
                v[i, b] = beta[b] * v[i, b] + (1.0 - later * dampening[b]) * (lr[b] if classical[b] else 1.0) * g[i, b]
                x[i, b] -= (1.0 if classical[b] else lr[b]) * v[i, b]
        elif alike:
            kept = beta[0]
            for b in range(x.shape[1]):
                v[i, b] = kept * v[i, b] + g[i, b]
                x[i, b] -= lr[b] * v[i, b]
        else:
            for b in range(x.shape[1]):
                v[i, b] = beta[b] * v[i, b] + g[i, b]
                x[i, b] -= lr[b] * v[i, b]


def _kept(s: Seen) -> np.ndarray:
    """The part of the coming step that the old velocity makes, (steps + 1, n)."""
    return -s.values["momentum"] * np.nan_to_num(s["v"]) * (1.0 if s.values["classical"] else s.next_lr)


MOMENTUM = Optimizer(
    key="momentum",
    name="Momentum",
    summary="A heavy ball: builds up speed where gradients agree, damps where they alternate.",
    rule=rule,
    hypers=(
        learning_rate(1e-3),
        MOMENTUM_FACTOR,
        Hyper("dampening", "dampening", r"\tau", 0.0, 0.0, 1.0, "linear", (0.0, 1.0),
              help="Takes 1 - dampening of each new gradient, from the second on; equal to momentum, the velocity is a mean."),
        Hyper("classical", "where the rate acts", "", 0, 0, 1, "switch", (0, 1),
              help="The two forms differ only where the learning rate changes on the way.",
              options=("on the step (PyTorch)", "on the gradient (Polyak)"),
              forms=(r"v_{t+1} = <momentum>\, v_t + (1 - <dampening>)\, g_t, \quad \theta_{t+1} = \theta_t - <lr>\, v_{t+1}",
                     r"v_{t+1} = <momentum>\, v_t + (1 - <dampening>)\, <lr>\, g_t, \quad \theta_{t+1} = \theta_t - v_{t+1}")),
        PENALTY,
    ),
    formula=(r"g_t = \nabla L(\theta_t)", "<classical>"),
    paper="Polyak 1964, USSR Comp. Math. 4(5), eq. 9; Sutskever et al. 2013, eqs. 1-2",
    strengths="Crosses flat floors up to 1 / (1 - momentum) times as fast; stable up to lr = 2 (1 + momentum) / largest curvature.",
    weaknesses="Overshoots: it must spend its speed before it can settle, and circles the minimum while it does.",
    honest="In full: damping, overshoot and edge are those of each curvature by itself, in two dimensions as in millions.",
    vectors=("v",),
    shows=(
        arrow("kept", "velocity it keeps", r"-\eta\, \beta v_t", lambda s: (s.path, _kept(s)), dashed=True),
        arrow("pull", "pull of the gradient", r"-\eta\, g_t", lambda s: (s.path + _kept(s), s.move - _kept(s)), plain=True),
        curves("v", "velocity", "v_t", "velocity v"),
        number("window", lambda s: 1.0 / (1.0 - np.full(1, s.values["momentum"]))),
    ),
    says=("keeps {kept}, the gradient adds {pull}: next step {step}", "memory {window} gradients"),
    edge=lambda values: 2.0 * (1.0 + values["momentum"]) / max(1.0 - values["dampening"], 1e-300),
    edge_text="2(1 + β) / ((1 − τ) L)",
    optimal=lambda mu, L: {
        "lr": 4.0 / (L**0.5 + mu**0.5) ** 2, "momentum": ((L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)) ** 2, "dampening": 0.0
    },
    optimal_paper="Polyak 1964, section 2",
)  # fmt: skip
