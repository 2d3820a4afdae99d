"""What methods show of themselves, against other people's code: torch's optimizer state, SciPy's simplex and matrix, the books' rules."""

import re

import adabound
import numpy as np
import pytest
import pytorch_optimizer
import scipy.optimize
import torch

from landscape import PROBLEMS, formula
from optimizers import OPTIMIZERS, descend
from optimizers.around import LOOKAHEAD
from optimizers.schedules import SCHEDULES, rates
from optimizers.shown import WIDTHS, look_inside

ROSENBROCK, START, TICKS = PROBLEMS["rosenbrock"], (-1.2, 1.0), 60
methods = pytest.mark.parametrize("method", OPTIMIZERS.values(), ids=OPTIMIZERS)


def inside(method, problem=ROSENBROCK, start=START, steps=TICKS, **values):
    method = OPTIMIZERS[method] if isinstance(method, str) else method
    values = {hyper.key: float(values.get(hyper.key, hyper.default)) for hyper in method.hypers}
    run = descend(problem, method, start, steps, watch=method.watchable, **values)
    return run, look_inside(problem, method, values, run)


def with_torch(make, steps=TICKS, problem=ROSENBROCK, start=START):
    """Its points (steps + 1, 2), gradients (steps, 2) and, after each step, its state of the one parameter."""
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer, points, gradients, states = make([theta]), [theta.detach().numpy().copy()], [], []
    for _ in range(steps):
        gradients.append(problem.gradient(theta.detach().numpy()))
        theta.grad = torch.tensor(gradients[-1])
        optimizer.step()
        points.append(theta.detach().numpy().copy())
        held = optimizer.state[theta].items()
        states.append({key: np.array(torch.as_tensor(value).tolist()) for key, value in held if value is not None})
    state = {key: np.array([state[key] for state in states]) for key in states[0]}
    return np.array(points), np.array(gradients), state


def same(ours, theirs, rtol=1e-10):
    assert np.allclose(ours, theirs, rtol=rtol, atol=1e-3 * rtol * np.abs(theirs).max())


SINGLE = {"nadam"}  # torch keeps NAdam's product of momenta in float32


