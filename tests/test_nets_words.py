"""What the nets page says, opens with and counts; its figures. Without Streamlit."""

import re
from dataclasses import replace

import numpy as np
import pytest

from landscape.nets import PRESETS
from optimizers.schedules import SCHEDULES
from pages.figures.lines import Line, Panel, lines, shared
from pages.scene import payload
from pages.ui.experiment import Chosen
from pages.ui.nets.experiment import default_nets, left_behind, moved_to, net_racer
from pages.ui.nets.remedy import remedy, spectrum
from pages.ui.nets.tabs import SHOWS
from pages.ui.nets.under import TITLES
from tests.tools.figures import checked


@pytest.mark.parametrize("preset", [preset for preset in PRESETS.values() if preset.steps], ids=lambda preset: preset.key)
def test_a_preset_opens_with_the_racers_and_the_tab_that_it_declares(preset):
    opened = default_nets(preset.key)
    assert [racer.optimizer for racer in opened.racers] == [entrant.method for entrant in preset.racers]
    assert all((racer.schedule.key if racer.schedule else "") == entrant.schedule
               for racer, entrant in zip(opened.racers, preset.racers, strict=True))  # fmt: skip
    assert not any(racer.method.unfit(opened.landscape) for racer in opened.racers)
    assert preset.opens in {"", *TITLES} and list(SHOWS) == list(TITLES)


def test_racers_that_nobody_chose_make_room_for_a_presets_own():
    fisher = moved_to(default_nets("moons"), "fisher")
    assert [racer.optimizer for racer in fisher.racers] == ["sgd", "kfac", "natural_gradient"] and fisher.problem.opens == "factors"
    chosen = default_nets("moons").without(0)
    assert [racer.optimizer for racer in moved_to(chosen, "fisher").racers] == ["momentum", "rmsprop", "adam"]


def test_a_preset_that_brings_its_own_racers_says_nothing_of_those_before():
    assert left_behind(default_nets("moons"), moved_to(default_nets("moons"), "fisher")) == ""
    newton = default_nets("fisher").with_racer(net_racer(PRESETS["fisher"], "newton", 4)).without(0)
    said = left_behind(newton, moved_to(newton, "digits"))
    assert all(
        re.search(f"{name} cannot train this net and was left out: .+ weights", said) for name in ("K-FAC", "Natural gradient", "Newton")
    )


def test_racers_of_one_name_are_called_by_what_tells_them_apart():
    adam = default_nets("moons").racers[3]
    twins = replace(default_nets("moons"), racers=(adam, replace(adam, slot=4, schedule=Chosen.default("cosine", SCHEDULES["cosine"]))))
    assert [twins.called(racer) for racer in twins.racers] == [f"Adam lr {adam.values['lr']:g}", f"Adam lr {adam.values['lr']:g}, cosine"]
    assert twins.without(4).called(adam) == "Adam"


@pytest.mark.slow
def test_of_an_indefinite_hessian_the_damping_is_named_and_of_a_steep_descent_the_rate():
    moons, newton = PRESETS["moons"], net_racer(PRESETS["moons"], "newton", 0)
    least = min(spectrum(moons, "hessian"))
    assert least < 0 and np.allclose(least, np.linalg.eigvalsh(moons.hessian(moons.start))[0])
    words = remedy(moons, newton)
    assert "negative" in words and "rounding" in words and f"above {-least:.3g} would" in words
    damped = remedy(moons, newton.with_value("damping", -1.1 * least))
    assert "damping" in damped and "negative" not in damped  # what the sentence promised
    assert "nearly singular" in remedy(moons, net_racer(moons, "natural_gradient", 0).with_value("damping", 0.0))
    assert remedy(moons, net_racer(moons, "sgd", 0)) == "Lower its learning rate."


def test_the_clock_counts_evaluations():
    race = payload.race("plane", (0.0, 0.0), 50, [], pace=(8, 400))
    assert race["pace"] == {"each": 8, "all": 400} and payload.race("plane", (0.0, 0.0), 50, [])["pace"] is None


def test_panels_share_an_axis_and_a_level_far_above_is_marked_at_its_edge():
    def panel(top, level):
        line = Line("a", "#111111", "circle", np.arange(3), np.array([0.5, np.nan, top]))
        return Panel("a", "", "", [line], levels=[(level, f"unstable above {level}", "#808a8a")])

    panels = [panel(1.0, 38.0), panel(2.0, 2.5)]
    low, high = shared(panels)
    assert low == 0.0 and 2.5 < high < 3.0
    far, near = (checked(lines(one, within=(low, high))) for one in panels)
    assert far.layout.yaxis.range == near.layout.yaxis.range == (low, high)
    assert "↑ unstable above 38.0" in [note.text for note in far.layout.annotations] and not far.layout.shapes
    assert len(near.layout.shapes) == 1
