"""Training paths seen from a plane: where they pass, how far away, and what the net's loss really is there."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane
from landscape.problem import Array


@dataclass(frozen=True, eq=False)
class PathOnPlane:
    """A path of T points, and its shadow. NaN where the path is not finite."""

    coordinates: Array  # (T, 2): of the shadow
    distance: Array  # (T,): of the path from the plane
    explained: float  # the share of the path's squared distances from the plane's origin that lies in the plane
    loss: Array  # (T,): of the net, on the path itself
    shadow_loss: Array  # (T,): of the plane, under the path
    accuracy: Array  # (T,): of the net, on the path itself


def path_on_plane(objective: Objective, plane: Plane, points: npt.ArrayLike) -> PathOnPlane:
    """A path (T, n) over a plane. The losses are evaluated at the true weights and at their projections, not read off a grid."""
    path = objective.layout.as_points(np.atleast_2d(np.asarray(points, dtype=np.float64)))
    seen = plane.project(path)
    loss, accuracy = objective.along(path)
    shadow = objective.along(plane.at(seen.coordinates))[0]
    return PathOnPlane(seen.coordinates, seen.distance, seen.explained, loss, shadow, accuracy)
