"""L-BFGS: Nocedal & Wright 2006, algorithms 7.4 and 7.5. With a fixed step it is torch.optim.LBFGS."""

from optimizers.line_search import SEARCH, l_bfgs
from optimizers.optimizer import MEMORY, Hyper, Optimizer, learning_rate
from optimizers.searches import searches

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
    paper="Nocedal & Wright 2006, algorithms 7.4, 7.5, eq. 7.20; Liu & Nocedal 1989",
    strengths="2 m vectors instead of a matrix: the quasi-Newton method for many parameters.",
    weaknesses="Misled by noise like BFGS; with too short a memory it falls back towards gradient descent.",
    honest="Its advantage cannot show: in two dimensions a memory of 2 holds as much as a whole matrix.",
    more="every trial of the line search is one",
    vectors=("theta", "g", "p"),
    histories=("s", "y"),
    scalars=(*SEARCH, "pairs", *(f"alpha of {k}" for k in range(MEMORY))),
    looks_ahead=True,
)  # fmt: skip
