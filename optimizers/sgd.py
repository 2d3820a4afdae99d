"""Gradient descent: Cauchy 1847; as stochastic approximation, Robbins & Monro 1951."""

from landscape.kernel import RULE, deferred
from optimizers.optimizer import PENALTY, Optimizer, learning_rate


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    lr = hypers[0]
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            x[i, b] -= lr[b] * g[i, b]


SGD = Optimizer(
    key="sgd",
    name="Gradient descent",
    summary="Steps straight downhill, as far as the slope is steep.",
    rule=rule,
    hypers=(learning_rate(1e-3), PENALTY),
    formula=(r"\theta_{t+1} = \theta_t - <lr>\, \nabla L(\theta_t)",),
    paper="Cauchy 1847, Comptes Rendus 25, pp. 536-538; Robbins & Monro 1951, Ann. Math. Statist. 22, eq. 6",
    strengths="Nothing to store, one thing to tune; on a quadratic its stability edge is exact: lr < 2 / largest curvature.",
    weaknesses="One rate for all directions: in a ravine it zig-zags across the steep one or crawls along the flat one.",
    honest="In full: its edge and its zig-zag depend on the curvatures alone, not on how many weights there are.",
    plain=True,
    edge=lambda values: 2.0,
    says=("at {theta} the gradient is {g}; next step: minus {lr} times that, {step}",),
    edge_text="2 / L",
    optimal=lambda mu, L: {"lr": 2.0 / (L + mu)},
    optimal_paper="Nesterov 2004, Introductory Lectures on Convex Optimization, theorem 2.1.15",
)
