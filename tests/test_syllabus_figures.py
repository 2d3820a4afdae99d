"""Figures that the syllabus states, reproduced by the engine: rows 4, 6, 7. Those of other rows stand beside what they belong to."""

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES, formula
from optimizers import OPTIMIZERS, Conditions, descend
from optimizers.schedules import SCHEDULES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("sigma", "expected"), [(1e-6, 329), (1e-3, 187), (0.1, 92)])
def test_escape_time_from_a_saddle(sigma, expected):
    """Row 4: x^2/2 - y^2/2, lr .05, start (1, 0), escaped when |y| > 1; the median over 2,000 runs goes like ln(1/sigma)/ln(1 + lr)."""
    run = descend(
        formula("(x**2 - y**2)/2"), OPTIMIZERS["sgd"], (1, 0), 500, lr=0.05, conditions=Conditions(noise=sigma), seed=np.arange(2000)
    )
    escaped = np.abs(run.path[:, 1]) > 1
    assert np.median(np.where(escaped.any(axis=0), escaped.argmax(axis=0), 501)) == pytest.approx(expected, rel=0.03)


def test_without_noise_a_saddle_is_never_left():
    run = descend(formula("(x**2 - y**2)/2"), OPTIMIZERS["sgd"], (1, 0), 5000, lr=0.05)
    assert np.all(run.path[:, 1] == 0)


@pytest.mark.parametrize(("key", "straight", "turned"), [("adagrad", 3, 548), ("adam", 121, 138), ("sgd", 348, 348)])
def test_adaptive_methods_live_on_the_axes(key, straight, turned):
    """Row 6: condition 100, start (10, 1) in the eigenbasis, steps to come and stay within .01, best of 40 rates, at 0 and 45 degrees."""
    rates = np.geomspace(0.001, 15.8, 40)
    for degrees, expected in ((0, straight), (45, turned)):
        ravine = FUNCTIONS["ravine"].with_parameters(condition=100, rotation=degrees)
        turn = np.deg2rad(degrees)
        start = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ (10, 1)
        with np.errstate(all="ignore"):
            outside = ~(np.linalg.norm(descend(ravine, OPTIMIZERS[key], start, 1500, lr=rates).path, axis=1) <= 0.01)
        stayed = np.where(outside[-1], 10_000, len(outside) - outside[::-1].argmax(axis=0))
        assert stayed.min() == pytest.approx(expected, rel=0.02, abs=1)


@pytest.mark.parametrize(("batch", "expected"), [(1, 0.28), (4, 0.81), (16, 0.0)])
def test_noise_leaves_the_sharp_well(batch, expected):
    """Row 7: two wells in one dimension, widths .2 and .8; the share of 1,000 runs that ends in the flat one, gradient noise 6/sqrt(B)."""
    wells = formula("-exp(-(x + 1.5)**2/(2*0.2**2)) - exp(-(x - 1.5)**2/(2*0.8**2)) + 0.02*x**2")
    run = descend(
        wells,
        OPTIMIZERS["sgd"],
        (-1.5, 0),
        3000,
        keep="final",
        lr=0.06,
        conditions=Conditions(noise=6 / np.sqrt(batch)),
        seed=np.arange(1000),
    )
    assert np.mean(np.abs(run.final[0] - 1.5) < 1.2) == pytest.approx(expected, abs=0.05)


def test_the_penalty_is_in_the_curvature_too():
    """Newton solves loss plus penalty in one step, since both gradient and Hessian have it."""
    run = descend(formula("(x - 1)**2 + 2*(y - 1)**2"), OPTIMIZERS["newton"], (3, -2), 2, conditions=Conditions(l2=2.0))
    assert run.path[1] == pytest.approx([1 / 2, 2 / 3])


@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if "lr" not in method.by_key])
def test_a_method_without_a_rate_is_left_alone_by_a_schedule(key):
    problem = SAMPLES["line_fit"]
    free, scheduled = (descend(problem, OPTIMIZERS[key], (0, 0), 30, schedule=plan) for plan in (None, (SCHEDULES["cosine"], {})))
    assert np.array_equal(free.path, scheduled.path)
