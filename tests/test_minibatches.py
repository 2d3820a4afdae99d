"""Mini-batch gradients at a point (syllabus rows 13 to 15), against the covariance of the per-sample gradients."""

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES
from optimizers import Batches
from optimizers.minibatches import DRAWS, cloud, law, sizes, spreads, variance
from pages.figures.minibatches import mean_figure, variance_figure

pytestmark = [pytest.mark.kernel, pytest.mark.slow]  # without the compiler a thousand batches take a minute
every = pytest.mark.parametrize("problem", SAMPLES.values(), ids=SAMPLES)


def per_sample(problem, x, h=1e-6):
    """Gradients of the samples one at a time, by central differences of the formula over NumPy, (2, N)."""

    def losses(at):
        return np.array([problem.formula(*at, sample[:, None], **problem.parameter_values) for sample in problem.data.T])

    steps = h * np.eye(2)
    return np.stack([(losses(x + step) - losses(x - step)) / (2 * h) for step in steps])


@pytest.mark.parametrize("key", ["line_fit", "logistic", "gaussian_fit", "two_weight_net"])
def test_the_variance_is_that_of_the_samples_gradients_over_the_batch_size(key):
    problem = SAMPLES[key]
    x = np.array(problem.start) + 0.1
    spread = np.trace(np.cov(per_sample(problem, x), bias=True))
    assert variance(problem, x, Batches(8)) == pytest.approx(spread / 8, rel=1e-4)
    n = problem.data.shape[1]
    assert variance(problem, x, Batches(8, replacement=False)) == pytest.approx(spread / 8 * (n - 8) / (n - 1), rel=1e-4)


@every
@pytest.mark.parametrize("replacement", [True, False])
def test_the_running_mean_meets_the_full_gradient(problem, replacement):
    found = cloud(problem, np.array(problem.start), Batches(4, replacement), seed=3)
    assert found.each.shape == (2, DRAWS) and found.error.shape == (DRAWS,)
    assert found.error[-1] < 3.5
    if problem.key != "sparse_features":  # a few rare samples carry its variance
        assert found.measured == pytest.approx(found.variance, rel=0.3)


@pytest.mark.parametrize("replacement", [True, False])
def test_log_variance_against_log_size_has_slope_minus_one(replacement):
    problem = SAMPLES["line_fit"]
    x, samples = np.array(problem.start), problem.data.shape[1]
    pairs = zip(sizes(problem), spreads(problem, x, replacement), strict=True)
    some, measured = zip(*((size, value) for size, value in pairs if size <= samples // (1 if replacement else 8)), strict=True)
    slope = np.polyfit(np.log(some), np.log(measured), 1)[0]
    assert slope == pytest.approx(-1, abs=0.06)


@pytest.mark.parametrize("replacement", [True, False])
def test_spreads_follow_the_law_at_every_size(replacement):
    problem, x = SAMPLES["logistic"], np.array([0.5, 0.5])
    law = [variance(problem, x, Batches(size, replacement)) for size in sizes(problem)]
    np.testing.assert_allclose(spreads(problem, x, replacement), law, rtol=0.25, atol=1e-25)


@pytest.mark.parametrize("replacement", [True, False])
def test_the_law_is_drawn_for_every_size_and_named_by_what_it_is(replacement):
    problem = SAMPLES["line_fit"]
    x, some = np.array(problem.start), sizes(problem)
    expected = law(problem, x, replacement)
    assert expected[[size - 1 for size in some]] == pytest.approx([variance(problem, x, Batches(size, replacement)) for size in some])
    figure = variance_figure(some, spreads(problem, x, replacement), expected, 8, replacement, "#000000")
    line, dots = figure.data
    last = problem.samples - (not replacement)  # all of them without replacement are the full gradient
    assert len(line.x) == last and line.x[-1] == last and all(y > 0 for y in dots.y)
    assert ("faster" in figure.layout.title.text) == ("(N − B)" in line.name) == (not replacement)


def test_all_of_the_data_without_replacement_is_the_full_gradient():
    problem = SAMPLES["logistic"]
    samples = problem.data.shape[1]
    found = cloud(problem, np.array(problem.start), Batches(samples, replacement=False))
    assert found.variance == 0 and np.allclose(found.each, found.full[:, None], rtol=1e-12)


def test_the_figure_of_the_mean_shows_its_distance_beside_the_law_and_says_how_far_off_it_is():
    problem = SAMPLES["line_fit"]
    found = cloud(problem, np.array(problem.start), Batches(1))
    distance, expected = mean_figure(found, "#000000").data
    assert np.allclose(distance.y, np.linalg.norm(found.mean - found.full[:, None], axis=0)) and distance.y[-1] < distance.y[:8].mean() / 4
    assert np.polyfit(np.log(expected.x), np.log(expected.y), 1)[0] == pytest.approx(-0.5) and expected.y[0] ** 2 == pytest.approx(
        found.variance
    )
    assert f"{distance.y[-1] / expected.y[-1]:.2g} standard errors off" in mean_figure(found, "#000000").layout.title.text
    whole = cloud(problem, np.array(problem.start), Batches(problem.samples, replacement=False))
    assert "full gradient" in mean_figure(whole, "#000000").layout.title.text


def test_seeds_give_other_clouds_and_the_same_seed_the_same():
    problem = SAMPLES["line_fit"]
    first, again, other = (cloud(problem, np.zeros(2), Batches(4), seed=seed).each for seed in (0, 0, 1))
    assert np.array_equal(first, again) and not np.isin(other, first).all()


@pytest.mark.parametrize(("problem", "size"), [(FUNCTIONS["bowl"], 1), (SAMPLES["line_fit"], 0), (SAMPLES["line_fit"], 10**6)])
def test_a_batch_that_cannot_be_drawn_is_refused(problem, size):
    with pytest.raises(ValueError, match="samples: choose 1 to"):
        cloud(problem, np.zeros(2), Batches(size))


def test_sizes_are_powers_of_two_and_all():
    for problem in SAMPLES.values():
        assert sizes(problem)[0] == 1 and sizes(problem)[-1] == problem.data.shape[1] and np.all(np.diff(sizes(problem)) > 0)
