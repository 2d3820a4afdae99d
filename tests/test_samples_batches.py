"""Mini-batches of problems on data, against statistics."""

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES
from optimizers import OPTIMIZERS, descend
from optimizers.conditions import with_replacement, without_replacement
from optimizers.descend import Batches
from tests.tools.on_data import every, on_batch, small

pytestmark = [
    pytest.mark.kernel,
    pytest.mark.filterwarnings("ignore:overflow encountered in scalar"),  # random bits, where the interpreter makes them
]
SGD = OPTIMIZERS["sgd"]


LANES, SIZE = 20_000, 5
draws = pytest.mark.parametrize("draw", [with_replacement, without_replacement], ids=["with", "without"])


def batches(draw, samples, size, seeds, t=0, order=None):
    batch = np.zeros((size, len(seeds)), dtype=np.int64)
    order = np.tile(np.arange(samples)[:, None], len(seeds)) if order is None else order
    draw(batch, order, np.asarray(seeds, dtype=np.int64), t)
    return batch


@draws
@every
@pytest.mark.jit
def test_mini_batch_gradients_are_unbiased_with_the_variance_of_theory(problem, draw):
    """Syllabus rows 14 and 15: mean g, covariance sigma^2/|B|, times (n - B)/(n - 1) without replacement."""
    bound = small(problem, 20)
    samples = bound.data.shape[1]
    x = np.array(problem.start) + 0.1
    _, each = on_batch(bound, np.tile(x[:, None], samples), np.arange(samples)[None, :])
    _, g = on_batch(bound, np.tile(x[:, None], LANES), batches(draw, samples, SIZE, np.arange(LANES)))
    variance = each.var(axis=1) / SIZE * ((samples - SIZE) / (samples - 1) if draw is without_replacement else 1.0)
    np.testing.assert_allclose(each.mean(axis=1), bound.gradient(x), rtol=1e-9, atol=1e-9)
    assert np.all(np.abs(g.mean(axis=1) - bound.gradient(x)) < 4.5 * np.sqrt(variance / LANES) + 1e-12)
    spread = np.sqrt(((g - g.mean(axis=1)[:, None]) ** 2).var(axis=1) / LANES)  # standard error of the variance
    assert np.all(np.abs(g.var(axis=1) - variance) < 4.5 * spread + 1e-15)


@pytest.mark.jit
def test_variance_falls_as_one_over_the_batch():
    """Row 15: log-log slope -1 with replacement, through the loop: one step of gradient descent shows one gradient."""
    line, sizes = SAMPLES["line_fit"], np.array([1, 2, 4, 8, 16, 32, 64, 128])
    seen = [
        descend(line, SGD, line.start, 1, lr=0.1, keep="final", batches=Batches(int(size)), seed=np.arange(LANES)).final for size in sizes
    ]
    slope = np.polyfit(np.log(sizes), np.log([np.var(x[0]) for x in seen]), 1)[0]
    assert slope == pytest.approx(-1, abs=0.01)
    without = descend(line, SGD, line.start, 1, lr=0.1, keep="final", batches=Batches(128, replacement=False), seed=np.arange(LANES)).final
    assert np.var(without[0]) / np.var(seen[-1][0]) == pytest.approx((200 - 128) / 199, rel=0.05)


@pytest.mark.parametrize("size", [1, 3, 7, 20])
def test_without_replacement_every_sample_comes_once_an_epoch(size):
    samples, seeds = 20, np.arange(6)
    order = np.tile(np.arange(samples)[:, None], len(seeds))
    per_epoch = samples // size
    for epoch in range(3):
        seen = np.concatenate([batches(without_replacement, samples, size, seeds, epoch * per_epoch + k, order) for k in range(per_epoch)])
        for lane in seen.T:
            assert len(set(lane)) == len(lane) == per_epoch * size
    assert len({tuple(lane) for lane in seen.T}) == len(seeds)


def test_an_epoch_of_pure_noise_leads_back():
    """The gradients of all samples add up to nothing, so gradient descent without replacement is back after each epoch, in any order."""
    noise = small(SAMPLES["pure_noise"], 50)
    run = descend(noise, SGD, (1, 1), 40, lr=0.01, batches=Batches(10, replacement=False), seed=3)
    np.testing.assert_allclose(run.path[::10], np.ones((5, 2)), atol=1e-12)
    assert np.abs(run.path[1:10] - 1).min(axis=0)[0] > 1e-6
    assert np.abs(descend(noise, SGD, (1, 1), 10, lr=0.01, batches=Batches(10), seed=3).final[0] - 1) > 1e-6


@draws
def test_lanes_of_one_seed_see_the_same_batches(draw):
    line = SAMPLES["line_fit"]
    how = Batches(4, replacement=draw is with_replacement)
    run = descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=np.array([1, 2, 1]))
    np.testing.assert_array_equal(run.path[:, :, 0], run.path[:, :, 2])
    assert not np.allclose(run.path[1], run.path[1][:, [1, 0, 2]])
    np.testing.assert_allclose(descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=2).path, run.path[:, :, 1], rtol=1e-12)
    slow = descend(line, SGD, line.start, 30, lr=0.1, batches=how, seed=2, compiled=False)
    np.testing.assert_allclose(slow.path, run.path[:, :, 1], rtol=1e-12)


def test_the_whole_data_as_one_batch_is_the_full_gradient():
    line = SAMPLES["line_fit"]
    whole = descend(line, SGD, line.start, 20, lr=0.1, batches=Batches(200, replacement=False))
    np.testing.assert_allclose(whole.path, descend(line, SGD, line.start, 20, lr=0.1).path, rtol=1e-12)


def test_a_batch_larger_than_the_data_is_refused():
    line = SAMPLES["line_fit"]
    for size in (0, 201):
        with pytest.raises(ValueError, match=r"has 200 samples: choose 1 to 200"):
            descend(line, SGD, line.start, 1, batches=Batches(size))
    with pytest.raises(ValueError, match=r"Rosenbrock has no samples"):
        descend(FUNCTIONS["rosenbrock"], SGD, (0, 0), 1, batches=Batches(1))
