"""The loop: lanes, records, status, and theorems about what it must do."""

import numpy as np
import pytest

from landscape import FUNCTIONS, formula
from optimizers import OPTIMIZERS, Aim, Conditions, descend

pytestmark = pytest.mark.kernel
ROSENBROCK, START = FUNCTIONS["rosenbrock"], (-1.5, 2.0)
SERVED = {key: method for key, method in OPTIMIZERS.items() if not method.unfit(ROSENBROCK)}
methods = pytest.mark.parametrize("method", SERVED.values(), ids=SERVED)


def spread(method, lanes, low, high):
    """The first hyperparameter, a value a lane: a learning rate from low to high, anything else over its slider."""
    first = method.hypers[0]
    return {first.key: np.geomspace(*(low, high) if first.key == "lr" else (first.low, first.high), lanes)}


@methods
def test_shapes_of_a_single_run(method):
    run = descend(ROSENBROCK, method, START, 50)
    assert run.path.shape == (51, 2) and run.queries.shape == (50, 2) and run.loss.shape == (51,)
    assert np.array_equal(run.path[0], START) and np.array_equal(run.final, run.path[-1])
    assert np.array_equal(run.loss, ROSENBROCK.value(np.ascontiguousarray(run.path.T)))
    assert run.evaluations == 50 and run.status != "diverged" and run.diverged_at is None


@methods
def test_compiled_and_plain_form_are_equal(method):
    compiled, plain = (descend(ROSENBROCK, method, START, 60, compiled=flag) for flag in (True, False))
    assert np.allclose(compiled.path, plain.path, rtol=1e-10, atol=1e-300)
    assert np.allclose(compiled.queries, plain.queries, rtol=1e-10, atol=1e-300)


@methods
def test_a_lane_is_the_run_it_would_be_alone(method):
    rates = spread(method, 600, 1e-5, 3e-4)  # more than two blocks
    starts = np.stack([np.linspace(-1.5, 1.0, 600), np.linspace(2.0, -0.5, 600)])
    many = descend(ROSENBROCK, method, starts, 40, **rates)
    assert many.path.shape == (41, 2, 600)
    for lane in (0, 255, 256, 599):
        alone = descend(ROSENBROCK, method, starts[:, lane], 40, **{key: values[lane] for key, values in rates.items()})
        assert np.allclose(many.path[:, :, lane], alone.path, rtol=1e-10, atol=1e-300)
        assert np.allclose(many.loss[:, lane], alone.loss, rtol=1e-10, atol=1e-300)


@methods
def test_keep_final_ends_where_the_path_ends(method):
    rates = spread(method, 300, 1e-5, 1.0)
    path, final = (descend(ROSENBROCK, method, START, 80, keep=keep, **rates) for keep in ("path", "final"))
    assert final.path.shape == (0, 2, 300) and final.queries.shape[0] == final.loss.shape[0] == 0
    for field in ("final", "final_loss", "status", "diverged_at", "settled_at", "evaluations"):
        assert np.array_equal(getattr(path, field), getattr(final, field), equal_nan=field.startswith("final"))


def test_divergence_is_a_status_with_its_tick():
    run = descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 100, lr=1.0)
    assert run.status == "diverged" and 1 <= run.diverged_at <= 6 and run.evaluations == run.diverged_at + 1
    assert np.all(np.isfinite(run.path[: run.diverged_at])) and np.all(np.isnan(run.path[run.diverged_at + 1 :]))


def test_a_divergence_on_the_very_last_step_is_seen():
    run = descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 1, lr=1e6 / 2, tolerance=0)
    huge = descend(formula("x**4 + y**4"), OPTIMIZERS["sgd"], (1e6, 0), 1, lr=1.0)
    assert run.status == "running" and huge.status == "diverged" and huge.diverged_at == 1


def test_convergence_means_to_come_and_to_stay():
    run = descend(formula("x**2 + y**2"), OPTIMIZERS["sgd"], (1, 1), 100, lr=0.25, tolerance=1e-6)
    norms = np.linalg.norm(2 * run.path, axis=1)
    assert run.status == "converged" and run.settled_at == int(np.argmax(norms <= 1e-6))
    passing = descend(formula("x**2 + y**2"), OPTIMIZERS["momentum"], (1, 1), 6, lr=0.1, momentum=0.9, tolerance=1.0)
    assert passing.status == ("converged" if np.linalg.norm(2 * passing.path[5]) <= 1.0 else "running")


def test_nesterov_asks_ahead_of_its_iterate():
    run = descend(ROSENBROCK, OPTIMIZERS["nesterov"], START, 30)
    moved = run.path[1:-1] - run.path[:-2]
    assert np.allclose(run.queries[1:], run.path[1:-1] + 0.9 * moved, rtol=1e-9)  # theta + beta (theta - theta_before)
    torch_form = descend(ROSENBROCK, OPTIMIZERS["nesterov"], START, 30, torch_form=1)
    assert np.allclose(torch_form.queries, run.queries, rtol=1e-12) and np.array_equal(torch_form.queries, torch_form.path[:-1])


