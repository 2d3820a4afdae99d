"""Every schedule against torch.optim.lr_scheduler, its end values, its warm-up; the one that listens to the loss; a theorem about 1/t."""

import math
import warnings

import numpy as np
import pytest
import torch
from torch.optim import lr_scheduler as oracle

from landscape import FUNCTIONS, formula
from landscape.kernel import plain
from optimizers import OPTIMIZERS, descend
from optimizers.conditions import Conditions
from optimizers.schedules import SCHEDULES, factors, planned, rates
from tests.tools.autograd import LOSSES, compared, random_start, torch_path

STEPS = 200
every = pytest.mark.parametrize("schedule", SCHEDULES.values(), ids=SCHEDULES)
tables = pytest.mark.parametrize("schedule", [s for s in SCHEDULES.values() if s.form], ids=[k for k, s in SCHEDULES.items() if s.form])


def torchs(make, steps=STEPS, lr=1.0):
    """The learning rates of a torch scheduler, (steps,)."""
    optimizer = torch.optim.SGD([torch.zeros(1, dtype=torch.float64)], lr=lr)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that no optimizer step was made
        scheduler = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(float(optimizer.param_groups[0]["lr"]))
            scheduler.step()
    return np.array(rates)


def one_cycle(**values):
    return lambda o: oracle.OneCycleLR(o, max_lr=1.0, cycle_momentum=False, final_div_factor=100, **({"total_steps": STEPS} | values))


CASES = {  # ours, torch's
    "constant": ("constant", {}, lambda o: oracle.LambdaLR(o, lambda t: 1.0)),
    "step": ("step", {"step_size": 30, "gamma": 0.3}, lambda o: oracle.StepLR(o, 30, 0.3)),
    "step, a third": ("step", {}, lambda o: oracle.StepLR(o, 67, 0.1)),
    "exponential": ("exponential", {"gamma": 0.97}, lambda o: oracle.ExponentialLR(o, 0.97)),
    "cosine": ("cosine", {"eta_min": 0.05}, lambda o: oracle.CosineAnnealingLR(o, STEPS, 0.05)),
    "warm restarts": (
        "warm_restarts",
        {"t_0": 20, "t_mult": 2, "eta_min": 0.1},
        lambda o: oracle.CosineAnnealingWarmRestarts(o, 20, 2, 0.1),
    ),
    "restarts, all alike": ("warm_restarts", {"t_0": 33, "t_mult": 1}, lambda o: oracle.CosineAnnealingWarmRestarts(o, 33, 1)),
    "three restarts": ("warm_restarts", {"t_mult": 3}, lambda o: oracle.CosineAnnealingWarmRestarts(o, 16, 3)),
    "linear": ("linear", {"start_factor": 0.9, "end_factor": 0.1}, lambda o: oracle.LinearLR(o, 0.9, 0.1, STEPS)),
    "linear, shorter": ("linear", {"end_factor": 0.2, "length": 70}, lambda o: oracle.LinearLR(o, 1.0, 0.2, 70)),
    "polynomial": ("polynomial", {"power": 2.5}, lambda o: oracle.PolynomialLR(o, STEPS, 2.5)),
    "polynomial, shorter": ("polynomial", {"power": 1.0, "length": 80}, lambda o: oracle.PolynomialLR(o, 80, 1.0)),
    "inverse sqrt": ("inverse_sqrt", {}, lambda o: oracle.LambdaLR(o, lambda t: 1 / math.sqrt(t + 1))),
    "inverse": ("inverse", {}, lambda o: oracle.LambdaLR(o, lambda t: 1 / (t + 1))),
    "one cycle": ("one_cycle", {}, one_cycle()),
    "one cycle, straight": ("one_cycle", {"straight": 1, "pct_start": 0.45}, one_cycle(anneal_strategy="linear", pct_start=0.45)),
    "one cycle, longer": ("one_cycle", {"length": 300, "div_factor": 10}, one_cycle(total_steps=300, div_factor=10)),
}


@pytest.mark.parametrize(("key", "values", "make"), CASES.values(), ids=CASES)
def test_rates_are_torchs(key, values, make):
    np.testing.assert_allclose(factors(SCHEDULES[key], values, STEPS), torchs(make), rtol=1e-12, atol=1e-12)


def test_every_schedule_has_an_oracle():
    assert {key for key, _, _ in CASES.values()} | {"plateau"} == set(SCHEDULES)


@pytest.mark.parametrize("late", [0, 1], ids=["(t+1)/W", "t/W"])
def test_warm_up_then_cosine_is_torchs_sequence(late):
    def make(o):
        rise = oracle.LambdaLR(o, lambda t: (t + 1 - late) / 50)
        return oracle.SequentialLR(o, [rise, oracle.CosineAnnealingLR(o, STEPS - 50)], milestones=[50])

    ours = factors(SCHEDULES["cosine"], {"warmup": 50, "warmup_from": late}, STEPS)
    np.testing.assert_allclose(ours, torchs(make), rtol=1e-12, atol=1e-12)


