"""Problems on data: derivatives against autograd, mini-batches against statistics, curvature matrices against closed forms, and what the
syllabus says a student will see on them."""

import math
import pickle
from dataclasses import replace

import mpmath
import numpy as np
import pytest
import torch

from landscape import FUNCTIONS, PROBLEMS, SAMPLES, Formula, FormulaError, Problem
from landscape.algebra import fold
from landscape.kernel import plain
from landscape.problem import WHOLE
from landscape.reparametrised import back, other_of, there
from optimizers import OPTIMIZERS, descend
from optimizers.conditions import Conditions, with_replacement, without_replacement
from optimizers.descend import Batches
from tests.test_functions import MPMATH, close, random_parameters, random_points

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # random bits, where the interpreter makes them
]
every = pytest.mark.parametrize("problem", SAMPLES.values(), ids=SAMPLES)
KINDS = ("hessian", "gauss_newton", "fisher", "empirical_fisher", "kronecker")
SGD = OPTIMIZERS["sgd"]

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


# --- derivatives


def test_every_problem_has_an_oracle():
    assert set(PER_SAMPLE) == set(SAMPLES)
    assert {**FUNCTIONS, **SAMPLES} == PROBLEMS and list(PROBLEMS)[-len(SAMPLES) :] == list(SAMPLES)


@every
@pytest.mark.parametrize("batch", [None, 1, 7])
def test_value_gradient_and_hessian_are_autograds(problem, batch):
    rng = np.random.default_rng(1)
    for bound in (problem, random_parameters(problem, rng)):
        bound = bound.with_parameters(samples=40)
        points = random_points(bound, rng, 4)
        picked = WHOLE if batch is None else rng.integers(0, bound.data.shape[1], (batch, 4))
        f, g = on_batch(bound, points, picked)
        h = on_batch(bound, points, picked, bound.hessian_kernel)
        for lane, x in enumerate(points.T):
            data = torch.tensor(bound.data if batch is None else bound.data[:, picked[:, lane]])

            def loss(theta, data=data, bound=bound):
                return PER_SAMPLE[bound.key](theta, data, bound.parameter_values).mean()

            theta = torch.tensor(x, requires_grad=True)
            (gradient,) = torch.autograd.grad(loss(theta), theta)
            hessian = torch.autograd.functional.hessian(loss, torch.tensor(x))
            scale = max(1.0, loss(theta).item(), float(hessian.abs().max()))
            np.testing.assert_allclose(f[lane], loss(theta).item(), rtol=1e-10, atol=1e-12 * scale)
            np.testing.assert_allclose(g[:, lane], gradient, rtol=1e-10, atol=1e-12 * scale)
            np.testing.assert_allclose(h[:, :, lane], hessian, rtol=1e-10, atol=1e-12 * scale)


@every
def test_derivatives_are_those_of_high_precision_arithmetic(problem):
    rng = np.random.default_rng(2)
    with mpmath.workdps(40):
        bound = small(random_parameters(problem, rng), 10)
        names = {key: mpmath.mpf(value) for key, value in bound.parameter_values.items()}

        def f(x, y):
            weights = dict(zip(bound.formula.coordinates, (x, y), strict=True))
            losses = [
                fold(bound.formula.tree, {**names, **weights, **dict(zip(bound.formula.columns, map(mpmath.mpf, s), strict=True))}, MPMATH)
                for s in bound.data.T.tolist()
            ]
            return sum(losses) / len(losses)

        for x in random_points(bound, rng, 2).T:
            at = tuple(map(mpmath.mpf, x.tolist()))
            gradient = [float(mpmath.diff(f, at, order)) for order in ((1, 0), (0, 1))]
            xx, xy, yy = (float(mpmath.diff(f, at, order)) for order in ((2, 0), (1, 1), (0, 2)))
            scale = max(map(abs, (float(f(*at)), *gradient, xx, xy, yy)))
            close(bound.value(x), float(f(*at)), scale)
            close(bound.gradient(x), gradient, scale)
            close(bound.hessian(x), [[xx, xy], [xy, yy]], scale)


@every
def test_gradients_are_finite_differences(problem):
    for x in random_points(problem, np.random.default_rng(3), 5).T:
        h = 1e-6
        differences = [(problem.value(x + h * axis) - problem.value(x - h * axis)) / (2 * h) for axis in np.eye(2)]
        np.testing.assert_allclose(problem.gradient(x), differences, rtol=1e-5, atol=1e-6 * (1 + abs(float(problem.value(x)))))


