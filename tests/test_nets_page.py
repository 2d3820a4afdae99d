"""The nets page without a browser: state, address and messages. What needs JavaScript is in test_nets_browser.py."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.scene.payload import decode, decode_heights
from pages.ui.nets import picture
from pages.ui.nets.tabs import pictures
from tests.tools.racing import widget

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler
QUICK = {"steps": "40", "plane": "points~15"}


def unsettled(**query):
    """The page at its first run, whatever goes on behind it."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=120)
    app._page_hash = calc_hash("nets")
    for key, value in (QUICK | query).items():
        app.query_params[key] = value
    return app.run()


def opened(**query):
    return settled(unsettled(**query))


def settled(app):
    """Run it again, as its pulse does, until training and plane are done."""
    for _ in range(100):
        assert not app.exception, app.exception
        jobs = app.session_state["jobs"]._jobs
        if not any(job.busy for job in jobs.values()):
            break
        for job in jobs.values():
            job.finish(2.0)
        app.run()
    return app.run()


def message(app, name="ravine_scene"):
    return json.loads(next(one.proto.json for one in app.get("bidi_component") if one.proto.component_name == name))


def experiment(app):
    return app.session_state["nets/experiment"]


def tab(app, key, name):
    """Open a tab by hand: AppTest knows tabs as places, not as widgets, so the message is written here."""
    return told(app, place(app, key), name)


def place(app, key):
    """The id of the tabs of that key, however often code has made them anew."""
    return next(one.proto.id for one in app._tree if one.type == "tab_container" and re.search(rf"-{key}(#\d+)?$", one.proto.id))


def told(app, tabs, name):
    """A browser's message that this tab is open."""
    states = app._tree.get_widget_states()
    one = states.widgets.add()
    one.id, one.string_value = tabs, name
    return settled(app._run(states))


def test_the_page_draws_a_plane_with_everybody_on_it():
    app = opened()
    race, surface = message(app), message(app, "ravine_scene_surface")
    assert race["surface"] == surface["key"] and race["fixed"] and "snapshot" not in race["headline"]
    assert [racer["label"] for racer in race["racers"]] == ["Gradient descent", "Momentum", "RMSProp", "Adam"]
    heights = decode_heights(surface)
    assert heights.shape == (15, 15) and np.isfinite(heights).all() and surface["axes"][0].startswith("PCA 1 (")
    path, loss = decode(race["racers"][0]["path"]).reshape(-1, 2), decode(race["racers"][0]["loss"])
    np.testing.assert_allclose(path[0], race["start"], rtol=1e-5)
    np.testing.assert_allclose(path[-1], 0.0, atol=1e-6)  # the plane goes through its end
    assert np.interp(0, np.linspace(*surface["x"], 15), np.arange(15)) % 1 == pytest.approx(0, abs=1e-6) and loss[-1] < loss[0]


def test_a_moved_rate_trains_that_racer_anew_and_writes_the_address():
    app = opened()
    before = message(app)["racers"]
    widget(app.select_slider, "nets/racer/0/sgd/lr/slider").set_value(0.1).run()
    after = message(settled(app))["racers"]
    assert "lr~0.1" in app.query_params["racer"][0]
    assert after[0]["loss"] != before[0]["loss"] and after[1]["loss"] == before[1]["loss"]


def test_another_preset_keeps_the_racers_and_opens_its_net():
    app = tab(opened(), "nets/panel", "Net")
    widget(app.selectbox, "nets/preset").set_value("xor").run()
    assert experiment(app).data == "xor" and [racer.optimizer for racer in experiment(app).racers] == ["sgd", "momentum", "rmsprop", "adam"]


def test_every_panel_and_every_tab_opens():
    app = opened(net="mlp~widths~4", plane="points~15~kind~random")
    for name in ("Net", "Plane", "Training"):
        tab(app, "nets/panel", name)
    for name in ("True loss", "Between two ends", "Sharpness", "Skips and norms", "Files"):
        tab(app, "nets/tab", name)
        assert not app.error


