"""Methods that use curvature, search along lines or compare heights, all of them: their ends against SciPy, and on every landscape."""

import numpy as np
import pytest
from scipy import optimize

from landscape import FUNCTIONS, PROBLEMS, formula
from optimizers import OPTIMIZERS, descend
from tests.tools.in_numpy import follow

pytestmark = pytest.mark.kernel
SECOND = dict.fromkeys(
    ["newton", "trust_region", "gauss_newton", "levenberg_marquardt", "natural_gradient", "kfac", "bfgs", "l_bfgs", "conjugate_gradient",
     "nelder_mead"]
)  # fmt: skip

BOWL = formula("x**2 + y**2")
SERVED = [key for key in SECOND if not OPTIMIZERS[key].unfit(BOWL)]


@pytest.mark.parametrize("key", [key for key in SECOND if key not in SERVED])
def test_a_plain_formula_cannot_serve_every_method(key):
    reason = OPTIMIZERS[key].unfit(BOWL)
    assert reason.startswith("it needs ") and reason.endswith(".")
    with pytest.raises(ValueError, match=f"{OPTIMIZERS[key].name} cannot run on .*{reason[:30]}"):
        descend(BOWL, OPTIMIZERS[key], (1, 1), 5)


SCIPY = {"bfgs": "BFGS", "l_bfgs": "L-BFGS-B", "conjugate_gradient": "CG", "newton": "Newton-CG", "trust_region": "trust-exact",
         "nelder_mead": "Nelder-Mead"}  # fmt: skip

NEAR = {
    "booth": (-4.0, 3.0), "rosenbrock": (-1.2, 1.0), "himmelblau": (3.5, 2.5), "three_hump_camel": (0.3, -0.4), "beale": (2.5, 0.3),
    "six_hump_camel": (0.2, -0.6), "styblinski_tang": (-2.5, -2.5), "mccormick": (-0.3, -1.3), "rastrigin": (0.1, -0.1),
    "ravine": (-1.0, 0.7),
}  # fmt: skip


@pytest.mark.parametrize("problem", NEAR)
@pytest.mark.parametrize("key", SCIPY)
def test_end_points_are_scipys(key, problem):
    start, problem = np.array(NEAR[problem]), FUNCTIONS[problem]
    gradients = {"jac": problem.gradient} if key != "nelder_mead" else {}
    hessian = {"hess": problem.hessian} if key in ("newton", "trust_region") else {}
    tight = {"nelder_mead": {"xatol": 1e-9, "fatol": 1e-12}, "trust_region": {"gtol": 1e-6}}.get(key, {})
    theirs = optimize.minimize(lambda x: float(problem.value(x)), start, method=SCIPY[key], options=tight, **gradients, **hessian,
                               **{} if tight else {"tol": 1e-10})  # fmt: skip
    ours = descend(problem, OPTIMIZERS[key], start, 400)
    assert np.allclose(ours.final, theirs.x, atol=2e-5), (ours.final, theirs.x)


@pytest.mark.parametrize("problem", ["rosenbrock", "himmelblau", "beale", "rastrigin", "huber_valley"])
def test_nelder_mead_asks_where_scipy_asks(problem):
    problem = FUNCTIONS[problem]
    start, asked = np.array(problem.start), []

    def fun(x):
        asked.append(x.copy())
        return float(problem.value(x))

    simplex = np.vstack([start, start + 0.3 * np.eye(2)])
    optimize.minimize(fun, start, method="Nelder-Mead", options={"initial_simplex": simplex, "xatol": 0, "fatol": 0, "maxfev": 120})
    run = descend(problem, OPTIMIZERS["nelder_mead"], start, 120, size=0.3)
    assert np.allclose(run.queries, asked[:120], rtol=1e-10, atol=1e-12)
    best = np.minimum.accumulate(problem.value(np.ascontiguousarray(run.queries.T)))
    assert run.final_loss in best[-2:]  # a reflection waits for its expansion


def test_nelder_mead_in_many_dimensions_asks_where_scipy_asks_and_for_no_gradient():
    start, asked = np.linspace(-1, 1, 5), []
    simplex = np.vstack([start, start + 0.5 * np.eye(5)])
    optimize.minimize(lambda x: asked.append(x.copy()) or optimize.rosen(x), start, method="Nelder-Mead",
                      options={"initial_simplex": simplex, "xatol": 0, "fatol": 0, "maxfev": 300})  # fmt: skip
    queries = follow("nelder_mead", lambda x: (optimize.rosen(x), np.full(5, np.nan)), start, 300)[1]
    assert np.allclose(queries, asked[:300], rtol=1e-9, atol=1e-11)


PAIRS = [(key, name) for name, problem in PROBLEMS.items() for key in SECOND if not OPTIMIZERS[key].unfit(problem)]


@pytest.mark.parametrize(("key", "problem"), PAIRS)
def test_every_landscape_for_sixty_ticks(key, problem):
    method, problem = OPTIMIZERS[key], PROBLEMS[problem]
    for values in [{}] + [{h.key: float(o)} for h in method.hypers for o in range(len(h.options)) if o != h.default]:
        run = descend(problem, method, problem.start, 60, **values)
        ends = 60 if run.diverged_at is None else run.diverged_at
        assert np.all(np.isfinite(run.path[:ends])) and np.all(np.isfinite(run.queries[:ends])) and np.all(np.isfinite(run.loss[:ends]))


@pytest.mark.parametrize("key", SERVED)
@pytest.mark.parametrize("problem", ["cliff", "monkey_saddle", "goldstein_price"])
def test_switches_compiled_plain_and_in_lanes(key, problem):
    method, problem = OPTIMIZERS[key], FUNCTIONS[problem]
    starts = np.array(problem.start)[:, None] + np.linspace(-0.2, 0.2, 5)
    for values in [{}] + [{h.key: float(o)} for h in method.hypers for o in range(len(h.options)) if o != h.default]:
        many = descend(problem, method, starts, 40, **values)
        alone = [descend(problem, method, starts[:, lane], 40, compiled=flag, **values) for flag in (True, False) for lane in (1, 4)]
        for run, lane in zip(alone, (1, 4, 1, 4), strict=True):
            assert np.allclose(many.path[..., lane], run.path, rtol=1e-6, atol=1e-9, equal_nan=True)
            assert many.diverged_at[lane] == (-1 if run.diverged_at is None else run.diverged_at)