@every
def test_the_sketch_over_numpy_agrees_with_the_kernel(problem):
    x = random_points(problem, np.random.default_rng(4), 20)
    np.testing.assert_allclose(problem.sketch(*x), problem.value(x), rtol=1e-9, atol=1e-9)


@every
def test_the_plain_form_of_every_kernel_computes_the_same(problem):
    rng = np.random.default_rng(5)
    x, params = random_points(problem, rng, 3), problem.lane_params(3)
    for batch in (WHOLE, rng.integers(0, problem.data.shape[1], (5, 3))):
        f, g = np.empty(3), np.empty((2, 3))
        plain(problem.evaluate_kernel)(x, params, problem.data, batch, f, g)
        compiled = on_batch(problem, x, batch)
        np.testing.assert_allclose(f, compiled[0], rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(g, compiled[1], rtol=1e-11, atol=1e-11)
        for kind in KINDS:
            if not isinstance(kernel := problem.curvature(kind), str):
                h = on_batch(problem, x, batch, plain(kernel))
                np.testing.assert_allclose(h, on_batch(problem, x, batch, kernel), rtol=1e-11, atol=1e-11)


# --- declarations


@every
def test_declaration_is_complete(problem):
    (x0, x1), (y0, y1) = problem.domain
    assert SAMPLES[problem.key] is problem and problem.key not in FUNCTIONS
    assert x0 <= problem.start[0] <= x1 and y0 <= problem.start[1] <= y1
    assert problem.lesson.endswith(".") and problem.question.endswith("?") and problem.source
    assert problem.latex.startswith(f"L({', '.join(problem.axes)}) = \\frac{{1}}{{N}} \\sum")
    assert hash(problem) == hash(pickle.loads(pickle.dumps(problem)))
    assert {"samples", "draw"} <= set(problem.parameter_values)
    assert problem.data.shape[0] == len(problem.formula.columns) and np.isfinite(problem.data).all()
    for parameter in problem.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.scale == "linear" or parameter.low > 0
    groups = [one.group for one in PROBLEMS.values()]
    assert [group for i, group in enumerate(groups) if i == 0 or groups[i - 1] != group] == list(dict.fromkeys(groups))


@every
def test_marked_points_are_stationary_at_any_parameters(problem):
    rng = np.random.default_rng(6)
    declared = {point.label for point in problem.stationary}
    assert {point.label for point in problem.stationary_points()} == declared
    for _ in range(5):
        bound = small(random_parameters(problem, rng), int(rng.integers(10, 60)))
        for point in bound.stationary_points():
            x = np.array([point.x, point.y])
            assert np.linalg.norm(bound.gradient(x)) <= 1e-7 * (1 + np.abs(bound.hessian(x)).max())


@every
def test_minima_are_lowest_on_the_grid(problem):
    problem = small(problem, 50)
    _, _, z = problem.grid(41, 41)
    if problem.lowest is not None:
        assert problem.lowest <= np.nanmin(z) + 1e-12
    else:
        assert np.allclose(np.diff(z, 2, axis=0), 0) and np.allclose(np.diff(z, 2, axis=1), 0)  # a plane
        assert np.all(z == 0) or problem.key != "pure_noise"  # a level one, to the last bit


def test_minima_in_closed_form():
    line = SAMPLES["line_fit"]
    x, y = line.data
    np.testing.assert_allclose(line.minima[:, 0], np.polyfit(x, y, 1), rtol=1e-10)
    (points,) = SAMPLES["gaussian_fit"].data
    np.testing.assert_allclose(SAMPLES["gaussian_fit"].minima[:, 0], [points.mean(), points.std()], rtol=1e-9)
    np.testing.assert_allclose(SAMPLES["gaussian_fit_log"].minima[:, 0], [points.mean(), np.log(points.std())], rtol=1e-9)


@every
def test_the_recommended_rate_keeps_gradient_descent_in_reach(problem):
    run = descend(problem, SGD, problem.start, problem.steps, **problem.recommended["sgd"])
    size = np.ptp(np.array(problem.domain), axis=1).max()
    assert np.abs(run.path).max() < 10 * size
    assert run.final_loss < run.loss[0] or problem.key == "pure_noise"


@every
def test_data_hold_still(problem):
    """The same parameters give the same samples, another draw gives others; more samples are those and some more."""
    few, many = (problem.with_parameters(samples=samples).data for samples in (50, 80))
    np.testing.assert_array_equal(few, problem.with_parameters(samples=50).data)
    np.testing.assert_array_equal(few, many[:, : few.shape[1]])
    assert not np.array_equal(few, problem.with_parameters(samples=50, draw=1).data)


def test_what_shapes_the_data_cannot_differ_between_lanes():
    line = SAMPLES["line_fit"]
    assert line.lane_params(2, divisor=[1, 2]).tolist() == [[1, 2]]
    with pytest.raises(ValueError, match="noise shapes the data"):
        line.lane_params(2, noise=[0.1, 0.2])
    with pytest.raises(ValueError, match="no parameter 'slope'"):
        line.lane_params(2, slope=[0.1, 0.2])


@pytest.mark.parametrize(
    ("text", "more", "message"),
    [
        ("(w*x - y)**2", {"coordinates": ("w", "b"), "columns": ("x",)}, "Unknown name y"),
        ("w*x", {"coordinates": ("w", "b"), "columns": ("w",)}, "already means something"),
        ("w*x", {"coordinates": ("w", "pi"), "columns": ("x",)}, "already means something"),
        ("w*x", {"coordinates": ("w", "b"), "columns": ("x", "x")}, "same name"),
    ],
)
def test_names_of_data_are_checked(text, more, message):
    with pytest.raises(FormulaError, match=message):
        Formula(text, **more)


def test_a_loss_over_data_needs_data():
    with pytest.raises(ValueError, match="give data"):
        SAMPLES["line_fit"].formula(1.0, 2.0, divisor=1.0)


# --- mini-batches

LANES, SIZE = 20_000, 5
draws = pytest.mark.parametrize("draw", [with_replacement, without_replacement], ids=["with", "without"])


def batches(draw, samples, size, seeds, t=0, order=None):
    batch = np.zeros((size, len(seeds)), dtype=np.int64)
    order = np.tile(np.arange(samples)[:, None], len(seeds)) if order is None else order
    draw(batch, order, np.asarray(seeds, dtype=np.int64), t)
    return batch


@draws
@every
@pytest.mark.jit
def test_mini_batch_gradients_are_unbiased_with_the_variance_of_theory(problem, draw):
    """Syllabus rows 14 and 15: mean g, covariance sigma^2/|B|, times (n - B)/(n - 1) without replacement."""
    bound = small(problem, 20)
    samples = bound.data.shape[1]
    x = np.array(problem.start) + 0.1
    _, each = on_batch(bound, np.tile(x[:, None], samples), np.arange(samples)[None, :])
    _, g = on_batch(bound, np.tile(x[:, None], LANES), batches(draw, samples, SIZE, np.arange(LANES)))
    variance = each.var(axis=1) / SIZE * ((samples - SIZE) / (samples - 1) if draw is without_replacement else 1.0)
    np.testing.assert_allclose(each.mean(axis=1), bound.gradient(x), rtol=1e-9, atol=1e-9)
    assert np.all(np.abs(g.mean(axis=1) - bound.gradient(x)) < 4.5 * np.sqrt(variance / LANES) + 1e-12)
    spread = np.sqrt(((g - g.mean(axis=1)[:, None]) ** 2).var(axis=1) / LANES)  # standard error of the variance
    assert np.all(np.abs(g.var(axis=1) - variance) < 4.5 * spread + 1e-15)


@pytest.mark.jit
def test_variance_falls_as_one_over_the_batch():
    """Row 15: log-log slope -1 with replacement, through the loop: one step of gradient descent shows one gradient."""
    line, sizes = SAMPLES["line_fit"], np.array([1, 2, 4, 8, 16, 32, 64, 128])
    seen = [
        descend(line, SGD, line.start, 1, lr=0.1, keep="final", batches=Batches(int(size)), seed=np.arange(LANES)).final for size in sizes
    ]
    slope = np.polyfit(np.log(sizes), np.log([np.var(x[0]) for x in seen]), 1)[0]
    assert slope == pytest.approx(-1, abs=0.01)
    without = descend(line, SGD, line.start, 1, lr=0.1, keep="final", batches=Batches(128, replacement=False), seed=np.arange(LANES)).final
    assert np.var(without[0]) / np.var(seen[-1][0]) == pytest.approx((200 - 128) / 199, rel=0.05)


@pytest.mark.parametrize("size", [1, 3, 7, 20])
def test_without_replacement_every_sample_comes_once_an_epoch(size):
    samples, seeds = 20, np.arange(6)
    order = np.tile(np.arange(samples)[:, None], len(seeds))
    per_epoch = samples // size
    for epoch in range(3):
        seen = np.concatenate([batches(without_replacement, samples, size, seeds, epoch * per_epoch + k, order) for k in range(per_epoch)])
        for lane in seen.T:
            assert len(set(lane)) == len(lane) == per_epoch * size
    assert len({tuple(lane) for lane in seen.T}) == len(seeds)


def test_an_epoch_of_pure_noise_leads_back():
    """The gradients of all samples add up to nothing, so gradient descent without replacement is back after each epoch, in any order."""
    noise = small(SAMPLES["pure_noise"], 50)
    run = descend(noise, SGD, (1, 1), 40, lr=0.01, batches=Batches(10, replacement=False), seed=3)
    np.testing.assert_allclose(run.path[::10], np.ones((5, 2)), atol=1e-12)
    assert np.abs(run.path[1:10] - 1).min(axis=0)[0] > 1e-6
    assert np.abs(descend(noise, SGD, (1, 1), 10, lr=0.01, batches=Batches(10), seed=3).final[0] - 1) > 1e-6


@draws
def test_lanes_of_one_seed_see_the_same_batches(draw):
    line = SAMPLES["line_fit"]
    how = Batches(4, replacement=draw is with_replacement)
    run = descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=np.array([1, 2, 1]))
    np.testing.assert_array_equal(run.path[:, :, 0], run.path[:, :, 2])
    assert not np.allclose(run.path[1], run.path[1][:, [1, 0, 2]])
    np.testing.assert_allclose(descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=2).path, run.path[:, :, 1], rtol=1e-12)
    slow = descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=2, compiled=False)
    np.testing.assert_allclose(slow.path, run.path[:, :, 1], rtol=1e-12)


