"""Racing on a slice against training in full space, in numbers: the same methods, settings and start, and how they come apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane
from landscape.slice import Slice
from optimizers import Run, descend
from optimizers.story import Fate, fate
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.slices import Released, conditions_of, release
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling


@dataclass(frozen=True)
class Way:
    """One racer's way, in full space or on the slice."""

    first: float  # loss at the start
    last: float  # loss after the ticks; where it was over before, the last one
    length: float  # from snapshot to snapshot, in weight space
    over: int | None = None  # tick after which nothing follows
    fate: Fate = ""


@dataclass(frozen=True)
class Apart:
    """What one racer does with all directions, and with the two that the slice has."""

    slot: int
    full: Way
    slice: Way | None  # None where the method cannot run on a slice
    reason: str  # why it cannot
    beyond: tuple[float, float]  # of the gradient's length, the share that points out of the plane: at the start and at the end


@dataclass(frozen=True, eq=False)
class Parted:
    """All racers, and the slice that they were released on."""

    land: Slice
    racers: tuple[Apart, ...]


def beyond(plane: Plane, gradient: np.ndarray) -> float:
    """|g - P g| / |g|, where P projects on the plane: 0 where the slice shows all of the gradient, 1 where it shows nothing of it.

    NaN for a gradient (n,) that is zero or not finite.
    """
    basis, _ = np.linalg.qr(np.stack([plane.u, plane.v], axis=1))
    with np.errstate(all="ignore"):
        return float(np.linalg.norm(gradient - basis @ (basis.T @ gradient)) / np.linalg.norm(gradient))


def parted(experiment: NetsExperiment, report: Telling) -> Iterator[Parted]:
    """Every racer of the experiment, in full space and released on its slice. Work for a `Job`."""
    found = release(experiment, report)
    racers = tuple(apart(experiment, racer, found) for racer in experiment.racers if racer.slot in found.records)
    yield Parted(found.land, racers)


def apart(experiment: NetsExperiment, racer: Racer, found: Released) -> Apart:
    """One racer. Losses include the L2 penalty where there is one."""
    record, l2 = found.records[racer.slot], float(experiment.conditions.l2)
    fine = record.usable
    shares = (
        [beyond(found.plane, _gradient(found.ground.training, weights, l2)) for weights in fine[[0, -1]]] if len(fine) else [np.nan] * 2
    )
    reason = racer.method.unfit(found.problem)
    return Apart(racer.slot, _full(record, l2), None if reason else _on_slice(experiment, racer, found), reason, (shares[0], shares[1]))


def _gradient(objective: Objective, weights: np.ndarray, l2: float) -> np.ndarray:
    return objective.gradient(weights)[1] + l2 * weights


def _full(record: Record, l2: float) -> Way:
    t = record.training
    with np.errstate(all="ignore"):
        loss = t.train_loss + l2 / 2 * np.square(t.weights).sum(axis=1)
    return Way(float(loss[0]), _last(loss), _length(t.weights), t.diverged_at, "" if t.diverged_at is None else "diverged")


def _on_slice(experiment: NetsExperiment, racer: Racer, found: Released) -> Way:
    terms: dict[str, Any] = racer.values
    run: Run = descend(
        found.problem, racer.method, found.land.start, experiment.steps, conditions=conditions_of(experiment),
        schedule=experiment.plan(racer), around=racer.follower, seed=experiment.seed, **terms,
    )  # fmt: skip
    ticks = np.minimum(np.arange(experiment.snapshots + 1) * experiment.every, experiment.steps)
    way = run.path[ticks] @ np.stack([found.plane.u, found.plane.v])  # (k, n)
    return Way(float(run.loss[0]), _last(run.loss), _length(way), run.diverged_at, fate(found.problem, run))


def _last(loss: np.ndarray) -> float:
    finite = loss[np.isfinite(loss)]
    return float(finite[-1]) if len(finite) else float("nan")


def _length(way: np.ndarray) -> float:
    """Of a path (k, n), as far as it is finite."""
    with np.errstate(all="ignore"):
        return float(np.nansum(np.linalg.norm(np.diff(way, axis=0), axis=1)))
