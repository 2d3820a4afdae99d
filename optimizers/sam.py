"""SAM, sharpness-aware minimization, around gradient descent: Foret et al. 2021, with p = 2.

Two ticks a step: one at the iterate finds the steepest way up, one at the top of that small climb gives the gradient of the step.
"""

import numpy as np

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import Seen, Shown, arrow


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


def _pairs(s: Seen) -> np.ndarray:
    """The odd tick of each tick's pair, (steps + 1,): the top is asked there."""
    return np.arange(len(s.path)) | 1


def _top(s: Seen) -> np.ndarray:
    return np.vstack([s.queries, np.full((2, s.path.shape[1]), np.nan)])[_pairs(s)]


def _landing(s: Seen) -> np.ndarray:
    return np.vstack([s.path, np.full((2, s.path.shape[1]), np.nan)])[_pairs(s) + 1]


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
    weaknesses="Two evaluations a step, and no rest at a minimum.",
    honest="The hops on a valley's floor show. Its advantage, flat minima that do better on new data, cannot show in two dimensions.",
    evaluations=2,
    vectors=("theta",),
    shows=(
        arrow("climb", "climb to the worst point nearby", r"\hat\epsilon_t", lambda s: (s.path, _top(s) - s.path), dashed=True),
        arrow("step", "step, by the slope up there", r"\theta_{t+1} - \theta_t", lambda s: (s.path, _landing(s) - s.path)),
        Shown("top", "where it asks for the slope", "", "point", lambda s: _top(s)),
    ),
    says=("it climbs by {climb} first; the slope up there moves it by {step}",),
    scalars=("climb",),
    looks_ahead=True,
    edge=lambda values: 2.0,
    edge_text="2 / L",
)
