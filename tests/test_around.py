"""What can be put around a method: Lookahead against pytorch_optimizer's, the means against NumPy."""

import numpy as np
import pytest
import pytorch_optimizer
import torch

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
from optimizers.around import AROUNDS

pytestmark = pytest.mark.kernel
PROBLEM, START, TICKS = FUNCTIONS["rosenbrock"], (-1.5, 2.0), 120
BASES = {
    "sgd": ({"lr": 1e-3}, lambda p: torch.optim.SGD(p, lr=1e-3)),
    "momentum": ({"lr": 1e-3, "momentum": 0.8}, lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8)),
    "nesterov": ({"lr": 1e-3, "momentum": 0.8, "torch_form": 1}, lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8, nesterov=True)),
    "adam": ({"lr": 0.02}, lambda p: torch.optim.Adam(p, lr=0.02)),
}
methods = pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov", "adam", "lion", "sam"])


def around(name, key, **settings):
    hypers = {"nesterov": {"lr": 1e-3, "momentum": 0.8}, "adam": {"lr": 0.02}}.get(key, {})
    return descend(PROBLEM, OPTIMIZERS[key], START, TICKS, around=(AROUNDS[name], settings), **hypers), descend(
        PROBLEM, OPTIMIZERS[key], START, TICKS, **hypers
    )


@pytest.mark.parametrize(("k", "alpha"), [(5, 0.5), (1, 0.3), (7, 0.8), (4, 0.95)])
@pytest.mark.parametrize("key", BASES)
def test_lookahead_equals_pytorch_optimizers(key, k, alpha):
    """Both sync when t mod k = 0. The queries are the fast weights, the path is the slow ones."""
    hypers, make = BASES[key]
    run = descend(PROBLEM, OPTIMIZERS[key], START, TICKS, around=(AROUNDS["lookahead"], {"k": k, "alpha": alpha}), **hypers)
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    oracle = pytorch_optimizer.Lookahead(make([theta]), k=k, alpha=alpha)
    for t in range(TICKS):
        fast, slow = theta.detach().numpy(), oracle.state[theta]["slow_params"].numpy()
        assert np.linalg.norm(run.queries[t] - fast) <= 1e-10 * np.linalg.norm(fast), t
        assert np.linalg.norm(run.path[t] - slow) <= 1e-10 * np.linalg.norm(slow), t
        theta.grad = torch.tensor(PROBLEM.gradient(fast.copy()))
        oracle.step()


def test_lookahead_round_nesterovs_own_form():
    """Its iterate is the point behind the look-ahead: that one goes back, the point ahead keeps its distance."""
    k, alpha, lr, beta = 5, 0.5, 1e-3, 0.8
    run, _ = around("lookahead", "nesterov", k=k, alpha=alpha)
    theta = slow = np.array(START)
    v = np.zeros(2)
    for t in range(TICKS):
        ahead = theta - lr * beta * v
        assert np.allclose(run.queries[t], ahead, rtol=1e-10) and np.allclose(run.path[t], slow, rtol=1e-10)
        v = beta * v + PROBLEM.gradient(ahead)
        theta = theta - lr * v
        if (t + 1) % k == 0:
            theta = slow = slow + alpha * (theta - slow)


@methods
def test_lookahead_all_the_way_at_every_step_is_the_method_itself(key):
    run, alone = around("lookahead", key, k=1, alpha=1.0)
    assert np.allclose(run.path, alone.path, rtol=1e-9) and np.allclose(run.queries, alone.queries, rtol=1e-9)


@methods
@pytest.mark.parametrize("begin", [0, 30])
def test_the_mean_of_the_iterates(key, begin):
    """The path is the cumulative mean of the iterates after `begin`, and the method itself goes where it would alone."""
    run, alone = around("polyak", key, begin=begin)
    later = alone.path[begin + 1 :]
    means = np.cumsum(later, axis=0) / np.arange(1, len(later) + 1)[:, None]
    assert np.allclose(run.path, np.concatenate([alone.path[: begin + 1], means]), rtol=1e-10)
    assert np.array_equal(run.queries, alone.queries)


@methods
def test_the_exponential_mean(key):
    run, alone = around("ema", key, decay=0.9)
    mean = np.array(START)
    for t in range(TICKS):
        assert np.allclose(run.path[t], mean, rtol=1e-10)
        mean = 0.9 * mean + 0.1 * alone.path[t + 1]
    assert np.allclose(run.final, mean, rtol=1e-10) and np.array_equal(run.queries, alone.queries)


@pytest.mark.parametrize("name", AROUNDS)
def test_compiled_and_plain_form_are_equal(name):
    arguments = (PROBLEM, OPTIMIZERS["nesterov"], START, TICKS)
    compiled, plain = (descend(*arguments, around=(AROUNDS[name], {}), compiled=flag) for flag in (True, False))
    assert np.allclose(compiled.path, plain.path, rtol=1e-10) and np.allclose(compiled.queries, plain.queries, rtol=1e-10)


def test_an_unknown_setting_of_a_follower_is_named():
    with pytest.raises(ValueError, match="Lookahead has no speed: it takes k, alpha"):
        descend(FUNCTIONS["bowl"], OPTIMIZERS["sgd"], (1, 1), 5, around=(AROUNDS["lookahead"], {"speed": 1}))
