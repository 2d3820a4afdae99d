"""Batch size against speed, stability and generalisation."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.nets import MLP
from landscape.nets.planes.curvature import lanczos
from pages.ui.nets import batches
from pages.ui.nets.batches import ByBatch, Compared, compared, level
from pages.ui.nets.compute import objective_of
from pages.ui.nets.experiment import default_nets, with_net
from pages.ui.nets.tabs.batches import _rows, words
from pages.ui.nets.training import Alone, trained

MOONS = replace(default_nets("moons"), steps=30)


def made(size, train, top=(1.0, 2.0, 3.0, 4.0)):
    train = np.array(train, dtype=float)
    return ByBatch(0, size, np.array([0, 10, 20]), train, 2 * train, np.array([0]), np.array([1.0]), np.array(top))


SMALL = made(8, [[1, 0.5, 0.3], [1, 0.6, 0.4], [1, 0.5, 0.2], [1, 0.7, 0.4]])
LARGE = made(200, [[1, 0.9, 0.5], [1, 0.8, 0.4], [1, 0.9, 0.5], [1, 0.8, 0.5]], (3.5, 5.0, 6.0, 7.0))


@pytest.mark.slow
def test_each_size_is_what_the_page_trains_with_it():
    one = replace(MOONS, racers=MOONS.racers[3:])
    *_, found = batches.by_batch(one, Alone())
    assert [each.size for each in found] == [8, 32, 128, 200] and all(each.train.shape == (4, 31) for each in found)
    for each, size in ((found[0], 8), (found[-1], 0)):
        training = trained(replace(one, batch=size, seed=one.seed + 2))[3].training
        np.testing.assert_array_equal(each.train[2], training.train_loss)
        np.testing.assert_array_equal(each.validation[2], training.validation_loss)
        top = lanczos(objective_of(one.problem, "train"), training.final, 1).values[0]
        assert each.top[2] == pytest.approx(top, rel=1e-6)
    assert found[0].along[-1] == pytest.approx(found[0].top[0], rel=1e-6) and found[0].at[-1] == 30


@pytest.mark.slow
def test_a_divergence_leaves_a_hole_and_is_named():
    wild = with_net(MOONS, model=MLP((4,), "relu"), loss="squares")
    wild = replace(wild, racers=(MOONS.racers[0].with_value("lr", 1e6),))
    *_, found = batches.by_batch(wild, Alone())
    assert all(one.diverged == 4 and np.isnan(one.top).all() for one in found) and np.isnan(level(found))
    assert words(compared(found)["validation"]) == "diverged"


def test_speed_is_counted_to_a_loss_that_all_came_down_to():
    assert level([SMALL, LARGE]) == 0.5
    assert SMALL.evaluations_to(0.5).tolist() == [10, 20, 10, 20] and LARGE.evaluations_to(0.5).tolist() == [20, 20, 20, 20]
    found = compared([SMALL, LARGE])
    assert found["samples"].small.tolist() == [80, 160, 80, 160] and found["samples"].large.tolist() == [4000] * 4
    assert np.isnan(SMALL.evaluations_to(0.1)).all()


def test_no_line_begins_where_a_logarithm_has_no_place():
    lost = made(32, [[1, np.nan, np.nan]] * 4)
    panels = [panel for row in _rows(MOONS, [SMALL, lost, LARGE]) for panel in row if panel.x_scale == "log"]
    assert [line.x.tolist() for panel in panels for line in panel.lines] == [[80, 160], [], [2000, 4000]]


def test_what_it_would_take_counts_the_curvature(monkeypatch):
    monkeypatch.setattr(batches, "_besides", lambda problem, optimizer, size: (0.0, 0.0))
    monkeypatch.setattr(batches, "seconds_a_tick", lambda problem, size: 0.0)
    monkeypatch.setattr(batches, "_look", lambda problem: 1.0)
    assert batches.expected(MOONS) == 4 * 4 * (batches.LOOKS + batches.SEEDS)


def test_what_overlaps_is_named_noise():
    found = compared([SMALL, LARGE])
    assert not found["evaluations"].told and not found["eigenvalue"].told and found["samples"].told
    assert words(found["samples"]) == "**120 → 4,000**" and words(found["eigenvalue"]) == "2.5 → 5.5, inside the noise"
    assert words(Compared(np.ones(4), np.ones(2))).endswith("some diverged") and not Compared(np.zeros(4), np.ones(2)).told


def test_four_seeds_lie_apart_by_chance_once_in_35_times():
    draws = np.random.default_rng(0).normal(size=(20_000, 8))
    assert np.mean([Compared(draw[:4], draw[4:]).told for draw in draws]) == pytest.approx(1 / 35, abs=0.004)
