"""Nesterov's accelerated gradient, in its true form: the gradient is taken at the look-ahead point.

With v' = beta v + g and theta' = theta - lr v', the look-ahead point is q = theta - lr beta v (Sutskever et al. 2013, eqs. 3-4, with lr
moved out of v). PyTorch's form calls q itself theta; both make the same queries, and `torch_form` chooses which one is the iterate.
"""

from landscape.kernel import RULE, deferred
from optimizers.momentum import MOMENTUM_FACTOR
from optimizers.optimizer import PENALTY, Hyper, Optimizer, learning_rate
from optimizers.shown import TRIAL, arrow, coming, curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    theta, v, lr, beta, torch_form = state[:n], state[n:], hypers[0], hypers[1], hypers[2]
    for i in range(n):
        for b in range(lanes):
            v[i, b] = beta[b] * v[i, b] + g[i, b]
        for b in range(lanes):
            x[i, b] -= lr[b] * (g[i, b] + beta[b] * v[i, b])  # from look-ahead point to look-ahead point
        for b in range(lanes):
            theta[i, b] = x[i, b] if torch_form[b] else theta[i, b] - lr[b] * v[i, b]


NESTEROV = Optimizer(
    key="nesterov",
    name="Nesterov",
    summary="Momentum that looks where it is about to land before it corrects its course.",
    rule=rule,
    hypers=(
        learning_rate(1e-3),
        MOMENTUM_FACTOR,
        Hyper("torch_form", "what counts as the iterate", "", 0, 0, 1, "switch", (0, 1),
              help="PyTorch's parameters are the look-ahead points of the textbook's method.",
              options=("the point behind the look-ahead", "the look-ahead point (PyTorch)"),
              forms=(r"v_{t+1} = <momentum>\, v_t + \nabla L(\theta_t - <lr>\,<momentum>\, v_t), "
                     r"\quad \theta_{t+1} = \theta_t - <lr>\, v_{t+1}",
                     r"v_{t+1} = <momentum>\, v_t + g_t, \quad \theta_{t+1} = \theta_t - <lr>\,(g_t + <momentum>\, v_{t+1})")),
        PENALTY,
    ),
    formula=("<torch_form>",),
    paper="Nesterov 1983, Soviet Math. Dokl. 27(2), pp. 372-376; in this form Sutskever et al. 2013, eqs. 3-4",
    strengths="Brakes earlier than momentum: the look-ahead gradient sees the far wall before the ball is on it.",
    weaknesses="Its edge is lower: lr = 2 (1 + momentum) / ((1 + 2 momentum) largest curvature).",
    honest="Its braking shows in full. That no method with gradients alone can do better is a fact about many dimensions, which "
    "two cannot show.",
    vectors=("theta", "v"),
    shows=(
        arrow("kept", "velocity, up to the look-ahead point", r"-\eta\, \beta v_t", lambda s: (s.path, coming(s.queries) - s.path),
              dashed=True),
        arrow("pull", "pull of the gradient there", r"-\eta\, \nabla L(q_t)",
              lambda s: (coming(s.queries), coming(s.path[1:] - s.queries)), plain=True),
        TRIAL,
        curves("v", "velocity", "v_t", "velocity v"),
    ),
    says=("it looks ahead by {kept}; the gradient there adds {pull}: next step {step}",),
    looks_ahead=True,
    edge=lambda values: 2.0 * (1.0 + values["momentum"]) / (1.0 + 2.0 * values["momentum"]),
    edge_text="2(1 + β) / ((1 + 2β) L)",
    optimal=lambda mu, L: {"lr": 1.0 / L, "momentum": (L**0.5 - mu**0.5) / (L**0.5 + mu**0.5)},
    optimal_paper="Nesterov 2004, section 2.2.1, constant step scheme III",
)  # fmt: skip
