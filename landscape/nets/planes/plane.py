"""A plane through weight space: a point, two directions, and how both were chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.nets.planes.directions import Scale, Vectors, principal, random_pair
from landscape.nets.weights import Layout
from landscape.problem import Array

Interval = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Projection:
    """A path (T, n) seen from a plane."""

    coordinates: Array  # (T, 2): the nearest point of the plane
    distance: Array  # (T,): from there to the path, in weight space
    explained: float  # the share of the path's squared distances from the plane's origin that lies in the plane


@dataclass(frozen=True, eq=False)
class Plane:
    """All weights origin + a u + b v. The directions need not be orthogonal, nor of length 1."""

    origin: Array  # (n,)
    u: Array  # (n,)
    v: Array  # (n,)
    label_u: str = "direction 1"
    label_v: str = "direction 2"
    how: str = ""  # for people: where the directions come from
    shares: tuple[float, float] | None = None  # of the variance of the paths that the directions were taken from

    def __post_init__(self) -> None:
        shapes = {np.shape(vector) for vector in (self.origin, self.u, self.v)}
        if len(shapes) > 1 or len(shapes.pop()) != 1:
            raise ValueError("The origin and the two directions of a plane are three arrays of shape (n,).")
        if not all(np.isfinite(vector).all() for vector in (self.origin, self.u, self.v)):
            raise ValueError("The origin or a direction of this plane is not finite: choose weights from before the divergence.")
        if not abs(self.cosine) < 1 - 1e-9:
            raise ValueError("The two directions of this plane are parallel, or one is zero: choose others.")

    @property
    def cosine(self) -> float:
        """Between u and v; 0: orthogonal. NaN where one is zero."""
        with np.errstate(invalid="ignore"):
            return float(self.u @ self.v / (np.linalg.norm(self.u) * np.linalg.norm(self.v)))

    def at(self, coordinates: npt.ArrayLike) -> Array:
        """The weights at coordinates (2,) or (T, 2): (n,) or (T, n)."""
        return self.origin + np.asarray(coordinates, dtype=np.float64) @ np.stack([self.u, self.v])

    def project(self, points: npt.ArrayLike) -> Projection:
        """The orthogonal projection of a path (T, n), or of one point (n,) as a path of one. A point that is not finite gives NaN."""
        away = np.atleast_2d(np.asarray(points, dtype=np.float64)) - self.origin
        basis, triangle = np.linalg.qr(np.stack([self.u, self.v], axis=1))  # (n, 2), (2, 2)
        with np.errstate(invalid="ignore"):
            inside = away @ basis
            beyond = away - inside @ basis.T
            coordinates = np.linalg.solve(triangle, inside.T).T
        left, whole = (np.square(part[np.isfinite(away).all(axis=1)]).sum() for part in (beyond, away))
        return Projection(coordinates, np.linalg.norm(beyond, axis=1), float(1 - left / whole) if whole > 0 else 1.0)

    def frame(self, *paths: npt.ArrayLike, margin: float = 0.15) -> tuple[Interval, Interval]:
        """The ranges of a and b that hold the paths' projections and the origin, with a margin of their extent on each side."""
        return frame(*(self.project(path).coordinates for path in paths), margin=margin)


def frame(*seen: Array, margin: float = 0.15) -> tuple[Interval, Interval]:
    """The ranges that hold the origin and all points (T, 2) that are finite, with a margin of their extent on each side."""
    points = np.concatenate([np.zeros((1, 2)), *seen])
    points = points[np.isfinite(points).all(axis=1)]
    low, high = points.min(axis=0), points.max(axis=0)
    extent = np.where(high > low, high - low, (high - low).max() or 2.0)
    (x0, y0), (x1, y1) = low - margin * extent, high + margin * extent
    return (float(x0), float(x1)), (float(y0), float(y1))


def random_plane(
    weights: npt.ArrayLike, layout: Layout, seed: int = 0, scale: Scale = "filter", vectors: Vectors = "zero", orthogonal: bool = False
) -> Plane:
    """Through `weights` along two random directions: see `directions.random_pair`."""
    u, v = random_pair(weights, layout, seed, scale, vectors, orthogonal)
    scaled = {"filter": "each filter as long as the net's", "layer": "each tensor as long as the net's", "none": "not scaled"}[scale]
    return Plane(layout.as_points(weights), u, v, "random 1", "random 2", f"Two random directions (seed {seed}), {scaled}.")


