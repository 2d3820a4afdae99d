"""Racers train the same net side by side: each to its next snapshot, then the next racer, so that all are seen on one clock.

Each has a thread of its own, which stands still between two snapshots until it is told to go on. So training can be paused, and
what a racer has learned is kept and found again by its settings.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from landscape.problem import WHOLE
from optimizers.train import Snapshot, Training, train
from pages.ui.experiment import Racer
from pages.ui.jobs import step_back
from pages.ui.nets.experiment import NetsExperiment

IDLE = 60.0  # s that a paused racer waits for somebody to come back
KEPT_BYTES = 200_000_000  # of weights that are remembered
GRADIENTS = 30_000_000  # weights times samples up to which a snapshot also measures the gradient
PICTURE = 0.25  # s between two partial results


@dataclass(frozen=True, eq=False)
class Record:
    """One racer's training so far; k snapshots, the first at the start."""

    training: Training
    gradient: np.ndarray  # (k,): |g| over all the training data; NaN where it would take too long
    over: bool  # nothing more will come

    @property
    def usable(self) -> np.ndarray:
        """The snapshots (u, n) before a divergence: what planes may be laid through."""
        t = self.training
        fine = np.isfinite(t.weights).all(axis=1)
        if t.diverged_at is not None:
            fine &= t.train_loss <= 2.0 * t.train_loss[0]
        return t.weights[fine]

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
    evaluate: Any = problem.kernel_for(samples)
    params, f, g = problem.lane_params(1), np.empty(1), np.empty((problem.n, 1))

    def norm(weights: np.ndarray) -> float:
        with np.errstate(all="ignore"):
            evaluate(np.ascontiguousarray(weights[:, None]), params, problem.data, WHOLE, f, g)
            return float(np.linalg.norm(g))

    return norm


class Memory:
    """The newest finished trainings, by what decides on them; no more than so many bytes of weights."""

    def __init__(self, limit: int) -> None:
        self._limit, self._held, self._lock = limit, OrderedDict[Any, Record](), threading.Lock()

    def get(self, key: Any) -> Record | None:
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
            return self._held.get(key)

    def put(self, key: Any, record: Record) -> None:
        with self._lock:
            self._held[key] = record
            while len(self._held) > 1 and sum(held.training.weights.nbytes for held in self._held.values()) > self._limit:
                self._held.popitem(last=False)


MEMORY = Memory(KEPT_BYTES)


def key_of(experiment: NetsExperiment, racer: Racer) -> tuple[NetsExperiment, Racer]:
    """What decides on one racer's weights: neither its place nor the other racers."""
    return experiment.setup, replace(racer, slot=0, shown=True)


class Crew:
    """The racers of one experiment in training. `work` goes on from wherever they stand."""

    def __init__(self, experiment: NetsExperiment) -> None:
        self.experiment = experiment
        self.trainees: dict[int, Trainee] = {}
        self.done: dict[int, Record] = {}

    def work(self, report: "Telling") -> Iterator[dict[int, Record]]:
        """Yields what there is, by slot, now and then, and the whole at the end. Work for a `Job`."""
        import time

        shown = time.monotonic()
        for racer in self.experiment.racers:
            if found := MEMORY.get(key_of(self.experiment, racer)):
                self.done[racer.slot] = found
            elif racer.slot not in self.done and not self._alive(racer.slot):
                self.trainees[racer.slot] = Trainee(self.experiment, racer)
        while waiting := [racer for racer in self.experiment.racers if racer.slot not in self.done]:
            for racer in waiting:
                self._step(racer, report.check)
            report.progress(self.fraction)
            if time.monotonic() - shown > PICTURE:
                shown = time.monotonic()
                yield self.records
        yield self.records

    def _alive(self, slot: int) -> bool:
        trainee = self.trainees.get(slot)
        return trainee is not None and not trainee.left and not trainee.error

    def _step(self, racer: Racer, check: Callable[[], None]) -> None:
        trainee = self.trainees[racer.slot]
        if not trainee.advance(check) and (record := trainee.record()):
            self.done[racer.slot] = record
            if not trainee.left:
                MEMORY.put(key_of(self.experiment, racer), record)

    @property
    def records(self) -> dict[int, Record]:
        """By slot, in the racers' order; a racer without its first snapshot is missing."""
        found = {racer.slot: self.done.get(racer.slot) or self._partial(racer.slot) for racer in self.experiment.racers}
        return {slot: record for slot, record in found.items() if record}

    def _partial(self, slot: int) -> Record | None:
        return self.trainees[slot].record() if slot in self.trainees else None

    @property
    def fraction(self) -> float:
        """Of all snapshots, how many there are."""
        each = [1.0 if r.slot in self.done else len(self.trainees[r.slot].snapshots) / (self.experiment.snapshots + 1)
                for r in self.experiment.racers]  # fmt: skip
        return sum(each) / len(each) if each else 1.0

    def leave(self) -> None:
        for trainee in self.trainees.values():
            trainee.leave()


def trained(experiment: NetsExperiment, check: Callable[[], None] = lambda: None) -> dict[int, Record]:
    """All racers' trainings, without a job of their own: what is remembered, or else trained now. `check` may raise, to stop it."""
    crew = Crew(experiment)
    try:
        for _ in crew.work(Alone(check)):
            pass
    finally:
        crew.leave()
    return crew.records


class Telling(Protocol):
    """What work says of itself to whoever waits for it: a `Report`, or something that looks like one."""

    def progress(self, fraction: float) -> None: ...
    def check(self) -> None: ...
    def cancelled(self) -> bool: ...


@dataclass(frozen=True)
class Alone:
    """A report that nobody reads."""

    ask: Callable[[], None] = lambda: None

    def progress(self, fraction: float) -> None:
        self.ask()

    def check(self) -> None:
        self.ask()

    def cancelled(self) -> bool:
        return False
