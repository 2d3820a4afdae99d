"""An own formula on the race page: what is drawn, what is refused, and that nothing is lost."""

import time
from dataclasses import replace

import numpy as np
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from landscape import FormulaError
from landscape.expression import parse
from pages.scene.payload import decode_heights
from pages.ui import making
from pages.ui.experiment import default_experiment
from pages.ui.words import pointed
from tests.tools.racing import SCRIPT, experiment, message, opened, tab, widget


def test_an_own_formula_becomes_a_landscape_with_sliders():
    app = tab(opened(), "Landscape")
    widget(app.text_input, "own").set_value("x**2 + stretch*y**2").run()
    assert experiment(app).landscape == "formula" and experiment(app).params == (1.0,)
    widget(app.number_input, "param/formula/stretch/box").set_value(3.5).run()
    assert message(opened(**app.query_params))["racers"] == message(app)["racers"]


@pytest.mark.parametrize(
    "text", ["x +", "x**", "foo(x)", "__import__('os')", "x.real", "x[0]", "lambda: 1", "9**9**9", "(" * 500, "a*b*c*d*f*g*h"]
)
def test_an_impossible_formula_is_refused_and_nothing_is_lost(text):
    app = tab(opened(), "Landscape")
    widget(app.text_input, "own").set_value(text).run()
    assert not app.exception and experiment(app) == default_experiment()
    assert widget(app.text_input, "own").value == text and app.error and not app.warning  # what was typed stays, with the reason below it


def test_a_mistyped_formula_is_mended_where_it_was_typed():
    app = tab(opened(landscape="formula", formula="x^2 + 2y^2"), "Landscape")
    widget(app.text_input, "own").set_value("x^2 + 2y^").run()
    assert widget(app.text_input, "own").value == "x^2 + 2y^" and "breaks off" in app.error[0].value
    assert experiment(app).text == "x^2 + 2y^2"
    widget(app.text_input, "own").set_value("x^2 + 2y^4").run()
    assert not app.error and experiment(app).text == "x^2 + 2y^4"
    widget(app.text_input, "own").set_value("1/(x").run()
    app.session_state["experiment"] = default_experiment("himmelblau")
    app.run()
    assert not app.error and widget(app.text_input, "own").value == ""  # another landscape, another field


@pytest.mark.parametrize(("text", "shown", "marked"), [("x + foo", "x + foo", "foo"), ("x + " * 30 + "foo" + " + y" * 30, "", "foo")])
def test_a_long_formula_is_shown_around_its_mistake(text, shown, marked):
    with pytest.raises(FormulaError) as refusal:
        parse(text)
    sentence, fence, part, below, _ = pointed(refusal.value).split("\n")
    assert sentence.startswith("Unknown name") and fence == "```" and len(part) <= 40
    assert part[below.index("^") : below.rindex("^") + 1] == marked and (part == shown or part[3:-3] in text)


def test_the_holes_of_a_formula_are_drawn_as_holes():
    app = opened(landscape="formula", formula="log(x) + y**2")
    surface = message(app, "ravine_scene_surface")
    heights = decode_heights(surface)
    assert np.isnan(heights[:, : heights.shape[1] // 2 - 1]).all() and np.isfinite(heights[:, -1]).all()
    assert experiment(app).start[0] > 0 and not message(app)["racers"][0]["sentence"].startswith("The start")  # it has a value
    app = opened(landscape="formula", formula="log(x) + y**2", start="-1~1")
    assert all(
        racer["sentence"].startswith("The start has no value") and racer["fate"] == "found no value" for racer in message(app)["racers"]
    )


def test_minima_of_an_own_formula_are_found_marked_and_measured_from():
    app = tab(opened(landscape="formula", formula="(x**2 - 1)**2 + y**2", racer=["adam~0~lr~0.1"], steps="300"), "Landscape")
    surface = message(app, "ravine_scene_surface")
    assert sorted((round(p["x"]), p["kind"]) for p in surface["points"]) == [(-1, "minimum"), (0, "saddle"), (1, "minimum")]
    assert surface["searched"] and surface["lowest"] == pytest.approx(0, abs=1e-12)
    (racer,) = message(app)["racers"]
    assert racer["reached"] is not None and racer["goal"] == "(-1, 0)" and "Within 0.001 of the lowest loss" in racer["sentence"]
    assert any("2 minima found numerically within the frame" in one.value for one in app.caption)
    assert not message(opened(), "ravine_scene_surface")["searched"]


def test_a_click_whose_run_was_interrupted_still_opens_the_page_without_the_slice(monkeypatch):
    """A look-again may end the run of a click before it comes to the button: what the click said must be known by then."""
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    app.query_params["landscape"], app.query_params["slice"] = "slice", "preset~moons"
    monkeypatch.setattr(making, "MADE", {"slice": replace(making.MADE["slice"], work=lambda text: _forever)})
    app.run()
    assert [one.value for one in app.subheader] == ["This landscape is being made"]
    monkeypatch.setattr(making.st, "subheader", _interrupted)
    next(one for one in app.button if one.key == "made/without").click().run()
    monkeypatch.undo()
    app.run()
    assert not app.exception and message(app) and "slice" not in app.query_params


def _forever(report):
    while True:
        report.check()
        time.sleep(0.01)
        yield None


def _interrupted(text):
    st.stop()