def test_warm_up_then_inverse_sqrt_is_vaswanis():
    """arXiv:1706.03762, eq. 3, with t from 1 and relative to its peak at W: min(t^-1/2, t W^-3/2) W^1/2. Ours holds the peak one tick."""
    w, t = 40, np.arange(1, STEPS + 1)
    ours = factors(SCHEDULES["inverse_sqrt"], {"warmup": w, "delay": w}, STEPS + 1)
    theirs = np.minimum(t**-0.5, t * w**-1.5) * w**0.5
    np.testing.assert_allclose(np.delete(ours, w), theirs, rtol=1e-12)
    assert ours[w] == ours[w - 1] == 1


@tables
def test_warm_up_rises_to_the_first_factor(schedule):
    plain_, warm = (factors(schedule, {"warmup": w}, steps) for w, steps in ((0, STEPS - 10), (10, STEPS)))
    np.testing.assert_allclose(warm[10:], plain_, rtol=1e-15)
    np.testing.assert_allclose(warm[:10], np.arange(1, 11) / 10 * plain_[0], rtol=1e-15)
    assert factors(schedule, {"warmup": 10, "warmup_from": 1}, STEPS)[0] == 0


@tables
@pytest.mark.parametrize("steps", [0, 1, 2, 3, 7])
@pytest.mark.parametrize("warmup", [0, 1, 5, 1000])
def test_any_run_has_its_table(schedule, steps, warmup):
    """Also a run that ends within the warm-up, and one without ticks."""
    with np.errstate(all="raise"):
        table = factors(schedule, {"warmup": warmup}, steps)
    assert table.shape == (steps,) and np.all((table >= 0) & (table <= 1))


@pytest.mark.parametrize(
    ("key", "values", "end"),
    [
        ("cosine", {"eta_min": 0.1, "length": 50}, 0.1),
        ("cosine", {"length": 50}, 0),
        ("linear", {"end_factor": 0.3, "length": 50}, 0.3),
        ("polynomial", {"length": 50}, 0),
        ("one_cycle", {"length": 50}, 1 / 2500),
        ("one_cycle", {}, 1 / 2500),
        ("one_cycle", {"straight": 1}, 1 / 2500),
        ("step", {"step_size": 50}, 1e-3),
        ("inverse", {}, 1 / STEPS),
        ("inverse_sqrt", {}, STEPS**-0.5),
        ("exponential", {"gamma": 0.9}, 0.9 ** (STEPS - 1)),
    ],
)
def test_end_values(key, values, end):
    """A schedule that is over before the run holds its last value."""
    assert factors(SCHEDULES[key], values, STEPS)[-1] == pytest.approx(end, rel=1e-12, abs=1e-15)


def test_a_schedule_longer_than_the_run_is_cut_off():
    for key in ("cosine", "linear", "polynomial", "one_cycle"):
        long = factors(SCHEDULES[key], {"length": 500}, 500)
        np.testing.assert_array_equal(factors(SCHEDULES[key], {"length": 500}, STEPS), long[:STEPS])


@every
def test_declaration_is_complete(schedule):
    assert SCHEDULES[schedule.key] is schedule
    assert schedule.summary.endswith(".") and schedule.paper and schedule.name
    assert "<" not in "".join(schedule.latex()) and "<" not in "".join(schedule.latex({"warmup": 7}))
    assert len(schedule.latex({"warmup": 7})) == 2 and r"{7}" in schedule.latex({"warmup": 7})[0]
    for hyper in schedule.hypers:
        low, high = hyper.bounds
        assert low <= hyper.low <= hyper.default <= hyper.high <= high and hyper.check(hyper.default) == hyper.default
        assert hyper.low > 0 or hyper.scale != "log"
        assert hyper.help.endswith(".")
    assert len({hyper.key for hyper in schedule.hypers}) == len(schedule.hypers)


@every
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"speed": 1}, "has no speed: it takes"),
        ({"warmup": 1.5}, "no whole number"),
        ({"warmup": -1}, "outside"),
        ({"warmup_from": 2}, "outside"),
    ],
)
def test_bad_values_are_refused(schedule, values, message):
    with pytest.raises(ValueError, match=message):
        planned((schedule, values), 10)


