"""The true loss beside the plane's, all along the paths."""

from dataclasses import replace

import numpy as np
import pytest

from landscape.nets import MLP
from landscape.nets.planes.paths import path_on_plane
from pages.figures.grid import broken, grid
from pages.figures.lines import Line, Panel
from pages.ui.nets.compute import drawing, objective_of, truths
from pages.ui.nets.experiment import default_nets, with_net
from pages.ui.nets.shadows import shadows
from pages.ui.nets.training import Alone, trained

pytestmark = pytest.mark.slow  # trained nets: minutes without the compiler
MOONS = replace(default_nets("moons"), steps=60)
MOONS = replace(MOONS, plane=replace(MOONS.plane, points=9))


def along(experiment):
    records = trained(experiment)
    *_, drawn = drawing(experiment, records, Alone())
    return records, drawn, list(shadows(experiment, records, drawn, Alone()))


@pytest.mark.parametrize("measure", ["train", "validation"])
def test_both_losses_are_the_planes_own_at_every_snapshot(measure):
    experiment = replace(MOONS, plane=replace(MOONS.plane, measure=measure))
    records, drawn, looks = along(experiment)
    for one in looks[-1]:
        expected = path_on_plane(objective_of(experiment.problem, measure), drawn.plane, records[one.slot].training.weights)
        np.testing.assert_array_equal(one.loss, expected.loss)
        np.testing.assert_array_equal(one.under, expected.shadow_loss)
        np.testing.assert_allclose(one.distance, expected.distance, rtol=1e-9, atol=1e-12)
    assert np.isnan(looks[0][0].loss).any() and [one.slot for one in looks[-1]] == [0, 1, 2, 3]  # it grows


def test_the_numbers_at_the_cursor_are_on_the_curves():
    records, drawn, looks = along(replace(MOONS, plane=replace(MOONS.plane, measure="penalised")))
    experiment = replace(MOONS, plane=replace(MOONS.plane, measure="penalised"))
    for at in (0, 7, experiment.snapshots):
        for one, curve in zip(truths(experiment, records, drawn, at), looks[-1], strict=True):
            assert (one.loss, one.under, one.distance) == (curve.loss[at], curve.under[at], curve.distance[at])


def test_a_path_ends_where_it_diverges():
    wild = with_net(MOONS, model=MLP((4,), "relu"), loss="squares")
    wild = replace(wild, racers=(MOONS.racers[0].with_value("lr", 1e6), *MOONS.racers[1:]))
    records, _, looks = along(wild)
    assert records[0].diverged and len(looks[-1][0].ticks) == len(records[0].usable) < MOONS.snapshots
    assert all(np.isfinite(one.loss).all() and np.isfinite(one.under).all() for one in looks[-1][1:])


def test_the_panels_of_a_row_share_their_scales():
    x = np.arange(1.0, 4.0)
    rows = [[Panel("two words", "n", "loss", [Line("a", "#2f7ed8", "circle", x * k, x, low=x / 2, high=x * 2)]) for k in (1, 10)]]
    figure = grid(rows)
    assert figure.layout.xaxis.range == figure.layout.xaxis2.range and figure.layout.yaxis2.matches == "y"
    assert [trace.showlegend for trace in figure.data] == [False, False, True, False, False, False]
    assert broken("Gradient descent") == "Gradient<br>descent" and broken("Adam") == "Adam"
