"""Convolutions whose norms are folded into them, against the net as it is."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes import conv
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import axis, random_plane
from landscape.nets.planes.surface import loss_over
from tests.tools import on_planes
from tests.tools.on_planes import reference


@pytest.fixture(scope="module")
def images():
    return on_planes.images()


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