def test_the_whole_data_as_one_batch_is_the_full_gradient():
    line = SAMPLES["line_fit"]
    whole = descend(line, SGD, line.start, 20, lr=0.1, batches=Batches(200, replacement=False))
    np.testing.assert_allclose(whole.path, descend(line, SGD, line.start, 20, lr=0.1).path, rtol=1e-12)


def test_a_batch_larger_than_the_data_is_refused():
    line = SAMPLES["line_fit"]
    for size in (0, 201):
        with pytest.raises(ValueError, match=r"has 200 samples: choose 1 to 200"):
            descend(line, SGD, line.start, 1, batches=Batches(size))
    with pytest.raises(ValueError, match=r"Rosenbrock has no samples"):
        descend(FUNCTIONS["rosenbrock"], SGD, (0, 0), 1, batches=Batches(1))


# --- curvature matrices


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


# --- what the syllabus says will be seen


def fresh_batches(method, seeds, **values):
    """Row 75: noiseless y = 2 x + 1, batches of 16 from 10,000 inputs with replacement, which stand for fresh uniform ones."""
    line = SAMPLES["line_fit"].with_parameters(noise=0, samples=10_000, **values)
    return descend(line, OPTIMIZERS[method], (0, 0), 100, lr=0.1, batches=Batches(16), seed=np.arange(seeds), keep="final").final


