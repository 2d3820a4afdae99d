"""What can be put AROUND any method: a second, slower point that follows its iterate and is what counts as the result.

The run's path is the slow point, its queries are where the method itself went: a page draws both.

What is around a method counts the method's steps, which may take several ticks each, and does nothing while one is under way. Where it
moves the iterate it may set the steps to 0: a method that counts them itself then begins there anew, see `Optimizer`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numba import boolean, int64, void

from landscape.kernel import MATRIX, VECTOR, Kernel, deferred
from optimizers.optimizer import Hyper, filled

# x, iterate, slow, settings (h, B), steps (B,): how many are done, and a part while one is under way; ahead, t: after the rule of tick t
AROUND = void(MATRIX, MATRIX, MATRIX, MATRIX, VECTOR, boolean, int64)


@dataclass(frozen=True)
class Around:
    """A way to follow a method's iterate, as a declaration."""

    key: str
    name: str
    summary: str
    rule: Kernel
    hypers: tuple[Hyper, ...]
    formula: tuple[str, ...]
    paper: str
    # (slow point before, after, settings) -> where the method had come to when it was moved onto the slow point; None: it never is
    reached: Callable[[np.ndarray, np.ndarray, Mapping[str, float]], np.ndarray] | None = None

    def latex(self, values: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The formula's lines, with symbols or with the given values in their places."""
        return tuple(filled(line, {hyper.key: hyper for hyper in self.hypers}, values or {}) for line in self.formula)


@deferred(AROUND)
def _lookahead(x, iterate, slow, settings, steps, ahead, t):
    n, lanes = x.shape
    k, alpha = settings[0], settings[1]
    for b in range(lanes):
        rounds = steps[b] / k[b]
        if rounds != np.floor(rounds):
            continue
        moved = False
        for i in range(n):
            # all the way is exactly there, so that nothing has moved
            slow[i, b] = iterate[i, b] if alpha[b] == 1.0 else slow[i, b] + alpha[b] * (iterate[i, b] - slow[i, b])
            moved |= slow[i, b] != iterate[i, b]
            if ahead:  # the point ahead keeps its distance
                x[i, b] += slow[i, b] - iterate[i, b]
            iterate[i, b] = slow[i, b]
        if moved:
            steps[b] = 0.0


@deferred(AROUND)
def _polyak(x, iterate, slow, settings, steps, ahead, t):
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            since = steps[b] - settings[0, b]  # iterates in the mean so far
            if since < 1.0:
                slow[i, b] = iterate[i, b]
            elif since == np.floor(since):
                slow[i, b] += (iterate[i, b] - slow[i, b]) / since


@deferred(AROUND)
def _exponential(x, iterate, slow, settings, steps, ahead, t):
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            if steps[b] == np.floor(steps[b]):
                slow[i, b] += (1.0 - settings[0, b]) * (iterate[i, b] - slow[i, b])


LOOKAHEAD = Around(
    key="lookahead",
    name="Lookahead",
    summary="Every k steps the slow point goes part of the way to the fast one, which starts again from there.",
    rule=_lookahead,
    hypers=(
        Hyper("k", "fast steps", "k", 5, 1, 50, "linear", (1, 10_000), help="Fast steps between two slow ones.", integer=True),
        Hyper("alpha", "slow step", r"\alpha", 0.5, 0.0, 1.0, "linear", (0.0, 1.0), help="Share of the way that the slow point goes."),
    ),
    formula=(
        r"\phi_{t+1} = \phi_t + <alpha>\, (\theta_{t+1} - \phi_t), \quad \theta_{t+1} = \phi_{t+1} \quad \text{every } <k> \text{ steps}",
    ),
    paper="Zhang, Lucas, Hinton & Ba 2019, arXiv:1907.08610, algorithm 1",
    reached=lambda before, after, settings: before + (after - before) / settings["alpha"],
)
POLYAK = Around(
    key="polyak",
    name="Mean of the iterates",
    summary="The plain mean of all iterates from a step on: it settles where the iterates only circle.",
    rule=_polyak,
    hypers=(
        Hyper(
            "begin", "from step", "t_0", 0, 0, 500, "linear", (0, 1e6), help="Iterates before this step stay out of the mean.", integer=True
        ),
    ),
    formula=(r"\bar\theta_t = \tfrac{1}{t - <begin>} \sum_{s = <begin> + 1}^{t} \theta_s",),
    paper="Polyak & Juditsky 1992, SIAM J. Control Optim. 30(4), eq. 2",
)
EXPONENTIAL = Around(
    key="ema",
    name="Exponential mean",
    summary="A mean that forgets: recent iterates count most.",
    rule=_exponential,
    hypers=(
        Hyper(
            "decay", "decay of the mean", r"\delta", 0.95, 0.0, 0.9999, "complement", (0.0, 1.0), help="Share of the old mean that is kept."
        ),
    ),
    formula=(r"\bar\theta_{t+1} = <decay>\, \bar\theta_t + (1 - <decay>)\, \theta_{t+1}",),
    paper="Kingma & Ba 2015, arXiv:1412.6980, section 7.2 (without its correction: the mean begins at the start)",
)
AROUNDS = {around.key: around for around in (LOOKAHEAD, POLYAK, EXPONENTIAL)}


def fast_path(around: Around, settings: Mapping[str, float], own: np.ndarray, slow: np.ndarray) -> np.ndarray:
    """The way of the method itself, (steps + 1, 2, n): where each tick has led it, and where it goes on from.

    The two differ where it was moved onto the slow point. `own` are its iterates, `slow` the run's path, both (steps + 1, n).
    """
    came = own.copy()
    if around.reached:
        moved = np.flatnonzero((slow[1:] != slow[:-1]).any(axis=1)) + 1
        came[moved] = around.reached(slow[moved - 1], slow[moved], settings)
    return np.stack([came, own], axis=1)
