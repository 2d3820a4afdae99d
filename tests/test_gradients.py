"""The gradients a run was handed, against the run: gradient descent moves by them and by nothing else."""

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES
from optimizers import OPTIMIZERS, Batches, Conditions, descend
from optimizers.gradients import drawn, gradients

pytestmark = pytest.mark.kernel
CLIFF, LINE = FUNCTIONS["cliff"], SAMPLES["line_fit"]


@pytest.mark.parametrize("batches", [None, Batches(4), Batches(4, replacement=False), Batches(64, replacement=False)])
@pytest.mark.parametrize("conditions", [Conditions(), Conditions(noise=0.5), Conditions(clip_norm=0.3), Conditions(0.2, 0.5, 0.1)])
@pytest.mark.parametrize("seed", [0, 7])
def test_gradient_descent_moves_by_what_clipping_left(batches, conditions, seed):
    run = descend(LINE, OPTIMIZERS["sgd"], LINE.start, 40, lr=0.05, conditions=conditions, batches=batches, seed=seed)
    raw, clipped = gradients(LINE, run.queries, conditions, batches, seed)
    np.testing.assert_allclose(np.diff(run.path, axis=0), -0.05 * clipped, atol=1e-14)
    if np.isinf(conditions.clip_norm) and np.isinf(conditions.clip_value):
        assert np.array_equal(raw, clipped)


def test_clipping_by_norm_keeps_the_direction_and_by_value_does_not():
    """Syllabus row 48."""
    run = descend(CLIFF, OPTIMIZERS["sgd"], CLIFF.start, 200, lr=0.2, conditions=Conditions(clip_norm=0.2))
    raw, clipped = gradients(CLIFF, run.queries, Conditions(clip_norm=0.2))
    lengths = np.linalg.norm(raw, axis=1)
    assert lengths.max() > 5 and np.allclose(np.linalg.norm(clipped, axis=1), np.minimum(lengths, 0.2))
    assert np.allclose(raw[:, 0] * clipped[:, 1], raw[:, 1] * clipped[:, 0], atol=1e-12)
    raw, clipped = gradients(CLIFF, run.queries, Conditions(clip_value=0.2))
    assert np.allclose(clipped, np.clip(raw, -0.2, 0.2)) and np.abs(raw[:, 0] * clipped[:, 1] - raw[:, 1] * clipped[:, 0]).max() > 1


def test_a_diverged_run_has_holes():
    run = descend(CLIFF, OPTIMIZERS["sgd"], CLIFF.start, 50, lr=50.0)
    raw, _ = gradients(CLIFF, run.queries, Conditions())
    assert run.diverged_at is not None and np.isnan(raw[run.diverged_at + 1 :]).all()


def test_an_epoch_without_replacement_uses_every_sample_once():
    samples = LINE.data.shape[1]
    batches = drawn(Batches(10, replacement=False), LINE, samples // 10, 3)
    assert batches.shape == (10, samples // 10) and len(set(batches.ravel())) == samples // 10 * 10
