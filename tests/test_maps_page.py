"""The page of maps without a browser: its kinds, its address, its racers. In a browser: test_maps_browser.py."""

import time

import pytest

from landscape import PROBLEMS
from optimizers.maps import Region
from pages.ui.address import decode as decode_race
from pages.ui.experiment import default_experiment, racer_on
from pages.ui.maps import address
from pages.ui.maps.cases import common, names, offered, plans, sides
from pages.ui.maps.choice import KINDS, Choice, Compared, Side, opening
from tests.tools.on_maps import SMALL, experiment, finished, message, opened
from tests.tools.racing import widget

pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler


def test_the_page_opens_with_two_wedges_and_theory_on_them():
    app = opened()
    page = message(app)
    assert [one["label"] for one in page["maps"]] == ["Momentum", "Nesterov"] and page["headline"] == KINDS["tuning"][1]
    assert all(one["curves"] and one["own"] for one in page["maps"]) and page["state"] == "whole" and not page["zoomed"]
    assert not app.query_params  # nothing was changed, so nothing is written


def test_every_kind_opens_with_something_to_see_until_somebody_has_chosen():
    app = opened()
    for kind in ("basins", "seeds", "robustness", "tuning"):
        app.segmented_control(key="map/kind").set_value(kind).run()
        assert not app.exception and not app.info
        assert (app.session_state["experiment"], app.session_state["maps/besides"]) == opening(kind)
    assert len(opening("basins")[0].problem.minima.T) > 1 and opening("seeds")[0].random
    own = opened(landscape="beale", racer="adam", **SMALL)
    own.segmented_control(key="map/kind").set_value("basins").run()
    assert own.session_state["experiment"].landscape == "beale"
    (linked, choice), notes = address.decode({"map": ["seeds"]})
    assert (linked, choice) == opening("seeds") and not notes


@pytest.mark.parametrize("kind", KINDS)
def test_an_address_gives_the_same_page_elsewhere(kind):
    racing = default_experiment("himmelblau")
    choice = Choice(
        kind, Side("hyper.lr", 1e-4, 0.3), Side("condition.noise"), "status", 96, ((-1.0, 0.1 + 0.2), (0.0, 3.0)), 17, 3000,
        Region(0.1 + 0.2, 0.0, 1.2, "x"), Compared("condition.noise", (0.0, 1e-6, 0.1 + 0.2)), "all",
    )  # fmt: skip
    query = {key: [value] if isinstance(value, str) else value for key, value in address.encode(racing, choice).items()}
    assert address.decode(query) == ((racing, choice), ())
    assert decode_race(query) == (racing, ())  # the race reads its own fields of it


@pytest.mark.parametrize(
    ("field", "text"),
    [("map", "treasure"), ("across", "hyper.lr~2~1"), ("across", "hyper.lr~1"), ("up", ""), ("side", "1"), ("side", "many"),
     ("frame", "1~2~3"), ("frame", "0~1~2~nan"), ("tick", "-3"), ("runs", "1000000"), ("shows", "<b>"), ("scores", "none"),
     ("region", "1~2~3"), ("region", "1~2~0~x"), ("region", "1~2~3~z"), ("compare", "condition.noise"), ("compare", "condition.noise~a"),
     ("compare", "condition.noise~1~2~3~4~5~6~7")],
)  # fmt: skip
def test_a_broken_value_falls_back_with_a_word(field, text):
    (_, choice), notes = address.decode({field: [text]})
    assert choice == opening()[1] and len(notes) == 1 and field in notes[0]


def test_an_axis_that_nobody_has_falls_back():
    app = opened(across="hyper.wings~1~2", landscape="ravine", racer="adam", **SMALL)
    assert message(app)["maps"][0]["x"]["word"] == "hyper.lr"
    assert "hyper.wings cannot vary here" in str(app)


def test_racers_without_the_axis_are_left_out_with_a_word():
    app = opened(landscape="ravine", racer=["sgd", "momentum"], up="hyper.momentum", **SMALL)
    page = message(app)
    assert [one["label"] for one in page["maps"]] == ["Momentum"] and "Gradient descent has no momentum" in page["summary"]


def test_maps_have_common_axes_by_default():
    racing = default_experiment("rosenbrock")
    across, up = sides(racing, Choice())
    assert across == "hyper.lr" and up in common(racing) and up in offered(racing)
    planned, lacking = plans(racing, Choice())
    assert len(planned) == 4 and not lacking and len({(plan.x, plan.y) for plan in planned}) == 1


def test_racers_whose_scales_differ_share_a_linear_axis():
    """Adam's L2 penalty may be 0, AdamW's decay has decades."""
    racing = default_experiment("pure_noise")
    axis = offered(racing)["hyper.weight_decay"]
    assert (axis.scale, axis.low, axis.high) == ("linear", 0.0, 10.0)
    found, _ = plans(racing, Choice(across=Side("hyper.lr"), up=Side("hyper.weight_decay", 0.0, 0.5)))
    assert [(plan.y.scale, plan.y.low, plan.y.high) for plan in found] == [("linear", 0.0, 0.5)] * 2


def test_colours_are_what_tells_the_racers_apart():
    """Where no rate is shared all may arrive: the evaluations show who does so sooner."""
    app = opened(landscape="rosenbrock", racer=["adam", "trust_region"], **SMALL)
    assert message(app)["scale"]["kind"] == "evaluations" and widget(app.radio, "map/shows").value == "evaluations"
    widget(app.radio, "map/shows").set_value("loss").run()
    assert message(finished(app))["scale"]["kind"] == "loss" and app.query_params["shows"] == "loss"
    for racers, landscape in ((["adam", "sgd"], "rosenbrock"), (["adam", "trust_region"], "saddle")):  # a rate; no lowest loss
        assert message(opened(landscape=landscape, racer=racers, **SMALL))["scale"]["kind"] == "loss"


def test_racers_of_one_name_are_told_apart():
    problem = PROBLEMS["ravine"]
    twins = [racer_on(problem, "sgd", 0, lr=0.1), racer_on(problem, "sgd", 1, lr=0.2), racer_on(problem, "adam", 2)]
    assert names(twins) == ["Gradient descent (lr 0.1)", "Gradient descent (lr 0.2)", "Adam"]


def test_another_landscape_begins_with_its_whole_frame():
    app = opened(map="basins", landscape="himmelblau", racer="adam", frame="0~1~0~1", **SMALL)
    assert message(app)["maps"][0]["x"]["high"] == 1.0
    app.session_state["experiment"] = default_experiment("beale")
    app.query_params.clear()  # as by the menu: no link says where to look
    app.session_state["address_written"] = {}
    finished(app.run())
    assert message(app)["maps"][0]["x"]["high"] == PROBLEMS["beale"].domain[0][1]


def test_fair_rates_are_found_and_said_here_too():
    app = opened(landscape="beale", racer=["sgd~0", "adam~1"], **SMALL)
    app.session_state["map/panel"] = "Racers"
    app.session_state["menu/fairness"] = True
    finished(app.run())
    before = experiment(app)
    app.button(key="fair/Tune each").click().run()
    for _ in range(600):
        if app.info:
            break
        time.sleep(0.05)
        app.run()
    assert "Each learning rate is the best of 61" in app.info[0].value and experiment(app) != before
