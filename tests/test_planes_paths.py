"""Paths over planes, curves between solutions, and other people's modules."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes import (
    Cancelled,
    Objective,
    axis,
    bezier,
    landscape_of,
    objective_of,
    path_on_plane,
    pca_plane,
    plane_through,
    straight,
)
from optimizers import OPTIMIZERS, descend


def moons(count=150, seed=0):
    rng = np.random.default_rng(seed)
    angle, side = rng.uniform(0, np.pi, count), rng.integers(0, 2, count)
    x = np.stack([np.cos(angle) * (1 - 2 * side) + side, np.sin(angle) * (1 - 2 * side) + side / 2], axis=1) + rng.normal(
        0, 0.12, (count, 2)
    )
    return torch.tensor(x, dtype=torch.float32), torch.tensor(side)


def net(width=8, seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(2, width), nn.Tanh(), nn.Linear(width, 2))


def trained(seed, steps=300, width=8, every=20):
    """The net and its weights on the way, (T, n)."""
    module, (x, y), path = net(width, seed), moons(), []
    optimizer = torch.optim.Adam(module.parameters(), lr=0.03)
    for step in range(steps + 1):
        if step % every == 0:
            path.append(nn.utils.parameters_to_vector(module.parameters()).detach().double().numpy().copy())
        optimizer.zero_grad()
        functional.cross_entropy(module(x), y).backward()
        if step < steps:
            optimizer.step()
    return module, np.array(path)


def of_moons(module, dtype=torch.float64):
    return Objective(module, functional.cross_entropy, *moons(), dtype=dtype)


def test_true_loss_beside_the_planes():
    module, path = trained(0)
    objective = of_moons(module)
    plane = pca_plane(path)
    seen = path_on_plane(objective, plane, path)
    for row, weights in enumerate(path):
        nn.utils.vector_to_parameters(torch.tensor(weights, dtype=torch.float32), module.parameters())
        assert seen.loss[row] == pytest.approx(float(functional.cross_entropy(module(moons()[0]), moons()[1]).detach()), rel=1e-5)
    assert seen.shadow_loss[-1] == pytest.approx(seen.loss[-1], rel=1e-12) and seen.distance[-1] < 1e-12  # the origin is the last point
    assert 0.8 < seen.explained <= 1
    assert seen.explained == pytest.approx(sum(plane.shares), rel=1e-9)  # PCA about the centre: the same share
    off = seen.distance > 0.1
    assert off.any() and np.abs(seen.loss - seen.shadow_loss)[off].max() > 1e-3
    inside = plane.at(seen.coordinates)
    np.testing.assert_allclose(path_on_plane(objective, plane, inside).shadow_loss, objective.along(inside)[0], rtol=1e-9)


def test_a_path_that_diverged():
    module, path = trained(0, steps=60)
    path[-1] = np.nan
    seen = path_on_plane(of_moons(module), pca_plane(path, centre=path[0]), path)
    assert np.isnan(seen.loss[-1]) and np.isnan(seen.shadow_loss[-1]) and np.isnan(seen.accuracy[-1])
    assert np.isfinite(seen.loss[:-1]).all() and 0 < seen.explained <= 1


def test_a_bezier_curve_keeps_its_ends_and_goes_round_the_barrier():
    (module, one), (_, two) = trained(0), trained(1)
    objective = of_moons(module, torch.float32)
    a, b = one[-1], two[-1]
    line, curve = straight(objective, a, b), bezier(objective, a, b, steps=400)
    for crossing in (line, curve):
        assert crossing.loss[0] == objective.at(a)[0] and crossing.loss[-1] == objective.at(b)[0]
    assert line.barrier > 0.1 and curve.barrier < 0.3 * line.barrier
    again = bezier(objective, a, b, steps=400)
    assert again.middle.tobytes() == curve.middle.tobytes()
    plane = plane_through(a, b, curve.middle)
    t = 0.3
    on_curve = (1 - t) ** 2 * a + 2 * t * (1 - t) * curve.middle + t**2 * b
    assert plane.project(on_curve).distance[0] < 1e-9
    np.testing.assert_allclose(
        straight(objective, a, b, 5).loss, objective.along([a + s * (b - a) for s in np.linspace(0, 1, 5)])[0], rtol=1e-5
    )
    untrained = bezier(objective, a, b, steps=0)
    np.testing.assert_allclose(untrained.loss, line.loss, rtol=1e-12)


def test_bezier_steps_against_autograd():
    """One step: torch differentiates through the curve itself."""
    (module, one), (_, two) = trained(0, 40), trained(1, 40)
    objective = of_moons(module)
    a, b = torch.tensor(one[-1]), torch.tensor(two[-1])
    middle = ((a + b) / 2).requires_grad_()
    t = float(np.random.default_rng(5).random())
    flat = (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b
    functional.cross_entropy(objective.call(objective.layout.split(flat), objective.x), objective.y).backward()
    optimizer = torch.optim.Adam([middle], lr=0.01)
    optimizer.step()
    np.testing.assert_allclose(bezier(objective, a.numpy(), b.numpy(), steps=1, seed=5).middle, middle.detach().numpy(), rtol=1e-9)


def test_bezier_can_be_stopped():
    module, path = trained(0, 20)
    with pytest.raises(Cancelled):
        bezier(of_moons(module), path[0], path[-1], cancelled=lambda: True)


class Convolutional(nn.Module):
    """Somebody's own module: nothing that we build, with batch norm, dropout and a dictionary inside."""

    def __init__(self):
        super().__init__()
        self.parts = nn.ModuleDict({"stem": nn.Conv2d(1, 4, 3), "norm": nn.BatchNorm2d(4), "head": nn.Linear(4, 3)})
        self.drop = nn.Dropout(0.5)

    def forward(self, x):
        h = functional.gelu(self.parts["norm"](self.parts["stem"](x)))
        return self.parts["head"](self.drop(h.mean(dim=(2, 3))))


