"""The paths while racers train: the plane that they are seen on, what is said of it, and the page meanwhile."""

import threading
import time
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from optimizers.train import Training
from pages.scene.payload import decode, decode_heights
from pages.ui.nets import picture, trainee, underway
from pages.ui.nets.compute import Drawn
from pages.ui.nets.experiment import default_nets
from pages.ui.nets.present import race_data, underway_data
from pages.ui.nets.trainee import Record
from tests.test_nets_page import experiment, message, settled, unsettled

MOONS = default_nets("moons")
N = MOONS.problem.n


def record(path, over=False, diverged_at=None):
    count = len(path)
    loss = np.linspace(1.0, 0.1, count)
    return Record(Training(8 * np.arange(count), path, loss, loss, loss, loss, np.empty(0), "running", diverged_at), loss, over)


def flat(count=10, seed=0):
    """A path within one plane of weight space, and its coordinates there."""
    rng = np.random.default_rng(seed)
    basis, _ = np.linalg.qr(rng.standard_normal((N, 2)))
    inside = np.cumsum(rng.standard_normal((count, 2)), axis=0)
    inside -= inside[0]
    return MOONS.problem.start + inside @ basis.T, inside


def test_a_path_within_a_plane_is_seen_in_its_true_shape_from_its_start():
    path, inside = flat()
    found = underway.underway({0: record(path)})
    seen = found.paths[0].coordinates
    assert found.held == pytest.approx(1.0) and seen[0] == pytest.approx([0, 0], abs=1e-9)
    np.testing.assert_allclose(seen @ seen.T, inside @ inside.T, atol=1e-9)  # equal but for a turn


def test_what_is_seen_is_the_projection():
    path = MOONS.problem.start + np.random.default_rng(2).standard_normal((20, N)).cumsum(axis=0)
    found = underway.underway({0: record(path), 1: record(flat()[0])})
    exact, seen = found.plane.project(path), found.paths[0]
    np.testing.assert_allclose(seen.coordinates, exact.coordinates, atol=1e-9)
    np.testing.assert_allclose(seen.distance, exact.distance, atol=1e-6)
    assert seen.explained == pytest.approx(exact.explained) and 0 < found.held < 1
    (x0, x1), (y0, y1) = found.frame
    assert all(x0 < x < x1 and y0 < y < y1 for one in found.paths.values() for x, y in one.coordinates)


def test_an_axis_keeps_its_sense():
    path, _ = flat()
    first = underway.underway({0: record(path)})
    turned = replace(first.plane, u=-first.plane.u)
    again = underway.underway({0: record(path)}, turned)
    np.testing.assert_allclose(again.paths[0].coordinates, first.paths[0].coordinates * [-1, 1], atol=1e-12)
    assert underway.underway({0: record(path)}, replace(turned, origin=np.zeros(3), u=np.eye(3)[0], v=np.eye(3)[1])).plane.u.shape == (N,)


def test_there_is_no_plane_of_two_snapshots_or_of_a_line():
    path, _ = flat()
    assert underway.underway({}) is None and underway.underway({0: record(path[:2])}) is None
    line = MOONS.problem.start + np.arange(6)[:, None] * np.ones(N)
    assert underway.underway({0: record(line)}) is None


def test_a_divergence_takes_no_part_in_laying_the_plane():
    path, _ = flat()
    wild = np.concatenate([path[:4], np.full((1, N), np.nan)])
    found = underway.underway({0: record(path), 1: record(wild, True, 32)})
    assert np.isfinite(found.plane.u).all() and np.isnan(found.paths[1].coordinates[-1]).all()


def test_directions_are_taken_from_so_many_snapshots_and_no_more(monkeypatch):
    """What a look costs grows with their square."""
    seen = []
    laid = underway.pca_plane

    def counting(paths, centre):
        seen.append(sum(map(len, paths)))
        return laid(paths, centre)

    monkeypatch.setattr(underway, "pca_plane", counting)
    records = {slot: record(flat(51, slot)[0]) for slot in range(6)}
    assert len(underway.underway(records).paths[5].coordinates) == 51
    assert seen == [underway.MOST]