def test_momentum_without_momentum_is_gradient_descent():
    plain = descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 100, lr=1e-3)
    for key in ("momentum", "nesterov"):
        assert np.allclose(descend(ROSENBROCK, OPTIMIZERS[key], START, 100, lr=1e-3, momentum=0).path, plain.path, rtol=1e-12)


def test_the_two_forms_of_momentum_differ_only_where_the_rate_changes():
    forms = [descend(ROSENBROCK, OPTIMIZERS["momentum"], START, 100, lr=1e-3, classical=form).path for form in (0, 1)]
    assert np.allclose(*forms, rtol=1e-9)


@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov"])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_the_stability_edge_on_a_quadratic(key, momentum):
    """Edges 2, 2(1 + beta), 2(1 + beta)/(1 + 2 beta) over the largest curvature: to a tenth of a percent on either side."""
    method, curvature = OPTIMIZERS[key], 7.0
    values = {} if key == "sgd" else {"momentum": momentum}
    edge = method.edge({"momentum": momentum, "dampening": 0.0}) / curvature
    run = descend(
        formula(f"{curvature}*x**2/2 + y**2/2"), method, (1.0, 0.0), 40_000, keep="final", lr=np.array([0.999, 1.001]) * edge, **values
    )
    assert abs(run.final[0, 0]) < 1e-6 and not abs(run.final[0, 1]) < 1e3


def test_bias_corrections_and_the_size_of_the_first_step():
    """Syllabus row 33: with beta .9 and .999, first step relative to the corrected one."""

    def first(**switches):
        run = descend(formula("x + y"), OPTIMIZERS["adam"], (0, 0), 1, lr=1.0, eps=0, **switches)
        return abs(run.path[1, 0])

    assert first() == pytest.approx(1.0)
    assert first(correct_m=0) == pytest.approx(0.1)
    assert first(correct_v=0) == pytest.approx(31.6, rel=1e-3)
    assert first(correct_m=0, correct_v=0) == pytest.approx(3.16, rel=1e-3)


def test_adagrads_rate_falls_like_one_over_the_root_of_t():
    """Syllabus row 27: under a constant gradient 1, .1, .01 at t = 1, 100, 10^4."""
    steps = np.abs(np.diff(descend(formula("x + y"), OPTIMIZERS["adagrad"], (0, 0), 10_000, lr=1.0).path[:, 0]))
    assert steps[[0, 99, 9999]] == pytest.approx([1, 0.1, 0.01], rel=1e-6)


def test_the_learning_rate_edge_of_row_18():
    """Eigenvalues 1 and 10, start (1, 1), 500 steps: the sharp coordinate ends at 4e-5 at .99 of 2/L, at 2e4 at 1.01."""
    run = descend(formula("x**2/2 + 5*y**2"), OPTIMIZERS["sgd"], (1, 1), 500, keep="final", lr=np.array([0.99, 1.01]) * 0.2)
    assert abs(run.final[1]) == pytest.approx([4e-5, 2e4], rel=0.2)


def test_steps_to_a_millionth_at_condition_100():
    """Syllabus row 26: GD 709, heavy ball 95, NAG 158, each at its optimal rate."""
    kappa = 100.0
    root = np.sqrt(kappa)
    problem = formula("(x**2 + 100*y**2)/2")
    best = {
        "sgd": {"lr": 2 / (1 + kappa)},
        "momentum": {"lr": 4 / (1 + root) ** 2, "momentum": ((root - 1) / (root + 1)) ** 2},
        "nesterov": {"lr": 1 / kappa, "momentum": (root - 1) / (root + 1)},
    }
    first = {
        key: int(np.argmax(np.linalg.norm(descend(problem, OPTIMIZERS[key], (1, 1), 1000, **values).path, axis=1) < 1e-6))
        for key, values in best.items()
    }
    assert first["sgd"] == pytest.approx(709, abs=1) and first["momentum"] == pytest.approx(95, abs=3)
    assert first["nesterov"] == pytest.approx(158, abs=2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": (1.0,)}, "start must be 2 finite numbers"),
        ({"start": (np.nan, 0.0)}, "start must be 2 finite numbers"),
        ({"steps": -1}, "0 or more"),
        ({"steps": 1.5}, "whole number"),
        ({"lr": -1.0}, r"lr = -1.0 is outside"),
        ({"lr": "fast"}, "lr must be a number"),
        ({"lr": np.nan}, "lr = nan is outside"),
        ({"momentum": 0.9}, "has no momentum: it takes lr"),
        ({"start": np.zeros((2, 3)), "lr": np.full(4, 0.1)}, "lanes do not match"),
        ({"lr": np.full((2, 2), 0.1)}, r"shape \(B,\)"),
    ],
)
def test_bad_input_says_what_to_change(arguments, message):
    with pytest.raises(ValueError, match=message):
        descend(ROSENBROCK, OPTIMIZERS["sgd"], **({"start": START, "steps": 5} | arguments))


