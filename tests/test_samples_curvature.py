"""Curvature matrices of problems on data, against autograd, statistics, closed forms and curvlinops."""

import math

import numpy as np
import pytest
import torch

from landscape import FUNCTIONS, SAMPLES, Formula, Problem
from tests.test_functions import random_parameters, random_points
from tests.tools.on_data import OUTPUT, every, fitted, on_batch, small

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # random bits, where the interpreter makes them
]
KINDS = ("hessian", "gauss_newton", "fisher", "empirical_fisher", "kronecker")


def test_what_is_not_offered_has_a_reason():
    for problem in (FUNCTIONS["bowl"], *SAMPLES.values()):
        for kind in (*KINDS, "nonsense", ""):
            offered = problem.curvature(kind)
            assert callable(offered) or (offered.startswith("it needs ") and offered.endswith("."))
    assert "log-likelihood" in SAMPLES["huber_fit"].curvature("fisher")
    assert "log-likelihood of data" in FUNCTIONS["bowl"].curvature("fisher")
    with pytest.raises(ValueError, match="Robust fit: it needs a loss that is a log-likelihood of data"):
        SAMPLES["huber_fit"].matrix((0, 0), "fisher")


@fitted
def test_gauss_newton_is_that_of_autograd(problem):
    rng = np.random.default_rng(7)
    for bound in (problem, random_parameters(problem, rng)):
        output, bend = OUTPUT[bound.key]
        bound = small(bound, 50)
        data, values = torch.tensor(bound.data), bound.parameter_values
        for x in random_points(bound, rng, 3).T:
            theta = torch.tensor(x)
            j = torch.autograd.functional.jacobian(lambda t, data=data, output=output: output(t, data), theta)
            expected = j.T @ (bend(output(theta, data), data, values)[:, None] * j) / len(j)
            np.testing.assert_allclose(bound.matrix(x, "gauss_newton"), expected, rtol=1e-10, atol=1e-12 * (1 + expected.abs().max()))


def test_gauss_newton_of_a_plain_formula_with_residuals():
    """Rosenbrock as least squares (Nocedal & Wright 2006, eq. 10.8): J^T J times 2, at any point."""
    problem = Problem("r", "R", "", Formula("r**2 + s**2", where=(("r", "1 - x"), ("s", "10*(y - x**2)")), outputs=("r", "s")))
    j = np.array([[-1.0, 0.0], [-20 * 0.3, 10.0]])
    np.testing.assert_allclose(problem.matrix((0.3, -0.4), "gauss_newton"), 2 * j.T @ j, rtol=1e-12)


@every
def test_the_empirical_fisher_matrix_is_the_mean_outer_product(problem):
    x, n = np.array(problem.start), problem.data.shape[1]
    _, g = on_batch(problem, np.tile(x[:, None], n), np.arange(n)[None, :])
    np.testing.assert_allclose(problem.matrix(x, "empirical_fisher"), g @ g.T / n, rtol=1e-10, atol=1e-12)


def drawn(problem, x, rng, times):
    """The problem's inputs, many times over, with observations drawn from the MODEL at x: (d, N * times)."""
    data = np.tile(problem.data, times)
    if problem.key.startswith("gaussian"):
        return x[0] + (np.exp(x[1]) if problem.key.endswith("log") else x[1]) * rng.standard_normal(data.shape)
    z = OUTPUT[problem.key][0](torch.tensor(x), torch.tensor(data)).numpy()
    if problem.key == "logistic":
        data[-1] = rng.uniform(size=len(z)) < 1 / (1 + np.exp(-z))
    else:  # a loss r^2/c is minus the log-likelihood of a Gaussian of variance c/2
        divisor = problem.parameter_values.get("divisor", 2)
        data[-1] = z + math.sqrt(divisor / 2) * rng.standard_normal(len(z))
    return data


LIKELIHOODS = [problem for problem in SAMPLES.values() if not problem.formula.lacks("fisher")]


