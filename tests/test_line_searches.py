"""BFGS, L-BFGS and conjugate gradient, which search along lines: against torch, the papers' equations and the searches' conditions."""

import numpy as np
import pytest
import torch
from scipy import optimize

from landscape import FUNCTIONS, PROBLEMS, formula
from optimizers import OPTIMIZERS, descend
from tests.tools.in_numpy import changes, follow, quadratic

pytestmark = pytest.mark.kernel
BOWL = formula("x**2 + y**2")
LINES = [key for key, method in OPTIMIZERS.items() if "line_search" in method.by_key]
EXACT = {"c1": 1e-8, "c2": 1e-8}  # on a quadratic the interpolation finds the minimum along the line


@pytest.mark.parametrize("beta", [0, 1, 2])
def test_cg_bfgs_and_l_bfgs_agree_on_a_quadratic_and_end_in_n_steps(beta):
    n = 6
    _, centre, fun = quadratic(n)
    paths = [
        changes(follow(key, fun, np.zeros(n), 60, **EXACT, **more)[0])[: n + 1]
        for key, more in (("conjugate_gradient", {"beta": beta}), ("bfgs", {}), ("l_bfgs", {"memory": 20}), ("l_bfgs", {"memory": 1}))
    ]
    for path in paths:
        assert np.allclose(path, paths[0], atol=1e-5) and np.allclose(path[n], centre, atol=1e-5)
        assert np.linalg.norm(path[n - 1] - centre) > 1e-3


def after_n_steps(n, fun, start, centre, **values):
    """What is left of the distance after n moves, as a share; the search may spend 60 evaluations."""
    path = changes(follow("conjugate_gradient", fun, start, 60, **values)[0])
    return np.linalg.norm(path[min(n, len(path) - 1)] - centre) / np.linalg.norm(start - centre)


@pytest.mark.parametrize("beta", [0, 1, 2])
@pytest.mark.parametrize("condition", [2, 10, 30, 100, 300])
def test_conjugate_gradient_ends_in_n_steps_as_it_comes(condition, beta):
    """What a student types first. With the c2 = 0.1 of Nocedal & Wright the first trial is near enough, and a third step is needed."""

    def left(**values):
        scale = np.array([1.0, condition])
        return after_n_steps(2, lambda x: (0.5 * x @ (scale * x), scale * x), np.ones(2), np.zeros(2), beta=beta, **values)

    assert left() < 1e-9
    assert left(c2=0.1) > 1e-3 or condition == 2


@pytest.mark.parametrize("n", [2, 4, 8])
def test_conjugate_gradient_ends_in_n_steps_on_random_quadratics(n):
    for seed in range(40):
        _, centre, fun = quadratic(n, seed)
        assert after_n_steps(n, fun, np.zeros(n), centre) < 1e-4, seed


def test_the_matrix_of_bfgs():
    """Eqs. 6.17 and 6.20 of Nocedal & Wright 2006 in NumPy, on the accepted steps; and it meets the secant equation."""
    iterates, _, states = follow("bfgs", lambda x: optimize_rosen(x), (-1.2, 1.0, 0.5), 80)
    H, n = np.eye(3), 3
    updates = 0
    for t in range(1, 80):
        s, y = iterates[t + 1] - iterates[t], optimize_rosen(iterates[t + 1])[1] - optimize_rosen(iterates[t])[1]
        if s.any() and s @ y > 0:
            if updates == 0:
                H = np.eye(n) * (s @ y) / (y @ y)
            left = np.eye(n) - np.outer(s, y) / (s @ y)
            H = left @ H @ left.T + np.outer(s, s) / (s @ y)
            updates += 1
            assert np.allclose(states[t][3 * n : 3 * n + n * n].reshape(n, n), H, rtol=1e-6, atol=1e-9 * np.abs(H).max())
            assert np.allclose(H @ y, s) and np.linalg.eigvalsh(H).min() > 0
    assert updates > 15


def optimize_rosen(x):
    return optimize.rosen(x), optimize.rosen_der(x)


