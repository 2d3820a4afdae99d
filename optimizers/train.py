"""Train a net with any optimizer of the registry, through the one loop: what `descend` does, with an eye on the validation data."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from landscape import Problem
from optimizers.around import Around
from optimizers.conditions import Conditions
from optimizers.descend import Batches, descend
from optimizers.loop import FAR, LARGEST
from optimizers.optimizer import Optimizer
from optimizers.schedules import Schedule

if TYPE_CHECKING:
    from landscape.nets import NetProblem


@dataclass(frozen=True)
class Snapshot:
    """A net on its way, after `tick` evaluations."""

    tick: int
    weights: np.ndarray  # (n,)
    train_loss: float  # over all the training data
    train_accuracy: float  # NaN where numbers are predicted
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class Training:
    """What training left behind: k snapshots, the first of them at the start and the last at the end."""

    ticks: np.ndarray  # (k,): evaluations before each snapshot
    weights: np.ndarray  # (k, n)
    train_loss: np.ndarray  # (k,): over all the training data
    train_accuracy: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray
    batch_loss: np.ndarray  # (evaluations,): of what was evaluated at each tick, without noise or penalty
    status: str  # "converged", "diverged", "running" or "cancelled"
    diverged_at: int | None  # tick

    @property
    def final(self) -> np.ndarray:
        """The last weights, (n,)."""
        return self.weights[-1]

    @property
    def evaluations(self) -> int:
        return len(self.batch_loss)


class _Over(Exception):
    """There is nothing more to do: cancelled or diverged."""


@dataclass
class _Witness:
    """Stands between loop and problem: sees every evaluation, and every iterate by following it like something put around the method."""

    problem: "NetProblem"
    compute: Callable[..., None]
    score: Callable[[np.ndarray], tuple[float, float, float, float]]
    inner: Around | None
    every: int
    steps: int
    on_progress: Callable[[Snapshot], None] | None
    cancelled: Callable[[], bool] | None
    losses: list[float] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    latest: np.ndarray = field(default_factory=lambda: np.empty(0))
    status: str = "running"
    diverged_at: int | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.problem, name)

    def evaluate_kernel(self, x: np.ndarray, params: np.ndarray, data: np.ndarray, batch: np.ndarray, f: np.ndarray, g: np.ndarray) -> None:
        if self.cancelled and self.cancelled():
            self.status = "cancelled"
            raise _Over
        self.compute(x, params, data, batch, f, g)
        self.losses.append(float(f[0]))
        # summed without BLAS: its second thread takes the first one's time on a busy machine, three times as long for a ResNet-8
        if not (abs(f[0]) <= LARGEST and np.square(g).sum() <= LARGEST and np.abs(x).max() <= FAR):
            self.status, self.diverged_at = "diverged", len(self.losses) - 1
            raise _Over

    def follow(
        self, x: np.ndarray, iterate: np.ndarray, slow: np.ndarray, settings: np.ndarray, steps: np.ndarray, ahead: bool, t: int
    ) -> None:
        if self.inner:
            self.inner.rule(x, iterate, slow, settings, steps, ahead, t)
        else:
            slow[:] = iterate
        self.latest = slow[:, 0]
        if (t + 1) % self.every == 0 or t + 1 == self.steps:
            self.look(t + 1)

    def look(self, tick: int) -> None:
        if self.snapshots and self.snapshots[-1].tick == tick:
            return
        weights = self.latest.copy()
        self.snapshots.append(Snapshot(tick, weights, *self.score(weights)))
        if self.on_progress:
            self.on_progress(self.snapshots[-1])


def train(
    problem: "NetProblem",
    optimizer: Optimizer,
    steps: int,
    *,
    start: Any = None,
    seed: int = 0,
    batches: Batches | None = None,
    schedule: tuple[Schedule, Mapping[str, float]] | None = None,
    conditions: Conditions = Conditions(),  # noqa: B008 - frozen
    around: tuple[Around, Mapping[str, Any]] | None = None,
    every: int | None = None,
    dtype: Any = np.float64,
    tolerance: float = 1e-6,
    on_progress: Callable[[Snapshot], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    **hypers: Any,
) -> Training:
    """Train for `steps` ticks; a tick is one evaluation of loss and gradient.

    Args:
        start: initial weights (n,); the problem's own, which follow from its seed, where left out.
        seed: of mini-batches and noise.
        every: ticks between two snapshots; a fiftieth of the steps where left out. A snapshot looks at all the data.
        dtype: of the recorded weights; float32 takes half the memory.
        on_progress: gets each snapshot when it is made, in the thread that trains.
        cancelled: asked before every evaluation; where it says yes, what there is comes back.
        conditions, schedule, around, batches, tolerance, hypers: as for `descend`.

    A run that diverges ends there: its last snapshot is of the weights that diverged.

    Raises:
        ValueError: what `descend` refuses, a method that is not for this net, every < 1.

    Example:
        >>> training = train(PRESETS["moons"], OPTIMIZERS["adam"], 400, lr=0.05, batches=Batches(32))
        >>> training.validation_accuracy[-1], decision(PRESETS["moons"], training.final)
    """
    if reason := optimizer.unfit(cast(Problem, problem)):
        raise ValueError(f"{optimizer.name} cannot run on {problem.name}: {reason}")
    every = max(1, int(steps) // 50) if every is None else every
    if every != int(every) or every < 1:
        raise ValueError(f"every = {every}: give a whole number of ticks, 1 or more.")
    net = problem.net()
    inner, settings = around or (None, {})
    witness = _Witness(
        problem, problem.kernel_for(batches.size if batches else problem.samples), lambda weights: net.load(weights).score(),
        inner, int(every), int(steps), on_progress, cancelled, latest=np.array(problem.start if start is None else start, dtype=np.float64),
    )  # fmt: skip
    watching = Around("", "Training", "", witness.follow, inner.hypers if inner else (), (), "")
    problem.layout.check(witness.latest)
    begin = witness.latest.copy()
    witness.look(0)
    try:
        with np.errstate(all="ignore"):  # a divergence is a result, not a warning
            run = descend(
                cast(Problem, witness), optimizer, begin, steps, keep="final", tolerance=tolerance, conditions=conditions,
                schedule=schedule, around=(watching, settings), batches=batches, seed=seed, **hypers,
            )  # fmt: skip
        witness.status, witness.diverged_at = run.status, run.diverged_at
    except _Over:
        witness.look(len(witness.losses) - (witness.status == "diverged"))
    return _training(witness, dtype)


def _training(witness: _Witness, dtype: Any) -> Training:
    seen = witness.snapshots
    scores = np.array([(s.train_loss, s.train_accuracy, s.validation_loss, s.validation_accuracy) for s in seen])
    train_loss, train_accuracy, validation_loss, validation_accuracy = scores.T
    return Training(
        np.array([s.tick for s in seen]), np.array([s.weights for s in seen], dtype=dtype), train_loss, train_accuracy,
        validation_loss, validation_accuracy, np.array(witness.losses), witness.status, witness.diverged_at,
    )  # fmt: skip
