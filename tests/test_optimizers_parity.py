"""Every optimizer against torch.optim in float64, over random hyperparameters and gradient sequences with zeros and spikes."""

import numpy as np
import pytest
import torch

from optimizers import OPTIMIZERS

pytestmark = pytest.mark.kernel
TICKS = 200

# How torch spells the declaration's values. Conventions that differ are set to torch's by the switch named beside them.
TORCH = {
    "sgd": lambda p, h: torch.optim.SGD(p, lr=h["lr"]),
    "momentum": lambda p, h: torch.optim.SGD(p, lr=h["lr"], momentum=h["momentum"], dampening=h["dampening"]),
    "nesterov": lambda p, h: torch.optim.SGD(p, lr=h["lr"], momentum=h["momentum"], nesterov=True),  # torch_form = 1
    "adagrad": lambda p, h: torch.optim.Adagrad(p, lr=h["lr"], eps=h["eps"]),
    "rmsprop": lambda p, h: torch.optim.RMSprop(p, lr=h["lr"], alpha=h["alpha"], eps=h["eps"]),
    "adam": lambda p, h: torch.optim.Adam(p, lr=h["lr"], betas=(h["beta1"], h["beta2"]), eps=h["eps"]),
    "adamw": lambda p, h: torch.optim.AdamW(p, lr=h["lr"], betas=(h["beta1"], h["beta2"]), eps=h["eps"], weight_decay=h["weight_decay"]),
}
SWITCHES = {"nesterov": {"torch_form": 1.0}}


def random_value(hyper, rng):
    if hyper.options:
        return hyper.default
    if hyper.scale == "log":
        return float(np.exp(rng.uniform(np.log(hyper.low), np.log(min(hyper.high, 0.5)))))
    if hyper.scale == "complement":
        return 1.0 - float(np.exp(rng.uniform(np.log(1.0 - hyper.high), 0.0)))
    return float(rng.uniform(hyper.low, hyper.high))


def gradients(n, rng):
    g = rng.normal(size=(TICKS, n)) * np.exp(rng.normal(size=(TICKS, 1)))
    g[rng.random(g.shape) < 0.2] = 0.0
    g[rng.random(g.shape) < 0.02] *= 1e4
    return g


@pytest.mark.parametrize("draw", range(8))
@pytest.mark.parametrize("key", OPTIMIZERS)
def test_path_equals_torch(key, draw):
    method, n, rng = OPTIMIZERS[key], 3, np.random.default_rng([draw, *key.encode()])
    values = {h.key: random_value(h, rng) for h in method.hypers} | SWITCHES.get(key, {})
    g = gradients(n, rng)
    theta = torch.tensor(rng.normal(size=n), dtype=torch.float64, requires_grad=True)
    x, state = theta.detach().numpy().copy()[:, None], np.zeros((method.rows(n), 1))
    if method.looks_ahead:
        state[:n] = x
    hypers = np.array(list(method.values(values).values()))[:, None]
    oracle = TORCH[key]([theta], values)
    for t in range(TICKS):
        theta.grad = torch.tensor(g[t])
        oracle.step()
        method.rule(x, np.zeros(1), np.ascontiguousarray(g[t][:, None]), np.zeros((0, 0, 0)), state, hypers, t)
        reference = theta.detach().numpy()
        assert np.linalg.norm(x[:, 0] - reference) <= 1e-12 * np.linalg.norm(reference), (t, values)


def test_every_method_has_an_oracle():
    assert set(TORCH) == set(OPTIMIZERS)