def test_the_three_solutions_are_chosen_and_change_places():
    app = tab(opened(plane="points~15~kind~solutions"), "nets/panel", "Plane")
    assert not any(one.key == "nets/plane/of" for one in app.radio)
    widget(app.selectbox, "nets/plane/end/0").set_value(3).run()
    assert experiment(app).plane.ends == (3, 1, 2) and "ends~3_1_2" in str(app.query_params["plane"])
    widget(app.selectbox, "nets/plane/end/0").set_value(1).run()
    assert experiment(app).plane.ends == (1, 3, 2)
    app = settled(app)
    assert any("through the ends of Momentum, at (0, 0), Adam and RMSProp" in one.value for one in app.caption)
    assert message(app, "ravine_scene_surface")["axes"] == ["towards Adam", "towards RMSProp"]


def test_who_is_removed_is_no_end_of_a_line_or_a_plane():
    app = tab(opened(plane="points~15~kind~solutions", line="0~3"), "nets/tab", "Between two ends")
    widget(app.button, "nets/remove").click().run()
    app = settled(app)
    assert experiment(app).plane.ends == (1, 2, 3) and 0 not in experiment(app).line and not app.error


def test_a_net_that_does_not_fit_its_data_is_refused_and_the_old_one_stays():
    app = tab(opened(), "nets/panel", "Net")
    widget(app.selectbox, "nets/model").set_value("cnn").run()
    assert "images" in app.warning[0].value and experiment(app).model.widths == (16,)


def test_layers_can_be_named_one_by_one():
    app = tab(opened(), "nets/panel", "Net")
    widget(app.text_input, "nets/model/widths/exact").set_value("5, 4 3").run()
    assert experiment(app).model.widths == (5, 4, 3)
    widget(app.text_input, "nets/model/widths/exact").set_value("5, none").run()
    assert experiment(app).model.widths == (5, 4, 3) and app.warning


def test_a_method_that_cannot_train_the_net_is_offered_with_its_reason():
    app = opened()
    offered = widget(app.selectbox, "nets/add")
    assert any("K-FAC" in option and "not here" not in option for option in offered.options)
    big = opened(net="mlp~widths~64_64")
    assert any("not here" in option for option in widget(big.selectbox, "nets/add").options)
    assert any("Not here" in one.value and "weights" in one.value for one in big.caption)


def test_k_fac_and_l_bfgs_train():
    """K-FAC as the preset recommends it."""
    app = opened(preset="fisher", racer=["kfac~0", "l_bfgs~1"], steps="15")
    racers = message(app)["racers"]
    assert [racer["label"] for racer in racers] == ["K-FAC", "L-BFGS"] and not app.warning
    for racer in racers:
        loss = decode(racer["loss"])
        assert loss[-1] < loss[0]


def test_a_diverging_racer_is_named_and_the_others_are_drawn():
    app = opened(preset="curve", racer=["sgd~0~lr~10000.0", "adam~1~lr~0.01"])
    first, second = message(app)["racers"]
    assert first["status"] == "diverged" and first["diverged_at"] is not None and "Diverged" in first["sentence"]
    assert np.isfinite(decode(second["loss"])).all()


def test_when_all_diverge_the_page_says_what_to_do():
    app = opened(preset="curve", racer=["sgd~0~lr~100000.0"])
    assert "Gradient descent diverged after" in app.error[0].value
    assert "Lower its learning rate, 100000: the preset recommends 0.1." in app.error[0].value
    assert any("The axis ends at" in caption.value and "beyond it went Gradient descent" in caption.value for caption in app.caption)


def test_one_sample_and_constant_features_are_trained_on():
    app = opened(data="moons~samples~1~noise~0.0~validation~1")
    assert len(message(app)["racers"]) == 4 and not app.error


def test_nobody_trains():
    app = opened(racer="none")
    assert any("Nobody" in one.value for one in app.info)


def test_the_scenes_events_are_kept_and_nonsense_is_not(monkeypatch):
    app = opened()
    for cursor, view in ((7, "x"), (10**6, {"surface": False, "evil": 1}), ("x", {"camera": [1]})):

        def play(*shown, key, on_cursor, on_view, cursor=cursor, view=view):
            on_cursor(cursor)
            on_view(view)

        monkeypatch.setattr(picture, "scene", play)
        app.run()
        assert not app.exception
        assert experiment(app).cursor == 7
    assert dict(experiment(app).view) == {}


def test_a_net_that_takes_long_is_offered_a_shorter_way(monkeypatch):
    from pages.ui.nets import training

    monkeypatch.setattr(training, "seconds_a_tick", lambda problem, batch: 10.0)
    app = opened(seed="77")
    assert any("minutes" in one.value for one in app.info)
    widget(app.button, "nets/fewer").click().run()
    assert experiment(app).steps == 2


