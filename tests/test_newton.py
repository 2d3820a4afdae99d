"""Newton's step and its relatives: linear solves, saddles, singular matrices."""

import numpy as np
import pytest

from landscape import FUNCTIONS, formula
from optimizers import OPTIMIZERS, descend
from tests.tools.in_numpy import follow, quadratic

pytestmark = pytest.mark.kernel
ROSENBROCK = FUNCTIONS["rosenbrock"]


@pytest.mark.parametrize("n", [1, 2, 5])
@pytest.mark.parametrize("key", ["newton", "gauss_newton", "natural_gradient", "kfac"])
def test_one_step_solves_a_quadratic(key, n):
    a, centre, fun = quadratic(n)
    end = follow(key, fun, np.ones(n), 1, lambda x: a, lr=1.0, damping=0.0)[0][1]
    assert np.allclose(end, centre, rtol=0, atol=1e-12)


@pytest.mark.parametrize("n", [2, 5])
@pytest.mark.parametrize("absolute", [0, 1])
def test_the_step_is_a_linear_solve(n, absolute):
    a, _, fun = quadratic(n, negative=1)
    start = np.ones(n)
    end = follow("newton", fun, start, 1, lambda x: a, lr=0.7, damping=0.3, absolute=absolute)[0][1]
    values, vectors = np.linalg.eigh(a)
    modulus = vectors @ np.diag(np.abs(values)) @ vectors.T
    step = np.linalg.solve((modulus if absolute else a) + 0.3 * np.eye(n), fun(start)[1])
    assert np.allclose(end, start - 0.7 * step, rtol=1e-11)


def test_errors_on_rosenbrock():
    """Syllabus row 58; the first step leaves the error where it was."""
    run = descend(ROSENBROCK, OPTIMIZERS["newton"], (-1.2, 1.0), 7)
    assert np.linalg.norm(run.path - 1, axis=1)[[0, 2, 3, 4, 5, 6]] == pytest.approx([2.2, 4.2, 0.48, 0.056, 1e-5, 2e-11], rel=0.1)
    assert np.linalg.norm(run.path[1] - 1) == pytest.approx(2.2, rel=0.01) and np.linalg.norm(run.path[7] - 1) < 1e-14


def test_plain_newton_jumps_onto_the_saddle_and_saddle_free_leaves_it():
    saddle = FUNCTIONS["saddle"]
    plain = descend(saddle, OPTIMIZERS["newton"], saddle.start, 3)
    free = descend(saddle, OPTIMIZERS["newton"], saddle.start, 3, absolute=1)
    assert np.allclose(plain.path[1:], 0, atol=1e-15)
    assert free.path[3] == pytest.approx([0, 8 * saddle.start[1]])  # x to its minimum, y doubles


def test_a_singular_hessian_with_slope_diverges_unless_damped():
    slope = formula("(x - y)**2 + x")
    assert descend(slope, OPTIMIZERS["newton"], (0.5, 0.25), 5).diverged_at == 1
    damped = descend(slope, OPTIMIZERS["newton"], (0.5, 0.25), 5, damping=0.5)
    assert damped.status == "running" and np.all(np.isfinite(damped.path))


def test_no_slope_no_step_even_where_the_hessian_is_singular():
    assert descend(formula("x**2 + 0*y"), OPTIMIZERS["newton"], (1, 1), 2).path[2].tolist() == [0, 1]
    assert descend(formula("x**3 + y**3"), OPTIMIZERS["newton"], (0, 0), 2).path[2].tolist() == [0, 0]


@pytest.mark.parametrize("key", ["gauss_newton", "natural_gradient", "kfac", "levenberg_marquardt"])
def test_a_singular_matrix_without_damping(key):
    """Slope along a direction without curvature: infinite. No slope there: no step there."""
    damping = {"damping": 1e-300 if key == "levenberg_marquardt" else 0.0}
    matrix = np.diag([2.0, 0.0])
    away = follow(key, lambda x: (x[0] ** 2 + x[1], [2 * x[0], 1.0]), (1, 1), 2, lambda x: matrix, **damping)[1]
    assert not abs(away[1][1]) < 1e200
    stays = follow(key, lambda x: (x[0] ** 2, [2 * x[0], 0.0]), (1, 1), 3, lambda x: matrix, **damping)
    assert np.all(np.isfinite(stays[0])) and stays[0][-1][1] == 1
