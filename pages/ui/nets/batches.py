"""What the batch size does to speed, stability and generalisation, told from luck by several seeds. Work for a job."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from landscape.nets import NetProblem
from landscape.nets.planes.curvature import lanczos
from landscape.nets.planes.objective import Objective
from optimizers import OPTIMIZERS, Batches
from optimizers.train import train
from pages.ui.experiment import Racer
from pages.ui.nets.compute import objective_of
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling, seconds_a_tick, trained

SIZES = (8, 32, 128, 0)  # 0 is all of the data
SEEDS = 4  # of weights and batches: two sizes whose four ends do not overlap differ by chance once in 35 times
TRIAL = 8  # ticks that are timed
LOOKS = 7  # snapshots of the first seed's path whose curvature is measured


@dataclass(frozen=True, eq=False)
class ByBatch:
    """One racer trained with one batch size from several seeds; NaN from a divergence on."""

    slot: int
    size: int
    ticks: np.ndarray  # (k,): evaluations
    train: np.ndarray  # (seeds, k): loss over all the training data
    validation: np.ndarray  # (seeds, k)
    at: np.ndarray  # (l,): evaluations at which the curvature was measured
    along: np.ndarray  # (l,): the Hessian's largest eigenvalue, along the first seed's path
    top: np.ndarray  # (seeds,): the same at the end

    @property
    def diverged(self) -> int:
        return int(np.isnan(self.train[:, -1]).sum())

    def evaluations_to(self, level: float) -> np.ndarray:
        """Until the training loss was first seen at the level or below, (seeds,); NaN where it never was."""
        with np.errstate(all="ignore"):
            there = self.train <= level
        return np.where(there.any(axis=1), self.ticks[there.argmax(axis=1)], np.nan)


def sizes(experiment: NetsExperiment) -> tuple[int, ...]:
    """Those that there are samples for; 0 is all."""
    samples = len(experiment.problem.split.train)
    return tuple(size for size in SIZES if size < samples)


def expected(experiment: NetsExperiment) -> float:
    """Seconds that it would take here: evaluations, what is done besides in each tick, snapshots, and the curvature."""
    problem, each = experiment.problem, sizes(experiment)
    runs = len(experiment.racers) * SEEDS
    evaluations = experiment.steps * sum(seconds_a_tick(problem, size) for size in each)
    tick, snapshot = _besides(problem, experiment.racers[0].optimizer, each[0])
    training = runs * (evaluations + len(each) * (experiment.steps * tick + (experiment.snapshots + 1) * snapshot))
    return training + len(experiment.racers) * len(each) * (LOOKS + SEEDS) * _look(problem)


@lru_cache(maxsize=64)
def _look(problem: NetProblem) -> float:
    """Seconds that one eigenvalue takes."""
    objective, weights = objective_of(problem, "train"), problem.start.copy()
    _top(objective, weights)  # the first one prepares what is kept
    began = time.perf_counter()
    _top(objective, weights)
    return time.perf_counter() - began


@lru_cache(maxsize=64)
def _besides(problem: NetProblem, optimizer: str, size: int) -> tuple[float, float]:
    """Seconds that a tick of training takes besides its evaluation, and that a snapshot takes."""
    spent = []
    for _ in range(2):  # the first one prepares what is kept
        began = time.perf_counter()
        problem.scores(problem.start)
        scored = time.perf_counter()
        train(problem, OPTIMIZERS[optimizer], TRIAL, batches=Batches(size) if size else None, every=TRIAL)
        spent.append((scored - began, time.perf_counter() - scored))
    snapshot, ticks = spent[-1]
    return max(0.0, (ticks - 2 * snapshot) / TRIAL - seconds_a_tick(problem, size)), snapshot


def by_batch(experiment: NetsExperiment, report: Telling) -> Iterator[list[ByBatch]]:
    """Every racer at each batch size: as many evaluations, its own rate, and the same seeds of initial weights."""
    samples, each = len(experiment.problem.split.train), sizes(experiment)
    objective = objective_of(experiment.problem, "train")
    found: list[ByBatch] = []
    parts = len(experiment.racers) * len(each) * SEEDS
    for racer in experiment.racers:
        for size in each:
            records = []
            for seed in range(SEEDS):
                case = replace(experiment.trained, batch=size, seed=experiment.seed + seed, racers=(racer,))
                records.append(trained(case, report.check)[racer.slot])
                report.progress((len(found) * SEEDS + seed + 1) / parts)
            found.append(_measured(experiment, racer, size or samples, records, objective, report))
            yield list(found)


def _measured(
    experiment: NetsExperiment, racer: Racer, size: int, records: Sequence[Record], objective: Objective, report: Telling
) -> ByBatch:
    ticks = np.minimum(np.arange(experiment.snapshots + 1) * experiment.every, experiment.steps)
    train, validation = np.full((2, len(records), len(ticks)), np.nan)
    for row, record in enumerate(records):
        known = len(record.usable)
        train[row, :known] = record.training.train_loss[record.sound]
        validation[row, :known] = record.training.validation_loss[record.sound]
    first = records[0].usable
    at = np.unique(np.linspace(0, len(first) - 1, LOOKS).astype(int))
    along = []
    for index in at:
        along.append(_top(objective, first[index]))
        report.check()
    ends = [np.nan if record.diverged else _top(objective, record.usable[-1]) for record in records]
    return ByBatch(racer.slot, size, ticks, train, validation, ticks[at], np.array(along), np.array(ends))


def _top(objective: Objective, weights: np.ndarray) -> float:
    return float(lanczos(objective, weights, 1).values[0])


@dataclass(frozen=True, eq=False)
class Compared:
    """One quantity at the smallest batch and at the largest, over the seeds that did not diverge."""

    small: np.ndarray
    large: np.ndarray

    @property
    def told(self) -> bool:
        """Whether the two lie apart: no seed of the one is among those of the other."""
        if len(self.small) < SEEDS or len(self.large) < SEEDS:
            return False
        return bool(self.small.max() < self.large.min() or self.large.max() < self.small.min())


def level(found: Sequence[ByBatch]) -> float:
    """The lowest training loss that every seed of every size came down to; those that diverged left out."""
    lowest = [one.train[~np.isnan(one.train[:, -1])].min(axis=1) for one in found]
    reached = np.concatenate(lowest)
    return float(reached.max()) if len(reached) else np.nan


def compared(found: Sequence[ByBatch]) -> dict[str, Compared]:
    """One racer's sizes: the smallest against the largest in speed, by evaluation and by sample; stability; generalisation."""
    ends, down = (found[0], found[-1]), level(found)
    speed = [one.evaluations_to(down) for one in ends]
    columns = {
        "evaluations": speed,
        "samples": [spent * one.size for spent, one in zip(speed, ends, strict=True)],
        "eigenvalue": [one.top for one in ends],
        "validation": [one.validation[:, -1] for one in ends],
    }
    return {key: Compared(*(values[np.isfinite(values)] for values in pair)) for key, pair in columns.items()}
