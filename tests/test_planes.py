"""Planes through weight space: directions, projections, the loss over a grid; against torch, scikit-learn and plain facts."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes import conv
from landscape.nets.planes.directions import normalised, principal, random_pair
from landscape.nets.planes.fused import fused, perceptron
from landscape.nets.planes.losses import half_squared_error, squared_error
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane, axis, hessian_plane, pca_plane, plane_through, random_plane
from landscape.nets.planes.surface import Cancelled, loss_over, refined
from landscape.nets.weights import Layout


class Scaled(nn.Module):
    """A scalar parameter."""

    def __init__(self):
        super().__init__()
        self.factor = nn.Parameter(torch.tensor(1.5))

    def forward(self, x):
        return self.factor * x


class Everything(nn.Module):
    """Every kind of tensor that Li's rule tells apart."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 36, 5), nn.LayerNorm(5), Scaled()
        )

    def forward(self, x):
        return self.body(x)


@pytest.fixture(scope="module")
def everything():
    torch.manual_seed(0)
    module = Everything()
    module.train()
    with torch.no_grad():
        module(torch.randn(50, 1, 8, 8))  # running statistics that are not those of a fresh net
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
    return module


@pytest.fixture(scope="module")
def images():
    torch.manual_seed(1)
    return torch.randn(40, 1, 8, 8), torch.randint(0, 5, (40,))


def mlp(*sizes, activation=nn.Tanh, seed=0, bias=True):
    torch.manual_seed(seed)
    parts = [part for before, size in pairwise(sizes) for part in (nn.Linear(before, size, bias=bias), activation())]
    return nn.Sequential(*parts[:-1])


def samples(count=300, inputs=7, classes=5, seed=2):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, inputs, generator=generator), torch.randint(0, classes, (count,), generator=generator)


def flat(module):
    return nn.utils.parameters_to_vector(module.parameters()).detach().double().numpy()


# --- directions


def li(direction, weights, norm, ignore):
    """The rule by torch, tensor by tensor, as in Li et al. 2018's text: its own loop over filters."""
    for d, w in zip(direction, weights, strict=True):
        if d.dim() <= 1:
            if ignore == "zero":
                d.zero_()
            elif ignore == "copy":
                d.copy_(w)
            else:
                d.mul_(w.norm() / d.norm())
        elif norm == "filter":
            for k in range(len(d)):
                d[k] *= torch.linalg.vector_norm(w[k]) / torch.linalg.vector_norm(d[k])
        else:
            d *= torch.linalg.vector_norm(w) / torch.linalg.vector_norm(d)


@pytest.mark.parametrize("vectors", ["zero", "copy", "scale"])
@pytest.mark.parametrize("scale", ["filter", "layer"])
def test_lis_rule_on_every_kind_of_tensor(everything, scale, vectors):
    layout, weights = Layout.of(everything), flat(everything)
    kinds = {entry.name: len(entry.shape) for entry in layout}
    assert set(kinds.values()) == {0, 1, 2, 4}
    raw = np.random.default_rng(3).standard_normal(layout.n)
    tensors, parameters = (
        [tensor.clone() for tensor in layout.split(torch.tensor(raw)).values()],
        [p.double() for p in everything.parameters()],
    )
    with torch.no_grad():
        li(tensors, parameters, scale, vectors)
    expected = torch.cat([tensor.reshape(-1) for tensor in tensors]).numpy()
    np.testing.assert_allclose(normalised(raw, weights, layout, scale, vectors), expected, rtol=1e-12, atol=0)


def test_a_filter_of_zeros_is_not_moved():
    layer = nn.Linear(3, 2, bias=False)
    with torch.no_grad():
        layer.weight[1] = 0
    d = normalised(np.ones(6), flat(layer), Layout.of(layer))
    assert np.all(d[3:] == 0) and np.linalg.norm(d[:3]) == pytest.approx(float(layer.weight[0].detach().norm()))


def test_directions_are_seeded_and_orthogonal_where_said(everything):
    layout, weights = Layout.of(everything), flat(everything)
    first, again, other = (random_pair(weights, layout, seed) for seed in (4, 4, 5))
    assert first[0].tobytes() == again[0].tobytes() and first[1].tobytes() == again[1].tobytes()
    assert not np.allclose(first[0], other[0])
    for vectors in ("zero", "scale"):
        u, v = random_pair(weights, layout, 4, vectors=vectors, orthogonal=True)
        assert abs(u @ v) < 1e-12 * (u @ u)
        for entry in layout:  # and Li's lengths all the same
            if not entry.vector:
                lengths = [np.linalg.norm(entry.rows(vector), axis=1) for vector in (v, weights)]
                np.testing.assert_allclose(*lengths, rtol=1e-12)
    with pytest.raises(ValueError, match="Copied"):
        random_pair(weights, layout, vectors="copy", orthogonal=True)


