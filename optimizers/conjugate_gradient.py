"""Nonlinear conjugate gradient: Nocedal & Wright 2006, algorithm 5.4 with a choice of beta.

A direction that does not go downhill is replaced by -g. By default c2 is 0.001, where Nocedal & Wright recommend 0.1 for this method
(section 3.1): so loose a search takes its first trial where that happens to be near enough, and then n steps do not end on a quadratic.
On the landscapes here the closer searches cost a seventh more evaluations.
"""

import numpy as np

from optimizers.line_search import SEARCH, conjugate_gradient
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.searches import ALPHA, SEARCHING, searches
from optimizers.shown import Seen, arrow, coming

_SQUARES = r"\frac{g_{t+1}^\top g_{t+1}}"


def _as_long(s: Seen) -> np.ndarray:
    """Straight downhill, as long as the step that it tries, (steps + 1, n)."""
    length = np.linalg.norm(coming(s.queries) - s.path, axis=1) / np.linalg.norm(s.gradient, axis=1)
    return -s.gradient * length[:, None]


CONJUGATE_GRADIENT = Optimizer(
    key="conjugate_gradient",
    name="Conjugate gradient",
    summary="Each direction is bent so that it does not undo what the last one reached.",
    rule=conjugate_gradient,
    hypers=(
        learning_rate(1.0),
        *searches(c2=1e-3),
        Hyper("beta", "beta", "", 1, 0, 2, "switch", (0, 2),
              help="Equal on quadratics with exact searches; elsewhere Polak-Ribiere+ forgets a bad direction, Fletcher-Reeves keeps it.",
              options=("Fletcher-Reeves", "Polak-Ribiere+", "Dai-Yuan"),
              forms=(_SQUARES + r"{g_t^\top g_t}", r"\max\Big(\frac{g_{t+1}^\top (g_{t+1} - g_t)}{g_t^\top g_t}, 0\Big)",
                     _SQUARES + r"{p_t^\top (g_{t+1} - g_t)}")),
    ),
    formula=(
        r"\theta_{t+1} = \theta_t + \alpha_t p_t, \quad p_{t+1} = -g_{t+1} + \beta_{t+1}\, p_t, \quad \beta_{t+1} = <beta>",
        "<line_search>",
    ),
    paper="Nocedal & Wright 2006, algorithm 5.4, eqs. 5.41a, 5.44, 5.45, 5.49",
    strengths="Three vectors, and on a quadratic with exact searches it ends in n steps, whatever the ravine.",
    weaknesses="Lives on its line search: with a fixed step or noisy gradients the directions are conjugate no more.",
    honest="Flattered: it ends after n directions, and here n is two. That it needs no matrix matters only for many weights.",
    more="every trial of the line search is one",
    shows=(
        *SEARCHING,
        arrow("steepest", "steepest descent, as long", "-g_t", lambda s: (s.path, _as_long(s)), dashed=True, plain=True),
        ALPHA,
    ),
    says=("it tries {step}; straight downhill as far would be {steepest}",),
    vectors=("theta", "g", "p"),
    scalars=(*SEARCH, "steps"),
    looks_ahead=True,
)  # fmt: skip