def test_bring_your_own():
    torch.manual_seed(0)
    module, x, y = Convolutional(), torch.randn(64, 1, 6, 6), torch.randint(0, 3, (64,))
    optimizer, checkpoints = torch.optim.SGD(module.parameters(), lr=0.5), []
    for _ in range(12):
        checkpoints.append({name: tensor.clone() for name, tensor in module.state_dict().items()})
        optimizer.zero_grad()
        functional.cross_entropy(module(x), y).backward()
        optimizer.step()
    before, progress = {name: tensor.clone() for name, tensor in module.state_dict().items()}, []
    found = landscape_of(
        module, nn.CrossEntropyLoss(), (x[:48], y[:48]), [checkpoints], validation=(x[48:], y[48:]), points=9, on_progress=progress.append
    )
    assert all(torch.equal(tensor, before[name]) for name, tensor in module.state_dict().items()) and module.training
    assert found.train.loss.shape == found.validation.loss.shape == (9, 9) and progress[-1] == 1.0 and progress == sorted(progress)
    row, col = np.flatnonzero(found.train.ys == 0)[0], np.flatnonzero(found.train.xs == 0)[0]
    module.eval()
    with torch.no_grad():
        for surface, part in ((found.train, slice(48)), (found.validation, slice(48, 64))):
            outputs = module(x[part])
            assert surface.loss[row, col] == pytest.approx(float(functional.cross_entropy(outputs, y[part])), rel=1e-6)
            assert surface.accuracy[row, col] == pytest.approx(float((outputs.argmax(1) == y[part]).double().mean()))
    assert found.paths[0].coordinates.shape == (12, 2) and "PCA" in found.words and "saved with the net" in found.words
    assert found.spectrum.values[0] >= found.spectrum.values[1]
    land = found.slice()
    assert land.start == tuple(found.paths[0].coordinates[0])
    run = descend(land, OPTIMIZERS["adam"], land.start, 30, lr=0.01)
    assert run.loss[0] == pytest.approx(found.paths[0].shadow_loss[0], rel=0.2)  # 9 x 9 points are a coarse grid


@pytest.mark.jit
@pytest.mark.parametrize("kind", ["random", "hessian"])
def test_bring_your_own_without_a_run(kind):
    module, _ = trained(0)
    found = landscape_of(module, functional.cross_entropy, moons(), kind=kind, points=7)
    again = landscape_of(module, functional.cross_entropy, moons(), kind=kind, points=7)
    assert found.train.loss.tobytes() == again.train.loss.tobytes()
    assert found.train.loss[3, 3] == found.train.loss.min() if kind == "hessian" else np.isfinite(found.train.loss).all()
    assert found.validation is None and found.paths == () and np.isfinite(found.slice().value(np.array(found.slice().start)))


def test_what_own_modules_get_told():
    module, _ = trained(0, 20)
    for arguments, message in (
        ({"kind": "pca"}, "together with runs"),
        ({"runs": [[]]}, "without saved"),
        ({"runs": [[net(3).state_dict()]]}, "another net"),
        ({"frame": ((1, 2), (-1, 1))}, "must hold 0"),
    ):
        with pytest.raises(ValueError, match=message):
            landscape_of(module, functional.cross_entropy, moons(), **arguments)


@pytest.mark.jit
def test_modules_and_vectors_are_saved_weights_too():
    module, path = trained(0, 60)
    by = [
        landscape_of(module, functional.cross_entropy, moons(), [run], points=5).paths[0].coordinates
        for run in (path, [*path[:-1], module])
    ]
    np.testing.assert_allclose(*by, atol=1e-6)
    assert axis(-1, 1, 5)[2] == 0


@pytest.mark.parametrize(
    ("dataset", "model", "loss"), [("moons", "mlp", "cross_entropy"), ("moons", "mlp", "half_squares"), ("digits", "cnn", "squares")]
)
def test_net_problems_as_objectives(dataset, model, loss):
    nets = pytest.importorskip("landscape.nets", reason="the nets' problems are not there")
    if not hasattr(nets, "NetProblem"):
        pytest.skip("the nets' problems are not there")
    norm = "batch" if model == "cnn" else "none"
    problem = nets.NetProblem("p", "P", nets.DATASETS[dataset], nets.MODELS[model](norm=norm), loss=loss)
    weights = problem.start * 1.1
    scores = problem.scores(weights)
    for validation, wanted in (
        (False, (scores.train_loss, scores.train_accuracy)),
        (True, (scores.validation_loss, scores.validation_accuracy)),
    ):
        assert objective_of(problem, validation).at(weights) == pytest.approx(wanted, rel=1e-5)
    np.testing.assert_allclose(
        objective_of(problem, dtype=torch.float64).gradient(weights)[1], problem.gradient(weights), rtol=1e-6, atol=1e-9
    )
