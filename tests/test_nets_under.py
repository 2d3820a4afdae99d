"""The tabs' settings in the address, and the tab of deep nets with row 9 of the syllabus."""

import json
from dataclasses import replace

import numpy as np
import pytest

from pages.figures.layers import layers
from pages.ui.nets.address import decode, encode
from pages.ui.nets.depth import LEAST, MOST, WAYS, Deep, a_layer, fares
from pages.ui.nets.experiment import default_nets, moved_to, opened
from pages.ui.nets.tabs.depth import told
from pages.ui.nets.under import Under
from tests import test_nets_page as page

MOONS = default_nets("moons")


def query(experiment):
    return {key: [value] if isinstance(value, str) else value for key, value in encode(experiment).items()}


# --- the address


def test_settings_of_tabs_survive_the_address_and_decide_on_no_training():
    under = Under("sharp", 0.35, 7, (), 0.5, 12, "xavier", "layer", True)
    assert all(value != getattr(Under(), key) for key, value in vars(under).items())
    changed = replace(MOONS, under=under)
    assert decode(query(changed)) == (changed, ()) and changed.drawn == MOONS.drawn
    assert "tabs" not in encode(MOONS)


@pytest.mark.parametrize(
    ("bad", "word"),
    [("tab~cellar", "tab"), ("radius~0", "radius"), ("radius~nan", "radius"), ("starts~1", "starts"), ("widths~0", "widths"),
     ("stuck~2", "stuck"), ("layers~1", "layers"), ("drawn~badly", "drawn"), ("norm~no", "norm"), ("colour~3", "colour"), ("tab", "tabs")],
)  # fmt: skip
def test_what_is_wrong_in_a_tabs_settings_falls_back_with_a_word(bad, word):
    experiment, notes = decode({"tabs": [bad]})
    assert experiment.under == Under() and len(notes) == 1 and word in notes[0]


def test_a_tab_stays_open_on_another_preset_unless_that_is_about_one():
    sharp = replace(MOONS, under=Under("sharp", starts=7, widths=(3,)))
    assert opened(moved_to(sharp, "xor")) == "sharp" and moved_to(sharp, "xor").under.widths is None
    assert opened(moved_to(sharp, "fisher")) == "factors" and opened(moved_to(moved_to(sharp, "fisher"), "xor")) == "factors"


# --- depth


@pytest.mark.parametrize(("way", "expected"), [("small", 1e-36), ("xavier", 2e-4), ("he", 1.4), ("he_3", 3e14)])
def test_a_gradient_vanishes_and_explodes_with_depth(way, expected):
    """Row 9 of the syllabus to an order of magnitude, and the law that the page prints beside it within 5% a layer.

    Medians of these 8 seeds: 5e-37, 3.3e-5, 0.8, 5e13. The law alone gives 7e-37, 4e-5, 1, 7e13.
    """
    found = [fares(Deep(30, "none", False, seed))[way] for seed in range(8)]
    ratios = np.log10([one.first_over_last for one in found])
    assert abs(np.median(ratios) - np.log10(expected)) < 1.0
    assert np.exp(np.mean(np.log([a_layer(one) for one in found]))) == pytest.approx(WAYS[way].factor(), rel=0.05)


def test_the_law_of_pytorchs_own_weights():
    found = [a_layer(fares(Deep(30, "none", False, seed))["torch"]) for seed in range(8)]
    assert np.mean(found) == pytest.approx(WAYS["torch"].factor(), rel=0.05)


def test_normalisation_and_skips_are_told_apart_from_the_plain_net():
    for deep in (Deep(30, "layer", False, 0), Deep(30, "none", True, 0), Deep(MOST, "rms", True, 0), Deep(LEAST, "batch", True, 0)):
        assert not deep.plain and np.isfinite([one.first_over_last for one in fares(deep).values()]).all()
    plain, normed = (fares(Deep(30, norm, False, 0))["small"].first_over_last for norm in ("none", "layer"))
    assert plain < 1e-30 and normed > 1e-3  # layer norm takes the weights' scale away