@pytest.mark.parametrize("memory", [1, 3, 10])
def test_l_bfgs_with_a_fixed_step_is_torchs(memory):
    def fun(x):
        f, g = quadratic(4)[2](x)
        return f + np.sum(x**4), g + 4 * x**3

    start = np.array([-1.2, 1.0, 0.5, 0.8])
    theta = torch.tensor(start, requires_grad=True)
    oracle = torch.optim.LBFGS([theta], lr=0.5, max_iter=1, history_size=memory, tolerance_grad=0, tolerance_change=0)

    def closure():
        f, g = fun(theta.detach().numpy())
        theta.grad = torch.tensor(g)
        return torch.tensor(f)

    theirs = []
    for _ in range(25):  # later it skips pairs with s'y < 1e-10
        theirs.append(theta.detach().numpy().copy())
        oracle.step(closure)
    ours = follow("l_bfgs", fun, start, 25, lr=0.5, line_search=0, memory=memory)[1]
    assert np.allclose(ours, theirs, rtol=1e-11)


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("problem", ["rosenbrock", "himmelblau", "beale", "styblinski_tang", "ackley", "griewank"])
def test_accepted_steps_meet_the_conditions_that_were_asked_for(key, problem):
    method, problem = OPTIMIZERS[key], FUNCTIONS[problem]
    for search in (1, 2):
        run = descend(problem, method, problem.start, 60, line_search=search)
        path = changes(run.path)
        f, g = problem.value_and_gradient(np.ascontiguousarray(path.T))
        c1, c2, accepted = method.by_key["c1"].default, method.by_key["c2"].default, 0
        for k in range(len(path) - 1):
            s = path[k + 1] - path[k]
            before, after = g[:, k] @ s, g[:, k + 1] @ s
            if np.linalg.norm(g[:, k]) > 1e-5:  # below, differences of the loss are rounding
                assert before < 0 and f[k + 1] <= f[k] + c1 * before + 1e-14 * abs(f[k])
                assert search == 1 or abs(after) <= c2 * abs(before) * (1 + 1e-6)
                accepted += 1
        assert accepted >= 3


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=PROBLEMS)
def test_the_loss_never_rises_in_a_search(key, problem):
    for search in (1, 2):
        run = descend(problem, OPTIMIZERS[key], problem.start, 120, line_search=search)
        losses = run.loss[: run.diverged_at]
        assert np.all(np.diff(losses) <= 0)


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("search", [1, 2])
def test_a_search_without_decrease_ends_in_a_stop(key, search):
    lying = follow(key, lambda x: (x @ x, -2 * x), (1.0, 2.0), 50, line_search=search)
    assert np.all(lying[0] == [1, 2]) and np.all(lying[1][21:] == [1, 2]) and np.all(lying[1][1:20] != [1, 2])
    kink = follow(key, lambda x: (np.abs(x).sum(), np.where(x >= 0, 1.0, -1.0)), (0.7, 0.3), 200, line_search=search)
    assert np.all(np.isfinite(kink[1])) and np.all(np.diff(np.abs(kink[0]).sum(axis=1)) <= 0) and np.abs(kink[0][-1]).sum() < 1e-5
    still = descend(BOWL, OPTIMIZERS[key], (0, 0), 10, line_search=search)
    assert not still.path.any() and not still.queries.any() and still.status == "converged"


@pytest.mark.parametrize("key", LINES)
@pytest.mark.parametrize("rho", [0.2, 0.5, 0.8])
def test_backtracking_shortens_every_trial_by_its_factor(key, rho):
    """Nocedal & Wright 2006, algorithm 3.1, where no trial is ever low enough."""
    queries = follow(key, lambda x: (x @ x, -2 * x), (1.0, 2.0), 10, line_search=1, rho=rho)[1]
    lengths = np.linalg.norm(queries[1:] - queries[0], axis=1)
    assert np.allclose(lengths[1:] / lengths[:-1], rho, rtol=1e-12)


@pytest.mark.parametrize("key", ["bfgs", "l_bfgs", "conjugate_gradient"])
def test_a_failed_search_starts_again_along_the_gradient_once(key):
    """Honest for a while, then the loss rises wherever it looks: one search from the learned direction, one from -g, then rest."""
    honest = quadratic(2)[2]
    seen = []

    def fun(x):
        seen.append(1)
        f, g = honest(x)
        return (f if len(seen) <= 5 else 1e6 + len(seen)), g

    iterates, queries, _ = follow(key, fun, (3.0, -1.0), 60)
    base = iterates[-1]
    moving = np.flatnonzero(np.any(queries != base, axis=1))
    assert np.all(np.isfinite(queries)) and 25 <= moving[-1] <= 47 and np.all(queries[moving[-1] + 1 :] == base)
    second = queries[moving[-15:]] - base
    cosines = second @ -honest(base)[1] / np.linalg.norm(second, axis=1) / np.linalg.norm(honest(base)[1])
    assert np.allclose(cosines, 1, atol=1e-4)
