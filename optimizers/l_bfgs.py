"""L-BFGS: Nocedal & Wright 2006, algorithms 7.4 and 7.5. With a fixed step it is torch.optim.LBFGS."""

import numpy as np

from optimizers.line_search import SEARCH, l_bfgs
from optimizers.optimizer import MEMORY, Hyper, Optimizer, learning_rate
from optimizers.searches import ALPHA, SEARCHING, searches
from optimizers.shown import Seen, Shown, number


def _memories(s: Seen) -> np.ndarray:
    """When each pair was taken up and given up, and in which of the m places it was: (k, 3)."""
    m, pairs, last = int(s.values["memory"]), np.nan_to_num(s["pairs"]), len(s.path) - 1
    bars: list[list[float]] = []
    places: dict[int, list[float]] = {}  # the bar that is open in each place
    for t in range(1, last + 1):
        if pairs[t] < pairs[t - 1]:  # forgotten, after a search that found nothing
            for bar in places.values():
                bar[1] = t
            places.clear()
        for pair in range(int(pairs[t - 1]), int(pairs[t])):
            if pair % m in places:
                places[pair % m][1] = t
            places[pair % m] = [t, last, pair % m]
            bars.append(places[pair % m])
    return np.array(bars, dtype=np.float64).reshape(-1, 3)


L_BFGS = Optimizer(
    key="l_bfgs",
    name="L-BFGS",
    summary="BFGS with a short memory: its matrix is made of the last m steps alone and is never written down.",
    rule=l_bfgs,
    hypers=(
        learning_rate(1.0),
        *searches(c2=0.9),
        Hyper("memory", "memory", "m", 10.0, 1.0, float(MEMORY), "linear", (1.0, float(MEMORY)), integer=True,
              help="How many pairs of steps and gradient differences are kept."),
    ),
    formula=(
        r"p_t = -H_t\, g_t, \quad \theta_{t+1} = \theta_t + \alpha_t p_t",
        "<line_search>",
        r"H_t: \text{ BFGS on the last } m = <memory> \text{ pairs } (s, y), \text{ from } \frac{s^\top y}{y^\top y}\, I",
    ),
    paper="Nocedal & Wright 2006, algorithms 7.4, 7.5, eq. 7.20; Liu & Nocedal 1989, Math. Programming 45, section 2",
    strengths="2 m vectors instead of a matrix: the quasi-Newton method for many parameters.",
    weaknesses="Misled by noise like BFGS; with too short a memory it falls back towards gradient descent.",
    honest="Its advantage cannot show: in two dimensions a memory of 2 holds as much as a whole matrix.",
    more="every trial of the line search is one",
    shows=(
        *SEARCHING,
        Shown("pairs", "a pair", "", "bars", _memories, "memory: the pairs (s, y) that it holds"),
        number("held", lambda s: np.minimum(s["pairs"], s.values["memory"])),
        ALPHA,
    ),
    says=("it holds {held} pairs of at most {memory}", "it tries {step}"),
    vectors=("theta", "g", "p"),
    histories=("s", "y"),
    scalars=(*SEARCH, "pairs", *(f"alpha of {k}" for k in range(MEMORY)), "steps"),
    looks_ahead=True,
)  # fmt: skip
