"""The loss over a plane's grid, by the compiled kernel and by torch, whole and refined: against float64, one point at a time."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes.fused import fused, perceptron
from landscape.nets.planes.losses import half_squared_error, squared_error
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane, axis, random_plane
from landscape.nets.planes.surface import Cancelled, loss_over, refined
from tests.tools.on_planes import flat, mlp, reference, samples

NETS = {
    "tanh": (lambda: mlp(7, 9, 6, 5), functional.cross_entropy),
    "relu, one odd layer": (lambda: mlp(7, 5, 5, activation=nn.ReLU), nn.CrossEntropyLoss()),
    "sigmoid, no bias": (lambda: mlp(7, 8, 5, activation=nn.Sigmoid, bias=False), half_squared_error),
    "linear": (lambda: nn.Linear(7, 5), squared_error),
    "nested": (lambda: nn.Sequential(nn.Flatten(), nn.Sequential(nn.Linear(7, 6), nn.Identity(), nn.Tanh()), nn.Dropout(), nn.Linear(6, 5)),
               functional.cross_entropy),
}  # fmt: skip


@pytest.mark.kernel
@pytest.mark.parametrize("name", NETS)
def test_the_compiled_kernel_against_torch_in_float64(name):
    build, loss = NETS[name]
    torch.manual_seed(0)
    module, (x, y) = build(), samples()
    objective = Objective(module, loss, x, y)
    plane = random_plane(objective.weights, objective.layout, seed=1, vectors="scale")
    xs, ys = axis(-1, 1, 7), axis(-2, 1, 4)
    surface = loss_over(objective, plane, xs, ys)
    assert surface.engine == "compiled"
    np.testing.assert_allclose(surface.loss, reference(module, loss, x, y, plane, xs, ys), rtol=5e-6, atol=5e-6)
    grid = [points.ravel() for points in np.meshgrid(xs, ys)]
    loop, accuracy = objective.over(plane.origin, plane.u, plane.v, *grid)
    np.testing.assert_allclose(surface.loss.ravel(), loop, rtol=5e-6, atol=5e-6)
    np.testing.assert_allclose(surface.accuracy.ravel(), accuracy, atol=1.5 / len(x))  # one sample may lie on the fence
    at = surface.loss[np.flatnonzero(ys == 0)[0], np.flatnonzero(xs == 0)[0]]
    assert at == pytest.approx(objective.at(objective.weights)[0], rel=1e-6)  # the trained point is on the grid


@pytest.mark.kernel
def test_regression_on_numbers():
    x, _ = samples()
    y, module = torch.randn(300, 2, generator=torch.Generator().manual_seed(0)), mlp(7, 6, 2)
    for loss in (nn.MSELoss(), functional.mse_loss):
        objective = Objective(module, loss, x, y)
        plane = random_plane(objective.weights, objective.layout, seed=1)
        xs = axis(-1, 1, 5)
        surface = loss_over(objective, plane, xs, xs)
        assert surface.engine == "compiled" and np.isnan(surface.accuracy).all()
        np.testing.assert_allclose(surface.loss, reference(module, loss, x, y, plane, xs, xs), rtol=5e-6)


@pytest.mark.kernel
@pytest.mark.filterwarnings("ignore:invalid value encountered in cast")  # NumPy says so of a NaN, compiled code does not
def test_far_out_and_not_finite():
    """Saturated units, huge outputs: still float64's loss. A NaN in the data is a NaN everywhere, by both engines."""
    module, (x, y) = mlp(7, 9, 6, 5), samples()
    objective = Objective(module, functional.cross_entropy, x, y)
    plane = random_plane(objective.weights, objective.layout, seed=1)
    far = np.array([-300.0, 0.0, 300.0])
    surface = loss_over(objective, plane, far, far)
    np.testing.assert_allclose(surface.loss, reference(module, functional.cross_entropy, x, y, plane, far, far), rtol=5e-6)
    x[3, 2] = np.nan
    objective = Objective(module, functional.cross_entropy, x, y)
    evaluate = fused(objective, plane)
    for loss, accuracy in (evaluate(far, far), objective.over(plane.origin, plane.u, plane.v, far, far)):
        assert np.isnan(loss).all() and np.isnan(accuracy).all()
    assert all(np.isnan(objective.at(objective.weights)))


def test_what_the_kernel_does_not_know():
    x, y = samples()
    for module, loss in (
        (mlp(7, 6, 5, activation=nn.GELU), functional.cross_entropy),
        (nn.Sequential(nn.Linear(7, 6), nn.LayerNorm(6), nn.Linear(6, 5)), functional.cross_entropy),
        (mlp(7, 6, 5), nn.CrossEntropyLoss(label_smoothing=0.1)),
        (mlp(7, 6, 5), lambda outputs, y: outputs.square().mean()),
        (nn.Sequential(nn.Linear(7, 6), nn.Tanh(), nn.ReLU(), nn.Linear(6, 5)), functional.cross_entropy),
    ):
        objective = Objective(module, loss, x, y)
        plane = random_plane(objective.weights, objective.layout)
        assert fused(objective, plane) is None
        xs = axis(-1, 1, 3)
        surface = loss_over(objective, plane, xs, xs)
        assert surface.engine == "torch"
        np.testing.assert_allclose(surface.loss, reference(module, loss, x, y, plane, xs, xs), rtol=1e-5)
    shared = nn.Linear(7, 7)
    assert not perceptron(nn.Sequential(shared, nn.Tanh(), shared))


