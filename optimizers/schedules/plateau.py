"""The schedule that listens to the loss: it lowers the rate when the loss has stopped falling."""

import math

from landscape.kernel import deferred
from optimizers.optimizer import Hyper
from optimizers.schedules.schedule import RATE, Schedule


@deferred(RATE)
def rule(f, plan, memory, factor, t):
    """plan (6, 1): factor, patience, threshold, smallest factor, warm-up, its start; memory (3, B): best loss, bad ticks, last loss.

    As torch.optim.lr_scheduler.ReduceLROnPlateau (mode min, relative threshold): the loss of tick t decides on the rate of tick t + 1.
    Nobody listens during the warm-up.
    """
    best, bad, last = memory[0], memory[1], memory[2]
    warmup = plan[4, 0]
    for b in range(factor.shape[0]):
        if t <= warmup:
            best[b], bad[b] = math.inf, 0.0
            factor[b] = (t + 1.0 - plan[5, 0]) / warmup if t < warmup else 1.0
        else:
            if last[b] < best[b] * (1.0 - plan[2, 0]):
                best[b], bad[b] = last[b], 0.0
            else:
                bad[b] += 1.0
            if bad[b] > plan[1, 0]:
                factor[b], bad[b] = max(factor[b] * plan[0, 0], plan[3, 0]), 0.0
        last[b] = f[b]


PLATEAU = Schedule(
    key="plateau",
    name="Reduce on plateau",
    summary="Waits until the loss has stopped falling, then lowers the rate.",
    own=(
        Hyper("factor", "drop", r"\gamma", 0.1, 0.01, 0.99, "linear", (0.0, 1.0), help="The rate is multiplied by this."),
        Hyper(
            "patience",
            "patience",
            "p",
            10,
            0,
            100,
            "linear",
            (0, 1e6),
            help="Ticks without a better loss that are put up with.",
            integer=True,
        ),
        Hyper("threshold", "threshold", r"\epsilon", 1e-4, 1e-6, 0.1, "log", (0.0, 1.0), help="Better means lower by at least this share."),
        Hyper(
            "min_factor",
            "lowest factor",
            r"c_{\min}",
            0.0,
            0.0,
            1.0,
            "linear",
            (0.0, 1.0),
            help="The rate falls no further than this share.",
        ),
    ),
    formula=(
        r"c_{t+1} = \max(<factor>\, c_t, <min_factor>) \quad \text{after } <patience> \text{ ticks without } "
        r"L \lt (1 - <threshold>)\, L_{\text{best}}"
    ),
    paper="He et al. 2016, arXiv:1512.03385, section 3.4; form as torch.optim.lr_scheduler.ReduceLROnPlateau",
    form=None,
    rule=rule,
)