def pca_plane(paths: npt.ArrayLike | Sequence[npt.ArrayLike], centre: npt.ArrayLike | None = None, about_mean: bool = False) -> Plane:
    """Through `centre` along the two directions in which the paths vary most, unit length.

    Args:
        paths: one run's weights (T, n), or a list of them: all racers together. Points that are not finite are left out, and counted.
        centre: a point of the plane, (n,); None: the first path's last point.
        about_mean: variance about the mean of all points, as scikit-learn's PCA and the code of Li et al. 2018 have it;
            else about the centre (their section 7.1 as written), so that the plane fits paths seen from there best.
    """
    runs = [np.asarray(path, dtype=np.float64) for path in ([paths] if isinstance(paths, np.ndarray) else paths)]  # type: ignore[union-attr]
    if not runs or any(run.ndim != 2 or run.shape[1] != runs[0].shape[1] for run in runs):
        raise ValueError("Give one path as an array (T, n), or a list of such arrays with the same n.")
    origin = np.asarray(runs[0][-1] if centre is None else centre, dtype=np.float64)
    every = np.concatenate(runs)
    points = every[np.isfinite(every).all(axis=1)]
    directions, shares = principal(points, points.mean(axis=0) if about_mean else origin)
    left = len(every) - len(points)
    how = f"PCA of {len(points)} points of {len(runs)} path{'s' * (len(runs) > 1)}, about {'their mean' if about_mean else 'the centre'}."
    how += f" {left} points were not finite and could not take part." if left else ""
    return Plane(origin, directions[0], directions[1], "PCA 1", "PCA 2", how, (float(shares[0]), float(shares[1])))


def hessian_plane(weights: npt.ArrayLike, vectors: Array, values: Array) -> Plane:
    """Through `weights` along two eigenvectors of the Hessian, (n, 2) or more, of which the first two count: see `curvature.lanczos`."""
    how = f"The Hessian's eigenvectors with eigenvalues {values[0]:.3g} and {values[1]:.3g}."
    return Plane(np.asarray(weights, dtype=np.float64), vectors[:, 0], vectors[:, 1], "eigenvector 1", "eigenvector 2", how)


def plane_through(a: npt.ArrayLike, b: npt.ArrayLike, c: npt.ArrayLike) -> Plane:
    """Through three solutions, with orthonormal directions: u from a to b, v the rest of the way to c.

    Garipov et al. 2018, arXiv:1802.10026, appendix A.1. `plane.project` gives the coordinates of the three.
    """
    first, second, third = (np.asarray(point, dtype=np.float64) for point in (a, b, c))
    u = second - first
    if not np.linalg.norm(u) > 0:
        raise ValueError("The first two solutions are the same point: choose three different ones.")
    u /= np.linalg.norm(u)
    v = third - first
    size = np.linalg.norm(v)
    for _ in range(2):  # twice, for what rounding has left
        v = v - (v @ u) * u
    if not np.linalg.norm(v) > 1e-12 * size:
        raise ValueError("The three solutions lie on one line: choose others, or draw the line.")
    return Plane(first, u, v / np.linalg.norm(v), "towards solution 2", "towards solution 3", "The plane through three solutions.")


def axis(low: float, high: float, points: int) -> Array:
    """Evenly spaced coordinates, (points,), one of which is exactly 0: the range moves by at most half a step for that.

    The trained point is then a grid point. Raises ValueError for a range that does not hold 0, and for fewer than 3 points.
    """
    if not low <= 0 <= high or not low < high or points < 3:
        raise ValueError(
            f"From {low:g} to {high:g} in {points} points: the range must hold 0, where the net is, and have 3 points or more."
        )
    step = (high - low) / (points - 1)
    coordinates: Array = np.asarray((np.arange(points) - round(-low / step)) * step, dtype=np.float64)
    return coordinates
