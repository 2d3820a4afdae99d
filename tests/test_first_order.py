"""What is known of the first-order methods: theorems, the syllabus' figures, and what their cards claim."""

import re

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES, formula
from optimizers import OPTIMIZERS, Aim, Conditions, descend
from optimizers.schedules import SCHEDULES, factors
from tests.tools.rules import rule_path

pytestmark = pytest.mark.kernel
SLOPE, FLAT = formula("x + y"), formula("0*x + 0*y")
QUADRATIC = formula("(x**2 + 10*y**2)/2")
methods = pytest.mark.parametrize("method", OPTIMIZERS.values(), ids=OPTIMIZERS)


def steps(problem, key, ticks, start=(0.0, 0.0), **hypers):
    return np.diff(descend(problem, OPTIMIZERS[key], start, ticks, **hypers).path, axis=0)


@methods
def test_every_formula_can_be_filled_and_every_slider_holds_its_default(method):
    for values in ({}, {hyper.key: hyper.default for hyper in method.hypers}):
        assert not re.search(r"<\w+>", " ".join(method.latex(values)))
    assert all(hyper.default == 0 or hyper.low <= hyper.default <= hyper.high for hyper in method.hypers)


def test_memory_per_parameter():
    """Syllabus row 34."""
    vectors = {"sgd": 0, "momentum": 1, "rmsprop": 1, "lion": 1, "signsgd": 0, "adam": 2, "adamw": 2, "adadelta": 2, "radam": 2}
    assert {key: len(OPTIMIZERS[key].memory({})) for key in vectors} == vectors
    assert len(OPTIMIZERS["adam"].memory({"amsgrad": 1.0})) == 3 and len(OPTIMIZERS["signsgd"].memory({"momentum": 0.9})) == 1


@pytest.mark.parametrize(("momentum", "limit"), [(0.5, 2), (0.9, 10), (0.99, 100)])
def test_terminal_velocity(momentum, limit):
    """Syllabus row 24; as a mean (dampening equal to momentum) the velocity of a constant slope is the slope from the first step on."""
    assert steps(SLOPE, "momentum", 2000, lr=1.0, momentum=momentum)[-1] == pytest.approx([-limit] * 2)
    assert steps(SLOPE, "momentum", 50, lr=1.0, momentum=momentum, dampening=momentum) == pytest.approx(np.full((50, 2), -1.0))


def test_a_rare_feature_keeps_a_larger_rate():
    """Syllabus row 28: .0224 against .00316 after 1,000 steps."""
    g = np.ones((1000, 2))
    g[:, 1] = np.arange(1, 1001) % 50 == 0
    path = rule_path(OPTIMIZERS["adagrad"], {"lr": 0.1}, np.zeros(2), g, np.ones(1000))
    assert path[-2] - path[-1] == pytest.approx([0.00316, 0.0224], rel=2e-3)


@pytest.mark.slow
def test_adamw_against_adam_with_l2():
    """Syllabus row 35: pure noise of standard deviation 10 and .01, theta after 500 steps: L2 .946 / 0; AdamW .601 / .606; decay .606."""

    def after(noise, key, l2=0.0, **hypers):
        conditions = Conditions(noise=noise, l2=l2)
        run = descend(FLAT, OPTIMIZERS[key], (1, 1), 500, keep="final", conditions=conditions, seed=np.arange(1000), lr=0.01, **hypers)
        return run.final.mean()

    assert after(10.0, "adam", l2=0.1) == pytest.approx(0.946, abs=0.02)
    assert after(0.01, "adam", l2=0.1) == pytest.approx(0.0, abs=0.02)
    assert after(10.0, "adamw", weight_decay=0.1) == pytest.approx(0.601, abs=0.02)
    assert after(0.01, "adamw", weight_decay=0.1) == pytest.approx(0.606, abs=0.02)
    assert after(0.0, "adamw", weight_decay=0.1) == pytest.approx((1 - 0.001) ** 500)


def test_published_adamw_decays_by_its_schedule_alone():
    schedule = (SCHEDULES["exponential"], {})
    kept = np.prod(1 - 0.1 * factors(*schedule, 40))
    for lr in (1e-3, 1e-1):
        run = descend(FLAT, OPTIMIZERS["adamw"], (1, 1), 40, schedule=schedule, lr=lr, weight_decay=0.1, decoupled=1)
        assert run.final == pytest.approx([kept, kept])


