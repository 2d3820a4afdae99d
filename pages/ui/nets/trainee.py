"""One racer in training: a thread that goes from snapshot to snapshot, and stands still between two until it is told to go on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.problem import WHOLE
from optimizers.train import Snapshot, Training, train
from pages.ui.experiment import Racer
from pages.ui.jobs import step_back
from pages.ui.nets.experiment import NetsExperiment

IDLE = 60.0  # s that a paused racer waits for somebody to come back
GRADIENTS = 30_000_000  # weights times samples up to which a snapshot also measures the gradient


@dataclass(frozen=True, eq=False)
class Record:
    """One racer's training so far; k snapshots, the first at the start."""

    training: Training
    gradient: np.ndarray  # (k,): |g| over all the training data; NaN where it would take too long
    over: bool  # nothing more will come

    @property
    def usable(self) -> np.ndarray:
        """The snapshots (u, n) before a divergence: what planes may be laid through."""
        return self.training.weights[self.sound]

    @property
    def sound(self) -> np.ndarray:
        """Which snapshots those are, (k,) bool."""
        t = self.training
        fine = np.isfinite(t.weights).all(axis=1)
        if t.diverged_at is not None:
            fine &= t.train_loss <= 2.0 * t.train_loss[0]
        return fine

    @property
    def diverged(self) -> bool:
        return self.training.diverged_at is not None


class Trainee:
    """One racer in a thread that goes from snapshot to snapshot."""

    def __init__(self, experiment: NetsExperiment, racer: Racer) -> None:
        self.snapshots: list[Snapshot] = []
        self.norms: list[float] = []
        self.outcome: Training | None = None
        self.error: Exception | None = None
        self.ended = self.left = False
        self._go, self._there = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, args=(experiment, racer), name="trainee", daemon=True)
        self._begun = False

    def advance(self, check: Callable[[], None]) -> bool:
        """To the next snapshot; False where there is none. `check` may raise meanwhile: the racer stops there and can go on later."""
        if self.ended:
            return False
        if not self._begun:
            self._begun = True
            self._thread.start()
        self._go.release()
        while not self._there.acquire(timeout=0.1):
            check()
        if self.error:
            raise self.error
        return not self.ended

    def leave(self) -> None:
        """Nobody wants the rest."""
        self.left = True
        self._go.release()

    def record(self) -> Record | None:
        """What there is."""
        if not self.snapshots:
            return None
        norms = np.array(self.norms)
        if self.outcome is not None:
            return Record(self.outcome, norms, True)
        seen = tuple(self.snapshots)[: len(norms)]
        train_loss, train_right, held_loss, held_right = np.array(
            [(s.train_loss, s.train_accuracy, s.validation_loss, s.validation_accuracy) for s in seen]
        ).T
        weights = np.array([s.weights for s in seen])
        ticks = np.array([s.tick for s in seen])
        training = Training(ticks, weights, train_loss, train_right, held_loss, held_right, np.empty(0), "running", None)
        return Record(training, norms, False)

    def _run(self, experiment: NetsExperiment, racer: Racer) -> None:
        step_back()
        try:
            self._wait()
            problem = experiment.problem
            slope = _gradient_norm(experiment)

            def seen(snapshot: Snapshot) -> None:
                self.norms.append(slope(snapshot.weights))
                self.snapshots.append(snapshot)
                self._there.release()
                self._wait()

            terms = experiment.terms(racer) | racer.values
            self.outcome = train(problem, racer.method, experiment.steps, on_progress=seen, cancelled=lambda: self.left, **terms)
        except Exception as error:  # noqa: BLE001 - told where the racer is waited for
            self.error = error
        self.ended = True
        self._there.release()

    def _wait(self) -> None:
        if not self._go.acquire(timeout=IDLE):
            self.left = True


def _gradient_norm(experiment: NetsExperiment) -> Callable[[np.ndarray], float]:
    problem = experiment.problem
    samples = len(problem.split.train)
    if problem.n * samples > GRADIENTS:
        return lambda weights: float("nan")
    evaluate: Any = problem.kernel_for(samples, training=False)
    params, f, g = problem.lane_params(1), np.empty(1), np.empty((problem.n, 1))

    def norm(weights: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            evaluate(np.ascontiguousarray(weights[:, None]), params, problem.data, WHOLE, f, g)
            return float(np.linalg.norm(g))

    return norm
