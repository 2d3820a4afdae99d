"""Looking inside on the race page: what is sent, and only when it is wanted. The pictures: test_inside_browser.py."""

import json

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers import OPTIMIZERS
from optimizers.shown import WIDTHS
from pages.scene.payload import decode
from pages.ui.words import plain
from tests.tools.racing import experiment, message, opened, play, slider, widget


def part(app, key):
    found = next(one for one in message(app)["inside"]["parts"] if one["key"] == key)
    rows = decode(found["data"])
    return rows.reshape(-1, found["width"]) if found["width"] > 1 else rows


def test_nothing_inside_is_sent_before_somebody_looks():
    app = opened()
    before = message(app)
    assert before["inside"] is None
    app = play(app, view={"inside": True})
    after = message(app)
    assert after["inside"]["racer"] == "0" and after | {"inside": None, "view": {}} == before
    assert "inside~1" in app.query_params["view"]
    assert message(play(app, view={"inside": False}))["inside"] is None


def test_it_is_the_selected_racers_inside_and_follows_its_slider():
    app = opened(selected="3", view="inside~1", steps="50")
    assert message(app)["inside"]["racer"] == "3" and part(app, "m_hat").shape == (51, 2)
    path = decode(message(app)["racers"][3]["path"]).reshape(-1, 2)
    assert part(app, "step")[:-1, 2:] == pytest.approx(np.diff(path, axis=0), abs=1e-5)
    before = part(app, "v")
    slider(app, "/3/adam/beta2/slider").set_value(0.9).run()
    assert not np.allclose(before[1:], part(app, "v")[1:])


def test_a_simplex_and_a_leash_are_drawn_without_being_asked_for():
    for key, shape in (("nelder_mead", "simplex"), ("trust_region", "leash"), ("newton", "model")):
        racer = [f"{key}~0", "sgd~1"]
        assert part(opened(racer=racer), shape).shape[0] > 1
        assert message(opened(racer=racer, selected="1"))["inside"] is None
        assert message(opened(racer=racer, view="inside~0"))["inside"] is None


def test_a_hidden_racer_shows_nothing_inside():
    app = opened(view="inside~1")
    widget(app.toggle, "shown/0").set_value(False).run()
    assert message(app)["inside"] is None and not app.exception


@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if not method.curvature or method.curvature == "hessian"])
def test_every_method_can_be_looked_into_under_every_condition(key):
    terms = {"steps": "30", "schedule": "cosine", "conditions": "noise~0.5~clip_norm~5~l2~0.1~decay~0.01", "seed": "3", "view": "inside~1"}
    app = opened(racer=[f"{key}~0"], **terms)
    seen = message(app)["inside"]
    json.dumps(seen, allow_nan=False)
    assert not app.warning and {one["form"] for one in seen["parts"]} <= set(WIDTHS)
    assert not any("{" in clause.format_map({one["key"]: "" for one in seen["parts"]}) for clause in seen["says"])


def test_the_card_has_the_formulas_numbers_at_the_cursor():
    app = opened(racer=["momentum~0~lr~0.001"], steps="20", cursor="5", view="inside~1")
    numbers = app.latex[-1].value
    v = part(app, "v")[5]
    assert r"\begin{aligned}" in numbers and "t &= 5" in numbers and f"{v[0]:.3g}" in numbers
    assert not any("aligned" in one.value for one in opened(cursor="5").latex)
    assert "t &= 7" in play(app, cursor=7).latex[-1].value


def test_another_landscape_keeps_the_choice_to_look_inside():
    assert experiment(opened(view="inside~1", landscape="himmelblau")).view == {"inside": True}


def test_coordinates_are_named_without_latex():
    assert [plain(name) for name in ("x", r"\mu", r"\sigma", "w_{1}", "w_2")] == ["x", "μ", "σ", "w₁", "w₂"]
    for problem in PROBLEMS.values():
        assert not any(set(plain(axis)) & set("\\{}_") for axis in problem.axes), problem.key
