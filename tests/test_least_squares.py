"""Methods for sums of squares: against MINPACK, and what is known of them."""

from itertools import pairwise

import numpy as np
import pytest
from scipy import optimize

from landscape import SAMPLES
from optimizers import OPTIMIZERS, descend
from tests.tools.in_numpy import follow, gauss_newton_matrix, half_squares, residuals

pytestmark = pytest.mark.kernel


def test_levenberg_marquardt_ends_where_minpack_does():
    iterates, _, states = follow("levenberg_marquardt", half_squares, (-1.2, 1.0), 60, gauss_newton_matrix)
    end = optimize.least_squares(lambda x: residuals(x)[0], (-1.2, 1.0), lambda x: residuals(x)[1], method="lm").x
    losses = [half_squares(x)[0] for x in iterates]
    assert np.allclose(iterates[-1], end, atol=1e-8) and all(b <= a for a, b in pairwise(losses))
    ratios = states[1:, 9] / states[:-1, 9]
    assert np.all(np.isclose(ratios, 0.1) | np.isclose(ratios, 10)) and (ratios > 1).any()


def test_marquardts_scaling_does_not_see_the_units():
    unit = np.array([1.0, 1e3])

    def path(scaled, unit):
        def fun(u):
            f, g = half_squares(u * unit)
            return f, g * unit

        def matrix(u):
            return gauss_newton_matrix(u * unit) * np.outer(unit, unit)

        return follow("levenberg_marquardt", fun, (-1.2, 1.0) / unit, 30, matrix, scaled=scaled)[0] * unit

    assert np.allclose(path(1, unit), path(1, np.ones(2)), rtol=1e-6)
    assert not np.allclose(path(0, unit), path(0, np.ones(2)), rtol=1e-2)


def test_gauss_newton_on_rosenbrock_takes_two_steps():
    """1 - x is linear, so the first step makes it zero; then the other residual is linear in y, and the second step ends."""
    assert np.allclose(follow("gauss_newton", half_squares, (-1.2, 1.0), 2, gauss_newton_matrix)[0][2], 1)


@pytest.mark.parametrize("key", ["newton", "gauss_newton"])
def test_a_line_fit_takes_one_step(key):
    line = SAMPLES["line_fit"]
    assert np.allclose(descend(line, OPTIMIZERS[key], line.start, 1).final, line.minima[:, 0], rtol=1e-10)


@pytest.mark.parametrize("problem", [name for name, one in SAMPLES.items() if not OPTIMIZERS["levenberg_marquardt"].unfit(one)])
def test_levenberg_marquardt_on_data_never_climbs(problem):
    problem = SAMPLES[problem]
    run = descend(problem, OPTIMIZERS["levenberg_marquardt"], problem.start, 80)
    assert np.all(np.diff(run.loss) <= 0) and np.linalg.norm(problem.gradient(run.final)) < 1e-6
