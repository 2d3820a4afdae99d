"""What a nets experiment leads to: its plane, the loss over it, the paths seen from it; remembered on names and numbers.

plane_of(experiment)   # the whole plane at once, training included: for other pages; knows no Streamlit
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from landscape.nets import NetProblem
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.own import objective_of as net_objective
from landscape.nets.planes.plane import Plane, Projection, axis
from landscape.nets.planes.surface import Surface, refined
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.kinds import KINDS, Ground
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.memory import Memory
from pages.ui.nets.remedy import remedy
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Alone, Telling, trained
from pages.ui.words import times

FINEST = 0.002  # of the range of losses: where interpolation is closer than that, a point is not evaluated


@dataclass(frozen=True, eq=False)
class Drawn:
    """A plane with the loss over it so far, and where everybody is seen from it."""

    surface: Surface
    heights: np.ndarray  # (ny, nx): of the measure that was asked for
    paths: dict[int, Projection]  # by slot
    centre: int  # slot of the racer whose end is the origin
    missing: tuple[str, ...]  # who took no part in laying the plane, in words
    whole: bool  # no finer picture will come

    @property
    def plane(self) -> Plane:
        return self.surface.plane


@lru_cache(maxsize=8)
def objective_of(problem: NetProblem, part: str) -> Objective:
    """The problem's loss on its training or validation data, as planes want it."""
    return net_objective(problem, part == "validation")


def lay(experiment: NetsExperiment, records: dict[int, Record]) -> tuple[Plane, Ground, int, tuple[str, ...]]:
    """The plane that was chosen. Raises ValueError where the racers do not allow it."""
    names = {racer.slot: experiment.called(racer) for racer in experiment.racers}
    stable = [slot for slot, record in records.items() if not record.diverged] or list(records)
    missing = tuple(names[slot] for slot in records if slot not in stable)
    if not stable:
        raise ValueError("Nobody trains: add a racer, and its path gives the plane.")
    centre = experiment.plane.of if experiment.plane.of in stable else stable[0]
    paths = {slot: records[slot].usable for slot in stable if len(records[slot].usable)}
    own = records[centre].usable
    if not len(own):
        raise ValueError(lost(experiment, records))
    problem = experiment.problem
    drawn = objective_of(problem, MEASURES[experiment.plane.measure].part)
    through = [slot for slot in dict.fromkeys([*experiment.plane.ends, *paths]) if slot in paths][:3]  # who diverged is stood in for
    ends = [(names[slot], paths[slot][-1]) for slot in through]
    ground = Ground(problem, drawn, objective_of(problem, "train"), list(paths.values()), own, ends, experiment.plane)
    try:
        return KINDS[experiment.plane.kind].lay(ground), ground, centre, missing
    except ValueError:
        if all(record.diverged for record in records.values()):  # too few points are left for this plane
            raise ValueError(lost(experiment, records)) from None
        raise


def lost(experiment: NetsExperiment, records: dict[int, Record]) -> str:
    """Where nobody has got far enough for a plane: who diverged, when, and what would help each."""
    told = []
    for racer in experiment.racers:
        if (record := records.get(racer.slot)) and record.training.diverged_at is not None:
            when = times(record.training.diverged_at, "evaluation")
            told.append(f"{racer.name} diverged after {when}. {remedy(experiment.problem, racer)}")
    return "There is no plane to draw: " + " ".join(told)


def drawing(experiment: NetsExperiment, records: dict[int, Record], report: Telling) -> Iterator[Drawn]:
    """Coarse first, then finer. Work for a `Job`."""
    plane, ground, centre, missing = lay(experiment, records)
    choice, measure = experiment.plane, MEASURES[experiment.plane.measure]
    (x0, x1), (y0, y1) = KINDS[choice.kind].frame(plane, ground)
    xs, ys = axis(x0, x1, choice.points), axis(y0, y1, choice.points)
    paths = {slot: plane.project(record.training.weights) for slot, record in records.items()}
    total = xs.size * ys.size
    for surface in refined(ground.objective, plane, xs, ys, tolerance=FINEST, cancelled=report.cancelled):
        heights = measure.value(surface.loss, surface.accuracy, surface.square_norm, float(experiment.conditions.l2))
        report.progress(min(0.99, surface.computed.sum() / total))
        yield Drawn(surface, heights, paths, centre, missing, False)
    yield Drawn(surface, heights, paths, centre, missing, True)


