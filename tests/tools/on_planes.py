"""Nets and samples that the tests about planes share, and the loss over a plane as torch alone computes it."""

from itertools import pairwise

import numpy as np
import torch
from torch import nn

from landscape.nets.planes.objective import Objective


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


def everything():
    torch.manual_seed(0)
    module = Everything()
    module.train()
    with torch.no_grad():
        module(torch.randn(50, 1, 8, 8))  # running statistics that are not those of a fresh net
        for parameter in module.parameters():
            parameter.add_(0.1 * torch.randn(parameter.shape))
    return module


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
