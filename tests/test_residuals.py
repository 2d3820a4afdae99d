"""Functions that are sums of squares: declared residuals, the Gauss-Newton matrix of these, and where the fits end, as SciPy has it."""

import numpy as np
import pytest
import sympy
from scipy import optimize
from scipy.differentiate import jacobian

from landscape import FUNCTIONS, Formula, FormulaError
from landscape.algebra import NUMPY, fold
from optimizers import OPTIMIZERS, descend

pytestmark = pytest.mark.kernel
SQUARES = {key: problem for key, problem in FUNCTIONS.items() if problem.formula.residuals}
STARTS = {"beale": (1.0, 1.0)}  # More, Garbow & Hillstrom 1981; from the page's start both follow the arm y = 1 out to infinity
every = pytest.mark.parametrize("problem", SQUARES.values(), ids=SQUARES)


def residuals(problem):
    """x (2, ...) -> the residuals (m, ...), over NumPy."""
    names = problem.formula.names(problem.parameter_values)

    def at(x):
        known = names | {"x": x[0], "y": x[1]}
        return np.array([fold(tree, known, NUMPY) + 0 * x[0] for tree in problem.formula.residual_trees])

    return at


def test_the_usual_sums_of_squares_are_declared():
    assert {"rosenbrock", "booth", "beale", "himmelblau", "bowl", "ravine", "levy_13", "curved_valley"} <= set(SQUARES)


@every
def test_the_formula_is_the_sum_of_their_squares(problem):
    """With SymPy's own reader, on our own text."""
    source = problem.formula
    names = {name: sympy.Symbol(name, positive=name in source.parameters) for name in (*source.coordinates, *source.parameters)}
    for name, text in source.where:
        names[name] = sympy.sympify(text, names, rational=True)
    total = sympy.Add(*(sympy.sympify(text, names, rational=True) ** 2 for text in source.residuals))
    assert sympy.simplify(sympy.sympify(source.text, names, rational=True) - total) == 0


@every
def test_the_matrix_is_that_of_the_residuals_derivatives(problem):
    (x0, x1), (y0, y1) = problem.domain
    rng = np.random.default_rng(0)
    for x in np.stack([rng.uniform(x0, x1, 4), rng.uniform(y0, y1, 4)]).T:
        j = jacobian(residuals(problem), x).df
        expected = 2 * j.T @ j
        np.testing.assert_allclose(problem.matrix(x, "gauss_newton"), expected, rtol=1e-7, atol=1e-8 * np.abs(expected).max())
        np.testing.assert_allclose(problem.gradient(x), 2 * j.T @ residuals(problem)(x), rtol=1e-6, atol=1e-7 * (1 + np.abs(j).max() ** 2))


@every
def test_levenberg_marquardt_ends_where_scipys_least_squares_does(problem):
    start = STARTS.get(problem.key, problem.start)
    run = descend(problem, OPTIMIZERS["levenberg_marquardt"], start, 400)
    theirs = optimize.least_squares(residuals(problem), start, method="lm", xtol=1e-15, ftol=1e-15, gtol=1e-15).x
    assert np.all(np.diff(run.loss) <= 0)
    if problem.minima.shape[1] == 1:
        np.testing.assert_allclose(run.final, theirs, atol=1e-4 if problem.key == "degenerate_valley" else 1e-7)
    else:  # from one start two methods may end in different ones
        for end in (run.final, theirs):
            assert np.linalg.norm(problem.minima - end[:, None], axis=0).min() < 1e-6


def test_gauss_newton_on_the_page_s_rosenbrock_takes_two_steps():
    path = descend(FUNCTIONS["rosenbrock"], OPTIMIZERS["gauss_newton"], (-1.2, 1.0), 2).path
    assert np.allclose(path[2], 1) and not np.allclose(path[1], 1)


def test_gauss_newton_is_newton_where_the_residuals_are_linear():
    booth = FUNCTIONS["booth"]
    assert np.allclose(booth.matrix((3.0, -2.0), "gauss_newton"), booth.hessian((3.0, -2.0)))
    assert np.allclose(descend(booth, OPTIMIZERS["gauss_newton"], booth.start, 1).final, booth.minima[:, 0])


def test_where_there_are_no_residuals_the_reason_says_so():
    assert "sum of squares" in OPTIMIZERS["gauss_newton"].unfit(FUNCTIONS["ackley"])


def test_a_residual_that_cannot_be_read_is_refused_at_once():
    with pytest.raises(FormulaError, match="q"):
        Formula("x**2 + y**2", residuals=("x", "q"))
