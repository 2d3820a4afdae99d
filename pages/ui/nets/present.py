"""A nets experiment, its trainings and its plane as what the scene draws, and as what a visitor takes home."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from landscape.nets.planes.plane import Projection
from pages.scene import payload
from pages.ui.experiment import Racer
from pages.ui.nets.compute import Drawn
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.kinds import KINDS
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.trainee import Record
from pages.ui.nets.underway import Underway, together
from pages.ui.nets.words import growing, short_axis_names, told, unseen
from pages.ui.present import scene_view

LEAST = 3.0  # of one side to the other; beyond that equal scales would leave a strip
NO_HEIGHTS = np.full((2, 2), np.nan)


def surface_data(experiment: NetsExperiment, drawn: Drawn, marks: Sequence[payload.Point] = ()) -> payload.Surface:
    surface, kind, measure = drawn.surface, KINDS[experiment.plane.kind], MEASURES[experiment.plane.measure]
    x, y = (float(surface.xs[0]), float(surface.xs[-1])), (float(surface.ys[0]), float(surface.ys[-1]))
    return payload.surface(
        _key(experiment, drawn, marks), measure.name, x, y, drawn.heights, levels=measure.levels,
        equal=kind.equal and _alike(x, y), axes=short_axis_names(drawn.plane), points=marks,
        lowest=0.0,  # no loss of a net is below: key, curves and lists show the same numbers
    )  # fmt: skip


def _alike(x: tuple[float, float], y: tuple[float, float]) -> bool:
    return 1 / LEAST < (x[1] - x[0]) / (y[1] - y[0]) < LEAST


def _key(experiment: NetsExperiment, drawn: Drawn, marks: Sequence[payload.Point]) -> str:
    """Another key for every picture, also for a finer one of the same plane."""
    digest = hash((drawn.heights.tobytes(), drawn.surface.xs.tobytes(), drawn.surface.ys.tobytes(), *((p["x"], p["y"]) for p in marks)))
    return f"{experiment.plane.kind} {digest:x}"


def race_data(
    experiment: NetsExperiment, records: dict[int, Record], drawn: Drawn, navigations: int, marks: Sequence[payload.Point] = ()
) -> payload.Race:
    """The racers on the surface with the same marks. Of a paused training the clock ends where everybody has been who still trains."""
    steps = reached(experiment, records)
    start = drawn.plane.project(experiment.problem.start).coordinates[0]
    racers = [racer for racer in experiment.racers if racer.slot in drawn.paths and racer.slot in records]
    return payload.race(
        _key(experiment, drawn, marks),
        (float(start[0]), float(start[1])),
        steps,
        [_racer(experiment, racer, records[racer.slot], drawn.paths[racer.slot], steps + 1) for racer in racers],
        headline=experiment.problem.question,
        nav=navigations,
        cursor=experiment.cursor,
        view=scene_view(experiment.view),
        clock=_clock(experiment),
        pace=_pace(experiment, steps),
        remark=unseen(experiment, drawn),
        fixed=True,
    )


def reached(experiment: NetsExperiment, records: Mapping[int, Record]) -> int:
    """The clock's last snapshot: the declared one, or, while somebody has not come there, the last that all have."""
    slots = [racer.slot for racer in experiment.racers]
    whole = all(slot in records and records[slot].over for slot in slots)
    return experiment.snapshots if whole else together(slots, records)


def _pace(experiment: NetsExperiment, steps: int) -> tuple[int, int]:
    """Evaluations a snapshot, and at the end of the clock."""
    return experiment.every, min(experiment.steps, steps * experiment.every)


def _clock(experiment: NetsExperiment) -> str:
    return f"evaluations (a snapshot of the weights every {experiment.every:,})" if experiment.every > 1 else "evaluations"


def underway_data(
    experiment: NetsExperiment, records: dict[int, Record], found: Underway, navigations: int
) -> tuple[payload.Surface, payload.Race]:
    """Who trains, on the plane of the paths so far. The clock ends where everybody has been who still trains.

    It is another picture than the one that follows, with a count of navigations below zero: cursor and zoom are not carried over.
    """
    x, y = found.frame
    key = f"underway {hash((x, y)):x}"
    surface = payload.surface(key, "Paths so far", x, y, NO_HEIGHTS, equal=_alike(x, y), axes=short_axis_names(found.plane), bare=True)
    racers = [racer for racer in experiment.racers if racer.slot in found.paths]
    steps = together([racer.slot for racer in racers], records)
    race = payload.race(
        key, (0.0, 0.0), steps,
        [_racer(experiment, racer, records[racer.slot], found.paths[racer.slot], steps + 1) for racer in racers],
        headline=experiment.problem.question, nav=-1 - navigations,
        view={name: value for name, value in scene_view(experiment.view).items() if name not in ("x", "y")},
        clock=_clock(experiment), pace=_pace(experiment, steps),
        remark=growing(found), fixed=True,
    )  # fmt: skip
    return surface, race


def _racer(experiment: NetsExperiment, racer: Racer, record: Record, seen: Projection, count: int) -> payload.Racer:
    """With as many snapshots as the clock has."""
    training = record.training
    status: Literal["converged", "diverged", "running"] = "diverged" if record.diverged else "running"
    gone = None if training.diverged_at is None else len(training.ticks) - 1
    loss = training.validation_loss if MEASURES[experiment.plane.measure].part == "validation" else training.train_loss
    return payload.racer(
        str(racer.slot), racer.name, racer.mark.color, racer.mark.marker,
        filled(seen.coordinates, count), filled(loss, count), filled(record.gradient, count),
        detail=racer.detail_among(experiment.racers), visible=racer.shown, selected=racer.slot == experiment.selected, status=status,
        diverged_at=gone, ended=f"evaluation {training.diverged_at}", sentence=told(experiment, racer, record, seen),
    )  # fmt: skip


def filled(values: np.ndarray, count: int) -> np.ndarray:
    """To this length with NaN: a run that ended early has nothing to show afterwards."""
    whole = np.full((count, *values.shape[1:]), np.nan)
    whole[: len(values)] = values[:count]
    return whole


def curves_csv(experiment: NetsExperiment, records: dict[int, Record], drawn: Drawn | None) -> bytes:
    """Every racer at full precision, a row a snapshot: losses, accuracies, and where the plane shows it."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(("racer", "optimizer", "settings", "evaluations", "train_loss", "train_accuracy", "validation_loss",
                    "validation_accuracy", "gradient_norm", "plane_x", "plane_y", "distance_from_plane"))  # fmt: skip
    for number, racer in enumerate(experiment.racers, start=1):
        if racer.slot not in records:
            continue
        record = records[racer.slot]
        training, count = record.training, len(record.training.ticks)
        seen = drawn.paths.get(racer.slot) if drawn else None
        place = np.full((count, 3), np.nan)
        if seen is not None and len(seen.distance) == count:
            place = np.column_stack([seen.coordinates, seen.distance])
        rows = np.column_stack([training.train_loss, training.train_accuracy, training.validation_loss, training.validation_accuracy,
                                filled(record.gradient, count), place]).tolist()  # fmt: skip
        for tick, row in zip(training.ticks.tolist(), rows, strict=True):
            table.writerow((number, racer.optimizer, racer.detail, tick, *map(repr, row)))
    return text.getvalue().encode()
