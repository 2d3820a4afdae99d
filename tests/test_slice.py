"""A slice as a landscape: its spline against scipy, its race against what descend promises, its net against itself."""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from landscape import FUNCTIONS
from landscape.slice import Slice
from landscape.slice_file import pack, unpack
from landscape.spline import differentiator
from optimizers import OPTIMIZERS, Batches, descend
from optimizers.story import tell
from pages.ui.words import sentence

XS, YS = np.linspace(-2.0, 2.5, 19), np.linspace(-1.5, 1.0, 14)


def surface(x, y):
    return np.sin(1.3 * x) * np.cos(0.9 * y) + 0.3 * x * x + 0.2 * x * y + y * y + 2


def slice_of(values=None, **fields):
    return Slice("Test", XS, YS, surface(XS, YS[:, None]) if values is None else values, (-1.5, 0.8), **fields)


def inside(count=200, seed=0):
    rng = np.random.default_rng(seed)
    return np.stack([rng.uniform(XS[0], XS[-1], count), rng.uniform(YS[0], YS[-1], count)])


@pytest.mark.kernel
def test_value_gradient_and_hessian_are_scipys():
    interpolate = pytest.importorskip("scipy.interpolate")
    land, x = slice_of(np.random.default_rng(1).standard_normal((14, 19))), inside()
    theirs = interpolate.RectBivariateSpline(XS, YS, land.values.T, s=0)
    np.testing.assert_allclose(land.value(x), theirs.ev(*x), atol=1e-12)
    np.testing.assert_allclose(land.gradient(x), [theirs.ev(*x, dx=1), theirs.ev(*x, dy=1)], atol=1e-11)
    hessian = [[theirs.ev(*x, dx=2), theirs.ev(*x, dx=1, dy=1)], [theirs.ev(*x, dx=1, dy=1), theirs.ev(*x, dy=2)]]
    np.testing.assert_allclose(land.hessian(x), hessian, atol=1e-10)


@pytest.mark.kernel
def test_grid_points_edges_and_beyond():
    land = slice_of()
    nodes = np.stack([grid.ravel() for grid in np.meshgrid(XS, YS)])
    np.testing.assert_allclose(land.value(nodes), land.values.ravel(), atol=1e-13)
    assert np.isfinite(land.grid(101, 101)[2]).all()  # corners and edges belong to it
    for point in ((2.6, 0.0), (0.0, -1.6), (np.nan, 0.0), (np.inf, 0.0)):
        f, g = land.value_and_gradient(np.array(point))
        assert np.isnan(f) and np.isnan(g).all() and np.isnan(land.hessian(np.array(point))).all()


@pytest.mark.parametrize("n", [2, 3, 4, 7])
def test_slopes_of_polynomials_are_exact(n):
    t, degree = np.arange(n), min(n - 1, 3)
    np.testing.assert_allclose(differentiator(n) @ (t - 0.3) ** degree, degree * (t - 0.3) ** (degree - 1), atol=1e-11)


@pytest.mark.kernel
def test_a_hole_stays_a_hole_and_leaves_the_rest_alone():
    whole = slice_of()
    values = whole.values.copy()
    values[6, 9], values[2, 3] = np.nan, np.inf
    land, x = slice_of(values), inside(2000)
    cell = np.stack([(x[0] - XS[0]) / (XS[1] - XS[0]), (x[1] - YS[0]) / (YS[1] - YS[0])])
    beside = [np.all(np.abs(cell - np.array([[col], [row]])) < 1, axis=0) for row, col in ((6, 9), (2, 3))]
    hole = np.any(beside, axis=0)
    assert 10 < hole.sum() < 200
    assert np.isnan(land.value(x[:, hole])).all() and np.isnan(land.gradient(x[:, hole])).all()
    assert np.isfinite(land.value(x[:, ~hole])).all()
    np.testing.assert_allclose(
        land.value(x[:, ~hole]), surface(*x[:, ~hole]), atol=0.015
    )  # a short run of nodes beside a hole is splined less well


def test_minima_of_the_slice():
    optimize = pytest.importorskip("scipy.optimize")
    land = slice_of()
    best = optimize.minimize(
        lambda x: float(land.value(x)), land.minima[:, 0] + 0.05, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-14}
    )
    assert land.minima.shape == (2, 1) and land.lowest == pytest.approx(best.fun, abs=1e-12)
    np.testing.assert_allclose(land.minima[:, 0], best.x, atol=1e-6)
    ramp = slice_of(XS + 0 * YS[:, None])
    assert ramp.minima.shape == (2, 0) and ramp.lowest == XS[0]  # at its frame


@pytest.mark.kernel
@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if not method.unfit(slice_of())])
def test_every_optimizer_runs_on_it(key):
    land = slice_of()
    run = descend(land, OPTIMIZERS[key], land.start, 60)
    assert run.path.shape == (61, 2)
    assert run.status == "diverged" or run.loss[-1] < run.loss[0]
    plain = descend(land, OPTIMIZERS[key], land.start, 5, compiled=False)
    np.testing.assert_allclose(plain.path, run.path[:6], rtol=1e-9, atol=1e-12)


