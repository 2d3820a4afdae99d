"""A net's loss as a function of its weights: running statistics, batches, twins, and what is refused."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import axis, random_plane
from landscape.nets.planes.surface import loss_over
from tests.tools import on_planes
from tests.tools.on_planes import mlp, samples


@pytest.fixture(scope="module")
def everything():
    return on_planes.everything()


@pytest.fixture(scope="module")
def images():
    return on_planes.images()


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


@pytest.mark.parametrize("statistics", ["frozen", "data", "population"])
def test_a_twin_measures_the_same_and_moves_nobody_else(statistics):
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 4), torch.nn.BatchNorm1d(4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
    x, y = torch.randn(40, 3), torch.randint(2, (40,))
    given = {"statistics": "data", "population": torch.randn(30, 3)} if statistics == "population" else {"statistics": statistics}
    objective = Objective(net, torch.nn.functional.cross_entropy, x, y, **given)
    there = objective.weights + 0.3
    loss, here = objective.at(there), objective.at(objective.weights)
    twin = objective.twin()
    assert twin.at(there) == loss and twin.lock is not objective.lock
    before = objective._flat.clone()
    twin.at(there + 1.0)
    assert torch.equal(objective._flat, before) and objective.at(objective.weights) == here != loss
