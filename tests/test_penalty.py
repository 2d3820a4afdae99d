"""The L2 penalty as part of the landscape: value, derivatives and minima, and who ends in them (syllabus row 52)."""

import numpy as np
import pytest
from scipy import optimize

from landscape import FUNCTIONS, PROBLEMS, formula
from landscape.penalty import penalised
from optimizers import OPTIMIZERS, Conditions, descend

pytestmark = pytest.mark.kernel
every = pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)


@every
def test_value_and_derivatives_gain_those_of_the_penalty(problem):
    (x0, x1), (y0, y1) = problem.domain
    rng = np.random.default_rng(0)
    x = np.stack([rng.uniform(x0, x1, 5), rng.uniform(y0, y1, 5)])
    with_penalty = penalised(problem, 0.7)
    np.testing.assert_allclose(with_penalty.value(x), problem.value(x) + 0.35 * (x**2).sum(axis=0), rtol=1e-12)
    np.testing.assert_allclose(with_penalty.gradient(x), problem.gradient(x) + 0.7 * x, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(
        with_penalty.hessian(x), problem.hessian(x) + 0.7 * np.eye(2)[:, :, None], rtol=1e-8, atol=1e-8 * np.abs(problem.hessian(x)).max()
    )


@pytest.mark.parametrize("weight", [0.05, 1.0, 20.0])
@pytest.mark.parametrize("key", ["rosenbrock", "booth", "himmelblau", pytest.param("line_fit", marks=pytest.mark.slow), "ravine"])
def test_the_minima_are_scipys(key, weight):
    with_penalty = penalised(PROBLEMS[key], weight)
    assert with_penalty.minima.size
    for end in with_penalty.minima.T:
        theirs = optimize.minimize(with_penalty.value, end + 1e-2, jac=with_penalty.gradient, tol=1e-12).x
        np.testing.assert_allclose(end, theirs, atol=1e-5)


def test_the_ridge_minimum_of_a_quadratic():
    """(H + lambda I) x = H centre: Goodfellow et al. 2016, eq. 7.10."""
    bowl = formula("(x - 1)**2/2 + 5*(y - 1)**2")
    assert np.allclose(penalised(bowl, 2.0).minima[:, 0], np.linalg.solve(np.diag([3.0, 12.0]), np.diag([1.0, 10.0]) @ [1, 1]))


def test_names_that_are_taken_are_not_taken_again():
    from landscape import Parameter

    own = formula("penalty*x**2 + plain*y**2", parameters=tuple(Parameter(name, name, 1.0, 0.0, 2.0) for name in ("penalty", "plain")))
    assert penalised(own, 3.0).value((1.0, 1.0)) == pytest.approx(5.0)


def test_without_weight_nothing_changes():
    assert np.allclose(penalised(FUNCTIONS["booth"], 0.0).minima, FUNCTIONS["booth"].minima)


def test_sgd_ends_in_the_penalised_minimum_either_way_and_adam_only_with_the_penalty():
    """Row 52. Decoupled decay of SGD is the L2 penalty; Adam's decay pulls all weights alike, the penalty divided by its root does not."""
    bowl = formula("(x - 1)**2/2 + 5*(y - 1)**2")
    (x, y), l2 = penalised(bowl, 0.5).minima[:, 0], 0.5
    run = {
        (key, field): descend(bowl, OPTIMIZERS[key], (1, 1), 6000, lr=0.01, conditions=Conditions(**{field: l2})).final
        for key in ("sgd", "adam") for field in ("l2", "decay")
    }  # fmt: skip
    assert run["sgd", "l2"] == pytest.approx([x, y], abs=1e-6) and run["adam", "l2"] == pytest.approx([x, y], abs=1e-3)
    assert run["sgd", "decay"] == pytest.approx([x, y], abs=1e-6)
    assert np.linalg.norm(run["adam", "decay"] - [x, y]) > 0.1