def test_who_leaves_the_slice_has_diverged_there():
    run = descend(slice_of(), OPTIMIZERS["sgd"], (-1.5, 0.8), 50, lr=5.0)
    assert run.status == "diverged" and run.diverged_at is not None
    last = run.path[run.diverged_at]
    assert not (XS[0] <= last[0] <= XS[-1] and YS[0] <= last[1] <= YS[-1])


def test_what_it_does_not_offer():
    land = slice_of()
    assert not OPTIMIZERS["newton"].unfit(land) and "needs more than a slice" in OPTIMIZERS["natural_gradient"].unfit(land)
    with pytest.raises(ValueError, match="no samples"):
        descend(land, OPTIMIZERS["sgd"], land.start, 5, batches=Batches(1))
    with pytest.raises(ValueError, match="no parameter"):
        land.with_parameters(kappa=1)
    assert land.with_parameters() is land and land.parameter_values == {}
    for bad, message in (
        ({"values": np.zeros((3, 3))}, "4 or more"),
        ({"values": np.full((14, 19), np.nan)}, "finite"),
    ):
        with pytest.raises(ValueError, match=message):
            slice_of(**bad)
    with pytest.raises(ValueError, match="evenly"):
        Slice("Uneven", XS**3, YS, surface(XS, YS[:, None]), (0, 0))


def test_equal_by_content():
    assert slice_of() == slice_of() and hash(slice_of()) == hash(slice_of()) and slice_of().key == slice_of().key
    moved = slice_of().values.copy()
    moved[0, 0] += 1e-12
    assert slice_of(moved) != slice_of() and slice_of(steps=7) != slice_of()
    with pytest.raises(ValueError, match="read-only"):
        slice_of().values[0, 0] = 1


def test_no_torch_to_run_on_a_slice():
    program = "import sys, landscape.slice, optimizers; print('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip() == "False"


@pytest.mark.kernel
def test_against_the_net_itself():
    """Between grid points: the net evaluated there, and its gradient along the two directions."""
    torch = pytest.importorskip("torch")
    from landscape.nets.planes.objective import Objective
    from landscape.nets.planes.plane import axis, random_plane
    from landscape.nets.planes.surface import loss_over

    torch.manual_seed(0)
    module = torch.nn.Sequential(torch.nn.Linear(4, 8), torch.nn.Tanh(), torch.nn.Linear(8, 3))
    objective = Objective(module, torch.nn.functional.cross_entropy, torch.randn(80, 4), torch.randint(0, 3, (80,)), dtype=torch.float64)
    plane = random_plane(objective.weights, objective.layout, seed=1)
    xs, ys = axis(-1, 1, 51), axis(-0.8, 1.2, 51)
    surface = loss_over(objective, plane, xs, ys)
    land = Slice("Net", xs, ys, surface.loss, (0.5, 0.5))
    points = np.random.default_rng(0).uniform((-0.9, -0.7), (0.9, 1.1), (25, 2))
    true = objective.along(plane.at(points))[0]
    slopes = np.array([[objective.gradient(plane.at(p))[1] @ d for d in (plane.u, plane.v)] for p in points])
    np.testing.assert_allclose(land.value(points.T), true, atol=2e-6)
    np.testing.assert_allclose(land.gradient(points.T).T, slopes, atol=2e-4)


@pytest.mark.kernel
def test_a_penalty_on_a_slice_is_exact():
    land, x = slice_of(), inside()
    np.testing.assert_allclose(land.penalised(0.7).value(x), land.value(x) + 0.35 * np.square(x).sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(land.penalised(0.7).gradient(x), land.gradient(x) + 0.7 * x, atol=1e-12)


def test_the_lowest_point_at_the_edge_is_marked_and_named():
    xs = np.linspace(-2, 2, 41)
    values = (
        (xs[None, :] + 1) ** 2 * 0.1 + xs[:, None] ** 2 - np.where(xs > 1, (xs - 1) ** 2, 0.0)[None, :]
    )  # a bowl at -1, a fall on the right
    land = Slice("fall", xs, xs, values, (0.5, 0.5), along=("PCA 1 (77% of the paths)", "PCA 2"))
    assert land.minima[:, 0] == pytest.approx((-1, 0), abs=1e-3)
    assert (land.edge.x, land.edge.y) == (2, 0) and land.edge.value == land.lowest == values.min()
    near = dataclasses.replace(land, start=(1.9, 0.0))
    facts = tell(near, OPTIMIZERS["sgd"], {"lr": 1e-4, "momentum": 0.0}, descend(near, OPTIMIZERS["sgd"], near.start, 10, lr=1e-4), 1e-3)
    assert facts.nearest == land.edge and "left to the lowest of the frame, at its edge" in sentence(facts, near, 1e-3)
    bowl = Slice("bowl", xs, xs, xs[None, :] ** 2 + xs[:, None] ** 2, (0.5, 0.5))
    assert bowl.edge is None and Slice("plain", xs, xs, 0 * values, (0.5, 0.5)).edge is None and FUNCTIONS["bowl"].edge is None
    assert unpack(pack(land)).along == land.along and unpack(pack(land)) == land
