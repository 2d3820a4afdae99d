"""How sharp the ground is where racers go and where they end. Work for jobs: each function yields more and more of its result."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from landscape.nets.planes.curvature import Estimate, lanczos, trace
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.sharpness import Rise, loss_rise, width
from pages.ui.experiment import Racer
from pages.ui.nets.compute import objective_of
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling

ALONG = 13  # snapshots of a path whose curvature is measured
DRAWS = 40  # of the trace
RISE = 0.1  # of loss: how far one can go before it has risen by that


@dataclass(frozen=True, eq=False)
class Along:
    """One racer's curvature along its path."""

    slot: int
    ticks: np.ndarray  # (t,): evaluations
    top: np.ndarray  # (t, 2): the Hessian's two largest eigenvalues
    edge: float | None  # above this its steps are unstable on a quadratic; None: nobody knows such a number


@dataclass(frozen=True, eq=False)
class AtEnd:
    """Several measures at one trained net; no two of them need agree."""

    slot: int
    top: float
    trace: Estimate
    width: np.ndarray  # (draws,): in multiples of the filters' lengths; infinite where the loss does not rise so far


def edge_of(racer: Racer) -> float | None:
    """The largest curvature at which a racer's steps are stable on a quadratic, as its declaration has it."""
    edge, lr = racer.method.edge, racer.values.get("lr")
    return edge(racer.values) / lr if edge and lr else None


def along(experiment: NetsExperiment, records: dict[int, Record], report: Telling) -> Iterator[list[Along]]:
    objective = objective_of(experiment.problem, "train")
    present = [racer for racer in experiment.racers if racer.slot in records]
    found: list[Along] = []
    for done, racer in enumerate(present):
        record = records[racer.slot]
        usable = record.usable
        at = np.unique(np.linspace(0, len(usable) - 1, ALONG).astype(int))
        top = []
        for step, index in enumerate(at):
            top.append(lanczos(objective, usable[index], min(2, objective.n)).values)
            report.progress((done + (step + 1) / len(at)) / len(present))
            yield [*found, Along(racer.slot, record.training.ticks[at[: step + 1]], np.array(top), edge_of(racer))]
        found.append(Along(racer.slot, record.training.ticks[at], np.array(top), edge_of(racer)))
    yield found


def at_end(experiment: NetsExperiment, records: dict[int, Record], report: Telling) -> Iterator[list[AtEnd]]:
    objective = objective_of(experiment.problem, "train")
    found: list[AtEnd] = []
    present = [racer for racer in experiment.racers if racer.slot in records]
    for done, racer in enumerate(present):
        found.append(_measured(objective, racer.slot, records[racer.slot].usable[-1]))
        report.progress((done + 1) / len(present))
        yield list(found)


def rises(experiment: NetsExperiment, records: dict[int, Record], radius: float, report: Telling) -> Iterator[dict[int, Rise]]:
    """How much the loss rises, by slot, `radius` times the weights' length away from each end."""
    objective = objective_of(experiment.problem, "train")
    found: dict[int, Rise] = {}
    for slot, record in records.items():
        weights = record.usable[-1]
        found[slot] = loss_rise(objective, weights, radius * float(np.linalg.norm(weights)))
        report.progress(len(found) / len(records))
        yield dict(found)


def _measured(objective: Objective, slot: int, weights: np.ndarray) -> AtEnd:
    top = float(lanczos(objective, weights, 1).values[0])
    return AtEnd(slot, top, trace(objective, weights, DRAWS), width(objective, weights, RISE))
