"""SAM, sharpness-aware minimization, around gradient descent: Foret et al. 2021, with p = 2.

Two ticks a step: one at the iterate finds the steepest way up, one at the top of that small climb gives the gradient of the step.
"""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, learning_rate


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    w, climb, lr, rho = state[:n], state[n], hypers[0], hypers[1]
    if t % 2 == 0:
        for i in range(n):
            for b in range(lanes):
                climb[b] = (climb[b] if i > 0 else 0.0) + g[i, b] * g[i, b]
        for b in range(lanes):
            climb[b] = rho[b] / max(np.sqrt(climb[b]), 1e-300)  # where the gradient is 0 there is no way up: stay
        for i in range(n):
            for b in range(lanes):
                x[i, b] = w[i, b] + climb[b] * g[i, b]
    else:
        for i in range(n):
            for b in range(lanes):
                w[i, b] -= lr[b] * g[i, b]
                x[i, b] = w[i, b]


SAM = Optimizer(
    key="sam",
    name="SAM",
    summary="Climbs a little first and descends by the slope found up there: it hops about in sharp valleys.",
    rule=rule,
    hypers=(learning_rate(1e-3), Hyper("rho", "radius", r"\rho", 0.05, 0.0, 2.0, help="How far it climbs before it looks.")),
    formula=(
        r"\hat\epsilon_t = <rho>\, \frac{\nabla L(\theta_t)}{\|\nabla L(\theta_t)\|_2}, \quad "
        r"\theta_{t+1} = \theta_t - <lr>\, \nabla L(\theta_t + \hat\epsilon_t)",
    ),
    paper="Foret et al. 2021, arXiv:2010.01412, algorithm 1, eqs. 2 and 3",
    strengths="On a valley's floor it hops by rho lr L / (2 - lr L), L its curvature: out of a sharp one, hardly at all in a flat one.",
    weaknesses="Two evaluations a step, and no rest at a minimum. Whether flat minima generalise better, two dimensions cannot show.",
    vectors=("theta",),
    scalars=("climb",),
    looks_ahead=True,
    edge=lambda values: 2.0,
    edge_text="2 / L",
)
