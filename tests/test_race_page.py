"""The race page without a browser: state, address and messages. What needs JavaScript is in test_race_browser.py."""

from dataclasses import replace

import numpy as np
import pytest

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
from pages.scene.payload import decode
from pages.ui import fairness
from pages.ui.address import encode
from pages.ui.compute import race
from pages.ui.elsewhere import elsewhere
from pages.ui.experiment import default_experiment, left_behind, moved_to, racer_on
from pages.ui.present import paths_csv
from tests.tools.racing import experiment, message, opened, play, slider, tab, widget

CAMERA = {"eye": {"x": 1.25, "y": -2.0, "z": 0.5}, "center": {"x": 0.0, "y": 0.0, "z": 0.0}, "up": {"x": 0.0, "y": 0.0, "z": 1.0}}


def test_the_first_picture_is_four_racers_on_rosenbrock():
    app = opened()
    race = message(app)
    assert [racer["label"] for racer in race["racers"]] == ["Gradient descent", "Momentum", "RMSProp", "Adam"]
    assert race["headline"] == FUNCTIONS["rosenbrock"].question and race["start"] == list(FUNCTIONS["rosenbrock"].start)
    assert not app.query_params  # nothing was changed, so nothing is written: back must lead out of the app


def test_a_slider_moves_one_racer_and_the_address():
    app = opened()
    before = message(app)
    slider(app, "/0/sgd/lr/slider").set_value(0.0018).run()
    after = message(app)
    assert experiment(app).racers[0].values["lr"] == 0.0018 and "sgd~0~lr~0.0018" in app.query_params["racer"]
    assert after["racers"][0]["path"] != before["racers"][0]["path"] and after["racers"][1:] == before["racers"][1:]
    assert after["nav"] == before["nav"]  # cursor, camera and zoom are the browser's own


def test_an_exact_value_can_be_typed_and_the_slider_follows():
    app = opened()
    next(box for box in app.number_input if box.key.endswith("/0/sgd/lr/box")).set_value(0.00123).run()
    assert experiment(app).racers[0].values["lr"] == 0.00123 and slider(app, "/0/sgd/lr/slider").value == 0.00123


def test_an_address_gives_the_same_picture_elsewhere():
    first = opened()
    slider(first, "/0/sgd/lr/slider").set_value(0.0018).run()
    play(first, start={"x": 0.123456789012345, "y": -0.5, "dragging": False})
    second = opened(**first.query_params)
    assert experiment(second) == experiment(first)
    assert message(second)["racers"] == message(first)["racers"]


def test_dragging_moves_the_paths_but_only_letting_go_makes_history():
    app = opened()
    play(app, start={"x": 0.5, "y": 0.5, "dragging": True})
    assert message(app)["start"] == [0.5, 0.5] and not app.query_params
    play(app, start={"x": 0.75, "y": 0.5, "dragging": False})
    assert app.query_params["start"] == "0.75~0.5" and np.allclose(decode(message(app)["racers"][0]["path"])[:2], [0.75, 0.5])


@pytest.mark.parametrize("start", [{"x": None, "y": 1}, {"x": "NaN", "y": 1}, "left", {}, {"x": 1e400, "y": 0}])
def test_a_start_that_is_none_is_ignored(start):
    app = play(opened(), start=start)
    assert not app.exception and experiment(app).start == FUNCTIONS["rosenbrock"].start


def test_a_start_outside_the_frame_is_raced_from():
    app = opened(start="50~50")
    assert not app.warning and message(app)["start"] == [50, 50]
    assert "outside" in message(app)["racers"][0]["sentence"] or message(app)["racers"][0]["status"] in ("diverged", "running")


def test_cursor_and_view_are_in_the_address_and_come_back():
    app = play(opened(), cursor=12, view={"levels": "linear", "camera": CAMERA})
    again = opened(**app.query_params)
    assert message(again)["cursor"] == 12 and message(again)["view"]["levels"] == "linear" and message(again)["view"]["camera"] == CAMERA