@pytest.mark.jit
def test_the_numerical_example():
    """Row 75, medians over 5,000 seeds: SGD 1.998 / 1.000, Adam 2.0096 / 1.000, SGD on half the squared error 1.933."""
    sgd, adam, half = fresh_batches("sgd", 5000), fresh_batches("adam", 5000), fresh_batches("sgd", 5000, divisor=2)
    assert np.median(sgd, axis=1) == pytest.approx([1.998, 1.000], abs=0.0015)
    assert np.median(adam, axis=1) == pytest.approx([2.0096, 1.000], abs=0.0025)
    assert np.median(half, axis=1)[0] == pytest.approx(1.933, abs=0.002)


@pytest.mark.jit
def test_adam_overshoots_on_the_numerical_example():
    line = SAMPLES["line_fit"].with_parameters(noise=0, samples=10_000)
    path = descend(line, OPTIMIZERS["adam"], (0, 0), 100, lr=0.1, batches=Batches(16), seed=np.arange(200)).path
    assert np.median(path[:, 0].max(axis=0)) == pytest.approx(2.25, abs=0.04)


@pytest.mark.jit
def test_decay_under_pure_noise():
    """Row 35, mean of 2,000 runs after 500 steps: L2 .946 / 0; AdamW .601 / .606; pure decay .606."""
    noise, seeds = SAMPLES["pure_noise"].with_parameters(samples=5_000), np.arange(2000)
    how = {"lr": 0.01, "batches": Batches(1), "seed": seeds, "keep": "final"}
    l2 = descend(noise, OPTIMIZERS["adam"], (1, 1), 500, conditions=Conditions(l2=0.1), **how).final.mean(axis=1)
    decoupled = descend(noise, OPTIMIZERS["adamw"], (1, 1), 500, weight_decay=0.1, **how).final.mean(axis=1)
    assert l2 == pytest.approx([0.946, 0.0], abs=0.02)
    assert decoupled == pytest.approx([0.601, 0.606], abs=0.02)
    assert pytest.approx(0.606, abs=5e-4) == (1 - 0.001) ** 500