@pytest.mark.jit
@pytest.mark.parametrize("problem", LIKELIHOODS, ids=[problem.key for problem in LIKELIHOODS])
def test_the_fisher_matrix_is_the_expected_outer_product(problem):
    """Monte Carlo: gradients at observations that the model itself draws."""
    rng = np.random.default_rng(8)
    x = np.array(problem.start) + 0.05
    data = drawn(problem, x, rng, 1_000_000 // problem.data.shape[1])
    n = data.shape[1]
    g, f = np.empty((2, n)), np.empty(n)
    problem.evaluate_kernel(np.tile(x[:, None], n), problem.lane_params(n), data, np.arange(n)[None, :], f, g)
    outer = g[:, None] * g[None]
    errors = 5 * outer.std(axis=2) / math.sqrt(n)
    assert np.all(np.abs(g.mean(axis=1)) < 5 * g.std(axis=1) / math.sqrt(n))  # a score has mean zero
    assert np.all(np.abs(outer.mean(axis=2) - problem.matrix(x, "fisher")) <= errors + 1e-12)


def test_fisher_matrices_in_closed_form():
    """Amari 1998: diag(1/sigma^2, 2/sigma^2); with s = ln sigma, the second row and column times d sigma/d s = sigma: diag(e^-2s, 2)."""
    mu, sigma = 0.3, 0.6
    plain_, logarithmic = (
        SAMPLES["gaussian_fit"].matrix((mu, sigma), "fisher"),
        SAMPLES["gaussian_fit_log"].matrix((mu, np.log(sigma)), "fisher"),
    )
    np.testing.assert_allclose(plain_, np.diag([1, 2]) / sigma**2, rtol=1e-12)
    jacobian = np.diag([1, sigma])
    np.testing.assert_allclose(logarithmic, jacobian.T @ plain_ @ jacobian, rtol=1e-12)
    x, _ = SAMPLES["line_fit"].data
    inputs = np.stack([x, np.ones_like(x)])
    np.testing.assert_allclose(SAMPLES["line_fit"].matrix((0, 0), "fisher"), 2 * inputs @ inputs.T / len(x), rtol=1e-12)


def test_kronecker_factors():
    """One layer with a constant second derivative: exact. With another, and for layers in a row: products of means, nothing across."""
    for key in ("line_fit", "sparse_features"):
        x = SAMPLES[key].start
        np.testing.assert_allclose(SAMPLES[key].matrix(x, "kronecker"), SAMPLES[key].matrix(x, "fisher"), rtol=1e-12, atol=1e-15)
    logistic, w = SAMPLES["logistic"], np.array([0.4, 0.9])
    features, p = logistic.data[:2], 1 / (1 + np.exp(-w @ logistic.data[:2]))
    np.testing.assert_allclose(logistic.matrix(w, "kronecker"), features @ features.T / 200 * np.mean(p * (1 - p)), rtol=1e-12)
    net, (w1, w2) = SAMPLES["two_weight_net"].with_parameters(divisor=2), (0.7, -1.2)
    h = w1 * net.data[0]
    diagonal = [np.mean(net.data[0] ** 2) * np.mean((w2 / np.cosh(h) ** 2) ** 2), np.mean(np.tanh(h) ** 2)]
    np.testing.assert_allclose(net.matrix((w1, w2), "kronecker"), np.diag(diagonal), rtol=1e-12, atol=1e-15)


def linear(*weights, bias=False):
    layer = torch.nn.Linear(len(weights) - bias, 1, bias=bias).double()
    torch.nn.utils.vector_to_parameters(torch.tensor(weights, dtype=torch.float64), layer.parameters())
    return layer


NETS = {  # weights -> the model as torch writes it; its loss; how much of that ours is
    "line_fit": (lambda w: linear(*w, bias=True), torch.nn.MSELoss(), 1.0),
    "sparse_features": (lambda w: linear(*w), torch.nn.MSELoss(), 1.0),
    "logistic": (lambda w: linear(*w), torch.nn.BCEWithLogitsLoss(), 1.0),
    "two_weight_net": (lambda w: torch.nn.Sequential(linear(w[0]), torch.nn.Tanh(), linear(w[1])), torch.nn.MSELoss(), 1.0),
    "deep_chain": (lambda w: torch.nn.Sequential(linear(w[0]), linear(w[1])), torch.nn.MSELoss(), 1.0),
}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("key", NETS)
def test_fisher_and_kfac_are_those_of_curvlinops(key):
    curvlinops = pytest.importorskip("curvlinops", reason="curvlinops 3.0.1 is not installed")
    problem, weights, (net, loss, share) = SAMPLES[key], (0.4, -0.8), NETS[key]
    data, model = torch.tensor(problem.data), net(weights)
    arguments = (model, loss, list(model.parameters()), [(data[:-1].T, data[-1:].T)])
    unit = torch.eye(2, dtype=torch.float64)
    exact = curvlinops.GGNLinearOperator(*arguments) @ unit
    kronecker = curvlinops.KFACLinearOperator(*arguments, fisher_type="type-2", separate_weight_and_bias=False) @ unit
    for kind, theirs in {"gauss_newton": exact, "fisher": exact, "kronecker": kronecker}.items():
        np.testing.assert_allclose(problem.matrix(weights, kind), share * theirs, rtol=1e-10, atol=1e-12)
