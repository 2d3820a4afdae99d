"""What the race page puts on all racers alike or on one: schedules, noise, clipping, decay, batches, and fair rates."""

import time
from dataclasses import replace

import numpy as np
import pytest

from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.scene.payload import decode, decode_heights
from pages.ui import address, tuning
from pages.ui.compute import race
from pages.ui.experiment import default_experiment, moved_to, within_data
from tests.tools.racing import experiment, message, opened, play, tab, widget


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_has_its_controls_and_its_curve(key):
    app = tab(opened(), "Race")
    widget(app.selectbox, "schedule").set_value(key).run()
    assert not app.exception
    assert experiment(app).schedule.key == key and app.query_params["schedule"].startswith(key)
    assert len(decode(message(app)["racers"][0]["rate"])) == experiment(app).steps
    assert {one.key.split("/")[2] for one in (*app.number_input, *app.radio) if one.key.startswith(f"schedule/{key}/")} == {
        hyper.key for hyper in SCHEDULES[key].hypers
    }


@pytest.mark.parametrize("key", AROUNDS)
def test_every_follower_has_its_controls_and_shows_both_paths(key):
    app = tab(opened(), "Racers")
    widget(app.selectbox, "around/0").set_value(key).run()
    assert not app.exception
    racer = message(app)["racers"][0]
    assert experiment(app).racers[0].around.key == key and racer["queries"] is not None and "+" in racer["label"]
    fast, path = decode(racer["fast"]).reshape(-1, 2, 2), decode(racer["path"]).reshape(-1, 2)
    assert len(fast) == len(path) and np.array_equal(fast[0, 0], path[0]) and not np.allclose(fast[:-1, 1], path[:-1], atol=1e-3)


def test_noise_is_the_same_for_whoever_opens_the_link_and_shades_the_curve():
    app = tab(opened(), "Race")
    widget(app.toggle, "condition/noise").set_value(True).run()
    widget(app.number_input, "seeds").set_value(20).run()
    band = decode(message(app)["racers"][0]["band"]).reshape(3, -1)
    assert np.all(band[0] <= band[1]) and np.all(band[1] <= band[2]) and np.any(band[0] < band[2])
    again = opened(**app.query_params)
    assert message(again)["racers"] == message(app)["racers"]
    widget(app.number_input, "seed").set_value(7).run()
    assert message(app)["racers"] != message(again)["racers"]


def test_clipping_keeps_a_wild_race_from_diverging():
    assert message(opened(racer="sgd~0~lr~0.1"))["racers"][0]["status"] == "diverged"
    assert message(opened(racer="sgd~0~lr~0.1", conditions="clip_norm~1.0"))["racers"][0]["status"] != "diverged"


def patient(app):
    """Look again, as the page does, until the tuning says that it is over."""
    for _ in range(1200):
        if app.info:
            return
        time.sleep(0.05)
        app.run()
    raise AssertionError("no end of the tuning")


def test_fair_rates_say_what_they_did():
    app = tab(opened(), "Racers")
    app.button(key="fair/The same for all").click().run()
    assert {racer.values["lr"] for racer in experiment(app).racers} == {experiment(app).racers[0].values["lr"]}
    patient(app.button(key="fair/Tune each").click().run())
    tuned = {race["label"]: race["reached"] for race in message(app)["racers"]}
    first = min(tuned, key=lambda name: tuned[name] or np.inf)
    assert f"First there: {first}, after {tuned[first]} evaluations." in app.info[0].value and "61" in app.info[0].value
    assert all(reached is None or reached <= experiment(app).steps for reached in tuned.values())
    app.button(key="fair/Recommended").click().run()
    assert experiment(app).racers == default_experiment().racers


LONG = {"landscape": "logistic", "steps": "10000", "racer": ["sgd~0", "adam~1", "momentum~2", "rmsprop~3"]}


@pytest.mark.slow
def test_a_long_tuning_says_how_far_it_is_and_can_be_stopped():
    app = tab(opened(**LONG), "Racers")
    before = experiment(app)
    app.button(key="fair/Tune each").click().run()
    words = [each.proto.text for each in app.get("progress")]
    assert len(words) == 1 and words[0].startswith("Trying 61 learning rates for each racer: ")
    app.button(key="cancel/tune").click().run()
    assert not app.get("progress") and not app.info and experiment(app) == before and not app.exception


