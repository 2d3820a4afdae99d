"""Methods that use curvature, search along lines or compare heights: against SciPy, PyTorch, and what is known of them."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy import optimize

from landscape import FUNCTIONS, PROBLEMS, SAMPLES, formula
from optimizers import OPTIMIZERS, descend

pytestmark = pytest.mark.kernel
SECOND = dict.fromkeys(
    ["newton", "trust_region", "gauss_newton", "levenberg_marquardt", "natural_gradient", "kfac", "bfgs", "l_bfgs", "conjugate_gradient",
     "nelder_mead"]
)  # fmt: skip
BOWL = formula("x**2 + y**2")
ROSENBROCK = FUNCTIONS["rosenbrock"]
SERVED = [key for key in SECOND if not OPTIMIZERS[key].unfit(BOWL)]
LINES = [key for key in SERVED if "line_search" in OPTIMIZERS[key].by_key]
EXACT = {"c1": 1e-8, "c2": 1e-8}  # on a quadratic the interpolation finds the minimum along the line


def follow(key, fun, start, ticks, curvature=None, **values):
    """The loop in NumPy, for any n: iterates, queries, and the state after each tick. fun: x -> f, g; curvature: x -> (n, n)."""
    method, n = OPTIMIZERS[key], len(start)
    x, state = np.array(start, float)[:, None], np.zeros((method.rows(n), 1))
    hypers = np.array([*method.values(values).values(), 0.0, 1.0])[:, None]
    if method.looks_ahead:
        state[:n] = x
    iterates, queries, states = [x[:, 0].copy()], [], []
    for t in range(ticks):
        queries.append(x[:, 0].copy())
        f, g = fun(x[:, 0])
        h = np.zeros((0, 0, 0)) if curvature is None else np.array(curvature(x[:, 0]), float)[:, :, None].copy()
        with np.errstate(all="ignore"):
            method.rule(x, np.array([float(f)]), np.array(g, float)[:, None].copy(), h, state, hypers, t)
        iterates.append((state[:n] if method.looks_ahead else x)[:, 0].copy())
        states.append(state[:, 0].copy())
    return np.array(iterates), np.array(queries), np.array(states)


def quadratic(n, seed=0, negative=0):
    rng = np.random.default_rng(seed)
    q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    signs = np.where(np.arange(n) < negative, -1.0, 1.0)
    a, centre = q @ np.diag(signs * np.geomspace(1, 50, n)) @ q.T, rng.normal(size=n)
    a = (a + a.T) / 2
    return a, centre, lambda x: (0.5 * (x - centre) @ a @ (x - centre), a @ (x - centre))


def changes(path):
    """The iterates without repetitions."""
    return path[np.r_[True, np.any(np.diff(path, axis=0) != 0, axis=1)]]


def residuals(x):
    """Rosenbrock's function as least squares, More, Garbow & Hillstrom 1981, problem 1: residuals and their Jacobian."""
    return np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]]), np.array([[-20 * x[0], 10], [-1.0, 0.0]])


def half_squares(x):
    r, j = residuals(x)
    return 0.5 * r @ r, j.T @ r


def gauss_newton_matrix(x):
    j = residuals(x)[1]
    return j.T @ j


# --- Newton


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


@pytest.mark.parametrize("key", [key for key in SECOND if key not in SERVED])
def test_a_plain_formula_cannot_serve_every_method(key):
    reason = OPTIMIZERS[key].unfit(BOWL)
    assert reason.startswith("it needs ") and reason.endswith(".")
    with pytest.raises(ValueError, match=f"{OPTIMIZERS[key].name} cannot run on .*{reason[:30]}"):
        descend(BOWL, OPTIMIZERS[key], (1, 1), 5)


# --- Trust region


@pytest.mark.parametrize("case", ["convex", "indefinite", "hard", "nearly hard", "twice the same curvature", "singular"])
@pytest.mark.parametrize("radius", [0.01, 0.5, 50.0])
def test_the_step_solves_the_subproblem(case, radius):
    """Nocedal & Wright 2006, theorem 4.1: (H + mu I) p = -g, H + mu I is not negative, mu (radius - |p|) = 0."""
    rng = np.random.default_rng(3)
    q = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    values = {"convex": [1, 2, 3, 9], "twice the same curvature": [-2, -2, 1, 3], "singular": [0, 1, 2, 3]}.get(case, [-2, 1, 2, 3])
    h, g = q @ np.diag(values) @ q.T, rng.normal(size=4)
    if case in ("hard", "nearly hard"):
        h, g[0] = np.diag(np.array(values, float)), 0.0 if case == "hard" else 1e-18
    state = follow("trust_region", lambda x: (0.0, g), np.zeros(4), 1, lambda x: h, radius=radius)
    n, queries = 4, follow("trust_region", lambda x: (0.0, g), np.zeros(4), 2, lambda x: h, radius=radius)[1]
    p = queries[1]
    mu = -p @ (h @ p + g) / (p @ p)
    assert np.allclose(h @ p + mu * p, -g, atol=1e-7 * max(1, radius)) and mu > -1e-10
    assert np.linalg.eigvalsh(h + mu * np.eye(n)).min() > -1e-7
    assert np.linalg.norm(p) <= radius * (1 + 1e-9) and (mu < 1e-9 or np.linalg.norm(p) == pytest.approx(radius, rel=1e-9))
    predicted = state[2][0][(2 + n) * n + 2]
    assert predicted == pytest.approx(-(g @ p + 0.5 * p @ h @ p), rel=1e-9)


def test_the_radius_follows_the_model():
    """Algorithm 4.1: on a quadratic the model is right, so the radius doubles until the minimum is within; where it fails, a quarter."""
    iterates, _, states = follow(
        "trust_region", lambda x: (x @ x, 2 * x), (100.0, 0.0), 12, lambda x: 2 * np.eye(2), radius=1.0, largest=30.0
    )
    assert states[:6, 9].tolist() == [1, 2, 4, 8, 16, 30] and np.allclose(iterates[-1], 0)
    wrong = follow("trust_region", lambda x: (-x @ x, 2 * x), (1.0, 0.0), 4, lambda x: 2 * np.eye(2), radius=1.0)
    assert wrong[2][:, 9].tolist() == [1, 0.25, 0.0625, 0.015625] and np.all(wrong[0] == [1, 0])


def test_trust_region_leaves_a_saddle_even_from_the_very_point():
    run = descend(FUNCTIONS["double_well_saddle"], OPTIMIZERS["trust_region"], (0, 0), 40)
    assert run.status == "converged" and np.abs(run.final).max() > 0.5
    assert np.linalg.eigvalsh(FUNCTIONS["double_well_saddle"].hessian(run.final)).min() > 0


# --- Least squares


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


# --- Searches along lines


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


# --- End points


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


# --- Every method, everywhere


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
