"""The choice of a line search, as hyperparameters. The searches themselves: line_search.py."""

from optimizers.line_search import WOLFE
from optimizers.optimizer import Hyper
from optimizers.shown import TRIAL, arrow, coming, curves

# What all of them show: the point that the search asks at, and how far along the direction that is.
SEARCHING = (
    arrow("step", "step it tries", r"\alpha p_t", lambda s: (s.path, coming(s.queries) - s.path)),
    TRIAL,
)
ALPHA = curves("alpha", "alpha", r"\alpha", "alpha: how far along the direction it tries")


def searches(c2: float) -> tuple[Hyper, ...]:
    """The choice of a line search and its numbers: hyperparameters 1 to 4 of every method that searches along lines."""
    return (
        Hyper("line_search", "line search", "", WOLFE, 0, 2, "switch", (0, 2),
              help="How far to go along a direction. Each trial costs an evaluation.",
              options=("none: a fixed step", "backtracking (Armijo)", "strong Wolfe"),
              forms=(r"\alpha_t = <lr>",
                     r"\alpha_t: \quad L(\theta_t + \alpha p_t) \le L(\theta_t) + <c1>\, \alpha\, g_t^\top p_t, \quad "
                     r"\alpha \leftarrow <rho>\, \alpha \text{ until it holds}",
                     r"\alpha_t: \quad L(\theta_t + \alpha p_t) \le L(\theta_t) + <c1>\, \alpha\, g_t^\top p_t, \quad "
                     r"|\nabla L(\theta_t + \alpha p_t)^\top p_t| \le <c2>\, |g_t^\top p_t|")),
        Hyper("c1", "decrease asked for", "c_1", 1e-4, 1e-8, 0.5, "log", (0.0, 1.0), help="Armijo: this share of what the slope promises."),
        Hyper("c2", "slope left over", "c_2", c2, 1e-8, 1.0, "log", (0.0, 1.0),
              help="Strong Wolfe: the slope along the line must shrink to this share; near 0 the search is exact. Above c1."),
        Hyper("rho", "backtracking factor", r"\rho", 0.5, 0.05, 0.95, "linear", (1e-6, 0.999),
              help="Armijo: what a trial that fails is shortened to."),
    )  # fmt: skip