@pytest.mark.slow
def test_a_tuning_ends_where_the_race_becomes_another():
    app = tab(opened(**LONG), "Racers")
    app.button(key="fair/Tune each").click().run()
    play(app, cursor=5)
    assert app.get("progress"), "the cursor plays no part"
    app.button(key="fair/The same for all").click().run()
    assert not app.get("progress") and "the tuning of its learning rates was stopped" in app.warning[0].value
    assert "All racers now have" in app.info[0].value


def test_where_nobody_arrives_the_rates_are_judged_by_the_loss():
    fair, words = tuning.tuned(replace(default_experiment(), steps=5))
    ends = {racer.name: race(fair)[racer.slot].run.loss[-1] for racer in fair.racers}
    assert f"Nobody comes there; the lowest loss at the end is {min(ends, key=ends.get)}'s" in words


def test_the_reset_says_what_it_keeps():
    app = tab(opened(landscape="ravine", params="condition~30~rotation~0", conditions="noise~1", racer="adam~0"), "Race")
    button = app.button(key="reset")
    assert button.label == "Reset this race on Ravine" and "parameters" in button.help
    button.click().run()
    assert experiment(app) == default_experiment("ravine")
    app.button(key="over").click().run()
    assert experiment(app) == default_experiment() and app.query_params["landscape"] == "rosenbrock"


def test_optimal_rates_are_set_where_a_theorem_knows_them_and_lead_to_the_link_with_the_syllabus_figures():
    """Row 26, evaluations until |x| < 1e-6 at condition 100: GD 709, heavy ball 95, NAG 158; and the page's address reproduces them."""
    track = {"landscape": "ravine", "params": "condition~100~rotation~0", "start": "1~1", "steps": "800", "tolerance": "1e-06"}
    app = tab(opened(**track, racer=["sgd", "momentum", "nesterov", "adam"]), "Racers")
    adam = experiment(app).racers[3]
    app.button(key="fair/Optimal for this quadratic").click().run()
    assert experiment(app).racers[3] == adam and "No such theorem: Adam" in app.info[0].value
    for shown in (app, opened(**app.query_params)):
        assert [racer["close"] for racer in message(shown)["racers"]][:3] == [709, 95, 158]
    assert "the minimum itself after 709" in message(app)["racers"][0]["sentence"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"landscape": "rosenbrock"}, "the curvature of Rosenbrock is not the same everywhere"),
        ({"landscape": "saddle"}, "Saddle is not curved upwards in every direction"),
        ({"landscape": "line_fit", "batch": "8"}, "exact gradients"),
        ({"landscape": "bowl", "schedule": "cosine"}, "constant rate"),
        ({"landscape": "bowl", "racer": "adam"}, "Nobody here has a theorem"),
    ],
)
def test_where_no_theorem_knows_the_best_settings_the_button_says_why(query, reason):
    app = tab(opened(**query), "Racers")
    assert app.button(key="fair/Optimal for this quadratic").disabled
    assert any(reason in one.value for one in app.caption)


def test_racers_may_differ_in_batch_size_and_in_decay():
    app = tab(opened(landscape="line_fit", racer=["sgd", "sgd", "sgd~2~batch~16"], seeds="5"), "Racers")
    widget(app.toggle, "batch/0").set_value(True).run()
    widget(app.number_input, "batch/0/value").set_value(1).run()
    racers = message(app)["racers"]
    assert [racer["batch"] for racer in racers] == [1, 200, 16] and [bool(racer["band"]) for racer in racers] == [True, False, True]
    assert len({racer["path"] for racer in racers}) == 3 and "sgd~0~lr~0.1~batch~1" in app.query_params["racer"]
    widget(app.toggle, "decay/0").set_value(True).run()
    assert experiment(app).racers[0].detail == "lr 0.1, batch 1, decoupled decay 0.1"
    assert experiment(opened(**app.query_params)) == experiment(app)


def test_with_fewer_samples_a_racers_own_batch_is_all_of_them():
    few = within_data(replace(address.decode({"landscape": ["line_fit"], "racer": ["sgd~0~batch~150"]})[0], params=(1.0, 0.5, 40.0, 0.0)))
    assert few.racers[0].batch == 40 and moved_to(few, "bowl").racers[0].batch is None