@every
@pytest.mark.kernel
def test_the_loop_uses_the_table(schedule):
    """Under a constant gradient the steps of gradient descent are the rates."""
    run = descend(formula("x + 0*y"), OPTIMIZERS["sgd"], (0, 0), 60, lr=0.5, schedule=(schedule, {"warmup": 5}))
    steps = -np.diff(run.path[:, 0])
    if schedule.form:
        np.testing.assert_allclose(steps, 0.5 * factors(schedule, {"warmup": 5}, 60), rtol=1e-9, atol=1e-14)
    else:
        np.testing.assert_allclose(steps[:5], 0.5 * np.arange(1, 6) / 5, rtol=1e-12)
    assert descend(formula("x + 0*y"), OPTIMIZERS["sgd"], (0, 0), 0, schedule=(schedule, {})).path.tolist() == [[0, 0]]


@every
@pytest.mark.kernel
def test_compiled_and_plain_are_equal(schedule):
    ravine = FUNCTIONS["ravine"]
    values = {"warmup": 3} | ({"patience": 1, "threshold": 0.05} if schedule.key == "plateau" else {})
    runs = [
        descend(ravine, OPTIMIZERS["sgd"], ravine.start, 60, lr=0.015, schedule=(schedule, values), compiled=flag) for flag in (True, False)
    ]
    assert np.allclose(runs[0].path, runs[1].path, rtol=1e-10, atol=1e-300)


# --- the one that listens


def listened(losses, rule, **values):
    """The plateau's factors over losses (T, B), tick by tick."""
    schedule = SCHEDULES["plateau"]
    plan = planned((schedule, values), len(losses))
    memory, factor, seen = np.zeros((3, losses.shape[1])), np.ones(losses.shape[1]), []
    for t, loss in enumerate(losses):
        rule(loss, plan, memory, factor, t)
        seen.append(factor.copy())
    return np.array(seen)


@pytest.mark.kernel
@pytest.mark.parametrize(("patience", "threshold", "floor"), [(0, 1e-4, 0.0), (3, 0.01, 0.0), (7, 0.1, 0.02), (2, 0.0, 0.3)])
def test_plateau_is_torchs(patience, threshold, floor):
    rng = np.random.default_rng(patience)
    losses = np.exp(rng.normal(0, 0.3, (300, 4)) - np.linspace(0, 2, 300)[:, None])
    losses[100:110, 1] = np.nan
    losses[50:200, 2] = losses[50, 2]
    compiled = listened(losses, SCHEDULES["plateau"].rule, factor=0.6, patience=patience, threshold=threshold, min_factor=floor)
    np.testing.assert_array_equal(
        compiled, listened(losses, plain(SCHEDULES["plateau"].rule), factor=0.6, patience=patience, threshold=threshold, min_factor=floor)
    )
    for lane in range(losses.shape[1]):
        optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        scheduler = oracle.ReduceLROnPlateau(optimizer, factor=0.6, patience=patience, threshold=threshold, min_lr=floor, eps=0.0)
        for t in range(len(losses)):
            assert compiled[t, lane] == pytest.approx(optimizer.param_groups[0]["lr"], rel=1e-12)
            scheduler.step(losses[t, lane])


@pytest.mark.kernel
def test_plateau_listens_only_after_the_warm_up():
    losses = np.linspace(1, 2, 40)[:, None]  # never better
    seen = listened(losses, SCHEDULES["plateau"].rule, factor=0.5, patience=2, warmup=10)[:, 0]
    np.testing.assert_allclose(seen[:10], np.arange(1, 11) / 10)
    np.testing.assert_array_equal(seen[10:], listened(losses[10:], SCHEDULES["plateau"].rule, factor=0.5, patience=2)[:, 0])


# --- random values, and on a landscape


def base(optimizer):
    return optimizer.param_groups[0]["lr"]