def test_rare_features_get_larger_rates():
    """Row 28: AdaGrad's lr .1 over sqrt(G) after 1,000 gradients of 1, and of 1 every 50th time: .00316 and .0224."""
    rare = SAMPLES["rare_slope"]
    batches = Batches(rare.batch, rare.replacement)
    path = descend(rare, OPTIMIZERS["adagrad"], rare.start, rare.steps, **rare.recommended["adagrad"], batches=batches, seed=1).path
    steps = np.diff(path, axis=0)
    assert np.count_nonzero(steps[:, 1]) == 20  # once in each epoch
    assert steps[-1, 0] == pytest.approx(0.00316, rel=1e-3)
    assert steps[steps[:, 1] > 0, 1][-1] == pytest.approx(0.0224, rel=2e-3)


def natural(problem, x, lr, steps):
    """The natural gradient's path, (steps + 1, 2): by the registered method where there is one."""
    if "natural_gradient" in OPTIMIZERS:
        return descend(problem, OPTIMIZERS["natural_gradient"], x, steps, lr=lr).path
    path = [np.asarray(x, float)]
    for _ in range(steps):
        path.append(path[-1] - lr * np.linalg.solve(problem.matrix(path[-1], "fisher"), problem.gradient(path[-1])))
    return np.array(path)


def test_the_natural_gradients_path_does_not_depend_on_the_parametrisation():
    """Row 62: in (mu, ln sigma) and in (mu, sigma) it agrees to first order in lr, gradient descent's does not."""
    plain_, logarithmic = SAMPLES["gaussian_fit"], SAMPLES["gaussian_fit_log"]
    start, time = (-2.0, 1.65), 1.0

    def apart(path):
        gaps = []
        for lr in (0.02, 0.01, 0.005):
            steps = round(time / lr)
            other = path(logarithmic, (start[0], math.log(start[1])), lr, steps)
            gaps.append(np.abs(path(plain_, start, lr, steps) - np.stack([other[:, 0], np.exp(other[:, 1])], axis=1)).max())
        return np.array(gaps)

    gaps = apart(natural)
    assert gaps[1:] / gaps[:-1] == pytest.approx(
        [0.5, 0.5], abs=0.05
    )  # the error of a path is of first order in lr, that of a step of second
    descent = apart(lambda problem, x, lr, steps: descend(problem, SGD, x, steps, lr=lr).path)
    assert descent[1:] / descent[:-1] == pytest.approx([1, 1], abs=0.05)
    assert descent[-1] > 10 * gaps[-1]


@pytest.mark.parametrize("problem", [problem for problem in PROBLEMS.values() if problem.other], ids=lambda problem: problem.key)
def test_other_coordinates_are_the_same_model(problem):
    """There and back is where it began, at the same loss, whatever the parameters; and the other one declares the way back, too."""
    rng = np.random.default_rng(5)
    moved = problem.with_parameters(**{each.key: each.low + (each.high - each.low) // 3 for each in problem.parameters})
    points = rng.uniform(*np.array(problem.domain).T, size=(50, 2))
    for one in (problem, moved):
        other, carried = other_of(one), there(one, points)
        assert other.other.problem == one.key and other_of(other) == replace(one, values=tuple(one.parameter_values.values()))
        assert back(one, carried) == pytest.approx(points, rel=1e-12) and there(other, carried) == pytest.approx(points, rel=1e-12)
        assert other.value(carried.T) == pytest.approx(one.value(points.T), rel=1e-12)


def test_a_place_that_the_other_coordinates_do_not_have_is_no_number():
    assert np.isnan(there(SAMPLES["gaussian_fit"], np.array([0.0, -1.0]))[1])
    with pytest.raises(ValueError, match="one set of coordinates"):
        other_of(SAMPLES["line_fit"])