def test_no_ticks_leave_the_start():
    run = descend(ROSENBROCK, OPTIMIZERS["adam"], START, 0)
    assert run.path.tolist() == [list(START)] and run.queries.shape == (0, 2) and run.status == "running" and run.evaluations == 0


def test_arrival_is_the_first_evaluation_from_which_the_aim_holds():
    bowl, rates = formula("x**2 + y**2"), np.geomspace(1e-3, 0.999, 300)
    anywhere = (0.0, 0.0)
    aims = (Aim(level=1e-4, centre=anywhere), Aim(centre=anywhere, radius=1e-2), Aim(level=0.25, centre=(0.0, 0.1), radius=0.3))
    run = descend(bowl, OPTIMIZERS["sgd"], (1, 1), 60, lr=rates)
    for aim in aims:
        there = (run.loss <= aim.level) & (np.linalg.norm(run.path - np.reshape(aim.centre, (1, 2, 1)), axis=1) <= aim.radius)
        stays = np.logical_and.accumulate(there[::-1])[::-1]
        expected = np.where(stays.any(axis=0), stays.argmax(axis=0), -1)
        assert np.array_equal(descend(bowl, OPTIMIZERS["sgd"], (1, 1), 60, keep="final", lr=rates, aim=aim).arrived_at, expected)
        assert set(expected) - {-1}, "nobody arrives: the test says nothing"
        alone = descend(bowl, OPTIMIZERS["sgd"], (1, 1), 60, lr=rates[150], aim=aim, compiled=False).arrived_at
        assert alone == (None if expected[150] < 0 else expected[150])


@methods
def test_watched_state_has_the_declared_parts(method):
    names = list(method.places(2))
    run = descend(ROSENBROCK, method, START, 20, watch=names)
    many = descend(ROSENBROCK, method, np.tile(np.array(START)[:, None], 200), 20, watch=names)
    shapes = dict.fromkeys(method.vectors, (20, 2)) | dict.fromkeys(method.histories, (20, 20, 2))
    shapes |= dict.fromkeys(method.matrices, (20, 2, 2)) | dict.fromkeys(method.scalars, (20,))
    assert {name: part.shape for name, part in run.state.items()} == shapes
    for name in names:
        assert np.allclose(many.state[name][..., 137], run.state[name], rtol=1e-10, atol=1e-300)


def test_watched_momentum_is_the_sum_of_decayed_gradients():
    run = descend(ROSENBROCK, OPTIMIZERS["momentum"], START, 30, lr=1e-4, momentum=0.8, watch=("v",))
    gradients, v = ROSENBROCK.gradient(np.ascontiguousarray(run.path[:-1].T)).T, np.zeros(2)
    for t, g in enumerate(gradients):
        v = 0.8 * v + g
        assert np.allclose(run.state["v"][t], v, rtol=1e-12)
    with pytest.raises(ValueError, match="Gradient descent holds no v"):
        descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 3, watch=("v",))


@methods
def test_a_run_in_strides_is_the_run_in_one_go(method):
    asked: list[int] = []
    conditions = Conditions(noise=0.1)
    whole = descend(ROSENBROCK, method, START, 150, conditions=conditions)
    strides = descend(ROSENBROCK, method, START, 150, conditions=conditions, proceed=lambda t: not asked.append(t))
    assert np.array_equal(whole.path, strides.path, equal_nan=True) and asked == [64, 128]
    stopped = descend(ROSENBROCK, method, START, 150, conditions=conditions, proceed=lambda t: t < 128)
    assert stopped.path.shape == (129, 2) and stopped.queries.shape == (128, 2)
    assert stopped.evaluations == (129 if whole.diverged_at == 128 else min(whole.evaluations, 128))
    assert np.array_equal(stopped.path[:128], whole.path[:128], equal_nan=True)


@pytest.mark.jit
def test_many_lanes_cannot_be_stopped_in_between():
    with pytest.raises(ValueError, match="leave `proceed` out"):
        descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 3, lr=np.full(500, 1e-4), proceed=lambda t: True)


class Sketched:
    """Rosenbrock as a problem that only Python can evaluate: what PyTorch's nets are to the loop."""

    n, name, samples, data, value = 2, "sketched", 0, np.empty((0, 0)), staticmethod(ROSENBROCK.value)

    def lane_params(self, lanes):
        return np.empty((0, lanes))

    @staticmethod
    def evaluate_kernel(x, params, data, batch, f, g):
        f[:], g[:] = ROSENBROCK.value_and_gradient(x)


@pytest.mark.parametrize("lanes", [1, 300])
def test_a_problem_in_plain_python_is_descended_by_the_compiled_rules(lanes):
    start = np.tile(np.array(START)[:, None], lanes)
    plain = descend(Sketched(), OPTIMIZERS["adam"], start, 40)
    assert np.allclose(plain.path, descend(ROSENBROCK, OPTIMIZERS["adam"], start, 40).path, rtol=1e-12)