def test_same_seed_same_bytes_and_the_module_is_left_alone():
    module, (x, y) = mlp(7, 9, 5), samples(30)
    before = flat(module).tobytes()

    def once():
        objective = Objective(module, functional.cross_entropy, x, y)
        plane = random_plane(objective.weights, objective.layout, seed=3)
        return loss_over(objective, plane, axis(-1, 1, 11), axis(-1, 1, 11)).loss.tobytes()  # more than one task

    assert once() == once()
    assert flat(module).tobytes() == before


def test_l2_term_is_that_of_the_weights():
    module, (x, y) = mlp(7, 4, 5), samples(20)
    objective = Objective(module, functional.cross_entropy, x, y)
    plane = random_plane(objective.weights, objective.layout, vectors="scale")
    xs, ys = axis(-1, 1, 5), axis(-1, 2, 4)
    surface = loss_over(objective, plane, xs, ys)
    square = [[np.square(plane.at((a, b))).sum() for a in xs] for b in ys]
    np.testing.assert_allclose(surface.penalised(0.1), surface.loss + 0.05 * np.array(square), rtol=1e-12)


def test_cancelling_and_progress():
    module, (x, y) = mlp(7, 4, 5), samples(20)
    objective = Objective(module, functional.cross_entropy, x, y)
    plane, seen = random_plane(objective.weights, objective.layout), []
    loss_over(objective, plane, axis(-1, 1, 15), axis(-1, 1, 15), on_progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0 and len(seen) > 2
    with pytest.raises(Cancelled):
        loss_over(objective, plane, axis(-1, 1, 15), axis(-1, 1, 15), cancelled=lambda: True)


@pytest.mark.jit  # a whole grid
def test_refinement_is_the_full_grid_where_it_computes_and_close_elsewhere():
    module, (x, y) = mlp(7, 9, 5), samples()
    objective = Objective(module, functional.cross_entropy, x, y)
    plane, xs, ys = random_plane(objective.weights, objective.layout), axis(-1, 1, 51), axis(-1.3, 1, 47)
    full = loss_over(objective, plane, xs, ys).loss
    pictures = list(refined(objective, plane, xs, ys, tolerance=0.01))
    shares = [picture.computed.mean() for picture in pictures]
    assert shares[0] < 0.05 and shares == sorted(shares) and shares[-1] < 0.4
    assert all(picture.computed[np.ix_(ys == 0, xs == 0)].all() and np.isfinite(picture.loss).all() for picture in pictures)
    last = pictures[-1]
    np.testing.assert_array_equal(last.loss[last.computed], full[last.computed])
    assert np.abs(last.loss - full).max() < 3 * 0.01 * np.ptp(full)
    *_, exact = refined(objective, plane, xs, ys, tolerance=0)
    np.testing.assert_array_equal(exact.loss, full)


def test_refinement_looks_closely_where_the_loss_bends():
    """A cusp between the coarse lines: off by a quarter of the range in a picture of every fourth line."""

    class Cusp(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([0.0, 0.0]))

        def forward(self, x):
            return torch.sqrt(torch.linalg.vector_norm(self.w - torch.tensor([0.15, -0.25]))) + 0 * x

    objective = Objective(Cusp(), lambda z, y: z.mean(), torch.zeros(4, 1), torch.zeros(4, 1))
    plane, line = Plane(np.zeros(2), *np.eye(2)), axis(-1, 1, 81)
    full = loss_over(objective, plane, line, line).loss
    *before, last = refined(objective, plane, line, line, tolerance=0.01)
    off = [np.abs(picture.loss - full).max() / np.ptp(full) for picture in (*before, last)]
    assert min(off[:2]) > 0.1 and off[-1] < 0.03 and last.computed.mean() < 0.3


def test_refinement_looks_closely_at_a_hole():
    class Rooted(nn.Module):
        def __init__(self):
            super().__init__()
            self.w = nn.Parameter(torch.tensor([0.0, 0.0]))

        def forward(self, x):
            return torch.sqrt(0.3 - self.w.square().sum()) + 0 * x

    objective = Objective(Rooted(), lambda z, y: z.mean(), torch.zeros(4, 1), torch.zeros(4, 1))
    plane, line = Plane(np.zeros(2), *np.eye(2)), axis(-1, 1, 41)
    *_, last = refined(objective, plane, line, line, tolerance=0.01)
    full = loss_over(objective, plane, line, line).loss
    assert np.isnan(full).sum() > 500
    np.testing.assert_array_equal(np.isnan(last.loss), np.isnan(full))
