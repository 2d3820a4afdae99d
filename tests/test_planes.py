"""Planes through weight space: projections, frames and axes, on constructed paths."""

import numpy as np
import pytest

from landscape.nets.planes.plane import Plane, axis, hessian_plane, pca_plane, plane_through


def test_projection_explained_and_distance_on_a_constructed_path():
    rng = np.random.default_rng(7)
    u, v, away = np.linalg.qr(rng.standard_normal((50, 3)))[0].T
    origin, inside = rng.standard_normal(50), rng.standard_normal((20, 2))
    height = rng.standard_normal(20)
    skewed = Plane(origin, 2 * u, u + 3 * v)  # neither orthogonal nor of length 1
    path = origin + inside @ np.stack([skewed.u, skewed.v]) + height[:, None] * away
    seen = skewed.project(path)
    np.testing.assert_allclose(seen.coordinates, inside, atol=1e-12)
    np.testing.assert_allclose(seen.distance, np.abs(height), atol=1e-12)
    whole = np.square(path - origin).sum()
    assert seen.explained == pytest.approx(1 - np.square(height).sum() / whole, rel=1e-12)
    np.testing.assert_allclose(skewed.at(inside), path - height[:, None] * away, atol=1e-12)
    broken = skewed.project(np.vstack([path, np.full(50, np.nan)]))
    assert np.isnan(broken.coordinates[-1]).all() and np.isnan(broken.distance[-1])
    assert broken.explained == pytest.approx(seen.explained)  # of what can be seen


def test_plane_through_three_solutions():
    a, b, c = np.random.default_rng(8).standard_normal((3, 30))
    plane = plane_through(a, b, c)
    assert abs(plane.u @ plane.v) < 1e-14 and np.linalg.norm(plane.u) == pytest.approx(1) and np.linalg.norm(plane.v) == pytest.approx(1)
    seen = plane.project(np.stack([a, b, c]))
    np.testing.assert_allclose(seen.distance, 0, atol=1e-13)
    np.testing.assert_allclose(seen.coordinates[:2], [[0, 0], [np.linalg.norm(b - a), 0]], atol=1e-13)
    with pytest.raises(ValueError, match="one line"):
        plane_through(a, b, (a + b) / 2)


def test_planes_that_are_none():
    a, b = np.eye(2, 5)
    for u, v in ((a, 2 * a), (a, 0 * a), (a, np.full(5, np.nan))):
        with pytest.raises(ValueError, match=r"parallel|not finite"):
            Plane(b, u, v)
    with pytest.raises(ValueError, match="shape"):
        Plane(b, a, b[:3])


@pytest.mark.parametrize(("low", "high", "points"), [(-1, 1, 51), (-1, 1, 50), (-0.3, 2, 31), (0, 1, 3)])
def test_an_axis_holds_zero_exactly(low, high, points):
    line = axis(low, high, points)
    step = (high - low) / (points - 1)
    assert 0.0 in line and len(line) == points
    np.testing.assert_allclose(np.diff(line), step)
    assert abs(line[0] - low) <= step / 2 * (1 + 1e-12)


def test_frame_holds_the_path():
    rng = np.random.default_rng(9)
    path = np.cumsum(rng.standard_normal((30, 12)), axis=0)
    plane = pca_plane(path)
    (x0, x1), (y0, y1) = plane.frame(path)
    x, y = plane.project(path).coordinates.T
    assert x0 < x.min() and x.max() < x1 and y0 < y.min() and y.max() < y1 and x0 < 0 < x1
    diverged = np.vstack([path, np.full((1, 12), np.inf), np.full((1, 12), np.nan)])
    with np.errstate(invalid="ignore"):
        assert plane.frame(diverged) == plane.frame(path)


def test_hessian_plane_has_its_vectors():
    vectors = np.linalg.qr(np.random.default_rng(0).standard_normal((9, 2)))[0]
    plane = hessian_plane(np.zeros(9), vectors, np.array([3.0, 2.0]))
    np.testing.assert_array_equal(plane.u, vectors[:, 0])
    assert "3" in plane.how and "2" in plane.how