def test_add_duplicate_hide_and_remove_racers():
    app = opened()
    widget(app.selectbox, "add").set_value("nesterov").run()
    assert [r.optimizer for r in experiment(app).racers][-1] == "nesterov" and experiment(app).selected == 4
    app.button(key="duplicate").click().run()
    assert experiment(app).racers[-1].slot == 5 and experiment(app).racers[-1].hypers == experiment(app).racers[-2].hypers
    widget(app.toggle, "shown/5").set_value(False).run()
    assert message(app)["racers"][-1]["visible"] is False
    widget(app.radio, "selected").set_value(0).run()
    app.button(key="remove").click().run()
    assert [r.slot for r in experiment(app).racers] == [1, 2, 3, 4, 5] and experiment(app).selected == 1
    assert experiment(app).racers[0].mark.color == default_experiment().racers[1].mark.color  # a colour stays with its racer


@pytest.mark.parametrize("key", ["lion", "sam", "nadam", "adabelief", "rprop", "signsgd", "adadelta"])
def test_a_method_without_a_recommended_rate_gets_one_that_shows_something(key):
    before = default_experiment("himmelblau")
    assert key not in before.base.recommended
    racer, words = fairness.joining(before, key, 4)
    after, plain = (race(before.with_racer(one))[4].facts for one in (racer, racer_on(before.problem, key, 4)))
    assert "best of 61" in words and f"{before.steps} evaluations" in words and after.gap < max(0.5 * plain.gap, 1e-3)
    tried = fairness._alone.cache_info().misses
    assert fairness.joining(before, key, 5)[0].values == racer.values and fairness._alone.cache_info().misses == tried  # and not again


def test_a_found_rate_says_where_it_comes_from_until_it_is_moved():
    app = tab(opened(landscape="himmelblau"), "Racers")
    widget(app.selectbox, "add").set_value("lion").run()
    assert experiment(app).racer(4).values["lr"] > 1e-3 and any("best of 61" in one.value for one in app.caption)
    slider(app, "/4/lion/lr/slider").set_value(1e-4).run()
    assert not any("best of 61" in one.value for one in app.caption)
    assert fairness.joining(experiment(app), "newton", 5)[1] == "" and fairness.joining(experiment(app), "adam", 5)[1] == ""


def test_who_cannot_run_is_listed_with_the_reason_in_plain_words():
    app = tab(opened(landscape="ackley"), "Racers")
    text = " ".join(one.value for one in app.caption)
    assert "Not here: Gauss-Newton, Levenberg-Marquardt (needs a sum of squares" in text and "matrix" not in text
    assert {"Adaptive: Adam", "Curvature: K-FAC (not here)"} <= set(widget(app.selectbox, "add").options)


@pytest.mark.parametrize(
    ("key", "values", "shown"),
    [
        ("momentum", {"lr": 0.00928267226, "momentum": 0.885495}, "lr 0.00928, momentum 0.885"),
        ("adam", {"lr": 0.2, "beta2": 0.9995}, "lr 0.2, beta2 0.9995"),
        ("adam", {"lr": 0.1, "correct_m": 0.0, "weight_decay": 0.5}, "lr 0.1, m corrected: off, L2 penalty 0.5"),
        ("newton", {"lr": 1.0, "absolute": 1.0}, "lr 1, negative curvature: its modulus (saddle-free)"),
        ("adam", {"lr": 1.0 / 3.0, "beta1": 0.0, "beta2": 0.99999}, "lr 0.333, beta1 0, beta2 0.99999"),
    ],
)
def test_a_label_has_three_digits_and_the_values_keep_theirs(key, values, shown):
    racer = racer_on(FUNCTIONS["rosenbrock"], key, 0, **values)
    assert racer.detail == shown and all(racer.values[name] == value for name, value in values.items())
    assert repr(values["lr"]) in racer.settings