@pytest.mark.parametrize("shape", [(40, 300), (300, 40)])
def test_pca_is_scikit_learns(shape):
    decomposition = pytest.importorskip("sklearn.decomposition")
    path = np.cumsum(np.random.default_rng(6).standard_normal(shape), axis=0)
    theirs = decomposition.PCA(2, svd_solver="full").fit(path)
    plane = pca_plane(path, about_mean=True)
    for ours, component in zip((plane.u, plane.v), theirs.components_, strict=True):
        np.testing.assert_allclose(ours, component * np.sign(component @ ours), atol=1e-9)
    np.testing.assert_allclose(plane.shares, theirs.explained_variance_ratio_, rtol=1e-10)
    about_last = decomposition.TruncatedSVD(2, algorithm="arpack").fit(path - path[-1])
    plane = pca_plane([path[:15], path[15:]], centre=path[-1])  # all racers together
    for ours, component in zip((plane.u, plane.v), about_last.components_, strict=True):
        np.testing.assert_allclose(ours, component * np.sign(component @ ours), atol=1e-7)
    np.testing.assert_array_equal(plane.origin, path[-1])


def test_pca_says_what_it_cannot_do():
    line = np.outer(np.arange(5.0), np.ones(8))
    with pytest.raises(ValueError, match="one line"):
        pca_plane(line)
    with pytest.raises(ValueError, match="3 or more"):
        principal(line[:2], line[0])
    diverged = np.vstack([np.random.default_rng(0).standard_normal((6, 8)), np.full((2, 8), np.nan)])
    assert "2 points were not finite" in pca_plane(diverged, centre=diverged[0]).how


# --- planes


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


# --- the loss over a plane


def reference(module, loss, x, y, plane, xs, ys):
    """Float64, one point at a time, through vector_to_parameters."""
    module = Objective(module, loss, x, y, dtype=torch.float64).module
    x, values = x.double(), np.empty((len(ys), len(xs)))
    for row, b in enumerate(ys):
        for col, a in enumerate(xs):
            nn.utils.vector_to_parameters(torch.tensor(plane.at((a, b))), module.parameters())
            with torch.no_grad():
                values[row, col] = loss(module(x), y.double() if y.is_floating_point() else y)
    return values


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


def test_running_statistics_are_never_moved(everything, images):
    before = {name: buffer.clone() for name, buffer in everything.named_buffers()}
    surfaces = {}
    for statistics in ("frozen", "data"):
        objective = Objective(everything, functional.cross_entropy, *images, statistics=statistics)
        plane = random_plane(objective.weights, objective.layout, seed=2)
        assert plane.u.size == sum(parameter.numel() for parameter in everything.parameters())
        surfaces[statistics] = loss_over(objective, plane, axis(-1, 1, 3), axis(-1, 1, 3))
        for name, buffer in objective.module.named_buffers():
            assert torch.equal(buffer, before[name])
    for name, buffer in everything.named_buffers():
        assert torch.equal(buffer, before[name])
    assert "saved" in surfaces["frozen"].words and "anew" in surfaces["data"].words
    trained = [surface.loss[1, 1] for surface in surfaces.values()]
    for mode, loss in zip(("eval", "train"), trained, strict=True):
        module = Objective(everything, functional.cross_entropy, *images).module
        getattr(module, mode)()
        with torch.no_grad():
            assert loss == pytest.approx(float(functional.cross_entropy(module(images[0]), images[1])), rel=1e-6)


def test_statistics_of_the_training_data_on_other_samples(everything, images):
    x, y = torch.randn(30, 1, 8, 8, generator=torch.Generator().manual_seed(5)), torch.arange(30) % 5
    objective = Objective(everything, functional.cross_entropy, x, y, statistics="data", population=images[0])
    weights = objective.weights + 0.1
    module = Objective(everything, functional.cross_entropy, x, y).module
    nn.utils.vector_to_parameters(torch.tensor(weights, dtype=torch.float32), module.parameters())
    with torch.no_grad():
        module.train()
        module.body[1].momentum = None  # torch's mean over all batches, of which there is one
        module.body[1].reset_running_stats()
        module(images[0])
        module.eval()
        assert objective.at(weights)[0] == pytest.approx(float(functional.cross_entropy(module(x), y)), rel=1e-6)
    assert "training data" in objective.words
    objective.at(objective.weights)
    assert objective.at(weights) == objective.at(weights)  # no memory of where it was
    with pytest.raises(ValueError, match="training objective"):
        objective.gradient(weights)