RATE = 3e-3
# ours -> theirs, and what the rate multiplies to make the step; conventions as in test_optimizers_parity.py
HELD = [
    ("momentum", {"momentum": 0.8}, lambda p: torch.optim.SGD(p, RATE / 10, momentum=0.8), {"v": "momentum_buffer"}, None),
    ("nesterov", {"momentum": 0.8, "torch_form": 1}, lambda p: torch.optim.SGD(p, RATE / 10, momentum=0.8, nesterov=True),
     {"v": "momentum_buffer"}, None),
    ("adagrad", {}, lambda p: torch.optim.Adagrad(p, RATE, eps=1e-8), {"G": "sum"}, "g"),
    ("adadelta", {}, lambda p: torch.optim.Adadelta(p, RATE, rho=0.9, eps=1e-6), {"v": "square_avg", "u": "acc_delta"}, "g"),
    ("rmsprop", {}, lambda p: torch.optim.RMSprop(p, RATE, alpha=0.9, eps=1e-8), {"v": "square_avg"}, "g"),
    ("adam", {}, lambda p: torch.optim.Adam(p, RATE), {"m": "exp_avg", "v": "exp_avg_sq"}, "m_hat"),
    ("adam", {"amsgrad": 1, "beta2": 0.9}, lambda p: torch.optim.Adam(p, RATE, betas=(0.9, 0.9), amsgrad=True),
     {"m": "exp_avg", "v": "exp_avg_sq"}, "m_hat"),
    ("adamax", {}, lambda p: torch.optim.Adamax(p, RATE), {"m": "exp_avg", "u": "exp_inf"}, "m_hat"),
    ("nadam", {}, lambda p: torch.optim.NAdam(p, RATE), {"m": "exp_avg", "v": "exp_avg_sq"}, None),
    ("radam", {"beta2": 0.96}, lambda p: torch.optim.RAdam(p, RATE, betas=(0.9, 0.96)), {}, "m_hat"),
    ("adabound", {"gamma": 0.05, "final_lr": 2e-4}, lambda p: adabound.AdaBound(p, RATE, final_lr=2e-4, gamma=0.05),
     {"m": "exp_avg", "v": "exp_avg_sq"}, "m"),
    ("adabelief", {}, lambda p: pytorch_optimizer.AdaBelief(p, RATE, eps=1e-16), {}, "m_hat"),
    ("rprop", {}, lambda p: torch.optim.Rprop(p, RATE), {"stride": "step_size"}, None),
    ("lion", {}, lambda p: pytorch_optimizer.Lion(p, RATE, betas=(0.9, 0.99)), {"m": "exp_avg"}, None),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:This overload of add_ is deprecated")
@pytest.mark.parametrize(("key", "values", "make", "names", "factor"), HELD, ids=[f"{case[0]} {len(case[1])}" for case in HELD])
def test_what_is_held_and_the_rate_are_torchs(key, values, make, names, factor):
    rtol = 1e-6 if key in SINGLE else 1e-10
    lr = RATE / 10 if key in ("momentum", "nesterov") else RATE
    points, gradients, state = with_torch(make)
    _, parts = inside(key, lr=lr, **values)
    for ours, theirs in names.items():
        same(parts[ours][1:], state[theirs], rtol)
    steps = np.diff(points, axis=0)
    if factor:  # the step that torch made is minus this times the rate that is shown
        same(-parts["rate"][1:] * (gradients if factor == "g" else parts[factor][1:]), steps)
    same(parts["move"][:-1], steps, rtol)


def test_the_velocity_and_the_pull_make_the_next_step():
    lr, beta = 3e-4, 0.8
    points, gradients, state = with_torch(lambda p: torch.optim.SGD(p, lr, momentum=beta))
    for classical in (0, 1):
        _, parts = inside("momentum", lr=lr, momentum=beta, classical=classical)
        same(parts["kept"][1:-1], np.hstack([points[1:-1], -lr * beta * state["momentum_buffer"][:-1]]))
        same(parts["pull"][1:-1], np.hstack([points[1:-1] - lr * beta * state["momentum_buffer"][:-1], -lr * gradients[1:]]))
        assert np.all(parts["window"] == pytest.approx(5.0))


def test_nesterovs_pull_is_the_gradient_at_the_look_ahead_point():
    run, parts = inside("nesterov", lr=3e-4)
    tip = parts["kept"][:-1, :2] + parts["kept"][:-1, 2:]
    same(tip, run.queries)
    same(parts["pull"][:-1, 2:], -3e-4 * ROSENBROCK.gradient(np.ascontiguousarray(tip.T)).T)


@pytest.mark.parametrize(("threshold", "first"), [(0, 6), (1, 5)])
def test_radams_first_rectified_step(threshold, first):
    _, parts = inside("radam", threshold=threshold)
    assert parts["first"].tolist() == [first]
    rho = lambda t, b=0.999: 2 / (1 - b) - 1 - 2 * t * b**t / (1 - b**t)  # noqa: E731 - Liu et al. 2020, algorithm 2
    r = lambda t: ((rho(t) - 4) * (rho(t) - 2) * 1999 / (1995 * 1997 * rho(t))) ** 0.5  # noqa: E731
    assert parts["r"][[10, 50]] == pytest.approx([r(10), r(50)], rel=1e-9)


def test_adabounds_rates_stay_in_a_corridor_that_closes_on_the_final_rate():
    _, parts = inside("adabound", steps=400, gamma=0.05, final_lr=2e-4)
    low, high = parts["bounds"][1:].T
    assert np.all(np.diff(low) > 0) and np.all(np.diff(high) < 0) and low[-1] < 2e-4 < high[-1] < 1.06 * 2e-4
    rate, free = parts["rate"][1:], parts["free"][1:]
    assert np.all((rate >= low[:, None]) & (rate <= high[:, None]))
    within = (free >= low[:, None]) & (free <= high[:, None])
    assert within.any() and not within.all() and np.array_equal(rate[within], free[within])


def test_sam_climbs_by_rho_and_steps_by_the_slope_up_there():
    run, parts = inside("sam", lr=3e-4, rho=0.1)
    climb, g = parts["climb"][:-1:2, 2:], ROSENBROCK.gradient(np.ascontiguousarray(run.path[:-1:2].T)).T
    same(climb, 0.1 * g / np.linalg.norm(g, axis=1, keepdims=True))
    same(parts["step"][:-2:2, 2:], -3e-4 * ROSENBROCK.gradient(np.ascontiguousarray(parts["top"][:-2:2].T)).T)


def test_newtons_model_has_the_losss_value_slope_and_curvature():
    run, parts = inside("newton", steps=5)
    same(parts["model"][:-1, :2], run.path[1:])  # undamped, the step goes to the model's centre
    h, at = 1e-5, run.path[2]
    slope = lambda *d: ROSENBROCK.gradient(at + np.array(d))  # noqa: E731
    columns = [(slope(h, 0) - slope(-h, 0)) / (2 * h), (slope(0, h) - slope(0, -h)) / (2 * h)]
    assert parts["model"][2, 2:] == pytest.approx([columns[0][0], columns[0][1], columns[1][1]], rel=1e-5)


def test_a_damped_and_saddle_free_newton_shows_the_matrix_it_divides_by():
    saddle = formula("x**2 - 3*y**2")
    _, parts = inside("newton", saddle, (1.0, 0.5), 2, absolute=1, damping=0.5)
    assert parts["curvatures"][0] == pytest.approx([2.5, 6.5])
    assert parts["model"][0] == pytest.approx([1 - 2 / 2.5, 0.5 + 3 / 6.5, 2.5, 0, 6.5])


def test_the_trust_region_follows_algorithm_4_1():
    run, parts = inside("trust_region", steps=40, radius=0.3, eta=0.15)
    radius, x = 0.3, np.array(START)
    for t in range(1, 40):
        assert parts["leash"][t] == pytest.approx([*x, radius], rel=1e-9)
        trial, g, H = run.queries[t], ROSENBROCK.gradient(x), ROSENBROCK.hessian(x)
        p = trial - x
        assert np.linalg.norm(p) <= radius * (1 + 1e-9)
        falls, promised = ROSENBROCK.value(x) - ROSENBROCK.value(trial), -(g @ p + p @ H @ p / 2)
        if promised < 1e-12 * ROSENBROCK.value(START):
            break
        assert [parts["falls"][t], parts["predicted"][t]] == pytest.approx([falls, promised], rel=1e-6)
        rho = falls / promised
        assert parts["ratio"][t] == pytest.approx(rho, rel=1e-6)
        if rho < 0.25:
            radius /= 4
        elif rho > 0.75 and np.linalg.norm(p) >= radius * (1 - 1e-9):
            radius = min(2 * radius, 100.0)
        x = trial if rho > 0.15 else x
    assert t > 10 and len(set(parts["radius"][1:t])) > 2, "nothing happened: the test says nothing"


def test_the_damping_falls_after_a_success_and_rises_after_a_failure():
    problem = PROBLEMS["two_weight_net"]
    run, parts = inside("levenberg_marquardt", problem, problem.start, 30)
    damping, lowest = 1e-2, problem.value(run.queries[0])
    for t in range(1, 30):
        assert parts["damping"][t] == pytest.approx(damping)
        loss = problem.value(run.queries[t])
        damping, lowest = (damping / 10, loss) if loss <= lowest else (damping * 10, lowest)


def test_bfgs_ends_with_scipys_matrix_which_is_the_hessian():
    bowl = formula("(x**2 + 30*y**2)/2 + 3*x*y")
    run, parts = inside("bfgs", bowl, (1.0, 1.0), 30, c2=1e-6)
    theirs = scipy.optimize.minimize(bowl.value, (1.0, 1.0), jac=bowl.gradient, method="BFGS", options={"gtol": 1e-10}).hess_inv
    done = int(np.argmax(np.linalg.norm(bowl.gradient(np.ascontiguousarray(run.path.T)), axis=0) < 1e-9))
    a11, a12, a22 = parts["matrix"][done, 2:]
    assert [a11, a12, a22] == pytest.approx([1.0, 3.0, 30.0], rel=1e-5)
    assert np.linalg.inv([[a11, a12], [a12, a22]]) == pytest.approx(theirs, rel=1e-2)  # its own search is not exact
    assert parts["hessian"][0] == pytest.approx([1, 1, 1, 3, 30])
    assert parts["believed"][done] == pytest.approx(parts["true"][done], rel=1e-5)


def test_the_simplex_is_scipys():
    first = np.array([START, (START[0] + 0.5, START[1]), (START[0], START[1] + 0.5)])
    _, parts = inside("nelder_mead", steps=120, size=0.5)
    for iterations in (1, 2, 5, 20, 40):
        found = scipy.optimize.minimize(
            ROSENBROCK.value, START, method="Nelder-Mead", options={"initial_simplex": first, "maxiter": iterations, "fatol": 0, "xatol": 0}
        )
        corners, heights = found.final_simplex
        assert parts["simplex"][found.nfev].reshape(3, 2) == pytest.approx(corners, rel=1e-12)
        assert [parts["best"][found.nfev], parts["worst"][found.nfev]] == pytest.approx([heights[0], heights[-1]])


@pytest.mark.parametrize("memory", [2, 5])
def test_the_memory_bars_are_torchs_pairs(memory):
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    lbfgs, held = torch.optim.LBFGS([theta], lr=0.5, max_iter=1, history_size=memory, tolerance_grad=0, tolerance_change=0), [0]

    def closure():
        theta.grad = torch.tensor(ROSENBROCK.gradient(theta.detach().numpy()))
        return torch.tensor(float(ROSENBROCK.value(theta.detach().numpy())))

    for _ in range(20):
        lbfgs.step(closure)
        held.append(len(lbfgs.state[theta].get("old_dirs", [])))
    _, parts = inside("l_bfgs", steps=20, lr=0.5, line_search=0, memory=memory)
    begin, end, place = parts["pairs"].T
    open_at = [int(np.sum((begin <= t) & (t < end))) for t in range(1, 20)]
    assert open_at == held[1:-1] and max(open_at) == memory and place.max() == memory - 1
    assert parts["held"][1:].tolist() == held[1:]


def test_gradient_descent_has_one_rate_for_all_and_newton_one_for_each():
    _, parts = inside("sgd", lr=2e-3)
    assert parts["rate"][1:] == pytest.approx(np.full((TICKS, 2), 2e-3), rel=1e-9)
    bowl = formula("(x**2 + 30*y**2)/2")
    assert inside("newton", bowl, (1, 1), 1)[1]["rate"][1] == pytest.approx([1, 1 / 30])


def test_a_schedule_and_a_follower_are_seen():
    plan = (SCHEDULES["cosine"], {hyper.key: hyper.default for hyper in SCHEDULES["cosine"].hypers})
    method, values = OPTIMIZERS["rmsprop"], {"lr": 0.01, "alpha": 0.9, "eps": 1e-8, "eps_inside": 0.0}
    run = descend(ROSENBROCK, method, START, 50, watch=method.watchable, schedule=plan, **values)
    rate = rates(plan, 0.01, run.loss[:-1])
    parts = look_inside(ROSENBROCK, method, values, run, rate)
    same(-parts["rate"][1:] * parts["g"][:-1], np.diff(run.path, axis=0))
    around = (LOOKAHEAD, {"k": 5, "alpha": 0.5})
    for key in ("momentum", "nesterov"):
        method = OPTIMIZERS[key]
        values = {hyper.key: hyper.default for hyper in method.hypers}
        run = descend(ROSENBROCK, method, START, 50, watch=method.watchable, around=around, **values)
        theta = look_inside(ROSENBROCK, method, values, run, around=True)["theta"]
        assert np.allclose(theta[5:-1:5], run.path[5:-1:5]) and not np.allclose(theta[3:-1:5], run.path[3:-1:5])


@methods
def test_every_part_has_a_row_for_every_tick_and_every_word_its_number(method):
    problem = next(problem for problem in PROBLEMS.values() if not method.unfit(problem))
    for start in (problem.start, (1e9, 1e9)):  # the second diverges for most
        _, parts = inside(method, problem, start, 12)
        for shown in method.inside:
            part, width = parts[shown.key], WIDTHS[shown.form]
            assert part.dtype == np.float64
            if shown.form == "mark":
                assert part.ndim == 1
            elif shown.form == "bars":
                assert part.shape[1:] == (3,)
            else:
                assert (
                    (len(part) == 13 or (shown.form == "number" and len(part) == 1))
                    and (width is None or part.shape[1:] == (width,))
                    and part.size <= 13 * 6
                )
    known = {shown.key for shown in method.inside} | set(method.by_key)
    asked = {key for clause in method.says for key in re.findall(r"{(\w+)}", clause)}
    assert asked <= known, asked - known
    assert len({shown.key for shown in method.inside}) == len(method.inside)


@pytest.mark.parametrize("method", ["adagrad", "rmsprop", "adam", "nadam"])
def test_a_coordinate_that_has_felt_no_slope_has_no_effective_rate(method):
    """Epsilon alone would make a rate of a million of it, and an axis on which the other is not seen."""
    _, parts = inside(method, formula("0.01*x + 0*y"), (-1, 0), 20, lr=0.01)
    assert np.isnan(parts["rate"][:, 1]).all() and (parts["rate"][1:, 0] < 10).all()