def test_racers_of_one_method_tell_what_they_differ_in_whoever_has_the_default():
    slots = (("momentum", {"momentum": 0.5}), ("momentum", {}), ("nesterov", {}))
    half, usual, other = (racer_on(FUNCTIONS["rosenbrock"], key, k, lr=0.1, **values) for k, (key, values) in enumerate(slots))
    three = replace(default_experiment(), racers=(half, usual, other))
    told = ["Momentum lr 0.1, momentum 0.5", "Momentum lr 0.1, momentum 0.9", "Nesterov"]
    assert [three.called(racer) for racer in three.racers][:2] == told[:2] and usual.detail == "lr 0.1"
    assert [usual.detail_among(some) for some in ((usual, other), three.racers)] == ["lr 0.1", "lr 0.1, momentum 0.9"]


def test_beside_a_racer_with_a_batch_of_its_own_the_other_is_said_to_have_the_races():
    plain = racer_on(FUNCTIONS["bowl"], "sgd", 0, lr=0.1)
    pair = (plain, replace(plain, slot=1, batch=16, decay=0.5))
    assert [racer.detail_among(pair) for racer in pair] == [
        "lr 0.1, the race's batch, the race's decay",
        "lr 0.1, batch 16, decoupled decay 0.5",
    ]
    assert plain.detail_among(pair[:1]) == "lr 0.1"


def test_twelve_racers_fill_the_places():
    app = opened()
    for _ in range(8):
        widget(app.selectbox, "add").set_value("adam").run()
    assert len(experiment(app).racers) == 12 and widget(app.selectbox, "add").disabled and app.button(key="duplicate").disabled


def test_twelve_racers_may_all_diverge():
    app = opened(racer=[f"sgd~{slot}~lr~1000" for slot in range(12)])
    racers = message(app)["racers"]
    assert len(racers) == 12 and all(r["status"] == "diverged" and r["diverged_at"] <= 2 for r in racers)
    assert all(f"Diverged at tick {r['diverged_at']}" in r["sentence"] for r in racers)


@pytest.mark.parametrize("query", [{"racer": "none"}, {"steps": "0"}, {"racer": "none", "steps": "0"}])
def test_an_empty_race_stands(query):
    app = opened(**query)
    assert message(app)["racers"] == [] or message(app)["steps"] == 0


def test_nonsense_in_the_address_is_named_and_the_page_stands():
    app = opened(landscape="atlantis", racer=["adam~0~lr~nan", "bogus"], start="nan~1", steps="many")
    words = " ".join(warning.value for warning in app.warning)
    for part in ("atlantis", "lr = nan", "bogus", "start", "steps"):
        assert part in words
    assert message(app)["racers"][0]["label"] == "Adam"


def test_notes_are_plain_text_and_can_be_closed():
    app = opened(up="hyper.lr~5~1", steps="3~4~5", racer=["adam~0~lr~*x*_y_", "sgd~1"])
    words = app.warning[0].value
    assert r"3\~4\~5" in words and r"\*x\*\_y\_" in words
    app.button(key="notes/close").click().run()
    assert not app.warning and not app.exception


@pytest.mark.parametrize("racer", ["nobody~0", ["bogus", "none~1~lr"]])
def test_a_link_of_unknown_racers_only_races_the_landscapes_own(racer):
    app = opened(landscape="himmelblau", racer=racer)
    assert experiment(app).racers == default_experiment("himmelblau").racers and "own racers stand in" in app.warning[0].value
    assert experiment(opened(racer="none")).racers == ()