@pytest.mark.parametrize(("key", "alike"), [("sgd", True), ("momentum", False), ("adam", False)])
def test_on_one_race_an_l2_penalty_and_a_decoupled_decay_are_the_same_for_gradient_descent_alone(key, alike):
    """Row 52; Loshchilov & Hutter 2019, propositions 1 and 2."""
    query = {"landscape": ["himmelblau"], "racer": [f"{key}~0~lr~0.01~weight_decay~0.5", f"{key}~1~lr~0.01~decay~0.5", f"{key}~2~lr~0.01"]}
    found, notes = address.decode(query)
    l2, decoupled, none = (outcome.run.path for outcome in race(found).values())
    assert not notes and np.allclose(l2, decoupled, rtol=1e-10, atol=1e-10) is alike
    assert np.abs(l2 - none).max() > 1e-3


def test_a_racer_may_have_a_schedule_of_its_own():
    app = tab(opened(schedule="cosine"), "Racers")
    widget(app.selectbox, "plan/0").set_value("constant").run()
    first, second = (decode(racer["rate"]) for racer in message(app)["racers"][:2])
    assert np.ptp(first) == 0 and np.ptp(second) > 0
    assert message(opened(**app.query_params))["racers"] == message(app)["racers"]


def test_noise_says_whom_it_does_not_reach():
    app = tab(opened(racer=["adam~0", "nelder_mead~1"], conditions="noise~0.5"), "Race")
    assert [one.value for one in app.caption if "reach" in one.value] == ["Does not reach Nelder-Mead: no gradient is asked for."]
    adam, simplex = message(app)["racers"]
    assert "gradient noise cannot reach it" in simplex["sentence"] and "reach it" not in adam["sentence"]


def test_contours_may_include_the_penalty():
    app = tab(opened(racer=["sgd~0"], landscape="booth", conditions="l2~2.0"), "Race")
    plain, plain_race = message(app, "ravine_scene_surface"), message(app)["racers"][0]
    widget(app.toggle, "penalty").set_value(True).run()
    assert not app.exception and app.query_params["penalty"] == "1"
    surface, race = message(app, "ravine_scene_surface"), message(app)["racers"][0]
    assert surface["quantity"] == "loss + penalty" and surface["key"] == message(app)["surface"] != plain["key"]
    x, y = np.meshgrid(np.linspace(*surface["x"], surface["nx"]), np.linspace(*surface["y"], surface["ny"]))
    assert np.allclose(decode_heights(surface), decode_heights(plain) + x**2 + y**2, rtol=1e-3, atol=0.1)
    (mark,) = surface["points"]
    assert (mark["x"], mark["y"]) == pytest.approx(np.linalg.solve([[12, 8], [8, 12]], [34, 38]), abs=1e-6)  # (H + 2 I) x = H (1, 3)
    assert race["path"] == plain_race["path"]  # what is drawn changes, not what is raced
    path = decode(race["path"]).reshape(-1, 2)
    assert np.allclose(decode(race["loss"]), decode(plain_race["loss"]) + (path**2).sum(axis=1), rtol=1e-4)
    again = opened(**app.query_params)
    assert message(again)["racers"] == message(app)["racers"]
    widget(app.toggle, "condition/l2").set_value(False).run()
    assert message(app, "ravine_scene_surface")["key"] == message(opened(landscape="booth"), "ravine_scene_surface")["key"]


def test_a_penalty_of_nothing_is_nothing():
    assert message(opened(penalty="1"), "ravine_scene_surface")["quantity"] == "loss"
    assert "penalty = maybe was not used" in opened(penalty="maybe").warning[0].value


def test_a_rate_that_stays_is_drawn_beside_those_that_change():
    racers = message(opened(racer=["sgd~0~lr~0.01", "sgd~1~lr~0.01~schedule~cosine"], steps="50"))["racers"]
    constant, cosine = (decode(racer["rate"]) for racer in racers)
    assert np.allclose(constant, 0.01) and len(constant) == len(cosine) == 50 and cosine[-1] < 0.001
    assert message(opened(racer="sgd~0~lr~0.01"))["racers"][0]["rate"] is None
