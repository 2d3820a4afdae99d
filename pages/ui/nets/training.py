"""Racers train the same net side by side: each to its next snapshot, then the next racer, so that all are seen on one clock.

Training can be paused between two snapshots, and what a racer has learned is kept and found again by its settings.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from landscape.nets import NetProblem, estimate
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.memory import Memory
from pages.ui.nets.trainee import Record, Trainee

KEPT_BYTES = 200_000_000  # of weights that are remembered
LONG = 90.0  # s; a training that takes longer is not begun unasked
PICTURE = 0.25  # s between two partial results

MEMORY: Memory[Record] = Memory(KEPT_BYTES, lambda record: record.training.weights.nbytes)


def key_of(experiment: NetsExperiment, racer: Racer) -> tuple[NetsExperiment, Racer]:
    """What decides on one racer's weights: neither its place nor the other racers."""
    return experiment.setup, replace(racer, slot=0, shown=True)


@lru_cache(maxsize=64)
def seconds_a_tick(problem: NetProblem, batch: int) -> float:
    """Measured; without what methods do themselves."""
    return estimate(problem, batch or None).seconds


class Crew:
    """The racers of one experiment in training. `work` goes on from wherever they stand."""

    def __init__(self, experiment: NetsExperiment) -> None:
        self.experiment = experiment
        self.trainees: dict[int, Trainee] = {}
        self.done: dict[int, Record] = {}
        self.allowed = False  # somebody wants it, however long it takes
        self.seconds = 0.0  # that it would take, as measured before it began

    @property
    def refused(self) -> bool:
        """It would take long, and nobody has said yet that it shall."""
        return self.seconds > LONG and not self.allowed

    def expected(self) -> float:
        """Seconds that the training would take on this machine as it is."""
        missing = [racer for racer in self.experiment.racers if not MEMORY.get(key_of(self.experiment, racer))]
        if not missing:
            return 0.0
        return len(missing) * self.experiment.steps * seconds_a_tick(self.experiment.problem, self.experiment.batch)

    def work(self, report: "Telling") -> Iterator[dict[int, Record]]:
        """Yields what there is, by slot, now and then, and the whole at the end. Work for a `Job`."""
        shown = time.monotonic()
        if not self.allowed and not self.trainees:
            self.seconds = self.expected()
            if self.seconds > LONG:
                return
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
        """Of all snapshots, how many there are. A page may ask while the work is only beginning."""
        each = [1.0 if racer.slot in self.done else self._share(racer.slot) for racer in self.experiment.racers]
        return sum(each) / len(each) if each else 1.0

    def _share(self, slot: int) -> float:
        trainee = self.trainees.get(slot)
        return len(trainee.snapshots) / (self.experiment.snapshots + 1) if trainee else 0.0

    def leave(self) -> None:
        for trainee in self.trainees.values():
            trainee.leave()


def trained(experiment: NetsExperiment, check: Callable[[], None] = lambda: None) -> dict[int, Record]:
    """All racers' trainings, without a job of their own: what is remembered, or else trained now. `check` may raise, to stop it."""
    crew = Crew(experiment)
    crew.allowed = True
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