def test_with_many_seeds_the_words_are_about_all_and_name_the_one_that_is_drawn():
    app = tab(
        opened(landscape="bowl", conditions="noise~0.5", seeds="20", seed="3", racer=["sgd~0~lr~0.05", "sgd~1~lr~9.0"], tolerance="0.05"),
        "Race",
    )
    first, second = (racer["sentence"] for racer in message(app)["racers"])
    runs = [descend(FUNCTIONS["bowl"], OPTIMIZERS["sgd"], experiment(app).start, experiment(app).steps, lr=0.05,
                    conditions=experiment(app).conditions, seed=3 + k) for k in range(20)]  # fmt: skip
    arrived = sum(run.loss[-1] <= 0.05 for run in runs)
    median = sorted(run.loss[-1] for run in runs)[9]
    assert first.startswith(f"Over seeds: {arrived} of 20 seeds arrived, median final loss {median:.3g}. Seed 3, which is drawn: ")
    assert 0 < arrived <= 20 and second.startswith("Over seeds: 0 of 20 seeds arrived, 20 of 20 diverged. Seed 3")
    assert any(f"{arrived} of 20 seeds arrived" in one.value for one in app.caption)
    assert not any("seeds" in racer["sentence"] for racer in message(opened(landscape="bowl", seeds="20"))["racers"])  # nothing is random


def test_the_words_of_the_table_are_explained_below_it():
    app = opened()
    app.session_state["fold/words"] = True
    text = " ".join(one.value for one in app.run().markdown)
    assert all(f"**{word}**" in text for word in ("Arrived", "Zig-zags", "Stability edge", "Rate times the largest curvature"))


@pytest.mark.parametrize("key", FUNCTIONS)
def test_every_landscape_opens(key):
    app = opened(landscape=key)
    race, surface = message(app), message(app, "ravine_scene_surface")
    assert race["surface"] == surface["key"] and surface["name"] == FUNCTIONS[key].name
    assert race["headline"].endswith("?")


def test_a_landscapes_parameter_moves_the_surface_and_the_paths():
    app = tab(opened(), "Landscape")
    before, surface = message(app), message(app, "ravine_scene_surface")
    slider(app, "param/rosenbrock/b/slider").set_value(10.0).run()
    assert (
        message(app, "ravine_scene_surface")["key"] != surface["key"] and message(app)["racers"][0]["path"] != before["racers"][0]["path"]
    )
    assert "b~10.0" in app.query_params["params"]


def test_choosing_a_landscape_keeps_the_racers_and_takes_its_start():
    app = opened(racer=["adam~5~lr~0.3", "sgd~7"])
    moved = moved_to(experiment(app), "himmelblau")
    assert [(r.optimizer, r.slot) for r in moved.racers] == [("adam", 5), ("sgd", 7)] and moved.start == FUNCTIONS["himmelblau"].start


def test_reset_brings_the_default_back():
    app = tab(opened(racer="adam~0~lr~0.5", steps="7", landscape="beale"), "Race")
    app.button(key="reset").click().run()
    assert experiment(app) == default_experiment("beale")


def test_downloads_hold_the_paths_at_full_precision():
    rows = paths_csv(default_experiment()).decode().splitlines()
    steps = default_experiment().steps
    assert rows[0] == "racer,optimizer,settings,tick,x,y,loss,gradient_norm" and len(rows) == 1 + 4 * (steps + 1)
    x, y = default_experiment().start
    assert f",0,{x!r},{y!r}," in rows[1]


def test_the_message_of_a_change_stays_small():
    """At most 65 KB over the websocket for a change, even one that moves the surface, for the race that the page opens with."""
    app = opened()
    slider(app, "/0/sgd/lr/slider").set_value(0.0018).run()
    sizes = {one.proto.component_name: one.proto.ByteSize() for one in app.get("bidi_component")}
    assert sizes["ravine_scene"] + sizes["ravine_scene_surface"] <= 65 * 1024


def test_what_is_written_is_what_is_encoded():
    app = opened(steps="123")
    slider(app, "/0/sgd/lr/slider").set_value(0.0018).run()
    assert dict(app.query_params) == encode(experiment(app))


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_can_be_added_or_says_why_not(key):
    app = tab(opened(), "Racers")
    widget(app.selectbox, "add").set_value(key).run()
    assert not app.exception
    if reason := OPTIMIZERS[key].unfit(FUNCTIONS["rosenbrock"]):
        assert reason.split()[0] in app.warning[0].value and len(experiment(app).racers) == 4
    else:
        assert experiment(app).racers[-1].optimizer == key and {
            w.key.split("/")[3] for w in (*app.number_input, *app.radio) if "/4/" in w.key
        } == set(OPTIMIZERS[key].by_key)