RANDOM = {  # a generator of random numbers -> our values, and torch's scheduler
    "constant": lambda rng: ({}, lambda o: oracle.LambdaLR(o, lambda t: 1.0)),
    "step": lambda rng: (v := {"step_size": int(rng.integers(1, 90)), "gamma": rng.uniform()}, lambda o: oracle.StepLR(o, **v)),
    "exponential": lambda rng: (v := {"gamma": 1 - 10 ** rng.uniform(-4, -1)}, lambda o: oracle.ExponentialLR(o, **v)),
    "cosine": lambda rng: (
        v := {"length": int(rng.integers(STEPS, 2 * STEPS)), "eta_min": rng.uniform()},  # torch's rises again after its end, ours rests
        lambda o: oracle.CosineAnnealingLR(o, v["length"], v["eta_min"] * base(o)),
    ),
    "warm_restarts": lambda rng: (
        v := {"t_0": int(rng.integers(2, 60)), "t_mult": int(rng.integers(1, 4)), "eta_min": rng.uniform()},
        lambda o: oracle.CosineAnnealingWarmRestarts(o, v["t_0"], v["t_mult"], v["eta_min"] * base(o)),
    ),
    "linear": lambda rng: (
        v := {"start_factor": rng.uniform(0.1, 1), "end_factor": rng.uniform(), "length": int(rng.integers(1, 2 * STEPS))},
        lambda o: oracle.LinearLR(o, v["start_factor"], v["end_factor"], v["length"]),
    ),
    "polynomial": lambda rng: (
        v := {"power": rng.uniform(0.5, 5), "length": int(rng.integers(1, 2 * STEPS))},
        lambda o: oracle.PolynomialLR(o, v["length"], v["power"]),
    ),
    "inverse_sqrt": lambda rng: (
        v := {"delay": int(rng.integers(1, 60))}, lambda o: oracle.LambdaLR(o, lambda t: math.sqrt(v["delay"] / (t + v["delay"])))
    ),
    "inverse": lambda rng: (
        v := {"delay": int(rng.integers(1, 60))}, lambda o: oracle.LambdaLR(o, lambda t: v["delay"] / (t + v["delay"]))
    ),
    "one_cycle": lambda rng: (
        v := {
            "length": int(rng.integers(STEPS, 2 * STEPS)), "pct_start": rng.uniform(0.05, 0.95), "div_factor": 10 ** rng.uniform(0, 2),
            "final_div_factor": 10 ** rng.uniform(0, 4), "straight": float(rng.integers(2)),
        },
        lambda o: oracle.OneCycleLR(
            o, base(o), v["length"], pct_start=v["pct_start"], div_factor=v["div_factor"], cycle_momentum=False,
            final_div_factor=v["final_div_factor"], anneal_strategy="linear" if v["straight"] else "cos",
        ),
    ),
    "plateau": lambda rng: (
        v := {"factor": rng.uniform(0.2, 0.9), "patience": int(rng.integers(0, 6)), "threshold": 10 ** rng.uniform(-4, -1),
              "min_factor": rng.uniform(0, 0.2)},
        lambda o: oracle.ReduceLROnPlateau(
            o, factor=v["factor"], patience=v["patience"], threshold=v["threshold"], min_lr=v["min_factor"] * base(o), eps=0.0
        ),
    ),
}  # fmt: skip
METHODS = {
    "sgd": (2e-4, lambda p: torch.optim.SGD(p, lr=2e-4)),
    "momentum": (1e-4, lambda p: torch.optim.SGD(p, lr=1e-4, momentum=0.9)),
    "adam": (0.02, lambda p: torch.optim.Adam(p, lr=0.02)),
}


def test_every_schedule_is_drawn():
    assert set(RANDOM) == set(SCHEDULES)


@pytest.mark.kernel
@pytest.mark.parametrize("draw", range(6))
@pytest.mark.parametrize("key", RANDOM)
def test_random_schedules_in_torchs_own_loop(key, draw):
    """An optimizer with a scheduler down a landscape: the rates to 1e-12, and the path as far as rounding lets two programs agree."""
    rng = np.random.default_rng([draw, *key.encode()])
    values, make = RANDOM[key](rng)
    method, (lr, optimizer) = list(METHODS.items())[draw % 3]
    problem = list(LOSSES)[draw % len(LOSSES)]
    start = random_start(problem, rng)
    path, theirs = torch_path(problem, start, STEPS, optimizer, lambda o: (make(o), key == "plateau"))
    plan = (SCHEDULES[key], values)
    compared(problem, OPTIMIZERS[method], start, path, schedule=plan, lr=lr)
    run = descend(FUNCTIONS[problem], OPTIMIZERS[method], start, STEPS, schedule=plan, lr=lr)
    np.testing.assert_allclose(rates(plan, lr, run.loss[:-1]), theirs, rtol=1e-12, atol=1e-12 * lr)


# --- what theory says


@pytest.mark.kernel
@pytest.mark.jit
@pytest.mark.parametrize("steps", [300, 3000])
def test_the_rate_of_strongly_convex_problems(steps):
    """Syllabus row 20: with lr 1/(mu t), E[f] mu T / sigma^2 tends to 1/2 (measured .49 to .56)."""
    mu, sigma, runs = 0.5, 0.7, 20_000
    run = descend(
        formula(f"{mu}*x**2/2 + 0*y"), OPTIMIZERS["sgd"], (1.0, 0.0), steps, keep="final", lr=1 / mu,
        schedule=(SCHEDULES["inverse"], {}), conditions=Conditions(noise=sigma), seed=np.arange(runs),
    )  # fmt: skip
    ratio = run.final_loss.mean() * mu * steps / sigma**2
    assert ratio == pytest.approx(0.5, abs=4 * 0.5 * math.sqrt(2 / runs))  # four standard errors; chi-square with one degree of freedom