@pytest.mark.parametrize("beta2", [0.99, 0.999, 0.9999])
@pytest.mark.parametrize(("threshold", "first"), [(0, 6), (1, 5)])
def test_the_first_rectified_step(threshold, first, beta2):
    """Syllabus row 37: 6 in torch's form, 5 in the paper's. Before it, RAdam steps by lr times the mean gradient, here 10."""
    lengths = -steps(formula("10*x + 10*y"), "radam", 20, lr=0.1, beta2=beta2, threshold=threshold)[:, 0]
    assert lengths[: first - 1] == pytest.approx(np.ones(first - 1))
    assert lengths[first - 1] < 0.05 and np.all(np.diff(lengths[first - 1 :]) > 0)  # then r_t grows


def test_adabounds_corridor_closes():
    """Syllabus row 36: rates that begin a million apart end within the corridor, round the final rate."""
    ticks, gamma, final = 20_000, 0.01, 0.1
    moved = -steps(formula("x/1000 + 1000*y"), "adabound", ticks, lr=1e-3, beta1=0.0, gamma=gamma, final_lr=final)
    rates, t = moved / [1e-3, 1e3], np.arange(1, ticks + 1)
    lower, upper = final * (1 - 1 / (gamma * t + 1)), final * (1 + 1 / (gamma * t))
    assert np.all(rates >= lower[:, None] * (1 - 1e-6)) and np.all(rates <= upper[:, None] * (1 + 1e-6))
    assert rates[0] == pytest.approx([1.0, lower[0]], rel=1e-3) and rates[-1] == pytest.approx([final, final], rel=0.01)


def test_amsgrad_where_adam_goes_the_wrong_way():
    """Reddi, Kale & Kumar 2018, theorem 1: slopes C, -1, -1 with C > 2, beta1 = 0, beta2 = 1 / (1 + C^2): down is to the left."""
    C, ticks = 4.0, 3000
    g = np.where(np.arange(ticks) % 3 == 0, C, -1.0)[:, None]
    values = {"lr": 0.01, "beta1": 0.0, "beta2": 1 / (1 + C**2), "correct_m": 0.0, "correct_v": 0.0}
    adam, amsgrad = (rule_path(OPTIMIZERS["adam"], values | {"amsgrad": on}, np.zeros(1), g, np.ones(ticks))[-1, 0] for on in (0.0, 1.0))
    assert adam > 1 and amsgrad < -1


def test_the_largest_step_of_each_scale_free_method():
    """With a sign the step is lr, with AdaMax about lr; AdaBelief's grow where the slope stays the same, and Adam's do not."""
    for key in ("signsgd", "lion"):
        assert np.abs(steps(QUADRATIC, key, 300, (1.0, 1.0), lr=0.01)) == pytest.approx(np.full((300, 2), 0.01))
    assert np.abs(steps(QUADRATIC, "adamax", 300, (1.0, 1.0), lr=0.01)).max() <= 0.01 * (1 + 1e-9)
    assert np.abs(steps(SLOPE, "adam", 100, lr=0.01)).max() == pytest.approx(0.01)
    assert np.abs(steps(SLOPE, "adabelief", 100, lr=0.01))[-1].min() > 0.02


def test_adam_without_memory_is_signsgd():
    adam = descend(QUADRATIC, OPTIMIZERS["adam"], (1.03, 0.77), 100, lr=0.01, beta1=0, beta2=0, eps=0)
    assert np.allclose(adam.path, descend(QUADRATIC, OPTIMIZERS["signsgd"], (1.03, 0.77), 100, lr=0.01).path, atol=1e-12)


def test_nadam_overshoots_less_than_adam():
    lowest = {key: descend(QUADRATIC, OPTIMIZERS[key], (1, 1), 500, lr=0.05).path.min() for key in ("adam", "nadam")}
    assert lowest["adam"] < 2 * lowest["nadam"] < 0