def test_nothing_arrives_where_a_racer_went_below_all_minima():
    app = opened(landscape="formula", formula="x**2*y", start="-1~1", racer=["sgd~0~lr~0.2", "adam~1~lr~0.5"], steps="300")
    racers, surface = message(app)["racers"], message(app, "ravine_scene_surface")
    assert all(racer["reached"] is None for racer in racers) and surface["lowest"] is None and surface["key"] == message(app)["surface"]
    assert any("went below the lowest minimum known (0)" in racer["sentence"] for racer in racers)
    app = tab(app, "Landscape")
    words = " ".join(one.value for one in app.caption)
    assert "A valley of minima" in words and "nobody arrives" in words


@pytest.mark.slow
@pytest.mark.parametrize("landscape", ["gaussian_fit", "gaussian_fit_log"])
def test_natural_gradients_way_is_the_same_in_other_coordinates_and_gradient_descents_is_not(landscape):
    """Row 62, Amari 1998, section 2: halving the rate halves the gap of one and not that of the other; so says the sentence."""
    app = tab(opened(landscape=landscape, racer=["sgd~0~lr~0.02", "natural_gradient~1~lr~0.02"], steps="100"), "Landscape")
    assert all(racer["other"] is None for racer in message(app)["racers"])
    widget(app.toggle, "other").set_value(True).run()
    assert app.query_params["other"] == "1" and message(opened(**app.query_params))["racers"] == message(app)["racers"]
    descent, natural = (elsewhere(experiment(app).setup, racer) for racer in experiment(app).racers)
    assert natural.halved / natural.gap == pytest.approx(0.5, abs=0.05) and descent.halved / descent.gap > 0.9
    assert descent.gap > 10 * natural.gap
    first, second = message(app)["racers"]
    assert "another way, whatever the rate" in first["sentence"] and "shrinks with the rate" in second["sentence"]
    path, carried = (decode(second[name]).reshape(-1, 2) for name in ("path", "other"))
    assert np.linalg.norm(path - carried, axis=1).max() == pytest.approx(natural.gap, rel=1e-4)
    other = opened(landscape={"gaussian_fit": "gaussian_fit_log", "gaussian_fit_log": "gaussian_fit"}[landscape])
    assert not other.exception


def test_where_the_start_has_no_place_in_other_coordinates_nothing_is_laid_over():
    app = opened(landscape="gaussian_fit", other="1", start="0~-1", racer="sgd~0~lr~0.01")
    assert message(app)["racers"][0]["other"] is None


def test_who_cannot_come_along_to_another_landscape_is_left_out_with_a_word():
    before = default_experiment("line_fit")
    before = before.with_racer(racer_on(before.problem, "kfac", 4))
    after = moved_to(before, "rosenbrock")
    assert [racer.slot for racer in after.racers] == [0, 1, 2, 3] and after.racer(after.selected)
    assert "K-FAC cannot run on Rosenbrock and was left out" in left_behind(before, after)
    app = tab(opened(landscape="line_fit", racer=["gauss_newton~0", "adam~1"]), "Landscape")
    widget(app.text_input, "own").set_value("x**2 + y**2").run()
    assert not app.exception
    assert "was left out" in app.warning[0].value and [r.optimizer for r in experiment(app).racers] == ["adam"]


def test_a_start_far_beyond_everything_stands():
    app = tab(opened(start="1e300~-1e300"), "Race")
    assert not app.exception and all(racer["status"] == "diverged" for racer in message(app)["racers"])


def test_the_card_says_what_a_step_costs_and_what_two_dimensions_hide():
    app = opened(racer=["sam~0"], selected="0")
    text = " ".join(one.value for one in app.markdown)
    assert "**A step costs** 2 evaluations of loss and gradient." in text and "cannot show in two dimensions" in text