def test_the_clock_ends_where_all_have_been_that_still_train():
    racers = {0: record(flat(9)[0]), 1: record(flat(6, 1)[0]), 2: record(flat(4, 2)[0], True, 24), 3: record(flat(51, 3)[0], True)}
    surface, race = underway_data(MOONS, racers, underway.underway(racers), 3)
    assert race["steps"] == 5 and race["pace"] == {"each": 8, "all": 40} and race["nav"] < 0
    assert [len(decode(one["loss"])) for one in race["racers"]] == [6] * 4
    assert surface["bare"] and np.isnan(decode_heights(surface)).all() and race["surface"] == surface["key"]
    assert "so far" in race["remark"] and "when the training ends" in race["remark"]


def test_racers_are_compared_where_all_have_been_that_still_train():
    """Who has one snapshot more is not ahead for it, and who has only the start is no follower."""
    ahead, behind = {0: record(flat(3)[0]), 1: record(flat(2, 1)[0])}, {0: record(flat(3)[0]), 1: record(flat(1, 1)[0])}
    assert underway.together((0, 1), ahead) == 1 and underway.together((0, 1), behind) == underway.together((0, 1, 2), ahead) == 0
    assert underway.together((0, 1), ahead | {1: record(flat(2, 1)[0], True, 8)}) == 2  # it diverged: nobody waits for it
    assert underway.underway(ahead) is not None and underway.underway(behind) is None


def test_a_paused_trainings_clock_ends_where_all_have_come():
    experiment = replace(MOONS, racers=MOONS.racers[:2])
    records = {0: record(flat(6)[0]), 1: record(flat(5, 1)[0])}
    found = underway.underway(records)
    surface = SimpleNamespace(plane=found.plane, xs=np.array([-1.0, 1.0]), ys=np.array([-1.0, 1.0]))
    drawn = Drawn(surface, np.zeros((2, 2)), found.paths, 0, (), True)
    race = race_data(experiment, records, drawn, 1)
    assert race["steps"] == 4 and race["pace"] == {"each": experiment.every, "all": 4 * experiment.every}
    assert [np.isfinite(decode(one["loss"])).all() for one in race["racers"]] == [True, True]
    said = picture._words(experiment, SimpleNamespace(train=SimpleNamespace(state="running"), records=records))
    assert said.startswith(f"Training: {4 * experiment.every} of {experiment.steps} evaluations; Momentum leads")
    first = SimpleNamespace(train=SimpleNamespace(state="running"), records={0: record(flat(2)[0]), 1: record(flat(1, 1)[0])})
    assert "leads" not in picture._words(experiment, first)  # the other has only its start


@pytest.mark.slow
def test_while_racers_train_the_page_shows_how_far_they_have_come(monkeypatch):
    """Five snapshots, then everybody waits: the page has their paths. Then they go on, and the loss takes its place under them."""
    gate, advance = threading.Event(), trainee.Trainee.advance

    def held(self, check):
        while len(self.snapshots) >= 5 and not gate.wait(0.02):
            check()
        return advance(self, check)

    monkeypatch.setattr(trainee.Trainee, "advance", held)
    app = unsettled(seed="71")
    try:
        while app.session_state["nets/crew"].fraction < 5 / 41:
            time.sleep(0.05)
            app.run()
        app.run()
        race, surface = message(app), message(app, "ravine_scene_surface")
        assert surface["bare"] and surface["name"] == "Paths so far" and race["steps"] == 4 and len(race["racers"]) == 4
        assert all(np.isfinite(decode(one["path"])).all() for one in race["racers"]) and experiment(app).cursor is None
    finally:
        gate.set()
    app = settled(app)
    race, surface = message(app), message(app, "ravine_scene_surface")
    assert not surface["bare"] and np.isfinite(decode_heights(surface)).all() and race["steps"] == 40 and race["nav"] > 0