def test_rprops_stride_grows_on_a_slope_and_rests_after_a_turn():
    assert -steps(SLOPE, "rprop", 20, lr=0.01)[:, 0] == pytest.approx(0.01 * 1.2 ** np.r_[0.0, np.arange(1, 20)])
    turn = steps(formula("x**2 + y**2"), "rprop", 4, (0.1, 0.1), lr=0.15)[:, 0]
    assert turn == pytest.approx([-0.15, 0.0, 0.075, 0.0])  # over the minimum; rests at half the stride; back with it; over again


def test_sam_spends_two_evaluations_a_step():
    run = descend(QUADRATIC, OPTIMIZERS["sam"], (1, 1), 20, lr=0.01, rho=0.1)
    moved = np.any(np.diff(run.path, axis=0) != 0, axis=1)
    assert run.evaluations == 20 and moved.tolist() == [False, True] * 10
    g = QUADRATIC.gradient(np.ascontiguousarray(run.path[::2].T)).T[:-1]
    assert np.array_equal(run.queries[::2], run.path[:-1:2])
    assert np.allclose(run.queries[1::2] - run.queries[::2], 0.1 * g / np.linalg.norm(g, axis=1, keepdims=True), rtol=1e-9)


def test_sam_without_a_radius_is_gradient_descent_at_half_the_pace():
    sam, plain = (descend(QUADRATIC, OPTIMIZERS[key], (1, 1), ticks, lr=0.05, **h).path for key, ticks, h in
                  (("sam", 100, {"rho": 0.0}), ("sgd", 50, {})))  # fmt: skip
    assert np.allclose(sam[::2], plain, rtol=1e-12)


def test_sam_stays_where_the_gradient_is_zero():
    assert np.all(descend(QUADRATIC, OPTIMIZERS["sam"], (0, 0), 10).path == 0)


@pytest.mark.parametrize("steepness", [0.2, 1.0, 1.8])
def test_sam_hops_on_the_floor_by_an_amount_that_grows_with_curvature(steepness):
    """In a parabola d' = d - lr L (d + rho sign d) has the 2-cycle d = rho lr L / (2 - lr L), and the edge is gradient descent's."""
    run = descend(formula("5*x**2 + 0*y"), OPTIMIZERS["sam"], (0.3, 0), 2000, lr=steepness / 10, rho=0.05)
    assert np.abs(run.path[-10:, 0]) == pytest.approx(np.full(10, 0.05 * steepness / (2 - steepness)))


def test_sams_edge():
    method = OPTIMIZERS["sam"]
    run = descend(formula("5*x**2 + 0*y"), method, (1, 0), 40_000, keep="final", lr=np.array([0.999, 1.001]) * method.edge({}) / 10)
    assert abs(run.final[0, 0]) < 100 and not abs(run.final[0, 1]) < 1e3


def test_a_wall_at_the_start_stalls_adagrad_and_not_rmsprop():
    """Rows 29 and 30, on Long strip at equal rates: RMSProp's rate comes back to what the slope makes it, AdaGrad's never does."""
    strip = FUNCTIONS["strip"]
    assert {strip.recommended[key]["lr"] for key in ("adagrad", "rmsprop", "adam")} == {0.05}
    aim = Aim(level=strip.lowest + 1e-3)

    def run(key, steps, **more):
        return descend(strip, OPTIMIZERS[key], strip.start, steps, aim=aim, **strip.recommended[key], **more)

    assert run("rmsprop", 300).arrived_at < 250 and run("adam", 1500).arrived_at > 900
    stalled = run("adagrad", 10_000)
    assert stalled.arrived_at is None and stalled.final[0] < -6.0  # of 9 it has gone 3, in 40 times the ticks
    rms = strip.recommended["rmsprop"]["lr"] / np.sqrt(run("rmsprop", 150, watch=("v",)).state["v"][:, 0])
    assert rms[100:].std() < 0.02 * rms[100] and rms[100] == pytest.approx(0.05 / 0.1, rel=0.05)  # level: lr over the slope


def test_adagrads_rate_under_a_constant_gradient():
    """Row 27: 1, .1, .01 after 1, 100 and 10,000 ticks."""
    path = descend(SAMPLES["rare_slope"].with_parameters(period=1), OPTIMIZERS["adagrad"], (0, 0), 10_000, lr=1.0).path
    assert np.diff(path[:, 0])[[0, 99, 9999]] == pytest.approx([1.0, 0.1, 0.01], rel=1e-6)
