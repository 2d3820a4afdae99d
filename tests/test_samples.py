"""Problems on data: derivatives against autograd, declarations, marked points."""

import pickle

import mpmath
import numpy as np
import pytest
import torch

from landscape import FUNCTIONS, PROBLEMS, SAMPLES, Formula, FormulaError
from landscape.algebra import fold
from landscape.kernel import plain
from landscape.problem import WHOLE
from optimizers import OPTIMIZERS, descend
from tests.test_functions import MPMATH, close, random_parameters, random_points
from tests.tools.on_data import PER_SAMPLE, every, on_batch, small

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # random bits, where the interpreter makes them
]
KINDS = ("hessian", "gauss_newton", "fisher", "empirical_fisher", "kronecker")


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
    run = descend(problem, OPTIMIZERS["sgd"], problem.start, problem.steps, **problem.recommended["sgd"])
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