PLANES: Memory[Drawn] = Memory(24)


def remembered(experiment: NetsExperiment, records: dict[int, Record]) -> Callable[[Telling], Iterator[Drawn]]:
    """`drawing` for a `Job`, which begins with what is remembered of a finished plane."""
    whole = all(record.over for record in records.values())
    key = experiment.drawn

    def work(report: Telling) -> Iterator[Drawn]:
        if whole and (found := PLANES.get(key)):
            yield found
            return
        for drawn in drawing(experiment, records, report):
            yield drawn
        if whole:
            PLANES.put(key, drawn)

    return work


@dataclass(frozen=True, eq=False)
class PlaneData:
    """A plane as a landscape of two coordinates."""

    xs: np.ndarray  # (nx,)
    ys: np.ndarray  # (ny,)
    z: np.ndarray  # (ny, nx): what the plane draws, evaluated at every point
    axes: tuple[str, str]
    start: tuple[float, float]  # the initial weights, seen from the plane
    name: str
    words: str  # how the plane was laid, and what is done with running statistics


def plane_of(experiment: NetsExperiment) -> PlaneData:
    """The experiment's plane, its racers trained where they are not remembered. Raises ValueError where there is none."""
    return _plane_of(experiment.drawn)


@lru_cache(maxsize=16)
def _plane_of(experiment: NetsExperiment) -> PlaneData:
    *_, drawn = drawing(experiment, trained(experiment), Alone())
    surface, plane = drawn.surface, drawn.plane
    start = plane.project(experiment.problem.start).coordinates[0]
    return PlaneData(
        surface.xs, surface.ys, drawn.heights, (plane.label_u, plane.label_v), (float(start[0]), float(start[1])),
        f"{experiment.problem.name}: {KINDS[experiment.plane.kind].name}", f"{plane.how} {surface.words}",
    )  # fmt: skip


@dataclass(frozen=True)
class Truth:
    """One racer at one snapshot: the loss it has, and the loss that the picture shows under it."""

    slot: int
    loss: float
    under: float  # at the nearest point of the plane
    distance: float  # from there, in weight space
    explained: float  # the share of the whole path's squared distance from the origin that lies in the plane
    length: float  # |w| of the weights


def truths(experiment: NetsExperiment, records: dict[int, Record], drawn: Drawn, snapshot: int) -> list[Truth]:
    """For every racer at a snapshot. Both losses come from the same computation, so that they differ by the place alone."""
    found = []
    for slot, projection in drawn.paths.items():
        at = min(snapshot, len(projection.coordinates) - 1)
        found.append(truth(experiment, drawn, slot, records[slot].training.weights[at], projection, at))
    return found


def truth(experiment: NetsExperiment, drawn: Drawn, slot: int, weights: np.ndarray, projection: Projection, at: int) -> Truth:
    """For the weights (n,) of one point of a path."""
    (loss,), (under,) = beside(experiment, drawn, weights[None], projection.coordinates[at][None])
    return Truth(slot, loss, under, float(projection.distance[at]), projection.explained, float(np.linalg.norm(weights)))


def beside(experiment: NetsExperiment, drawn: Drawn, weights: np.ndarray, seen: np.ndarray) -> tuple[list[float], list[float]]:
    """What the plane draws, at weights (k, n) themselves and under them, where they are seen at (k, 2); NaN where they are not finite."""
    measure = MEASURES[experiment.plane.measure]
    objective, fine = objective_of(experiment.problem, measure.part), np.isfinite(weights).all(axis=1)
    found = []
    for points in (weights[fine], drawn.plane.at(seen[fine])):
        values = np.full(len(weights), np.nan)
        loss, right = objective.along(points)
        values[fine] = measure.value(loss, right, np.square(points).sum(axis=1), float(experiment.conditions.l2))
        found.append(values.tolist())
    return found[0], found[1]
