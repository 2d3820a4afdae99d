"""The racers' paths on a plane while they train: cheap, without the loss under it, and laid anew as the paths grow. Knows no Streamlit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from landscape.nets.planes.plane import Interval, Plane, Projection, frame, pca_plane
from pages.ui.nets.trainee import Record

MOST = 48  # snapshots of all racers together that the directions are taken from: more would cost much and change little


@dataclass(frozen=True, eq=False)
class Underway:
    """A plane through the start of the training, and where everybody is seen from it so far."""

    plane: Plane
    paths: dict[int, Projection]  # by slot
    frame: tuple[Interval, Interval]  # that holds all of them, up to a divergence

    @property
    def held(self) -> float:
        """The share of the paths' variance about their start that the plane holds."""
        return sum(self.plane.shares or (0.0, 0.0))


def together(slots: Iterable[int], records: Mapping[int, Record]) -> int:
    """The last snapshot of the longest way that everybody has come who still trains: up to there racers can be compared."""
    found = [records.get(slot) for slot in slots]
    going = [len(record.training.ticks) - 1 if record else 0 for record in found if not (record and record.over)]
    return min(going, default=max((len(record.training.ticks) - 1 for record in found if record), default=0))


def underway(records: Mapping[int, Record], before: Plane | None = None) -> Underway | None:
    """The two directions in which all paths vary most so far; None while there are too few snapshots to have two, or to compare.

    `before`: the last picture's plane. An axis keeps its sense, which PCA leaves open, so that no path jumps to the other side.
    """
    if together(records, records) < 1:  # somebody has only the start: nobody is ahead yet
        return None
    sound = {slot: np.flatnonzero(record.sound) for slot, record in records.items()}
    sound = {slot: at for slot, at in sound.items() if len(at)}
    if not sound:
        return None
    each = max(2, MOST // len(sound))
    some = [records[slot].training.weights[np.unique(np.linspace(at[0], at[-1], each).astype(int))] for slot, at in sound.items()]
    try:
        plane = pca_plane(some, some[0][0])
    except ValueError:  # fewer than three points, or all on one line
        return None
    if before is not None and before.u.shape == plane.u.shape:
        plane = replace(plane, u=_along(plane.u, before.u), v=_along(plane.v, before.v))
    paths = {slot: _seen(plane, records[slot].training.weights) for slot in sound}
    return Underway(plane, paths, frame(*(paths[slot].coordinates[at] for slot, at in sound.items())))


def _along(direction: np.ndarray, before: np.ndarray) -> np.ndarray:
    return direction if direction @ before >= 0 else -direction


def _seen(plane: Plane, weights: np.ndarray) -> Projection:
    """`plane.project` of a path (k, n), for directions that are orthonormal, without any copy of it: paths are looked at once a second."""
    origin = plane.origin
    with np.errstate(all="ignore"):
        coordinates = np.stack([weights @ side - origin @ side for side in (plane.u, plane.v)], axis=1)
        away = np.einsum("ij,ij->i", weights, weights) - 2 * (weights @ origin) + origin @ origin
        inside = np.square(coordinates).sum(axis=1)
    fine = np.isfinite(away)
    whole = float(away[fine].sum())
    return Projection(coordinates, np.sqrt(np.maximum(away - inside, 0.0)), float(inside[fine].sum() / whole) if whole > 0 else 1.0)
