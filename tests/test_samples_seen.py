"""What the syllabus says a student will see on problems on data."""

import math
from dataclasses import replace

import numpy as np
import pytest

from landscape import PROBLEMS, SAMPLES
from landscape.reparametrised import back, other_of, there
from optimizers import OPTIMIZERS, descend
from optimizers.conditions import Conditions
from optimizers.descend import Batches

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # random bits, where the interpreter makes them
]
SGD = OPTIMIZERS["sgd"]


def fresh_batches(method, seeds, **values):
    """Row 75: noiseless y = 2 x + 1, batches of 16 from 10,000 inputs with replacement, which stand for fresh uniform ones."""
    line = SAMPLES["line_fit"].with_parameters(noise=0, samples=10_000, **values)
    return descend(line, OPTIMIZERS[method], (0, 0), 100, lr=0.1, batches=Batches(16), seed=np.arange(seeds), keep="final").final


@pytest.mark.jit
def test_the_numerical_example():
    """Row 75, medians over 5,000 seeds: SGD 1.998 / 1.000, Adam 2.0096 / 1.000, SGD on half the squared error 1.933."""
    sgd, adam, half = fresh_batches("sgd", 5000), fresh_batches("adam", 5000), fresh_batches("sgd", 5000, divisor=2)
    assert np.median(sgd, axis=1) == pytest.approx([1.998, 1.000], abs=0.0015)
    assert np.median(adam, axis=1) == pytest.approx([2.0096, 1.000], abs=0.0025)
    assert np.median(half, axis=1)[0] == pytest.approx(1.933, abs=0.002)


@pytest.mark.jit
def test_adam_overshoots_on_the_numerical_example():
    line = SAMPLES["line_fit"].with_parameters(noise=0, samples=10_000)
    path = descend(line, OPTIMIZERS["adam"], (0, 0), 100, lr=0.1, batches=Batches(16), seed=np.arange(200)).path
    assert np.median(path[:, 0].max(axis=0)) == pytest.approx(2.25, abs=0.04)


@pytest.mark.jit
def test_decay_under_pure_noise():
    """Row 35, mean of 2,000 runs after 500 steps: L2 .946 / 0; AdamW .601 / .606; pure decay .606."""
    noise, seeds = SAMPLES["pure_noise"].with_parameters(samples=5_000), np.arange(2000)
    how = {"lr": 0.01, "batches": Batches(1), "seed": seeds, "keep": "final"}
    l2 = descend(noise, OPTIMIZERS["adam"], (1, 1), 500, conditions=Conditions(l2=0.1), **how).final.mean(axis=1)
    decoupled = descend(noise, OPTIMIZERS["adamw"], (1, 1), 500, weight_decay=0.1, **how).final.mean(axis=1)
    assert l2 == pytest.approx([0.946, 0.0], abs=0.02)
    assert decoupled == pytest.approx([0.601, 0.606], abs=0.02)
    assert pytest.approx(0.606, abs=5e-4) == (1 - 0.001) ** 500


def test_rare_features_get_larger_rates():
    """Row 28: AdaGrad's lr .1 over sqrt(G) after 1,000 gradients of 1, and of 1 every 50th time: .00316 and .0224."""
    rare = SAMPLES["rare_slope"]
    batches = Batches(rare.batch, rare.replacement)
    path = descend(rare, OPTIMIZERS["adagrad"], rare.start, rare.steps, **rare.recommended["adagrad"], batches=batches, seed=1).path
    steps = np.diff(path, axis=0)
    assert np.count_nonzero(steps[:, 1]) == 20  # once in each epoch
    assert steps[-1, 0] == pytest.approx(0.00316, rel=1e-3)
    assert steps[steps[:, 1] > 0, 1][-1] == pytest.approx(0.0224, rel=2e-3)


def natural(problem, x, lr, steps):
    """The natural gradient's path, (steps + 1, 2): by the registered method where there is one."""
    if "natural_gradient" in OPTIMIZERS:
        return descend(problem, OPTIMIZERS["natural_gradient"], x, steps, lr=lr).path
    path = [np.asarray(x, float)]
    for _ in range(steps):
        path.append(path[-1] - lr * np.linalg.solve(problem.matrix(path[-1], "fisher"), problem.gradient(path[-1])))
    return np.array(path)


def test_the_natural_gradients_path_does_not_depend_on_the_parametrisation():
    """Row 62: in (mu, ln sigma) and in (mu, sigma) it agrees to first order in lr, gradient descent's does not."""
    plain_, logarithmic = SAMPLES["gaussian_fit"], SAMPLES["gaussian_fit_log"]
    start, time = (-2.0, 1.65), 1.0

    def apart(path):
        gaps = []
        for lr in (0.02, 0.01, 0.005):
            steps = round(time / lr)
            other = path(logarithmic, (start[0], math.log(start[1])), lr, steps)
            gaps.append(np.abs(path(plain_, start, lr, steps) - np.stack([other[:, 0], np.exp(other[:, 1])], axis=1)).max())
        return np.array(gaps)

    gaps = apart(natural)
    assert gaps[1:] / gaps[:-1] == pytest.approx(
        [0.5, 0.5], abs=0.05
    )  # the error of a path is of first order in lr, that of a step of second
    descent = apart(lambda problem, x, lr, steps: descend(problem, SGD, x, steps, lr=lr).path)
    assert descent[1:] / descent[:-1] == pytest.approx([1, 1], abs=0.05)
    assert descent[-1] > 10 * gaps[-1]


@pytest.mark.parametrize("problem", [problem for problem in PROBLEMS.values() if problem.other], ids=lambda problem: problem.key)
def test_other_coordinates_are_the_same_model(problem):
    """There and back is where it began, at the same loss, whatever the parameters; and the other one declares the way back, too."""
    rng = np.random.default_rng(5)
    moved = problem.with_parameters(**{each.key: each.low + (each.high - each.low) // 3 for each in problem.parameters})
    points = rng.uniform(*np.array(problem.domain).T, size=(50, 2))
    for one in (problem, moved):
        other, carried = other_of(one), there(one, points)
        assert other.other.problem == one.key and other_of(other) == replace(one, values=tuple(one.parameter_values.values()))
        assert back(one, carried) == pytest.approx(points, rel=1e-12) and there(other, carried) == pytest.approx(points, rel=1e-12)
        assert other.value(carried.T) == pytest.approx(one.value(points.T), rel=1e-12)


def test_a_place_that_the_other_coordinates_do_not_have_is_no_number():
    assert np.isnan(there(SAMPLES["gaussian_fit"], np.array([0.0, -1.0]))[1])
    with pytest.raises(ValueError, match="one set of coordinates"):
        other_of(SAMPLES["line_fit"])
