"""Every test function: its compiled derivatives against 40-digit arithmetic, its marked points against a search around them.

The oracle reads the formula with mpmath and differentiates numerically; it shares the parser with the kernels, but neither SymPy's
derivatives nor the generated code.
"""

import math
import pickle

import mpmath
import numpy as np
import pytest
from scipy.optimize import approx_fprime

from landscape import FUNCTIONS, Problem
from landscape.algebra import complete, fold
from landscape.kernel import plain
from landscape.problem import WHOLE

pytestmark = pytest.mark.kernel
every = pytest.mark.parametrize("problem", FUNCTIONS.values(), ids=FUNCTIONS.keys())

MPMATH = complete(
    {
        "number": lambda value: mpmath.mpf(value) if float(value).is_integer() else mpmath.mpf(repr(value)),
        "pi": lambda: +mpmath.pi,
        "e": lambda: +mpmath.e,
        "<": lambda left, right, then, otherwise: then if left < right else otherwise,
        "abs": abs,
        **{name: getattr(mpmath, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log")},
        **{name: getattr(mpmath, name) for name in ("sqrt", "sign", "hypot")},
    }
)


def high_precision(problem: Problem):
    """The problem as a function of two mpf numbers."""
    names = {key: mpmath.mpf(value) for key, value in problem.parameter_values.items()}
    for name, tree in problem.formula.constants:
        names[name] = fold(tree, names, MPMATH)
    return lambda x, y: fold(problem.formula.tree, {**names, "x": x, "y": y}, MPMATH)


def random_parameters(problem: Problem, rng: np.random.Generator) -> Problem:
    def draw(parameter):
        if parameter.scale == "log":
            value = float(np.exp(rng.uniform(np.log(parameter.low * 1.001), np.log(parameter.high * 0.999))))
        else:
            value = float(rng.uniform(parameter.low, parameter.high))
        return round(value) if parameter.integer else value

    return problem.with_parameters(**{parameter.key: draw(parameter) for parameter in problem.parameters})


def random_points(problem: Problem, rng: np.random.Generator, count: int) -> np.ndarray:
    (x0, x1), (y0, y1) = problem.domain
    return np.stack([rng.uniform(x0, x1, count), rng.uniform(y0, y1, count)])


def close(actual, expected, scale) -> None:
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-11 * (1 + scale))


@every
def test_derivatives_are_those_of_high_precision_arithmetic(problem):
    rng = np.random.default_rng(1)
    with mpmath.workdps(40):
        for bound in (problem, random_parameters(problem, rng)):
            f = high_precision(bound)
            for x in random_points(bound, rng, 3).T:
                at = tuple(map(mpmath.mpf, x.tolist()))
                gradient = [float(mpmath.diff(f, at, order)) for order in ((1, 0), (0, 1))]
                xx, xy, yy = (float(mpmath.diff(f, at, order)) for order in ((2, 0), (1, 1), (0, 2)))
                scale = max(map(abs, (float(f(*at)), *gradient, xx, xy, yy)))
                close(bound.value(x), float(f(*at)), scale)
                close(bound.gradient(x), gradient, scale)
                close(bound.hessian(x), [[xx, xy], [xy, yy]], scale)


@every
def test_derivatives_are_those_of_finite_differences(problem):
    rng = np.random.default_rng(2)
    for x in random_points(problem, rng, 5).T:
        scale = 1 + np.abs(problem.hessian(x)).max() + np.abs(problem.gradient(x)).max() + abs(float(problem.value(x)))
        np.testing.assert_allclose(problem.gradient(x), approx_fprime(x, problem.value, 1e-7), atol=1e-4 * scale)
        h = 1e-5
        columns = [(problem.gradient(x + h * axis) - problem.gradient(x - h * axis)) / (2 * h) for axis in np.eye(2)]
        np.testing.assert_allclose(problem.hessian(x), np.transpose(columns), atol=1e-4 * scale)


@every
def test_the_tree_over_numpy_agrees_with_the_kernel(problem):
    x = random_points(problem, np.random.default_rng(3), 50)
    np.testing.assert_allclose(problem.formula(*x, **problem.parameter_values), problem.value(x), rtol=1e-9, atol=1e-9)


@every
def test_minima_are_the_lowest_points_around(problem):
    rng = np.random.default_rng(4)
    size = np.ptp(np.array(problem.domain), axis=1).max()
    minima = [point for point in problem.stationary_points() if point.kind == "minimum"]
    assert problem.minima.shape == (2, len(minima))
    for point in minima:
        x = np.array([point.x, point.y])
        curvature = np.linalg.eigvalsh(problem.hessian(x))
        assert np.linalg.norm(problem.gradient(x)) <= 1e-9 * (1 + curvature[1] * size)
        assert curvature[0] >= -1e-9 * (1 + curvature[1])
        around = x[:, None] + 0.003 * size * rng.uniform(-1, 1, (2, 300))
        assert problem.value(around).min() >= point.value - 1e-12 * (1 + abs(point.value))


@every
def test_the_global_minimum_is_lowest_in_the_whole_domain(problem):
    if problem.lowest is None:
        assert {point.kind for point in problem.stationary_points()} == {"saddle"}  # unbounded below, and says so
    else:
        _, _, z = problem.grid(201, 201)
        inside = [point for point in problem.stationary_points() if point.kind == "minimum"]
        assert inside[0].value <= z.min() + 1e-9 * (1 + abs(z.min()))


@every
def test_saddles_rise_and_fall(problem):
    for point in problem.stationary_points():
        if point.kind != "minimum":
            x = np.array([point.x, point.y])
            h = problem.hessian(x)
            low, high = np.linalg.eigvalsh(h)
            assert np.linalg.norm(problem.gradient(x)) <= 1e-9 * (1 + np.abs(h).max())
            assert low < 0 < high if point.kind == "saddle" and h.any() else low <= 0  # the monkey saddle has no curvature
            if point.kind == "maximum":
                assert high < 0


@every
def test_declared_points_are_there_at_the_defaults(problem):
    found = problem.stationary_points()
    labelled = {(point.kind, point.label) for point in problem.stationary if point.label}
    assert labelled <= {(point.kind, point.label) for point in found} | {("minimum", "global minimum")}
    assert all(np.isfinite([point.x, point.y, point.value]).all() for point in found)
    if problem.lowest is not None:
        labels = {point.label for point in found if point.kind == "minimum" and point.value < problem.lowest + 1e-9}
        assert labels <= {"global minimum", "sharp minimum"}


@every
def test_points_move_with_the_parameters(problem):
    rng = np.random.default_rng(5)
    for _ in range(5):
        bound = random_parameters(problem, rng)
        for point in bound.stationary_points():
            x = np.array([point.x, point.y])
            assert np.linalg.norm(bound.gradient(x)) <= 1e-7 * (1 + np.abs(bound.hessian(x)).max())
        assert (bound.lowest is None) == (problem.lowest is None)


@pytest.mark.parametrize(
    ("key", "lowest", "where"),
    [
        ("rosenbrock", 0.0, (1, 1)),
        ("booth", 0.0, (1, 3)),
        ("beale", 0.0, (3, 0.5)),
        ("himmelblau", 0.0, (3, 2)),
        ("goldstein_price", 3.0, (0, -1)),
        ("six_hump_camel", -1.0316, (0.0898, -0.7126)),
        ("three_hump_camel", 0.0, (0, 0)),
        ("styblinski_tang", -78.3323, (-2.903534, -2.903534)),
        ("rastrigin", 0.0, (0, 0)),
        ("ackley", 0.0, (0, 0)),
        ("griewank", 0.0, (0, 0)),
        ("levy_13", 0.0, (1, 1)),
        ("easom", -1.0, (math.pi, math.pi)),
        ("mccormick", -1.9133, (-0.54719, -1.54719)),
    ],
)
def test_minima_are_those_of_the_literature(key, lowest, where):
    problem = FUNCTIONS[key]
    assert problem.lowest == pytest.approx(lowest, abs=1e-4)
    assert problem.value(where) == pytest.approx(problem.lowest, abs=1e-4)


@every
def test_lanes_do_not_know_of_each_other(problem):
    x = random_points(problem, np.random.default_rng(6), 37)
    f, g = problem.value_and_gradient(x)
    h = problem.hessian(x)
    assert f.shape == (37,)
    assert g.shape == (2, 37)
    assert h.shape == (2, 2, 37)
    for i in range(0, 37, 9):
        np.testing.assert_allclose(problem.value(x[:, i]), f[i], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(problem.gradient(x[:, i]), g[:, i], rtol=1e-12, atol=1e-11)
        np.testing.assert_allclose(problem.hessian(x[:, i]), h[:, :, i], rtol=1e-12, atol=1e-11)


@every
def test_the_plain_form_of_a_kernel_computes_the_same(problem):
    x = random_points(problem, np.random.default_rng(7), 4)
    params, f, g = problem.lane_params(4), np.empty(4), np.empty((2, 4))
    with np.errstate(all="ignore"):
        plain(problem.evaluate_kernel)(x, params, problem.data, WHOLE, f, g)
    np.testing.assert_allclose(f, problem.value(x), rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(g, problem.gradient(x), rtol=1e-11, atol=1e-11)


@every
def test_grid_covers_the_domain(problem):
    xs, ys, z = problem.grid(7, 5)
    assert (xs.shape, ys.shape, z.shape) == ((7,), (5,), (5, 7))
    assert ((xs[0], xs[-1]), (ys[0], ys[-1])) == problem.domain
    assert np.isfinite(z).all()
    assert z[3, 2] == problem.value((xs[2], ys[3]))


@every
def test_declaration_is_complete(problem):
    (x0, x1), (y0, y1) = problem.domain
    assert FUNCTIONS[problem.key] is problem
    assert x0 <= problem.start[0] <= x1
    assert y0 <= problem.start[1] <= y1
    assert problem.lesson.endswith(".")
    assert problem.question.endswith("?")
    assert problem.source
    assert problem.stationary
    assert problem.latex.startswith("f(x, y) = ")
    assert hash(problem) == hash(pickle.loads(pickle.dumps(problem)))
    for parameter in problem.parameters:
        assert parameter.low <= parameter.default <= parameter.high
        assert parameter.scale == "linear" or parameter.low > 0
        assert parameter.name


@every
def test_the_recommended_rate_keeps_gradient_descent_in_reach(problem):
    x = np.array(problem.start)
    size = np.ptp(np.array(problem.domain), axis=1).max()
    for _ in range(problem.steps):
        x = x - problem.recommended["sgd"]["lr"] * problem.gradient(x)
        assert np.abs(x).max() < 10 * size
    assert problem.value(x) < problem.value(problem.start)


def test_the_menu_keeps_groups_together():
    groups = [problem.group for problem in FUNCTIONS.values()]
    assert len(FUNCTIONS) >= 24
    assert [group for i, group in enumerate(groups) if i == 0 or groups[i - 1] != group] == list(dict.fromkeys(groups))


# --- kinks


def test_the_tip_of_ackleys_cone_has_a_finite_documented_derivative():
    ackley = FUNCTIONS["ackley"]
    assert ackley.value((0, 0)) == 0
    assert ackley.gradient((0, 0)).tolist() == [0, 0]
    ripples = 2 * math.pi**2 * math.e  # what is left of the Hessian when the cone counts as 0
    np.testing.assert_allclose(ackley.hessian((0, 0)), np.diag([ripples, ripples]), rtol=1e-12, atol=1e-12)
    assert np.isfinite(ackley.gradient((1e-200, -1e-300))).all()


def test_the_double_well_merges_into_one():
    well = FUNCTIONS["double_well_saddle"]
    assert [point.kind for point in well.stationary_points()] == ["minimum", "minimum", "saddle"]
    assert [point.kind for point in well.with_parameters(a=-1).stationary_points()] == ["minimum"]
    assert well.with_parameters(a=0).minima.tolist() == [[0], [0]]
