"""BFGS: Nocedal & Wright 2006, algorithm 6.1. A pair (s, y) without positive curvature is skipped: the matrix stays as it is."""

from optimizers.line_search import SEARCH, bfgs
from optimizers.optimizer import Optimizer, learning_rate
from optimizers.searches import ALPHA, SEARCHING, searches
from optimizers.shown import Shown, conic, eigenvalues, inverse, number

BFGS = Optimizer(
    key="bfgs",
    name="BFGS",
    summary="Learns the inverse Hessian from the gradients it meets, and turns the direction downhill with it.",
    rule=bfgs,
    hypers=(learning_rate(1.0), *searches(c2=0.9)),
    formula=(
        r"p_t = -H_t\, g_t, \quad \theta_{t+1} = \theta_t + \alpha_t p_t, \quad s = \theta_{t+1} - \theta_t, \quad y = g_{t+1} - g_t",
        "<line_search>",
        r"H_{t+1} = \Big(I - \frac{s y^\top}{y^\top s}\Big) H_t \Big(I - \frac{y s^\top}{y^\top s}\Big) + \frac{s s^\top}{y^\top s}",
    ),
    paper="Nocedal & Wright 2006, algorithm 6.1, eqs. 6.17, 6.20; line searches: algorithms 3.1, 3.5, 3.6",
    strengths="Nearly as fast as Newton at the end, from gradients alone, and its directions always go downhill.",
    weaknesses="A matrix of n^2 numbers. Noise in the gradients misleads it: the differences y are mostly noise.",
    honest="Flattered: two steps have seen every direction there is, and its n^2 numbers are four.",
    power=2,
    more="every trial of the line search is one",
    shows=(
        Shown("matrix", "its matrix", "H_t^{-1}", "ellipse", lambda s: conic(s.path, inverse(s["H"]))),
        Shown(
            "hessian", "the true Hessian", r"\nabla^2 L", "ellipse", lambda s: conic(s.path, s.matrix("hessian")), dashed=True, plain=True
        ),
        *SEARCHING,
        number("believed", lambda s: eigenvalues(inverse(s["H"])), "and"),
        number("true", lambda s: eigenvalues(s.matrix("hessian")), "and"),
        ALPHA,
    ),
    says=("its matrix believes in curvatures of {believed}, the Hessian's are {true}",),
    vectors=("theta", "g", "p"),
    matrices=("H",),
    scalars=(*SEARCH, "steps"),
    looks_ahead=True,
)