def test_batches_change_rounding_only(everything, images):
    whole, parts = (Objective(everything, functional.cross_entropy, *images, batch=batch) for batch in (None, 16))
    assert parts.at(parts.weights) == pytest.approx(whole.at(whole.weights), rel=1e-6)
    for one, other in zip(parts.gradient(parts.weights), whole.gradient(whole.weights), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-6)


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


def test_hessian_plane_has_its_vectors():
    vectors = np.linalg.qr(np.random.default_rng(0).standard_normal((9, 2)))[0]
    plane = hessian_plane(np.zeros(9), vectors, np.array([3.0, 2.0]))
    np.testing.assert_array_equal(plane.u, vectors[:, 0])
    assert "3" in plane.how and "2" in plane.how


def test_what_an_objective_refuses():
    x, y = samples(20)
    with pytest.raises(ValueError, match="no parameters"):
        Objective(nn.Tanh(), functional.cross_entropy, x, y)
    with pytest.raises(ValueError, match="as many"):
        Objective(mlp(7, 5), functional.cross_entropy, x, y[:3])
    with pytest.raises(ValueError, match="leave batch out"):
        Objective(nn.Sequential(nn.Linear(7, 5), nn.BatchNorm1d(5)), functional.cross_entropy, x, y, batch=5, statistics="data")
    with pytest.raises(ValueError, match="shape"):
        Objective(mlp(7, 5), functional.cross_entropy, x, y).at(np.zeros(3))


# --- convolutions


class Residual(nn.Module):
    def __init__(self, bias=False, again=False):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(1, 6, 3, padding=1, bias=bias), nn.BatchNorm2d(6)
        self.inner = nn.Sequential(nn.Conv2d(6, 6, 3, padding=1), nn.BatchNorm2d(6, affine=not bias), nn.ReLU(), nn.Conv2d(6, 6, 1))
        self.lone, self.head, self.again = nn.BatchNorm2d(6), nn.Linear(6, 5), again

    def forward(self, x):
        stem = self.stem(x)
        h = torch.relu(self.norm(stem))
        h = self.lone(h + self.inner(h))  # a norm after no convolution
        return self.head((h + stem if self.again else h).mean(dim=(2, 3)))  # a convolution that not only its norm sees


@pytest.mark.parametrize(("bias", "again"), [(False, False), (True, False), (True, True)])
def test_folded_convolutions_compute_the_same(images, bias, again):
    torch.manual_seed(0)
    module = Residual(bias, again)
    for _ in range(20):
        module(torch.randn(30, 1, 8, 8))
    objective = Objective(module, functional.cross_entropy, *images)
    plane = random_plane(objective.weights, objective.layout, seed=1, vectors="scale")
    xs, ys = axis(-1, 1, 5), axis(-0.6, 1, 3)
    surface = loss_over(objective, plane, xs, ys)
    assert surface.engine == "folded"
    np.testing.assert_allclose(surface.loss, reference(module, functional.cross_entropy, *images, plane, xs, ys), rtol=2e-5)
    again = loss_over(objective, plane, xs, ys)
    assert surface.loss.tobytes() == again.loss.tobytes()


@pytest.mark.parametrize("again", [False, True])
def test_only_norms_that_can_be_are_folded(images, again):
    module = Residual(again=again)
    module(5 + torch.randn(30, 1, 8, 8))  # a norm that has seen nothing changes nothing
    objective = Objective(module, functional.cross_entropy, *images)
    pairs = conv._pairs(objective)
    assert pairs == [("stem", "norm"), ("inner.0", "inner.1")]
    with torch.no_grad():
        assert conv._same(objective, conv._copy(objective, pairs), objective.tensor(objective.weights)) != again


@pytest.mark.parametrize("statistics", ["frozen", "data", "population"])
def test_a_twin_measures_the_same_and_moves_nobody_else(statistics):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    x, y = torch.randn(40, 3), torch.randint(2, (40,))
    given = {"statistics": "data", "population": torch.randn(30, 3)} if statistics == "population" else {"statistics": statistics}
    objective = Objective(net, torch.nn.functional.cross_entropy, x, y, **given)
    twin = objective.twin()
    there = objective.weights + 0.3
    assert twin.at(there) == objective.at(there) and twin.lock is not objective.lock
    before = objective._flat.clone()
    twin.at(there + 1.0)
    assert torch.equal(objective._flat, before)