def test_one_rate_for_all_and_back_to_the_recommended_ones():
    app = opened()
    before = [racer.values["lr"] for racer in experiment(app).racers]
    app.session_state["nets/menu/rates"] = True
    widget(app.run().button, "nets/rates/same").click().run()
    assert {racer.values["lr"] for racer in experiment(app).racers} == {before[0]}
    app.session_state["nets/menu/rates"] = True
    widget(app.run().button, "nets/rates/own").click().run()
    assert [racer.values["lr"] for racer in experiment(app).racers] == before


def drawn_words(app, key):
    """The words of a figure, by the end of its key."""
    figure = json.loads(next(one for one in app.get("plotly_chart") if one.proto.id.endswith(key)).proto.spec)
    return [note["text"] for note in figure["layout"]["annotations"]]


def test_images_are_shown_with_what_each_net_says_at_the_cursor():
    def right(**query):
        """What the page shows, and how many images it says that both nets get right."""
        app = opened(preset="digits", racer=["sgd~0", "adam~1"], **query)
        words = next(one.value for one in app.caption if "360 validation images" in one.value)
        return app, int(words.partition("both nets get ")[2].partition(" right")[0])

    app, count = right()
    shown = drawn_words(app, "nets/images/0")
    assert len(shown) == 4 and all(words.startswith("is <b>") and "\u25a0" in words for words in shown)
    assert sum(line.startswith("- Image") for one in app.markdown for line in one.value.split("\n")) == 16
    assert right(cursor="0")[1] < count


def test_nets_that_are_not_finite_are_named_and_no_images_are_shown(monkeypatch):
    monkeypatch.setattr(pictures, "say", lambda problem, weights, inputs: np.full((len(inputs), 10), np.nan))
    app = opened(preset="digits", racer=["sgd~0", "adam~1"], seed="42")
    assert any(one.value.startswith("What Gradient descent and Adam came to is not finite here") for one in app.caption)
    assert not any("nets/images" in one.proto.id for one in app.get("plotly_chart"))


def test_the_fisher_matrix_and_its_factors_are_drawn():
    app = tab(opened(preset="fisher"), "nets/tab", "Fisher and K-FAC")
    named = next(one for one in app.get("plotly_chart") if one.proto.id.endswith("nets/fisher"))
    drawn = json.loads(named.proto.spec)
    titles = [note["text"] for note in drawn["layout"]["annotations"]]
    assert titles[0] == "exact Fisher F" and len(drawn["data"]) == len(titles) == 4
    words = next(caption.value for caption in app.caption if "K-FAC" in caption.value)
    assert "27 weights" in words and "of the Fisher matrix" in words


def test_dropout_has_a_slider_and_a_convention_and_batch_norm_names_its_own():
    app = tab(opened(net="mlp~widths~8~norm~batch", batch="32"), "nets/panel", "Net")
    assert any("biased variance" in caption.value for caption in app.caption)
    widget(app.slider, "nets/model/dropout").set_value(0.5)
    app = settled(app.run())
    widget(app.selectbox, "nets/model/rescale").set_value("test")
    app = settled(app.run())
    assert (experiment(app).model.dropout, experiment(app).model.rescale) == (0.5, "test")
    assert "dropout~0.5" in app.query_params["net"] and "rescale~test" in app.query_params["net"]


def test_a_claim_is_judged_when_somebody_asks():
    """On a tenth of the preset's budget, where the verdicts are others: what is under test is that they are the run's."""
    app = opened(preset="digits_one_cycle", steps="90")
    said = [text.value for text in app.markdown if "one epoch does as well as ten" in text.value]
    assert said
    if ask := [button for button in app.button if button.key == "nets/ask/claims"]:
        ask[0].click()
        app = settled(app.run())
    (found,) = [text.value for text in app.markdown if text.value.startswith("| What is said |")]
    assert found.count("**") == 2 * len(experiment(app).problem.claims) and "1-cycle" in found
    assert any("rank test" in caption.value for caption in app.caption)


def test_without_a_claim_the_presets_that_have_one_are_named():
    app = opened(tabs="tab~claims")
    assert app.session_state["nets/tab"] == "Claims, tested"
    (said,) = [text.value for text in app.markdown if text.value.startswith("Nothing is said of this preset's racers")]
    assert "**A recurrent net**" in said and "**Digits, one cycle**" in said and "**A transformer**" not in said