def test_what_became_of_the_gradient_is_said():
    deep = Deep(30, "none", False, 0)
    words = {key: told(deep, WAYS[key].name, one) for key, one in fares(deep).items()}
    assert "It has vanished." in words["small"] and "It arrives." in words["he"] and "It has exploded." in words["he_3"]
    assert "power 29" in words["he"]


def test_bars_reach_from_the_axis_and_what_is_no_length_has_none():
    figure = layers(np.array([1e-36, 1.0, 0.0, np.nan]), "", "#d9480f")
    low, high = figure.layout.yaxis.range
    assert low < -36 and high >= 0 and np.isnan(figure.data[0].y[2:]).all()


# --- on the page


@pytest.mark.slow
def test_the_link_opens_the_tab_and_its_settings_and_a_hand_changes_them():
    app = page.opened(tabs="tab~depth~layers~12~drawn~xavier", racer=["sgd~0", "adam~1"])
    assert app.session_state["nets/tab"] == "Depth" and any("first of 12 layers" in one.value for one in app.markdown)
    figures = [json.loads(one.proto.spec) for one in app.get("plotly_chart")]
    assert len(figures) == 2 and all(len(one["data"]) == 1 for one in figures)
    page.widget(app.slider, "nets/depth/layers").set_value(40)
    app = page.settled(app.run())
    assert any("first of 40 layers" in one.value for one in app.markdown) and "layers~40" in str(app.query_params["tabs"])
    page.widget(app.selectbox, "nets/depth/drawn").set_value("he").run()
    page.widget(app.toggle, "nets/depth/skip").set_value(True).run()
    assert page.experiment(app).under == Under("depth", layers=40, skip=True)
    app = page.tab(app, "nets/tab", "What the nets say")
    assert page.experiment(app).under.tab == "" and "tab~" not in str(app.query_params["tabs"])


@pytest.mark.slow
def test_a_report_from_before_the_preset_changed_opens_no_tab():
    """A browser tells the open tab of each of its messages, also of one that it sent before the answer that opened another."""
    app = page.opened(racer=["sgd~0"])
    old, shown = page.place(app, "nets/tab"), app.session_state["nets/tab"]
    app = page.tab(app, "nets/panel", "Net")
    page.widget(app.selectbox, "nets/preset").set_value("fisher").run()
    app = page.told(page.settled(app), old, shown)
    assert page.experiment(app).preset == "fisher" and page.experiment(app).under.tab == "" and "tab~" not in str(app.query_params)
    assert any(one.proto.id.endswith("nets/tab#1") for one in app._tree if one.type == "tab_container")


@pytest.mark.slow
def test_the_radius_of_the_rise_is_chosen_and_the_loss_rises_more_farther_away():
    def rise(app):
        rows = next(one.value for one in app.markdown if one.value.startswith("| Racer | Largest")).split("\n")
        return rows[0], float(rows[2].split("|")[4].split("±")[0])

    app = page.opened(tabs="tab~sharp~radius~0.2", racer=["sgd~0", "adam~1"])
    head, near = rise(app)
    assert "Rise 0.2 \\|w\\| away" in head
    page.widget(app.select_slider, "nets/sharp/radius").set_value(1.0)
    head, far = rise(page.settled(app.run()))
    assert "Rise 1 \\|w\\| away" in head and far > near and "radius~1.0" in str(app.query_params["tabs"])


@pytest.mark.slow
def test_settings_of_many_starts_are_in_the_address():
    app = page.opened(tabs="tab~starts~starts~3~widths~4~stuck~0.5", racer=["adam~0"])
    words = " ".join(one.value for one in app.markdown)
    assert "of 3" in words and "4 units" in words and "2 units" not in words and any("50%" in one.value for one in app.caption)
    page.widget(app.button_group, "nets/starts/widths").set_value([2, 4])
    app = page.settled(app.run())
    assert "widths~2_4" in str(app.query_params["tabs"]) and "2 units" in " ".join(one.value for one in app.markdown)
