"""The loss that racers have beside the loss that the plane shows under them, all along their paths. Work for a job."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pages.ui.nets.compute import Drawn, beside
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling

AT_ONCE = 8  # snapshots between two looks


@dataclass(frozen=True, eq=False)
class Shadow:
    """One racer's path and its shadow on the plane, up to a divergence; k snapshots."""

    slot: int
    ticks: np.ndarray  # (k,): evaluations
    loss: np.ndarray  # (k,): of what the plane draws, on the path itself
    under: np.ndarray  # (k,): at the nearest points of the plane
    distance: np.ndarray  # (k,): from there, in weight space


def shadows(experiment: NetsExperiment, records: dict[int, Record], drawn: Drawn, report: Telling) -> Iterator[list[Shadow]]:
    """Racer after racer, each as far as it is known."""
    found: list[Shadow] = []
    for done, (slot, seen) in enumerate(drawn.paths.items()):
        t, fine = records[slot].training, records[slot].sound
        ticks, weights, coordinates, distance = (each[fine] for each in (t.ticks, t.weights, seen.coordinates, seen.distance))
        loss, under = np.full(len(ticks), np.nan), np.full(len(ticks), np.nan)
        for begin in range(0, len(ticks), AT_ONCE):
            part = slice(begin, begin + AT_ONCE)
            loss[part], under[part] = beside(experiment, drawn, weights[part], coordinates[part])
            report.progress((done + min(1.0, (begin + AT_ONCE) / len(ticks))) / len(drawn.paths))
            yield [*found, Shadow(slot, ticks, loss.copy(), under.copy(), distance)]
        found.append(Shadow(slot, ticks, loss, under, distance))
    yield found
