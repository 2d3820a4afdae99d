"""Problems on data in the tests: what each one's loss is in torch, and how a kernel is asked about a batch."""

import math

import numpy as np
import pytest
import torch

from landscape import SAMPLES, Problem

every = pytest.mark.parametrize("problem", SAMPLES.values(), ids=SAMPLES)
relu, exp, log, tanh = torch.relu, torch.exp, torch.log, torch.tanh
PER_SAMPLE = {  # theta (2,), data (d, N), parameters -> losses (N,)
    "line_fit": lambda t, d, p: (t[0] * d[0] + t[1] - d[1]) ** 2 / p["divisor"],
    "huber_fit": lambda t, d, p: torch.nn.functional.huber_loss(t[0] * d[0] + t[1], d[1], reduction="none", delta=p["delta"]),
    "sparse_features": lambda t, d, p: (t[0] * d[0] + t[1] * d[1] - d[2]) ** 2 / p["divisor"],
    "logistic": lambda t, d, p: torch.nn.functional.binary_cross_entropy_with_logits(t @ d[:2], d[2], reduction="none"),
    "gaussian_fit_log": lambda t, d, p: -torch.distributions.Normal(t[0], exp(t[1])).log_prob(d[0]) - math.log(2 * math.pi) / 2,
    "gaussian_fit": lambda t, d, p: -torch.distributions.Normal(t[0], t[1]).log_prob(d[0]) - math.log(2 * math.pi) / 2,
    "two_weight_net": lambda t, d, p: (t[1] * tanh(t[0] * d[0]) - d[1]) ** 2 / p["divisor"],
    "deep_chain": lambda t, d, p: (t[0] * t[1] * d[0] - d[1]) ** 2 / p["divisor"],
    "pure_noise": lambda t, d, p: t @ d,
    "rare_slope": lambda t, d, p: 12 - t @ d,
}
OUTPUT = {  # theta, data -> model outputs (N,); and the loss's second derivative in it, (N,)
    "line_fit": (lambda t, d: t[0] * d[0] + t[1], lambda z, d, p: torch.full_like(z, 2 / p["divisor"])),
    "huber_fit": (lambda t, d: t[0] * d[0] + t[1], lambda z, d, p: ((z - d[1]).abs() <= p["delta"]).double()),
    "sparse_features": (lambda t, d: t[0] * d[0] + t[1] * d[1], lambda z, d, p: torch.full_like(z, 2 / p["divisor"])),
    "logistic": (lambda t, d: t @ d[:2], lambda z, d, p: torch.sigmoid(z) * torch.sigmoid(-z)),
    "two_weight_net": (lambda t, d: t[1] * tanh(t[0] * d[0]), lambda z, d, p: torch.full_like(z, 2 / p["divisor"])),
    "deep_chain": (lambda t, d: t[0] * t[1] * d[0], lambda z, d, p: torch.full_like(z, 2 / p["divisor"])),
}
fitted = pytest.mark.parametrize("problem", [SAMPLES[key] for key in OUTPUT], ids=OUTPUT)


def small(problem: Problem, samples: int = 12) -> Problem:
    return problem.with_parameters(samples=samples)


def on_batch(problem, x, batch, kernel=None):
    """Value and gradient, or a curvature matrix, over a batch (m, B) at x (2, B)."""
    lanes = x.shape[1]
    params = problem.lane_params(lanes)
    if kernel is None:
        f, g = np.empty(lanes), np.empty((2, lanes))
        problem.evaluate_kernel(x, params, problem.data, batch, f, g)
        return f, g
    h = np.empty((2, 2, lanes))
    kernel(x, params, problem.data, batch, h)
    return h
