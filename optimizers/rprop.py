"""Rprop: Riedmiller & Braun 1993, in PyTorch's form: after a change of sign the coordinate rests for a step, instead of going back."""

from landscape.kernel import RULE, deferred
from optimizers.optimizer import Hyper, Optimizer, learning_rate
from optimizers.shown import curves


@deferred(RULE)
def rule(x, f, g, h, state, hypers, t):
    n, lanes = x.shape
    before, step = state[:n], state[n:]
    lr, shrink, grow, least, most = hypers[0], hypers[1], hypers[2], hypers[3], hypers[4]
    for i in range(n):
        for b in range(lanes):
            same = g[i, b] * before[i, b]
            change = grow[b] if same > 0.0 else (shrink[b] if same < 0.0 else 1.0)
            stride = min(max((step[i, b] if t > 0 else lr[b]) * change, least[b]), most[b])
            slope = 0.0 if same < 0.0 else g[i, b]  # 0: the next stride is neither longer nor shorter
            x[i, b] -= stride * (1.0 if slope > 0.0 else (-1.0 if slope < 0.0 else 0.0))
            step[i, b], before[i, b] = stride, slope


RPROP = Optimizer(
    key="rprop",
    name="Rprop",
    summary="Each coordinate strides longer while its slope keeps its sign, and halves its stride when that turns.",
    rule=rule,
    hypers=(
        learning_rate(1e-2),
        Hyper("etaminus", "shorter by", r"\eta^-", 0.5, 0.1, 0.95, "linear", (0.0, 1.0), help="The stride's factor when the slope turns."),
        Hyper("etaplus", "longer by", r"\eta^+", 1.2, 1.0, 2.0, "linear", (1.0, 100.0), help="The stride's factor while it does not."),
        Hyper("step_min", "shortest stride", r"\Delta_{\min}", 1e-6, 1e-12, 1e-1, "log", help="No stride gets shorter."),
        Hyper("step_max", "longest stride", r"\Delta_{\max}", 50.0, 1e-2, 100.0, "log", help="No stride gets longer."),
    ),
    formula=(
        r"\Delta_t = \mathrm{clip}\big(\Delta_{t-1} \cdot \{<etaplus> \text{ if } g_t g_{t-1} > 0,\; <etaminus> \text{ if } < 0\},\; "
        r"<step_min>,\, <step_max>\big), \quad \Delta_{-1} = <lr>",
        r"g_t := 0 \text{ where } g_t g_{t-1} < 0, \quad \theta_{t+1} = \theta_t - \Delta_t\, \mathrm{sign}(g_t)",
    ),
    paper="Riedmiller & Braun 1993, IEEE ICNN, section II; without its step back: Igel & Huesken 2000, iRprop-",
    strengths="Strides grow on plateaus and shrink at minima without any tuning: lr is only the first stride.",
    weaknesses="Needs exact gradients: noise flips signs and shrinks every stride. Lives on the axes; a schedule does not reach it.",
    honest="In full, but a landscape without noise is its best case: switch noise on to see what mini-batches do to it.",
    more="a tick at which every slope turns moves nothing",
    vectors=("last gradient", "stride"),
    shows=(curves("stride", "stride", r"\Delta_t", "stride of each coordinate"),),
    says=("its strides are {stride}: only the gradient's signs decide",),
)
