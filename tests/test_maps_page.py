"""The page of maps without a browser: address, messages, cells that become racers. JavaScript is in test_maps_browser.py."""

import base64
import csv
import io
import json
import re
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from landscape import PROBLEMS
from optimizers import Conditions
from optimizers.maps import Region, axis_of, robustness, tuning
from pages.figures.rates import Tried, rates_figure
from pages.heat import payload
from pages.ui.address import decode as decode_race
from pages.ui.experiment import default_experiment, racer_on
from pages.ui.maps import address, present_basins
from pages.ui.maps.cases import case_of, common, moved, names, offered, plans, sides
from pages.ui.maps.choice import KINDS, Choice, Compared, Side, opening
from pages.ui.maps.lots import lots
from pages.ui.maps.seeds_words import chance
from pages.ui.maps.tables import styled
from pages.ui.maps.theory import edge_of, edges
from pages.ui.maps.work import check_size
from tests.tools.racing import widget

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler
# AppTest runs no callback of a component, so the script calls it first thing, as Streamlit does.
SCRIPT = f"""
import streamlit as st
st.session_state["warm"] = True
from pages.ui.maps import hover, zoom, canvas
for name, value in st.session_state.pop("played", {{}}).items():
    {{"open": hover.on_open, "cell": hover.on_cell, "zoom": zoom.on_zoom, "tick": canvas.on_tick}}[name](value)
switched = {{}}
st.switch_page = lambda page, query_params: st.session_state.__setitem__("switched", (page, query_params))
path = {str(ROOT / "pages" / "maps.py")!r}
exec(compile(open(path).read(), path, "exec"), {{"__file__": path}})
"""


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=180)
    for key, value in query.items():
        app.query_params[key] = value
    return finished(app.run())


def finished(app):
    """What the browser does while a job goes on: it looks again."""
    for _ in range(600):
        assert not app.exception, app.exception[0].message
        if not any(message(app, name)["wait"] for name in ("ravine_pulse",) if has(app, name)):
            return app
        time.sleep(0.05)
        app.run()
    raise AssertionError("the job does not end")


def has(app, name):
    return any(one.proto.component_name == name for one in app.get("bidi_component"))


def messages(app, name):
    return [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.component_name == name]


def message(app, name="ravine_mountHeat"):
    return messages(app, name)[0]


def experiment(app):
    return app.session_state["experiment"]


def play(app, **event):
    app.session_state["played"] = event
    return finished(app.run())


SMALL = {"side": "32"}


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


def test_theorys_edge_is_where_runs_begin_to_diverge():
    """On a quadratic the edge is exact: no run below it diverges, and none well above it survives."""
    racing = opening()[0]
    case = case_of(racing, racing.racers[0])
    x, y = axis_of(case, "hyper.lr", 1e-3, 0.2), axis_of(case, "hyper.momentum", 0.0, 0.9)
    sheet = tuning(case, x, y, 48, 12)
    largest = np.linalg.eigvalsh(case.problem.hessian(case.problem.minima[:, 0]))[-1]
    assert largest == pytest.approx(100.0)
    edge = 2 * (1 + sheet.ys) / largest  # Polyak 1964
    diverged = (sheet.status == 2) | (sheet.status == 3)
    assert not diverged[sheet.xs[None, :] < 0.98 * edge[:, None]].any()
    assert diverged[sheet.xs[None, :] > 1.2 * edge[:, None]].all()
    (curve,) = edges(case, x, y)
    points = np.frombuffer(base64.b64decode(curve["points"]), "<f4").reshape(-1, 2)
    assert np.allclose(points[:, 0], 2 * (1 + points[:, 1]) / largest, rtol=1e-5)


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


def test_a_click_opens_the_run_as_a_racer_with_its_values():
    app = opened(**SMALL)
    before = experiment(app)
    play(app, open={"map": "0", "i": 20, "j": 30, "nx": 32, "ny": 32})
    after, (page, query) = experiment(app), app.session_state["switched"]
    sheet = axis_of(case_of(before, before.racers[0]), "hyper.lr", 1e-4, 0.2).values(32)
    added = after.racers[-1]
    assert len(after.racers) == 3 and added.optimizer == "momentum" and added.values["lr"] == sheet[20]
    assert page == "pages/race.py" and decode_race(query)[0].racers == after.racers


def test_a_start_on_a_basin_map_becomes_the_races_start():
    app = opened(map="basins", landscape="himmelblau", racer="adam", **SMALL)
    play(app, open={"map": "0", "i": 0, "j": 31, "nx": 32, "ny": 32})
    (x0, _), (_, y1) = PROBLEMS["himmelblau"].domain
    assert experiment(app).start == (x0, y1) and len(experiment(app).racers) == 1


def test_pointing_at_a_cell_sends_its_run_and_no_map():
    app = opened(**SMALL)
    assert message(app, "ravine_mountRun")["runs"] == []
    play(app, cell={"map": "1", "i": 3, "j": 4, "nx": 32, "ny": 32, "n": 7})
    run = message(app, "ravine_mountRun")
    assert run["n"] == 7 and run["title"] == "Nesterov" and len(run["runs"]) == 2  # the other racer at the same place too


GOOD = {"map": "0", "i": 0, "j": 0, "nx": 32, "ny": 32}


@pytest.mark.parametrize("sent", [None, {}, "cell", GOOD | {"map": "9"}, GOOD | {"i": 99}, GOOD | {"i": -1}, {"map": [], "i": "x", "j": 0}])
def test_a_cell_that_is_none_is_ignored(sent):
    app = opened(**SMALL)
    play(app, cell=sent, open=sent)
    assert not app.exception and len(experiment(app).racers) == 2


def test_zooming_computes_the_box_and_writes_the_address():
    app = opened(**SMALL)
    play(app, zoom={"x": [0.001, 0.01], "y": [0.5, 0.9]})
    x, y = (message(app)["maps"][0][side] for side in "xy")
    assert (x["low"], x["high"], y["low"], y["high"]) == (0.001, 0.01, 0.5, 0.9) and app.query_params["across"] == "hyper.lr~0.001~0.01"
    play(app, zoom={"whole": True})
    assert (message(app)["maps"][0]["x"]["low"], message(app)["maps"][0]["x"]["high"]) == (1e-4, 0.2), "as it opened"
    assert not message(app)["zoomed"]
    beale = opened(landscape="beale", racer="adam", across="hyper.lr~0.1~1", **SMALL)
    assert message(beale)["zoomed"]
    play(beale, zoom={"whole": True})
    assert message(beale)["maps"][0]["x"]["high"] == offered(experiment(beale))["hyper.lr"].high and not message(beale)["zoomed"]


def test_colours_are_what_tells_the_racers_apart():
    """Where no rate is shared all may arrive: the evaluations show who does so sooner."""
    app = opened(landscape="rosenbrock", racer=["adam", "trust_region"], **SMALL)
    assert message(app)["scale"]["kind"] == "evaluations" and widget(app.radio, "map/shows").value == "evaluations"
    widget(app.radio, "map/shows").set_value("loss").run()
    assert message(finished(app))["scale"]["kind"] == "loss" and app.query_params["shows"] == "loss"
    for racers, landscape in ((["adam", "sgd"], "rosenbrock"), (["adam", "trust_region"], "saddle")):  # a rate; no lowest loss
        assert message(opened(landscape=landscape, racer=racers, **SMALL))["scale"]["kind"] == "loss"


@pytest.mark.parametrize(
    "sent", [{"x": [1, 0], "y": [0, 1]}, {"x": ["a", 1], "y": [0, 1]}, {"x": [0, 1e999], "y": [0, 1]}, {"out": "x"}, 3]
)
def test_a_zoom_that_is_none_is_ignored(sent):
    app = opened(map="basins", landscape="himmelblau", racer="adam", **SMALL)
    play(app, zoom=sent)
    assert not app.exception and message(app)["zoomed"] is False


def test_a_basin_map_tells_areas_that_add_up():
    app = opened(map="basins", landscape="himmelblau", racer=["adam", "sgd"], **SMALL)
    page = message(app)
    assert len(page["minima"]) == 4
    for k in range(2):
        assert sum(area["shares"][k] for area in page["areas"]) == pytest.approx(1.0)


def test_a_range_that_cannot_be_is_said():
    app = opened(landscape="ravine", racer="adam", across="hyper.lr~-1~1", **SMALL)
    assert any("above 0" in error.value for error in app.error)  # a logarithmic axis through zero


def test_a_resolution_beyond_all_measure_is_refused_with_the_figure():
    with pytest.raises(ValueError, match=r"200,000,000 runs.*choose"):
        check_size(2, 10_000)
    app = opened(side="100000", racer="adam")
    assert any("10,000,000,000 runs" in error.value for error in app.error)


def test_maps_without_anything_to_see_say_so():
    app = opened(landscape="ravine", racer="sgd", across="hyper.lr~1~10", up="parameter.rotation", **SMALL)
    assert "diverged" in message(app)["maps"][0]["says"]
    app = opened(landscape="ravine", racer="sgd", start="0~0", **SMALL)
    assert "Nothing moves" in message(app)["maps"][0]["says"]


def test_without_a_minimum_colours_tell_the_runs_apart_that_stay():
    """On a saddle who has left is at minus 1e146, and no measure for the others."""
    app = opened(landscape="saddle", racer="sgd", up="condition.noise", **SMALL)
    page, (sheet,) = message(app), messages(app, "ravine_mountSheet")
    codes = np.frombuffer(base64.b64decode(sheet["codes"]), "<u2").astype(float)
    logs = payload.LOW + payload.SPAN * codes[codes <= payload.MOST] / payload.MOST
    inside = (logs > page["scale"]["lo"] - 0.1) & (logs < page["scale"]["hi"] + 0.1)
    assert inside.mean() > 0.9 and page["scale"]["hi"] < 5
    app = opened(map="basins", landscape="saddle", racer="sgd", **SMALL)
    assert "no minimum" in message(app)["maps"][0]["says"]


def test_a_method_that_nothing_reaches_is_said():
    """Nelder-Mead asks for no gradients: noise and clipping do not reach it."""
    app = opened(landscape="bowl", racer=["sgd", "nelder_mead"], across="condition.noise", up="condition.clip_norm", **SMALL)
    assert ["All runs are alike" in one["says"] for one in message(app)["maps"]] == [False, True]


def test_where_there_is_no_minimum_nobody_is_called_robust():
    app = opened(map="robustness", landscape="saddle", racer="sgd")
    assert any("nobody can arrive" in info.value for info in app.info) and not app.get("plotly_chart")


def test_a_picture_that_stands_alone_says_what_it_is_of():
    about = message(opened(landscape="ravine", racer="sgd", conditions="noise~0.1", steps="70", **SMALL))["about"]
    assert all(words in about for words in ("Ravine", "Condition number 100", "70 evaluations", "Gradient noise 0.1"))


def test_stars_are_filled_where_nothing_is_lower():
    for landscape, kinds in (("himmelblau", [2, 2, 2, 2]), ("six_hump_camel", [2, 2, 0, 0, 0, 0])):
        page = message(opened(map="basins", landscape=landscape, racer="sgd", **SMALL))
        assert [mark[2] for mark in page["minima"]] == kinds


def test_without_racers_the_page_says_so():
    for kind in KINDS:
        app = opened(map=kind, racer="none")
        assert any("Nobody races" in info.value for info in app.info)


def test_seeds_need_something_random_and_a_button_adds_it():
    app = opened(map="seeds", landscape="sharp_flat", racer="sgd", runs="200")
    assert any("random" in info.value for info in app.info)
    finished(next(button for button in app.button if button.key == "map/noise").click().run())
    assert experiment(app).conditions.noise == 0.5 and len(app.get("plotly_chart")) == 5


def test_what_theory_says_of_the_mean_is_a_click_away():
    app = opened(map="seeds")
    assert not any("theory" in each.label for each in app.expander)
    finished(next(button for button in app.button if "1/(μt)" in button.label).click().run())
    words = " ".join(each.value for each in app.markdown)
    ratio = re.search(r"E\[f\] μ T / σ² = ([\d.]+)", words)
    assert ratio and 0.47 < float(ratio[1]) < 0.53 and "theorem 4.7" in words
    drawn = [trace.get("name", "") for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]]
    assert sum(name.startswith("upper bound") for name in drawn) == 2 and "law: σ²/(2μt)" in drawn


def test_whose_weights_decay_alike_is_a_click_away():
    """Row 35, on the page: the mean of 1,000 runs, .946 / 0 with the penalty, .601 / .606 decoupled."""
    app = opened(map="seeds", landscape="pure_noise")
    words = " ".join(each.value for each in app.markdown)
    assert "batches of 1 sample" in words and len(app.get("plotly_chart")) == 2  # its loss is 0 everywhere: nothing to be drawn of that
    means = re.findall(r"(Adam\w?) \|[^\n]*\(([\d.e-]+), ([\d.e-]+)\)", words)
    assert [name for name, *_ in means] == ["Adam", "AdamW"]
    (_, *l2), (_, *decoupled) = means
    assert [float(number) for number in l2] == pytest.approx([0.946, 0.0], abs=0.03)
    assert [float(number) for number in decoupled] == pytest.approx([0.601, 0.606], abs=0.03)


def test_noise_that_leaves_the_sharp_well_is_a_click_away():
    """Row 7, on the page, and in the address that it leads to."""
    app = opened(map="seeds")
    finished(next(button for button in app.button if "sharp well" in button.label).click().run())
    words = " ".join(each.value for each in app.markdown)
    shares = {noise: float(share) for noise, share in re.findall(r"gradient noise ([\d.]+) \|.*?begin outside \| ([\d.]+) %", words)}
    assert shares == {"6": pytest.approx(28, abs=5), "3": pytest.approx(81, abs=5), "1.5": pytest.approx(0, abs=5)}
    assert "|x - 1.5| ≤ 1.2" in words
    query = app.query_params
    assert query["region"] == "1.5~0.0~1.2~x" and query["compare"] == "condition.noise~6.0~3.0~1.5"
    assert not any("nan" in word or "e-3" in word for word in bars(app)), "labels of minima are snapped to 0"


def bars(app):
    """What is written below the bars of the minima."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return next(spec["data"][0]["x"] for spec in specs if spec["data"][0]["type"] == "bar")


def test_every_run_is_counted_once_among_the_minima():
    app = opened(map="seeds", landscape="rastrigin", racer="sgd~0~lr~0.01", conditions="noise~20", runs="100")
    words = bars(app)
    assert len(words) == 8 and words[-2:] == ["others", "none of them"]
    spec = next(s for s in (json.loads(c.proto.spec) for c in app.get("plotly_chart")) if s["data"][0]["type"] == "bar")
    assert sum(float(text.split()[0]) for text in spec["data"][0]["text"]) == pytest.approx(100, abs=4), "in whole percents"


def test_the_region_and_what_is_compared_can_be_chosen():
    app = opened(map="seeds", landscape="sharp_flat", racer="sgd", conditions="noise~1", runs="100")
    widget(app.selectbox, "map/region").set_value("x").run()
    widget(app.number_input, "map/region/radius").set_value(0.4).run()
    widget(app.selectbox, "map/compare").set_value("hyper.lr").run()
    finished(widget(app.text_input, "map/compared").set_value("0.01 0.1").run())
    assert app.query_params["region"].endswith("~0.4~x") and app.query_params["compare"] == "hyper.lr~0.01~0.1"
    assert "learning rate 0.1" in " ".join(each.value for each in app.markdown)
    for text, word in (("", "give numbers"), ("a", "not a number"), ("1 2 3 4 5 6 7", "7 values")):
        widget(app.text_input, "map/compared").set_value(text).run()
        assert any(word in note for note in app.session_state["address_notes"]) and app.query_params["compare"] == "hyper.lr~0.01~0.1"
    widget(app.number_input, "map/region/radius").set_value(-1.0).run()
    assert any("radius above 0" in note for note in app.session_state["address_notes"])


def test_what_is_random_is_said_of_all_that_is_compared():
    racing = replace(default_experiment("line_fit"), racers=default_experiment("line_fit").racers[:1], batch=8)
    assert chance(lots(racing, Choice(compared=Compared("batch.batch", (1.0, 8.0, 64.0))))) == "batches of 1, 8, 64 samples"
    assert chance(lots(racing, Choice(compared=Compared("condition.noise", (0.0, 0.5))))) == "noise 0, 0.5, batches of 8 samples"
    assert chance(lots(replace(racing, batch=1), Choice())) == "batches of 1 sample"


def test_what_cannot_be_compared_says_why():
    for compare, word in (("hyper.wings~1", "cannot vary"), ("hyper.beta1~0.5", "Gradient descent has no"), ("hyper.lr~-1", "lr")):
        app = opened(map="seeds", racer=["sgd", "adam"], landscape="himmelblau", conditions="noise~1", compare=compare)
        assert any(word in error.value for error in app.error), [error.value for error in app.error]


def test_robustness_prints_budget_and_objective_and_measures_every_method():
    app = opened(map="robustness", landscape="ravine", racer=["momentum", "adam"])
    figures = app.get("plotly_chart")
    said = [one.value for one in app.caption]  # as wide as the page is, not broken into lines of a figure's title
    assert any("102 runs of 200 evaluations" in one and "Objective: fewest" in one for one in said)
    assert any(one.startswith("Squares arrive") for one in said)
    assert len(figures) == 2 and len(app.dataframe[0].value) > 10


@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov"])
def test_the_strip_of_rates_has_theorys_edge_where_it_is(key):
    """Row 18: on a quadratic nothing above 2 / L, 2(1 + beta) / L, ... works, and nothing below it diverges."""
    experiment = default_experiment("ravine")
    case = case_of(experiment, racer_on(experiment.base, key, 0))
    edge, found = edge_of(case), robustness(replace(case, steps=3000))
    assert edge.quadratic and edge.text == case.method.edge_text
    assert not found.diverged[found.rates < edge.rate].any() and found.diverged[found.rates > 1.01 * edge.rate].all()
    assert found.works[found.rates < edge.rate][-1] and not found.works[found.rates > edge.rate].any()
    (line,) = [trace for trace in rates_figure([Tried("", "#000000", "circle", found, edge)]).data if trace.mode == "lines+text"]
    assert set(line.x) == {edge.rate} and edge.text in line.text[0]
    assert "color" not in line.textfont.to_plotly_json(), "the formula is in the theme's colour of text, which is read on any ground"


def limits_of(curve):
    return np.frombuffer(base64.b64decode(curve["points"]), "<f4").reshape(-1, 2)


@pytest.mark.parametrize(("key", "pull"), [("sgd", "condition.l2"), ("sgd", "condition.decay"), ("momentum", "condition.l2")])
def test_theorys_edge_moves_with_what_pulls_on_the_weights(key, pull):
    """An L2 penalty adds its strength to every curvature; decoupled decay does so for gradient descent."""
    experiment = default_experiment("ravine")
    case = replace(case_of(experiment, racer_on(experiment.base, key, 0)), steps=3000)
    x, y = axis_of(case, "lr", 1e-3, 0.1), axis_of(case, pull, 1.0, 100.0)
    sheet, (curve,) = tuning(case, x, y, 200, 9), edges(case, x, y)
    edge = np.interp(np.log(sheet.ys), np.log(limits_of(curve)[:, 1]), limits_of(curve)[:, 0])[:, None]
    gone = np.isin(sheet.status, (2, 3))
    assert edge[-1] < 0.6 * edge[0] and curve["exact"]
    assert not gone[sheet.xs < 0.99 * edge].any() and gone[sheet.xs > 1.01 * edge].all()


def test_there_is_no_edge_where_nobody_knows_it():
    experiment = default_experiment("ravine")
    momentum = case_of(experiment, racer_on(experiment.base, "momentum", 0))
    assert not edges(momentum, axis_of(momentum, "lr"), axis_of(momentum, "condition.decay"))
    on_data = default_experiment("line_fit")
    fit = case_of(on_data, racer_on(on_data.base, "sgd", 0))
    assert not edges(fit, axis_of(fit, "lr"), axis_of(fit, "batch"))
    curved = default_experiment("rosenbrock")
    penalised = case_of(curved, racer_on(curved.base, "sgd", 0)).having("hyper", {"weight_decay": 1.0})
    assert edge_of(penalised) is None  # the penalty moves the minimum to another curvature
    plain = case_of(curved, racer_on(curved.base, "sgd", 0))
    (curve,) = edges(plain, axis_of(plain, "lr"), axis_of(plain, "parameter.b"))
    assert not curve["exact"]


def test_there_is_no_edge_where_theory_has_none():
    experiment = default_experiment("ravine")
    plain = case_of(experiment, racer_on(experiment.base, "sgd", 0))
    assert edge_of(replace(plain, conditions=Conditions(noise=0.1))) is None and edge_of(replace(plain, schedule=("cosine", ()))) is None
    assert edge_of(case_of(experiment, racer_on(experiment.base, "adam", 0))) is None
    assert edge_of(replace(plain, landscape="saddle", params=(), start=PROBLEMS["saddle"].start)) is None
    assert not edge_of(replace(plain, landscape="rosenbrock", params=(), start=PROBLEMS["rosenbrock"].start)).quadratic


def test_downloads_hold_what_is_on_screen():
    from pages.ui.maps import download

    app = opened(map="basins", landscape="himmelblau", racer="adam", side="16")
    shown = tuple(app.session_state["maps/shown"].values())
    found = download.found_maps(shown)
    rows = list(csv.DictReader(io.StringIO(download.as_csv(found).decode())))
    sheet = shown[0].made.sheet
    assert len(rows) == 256 and float(rows[17]["loss"]) == sheet.loss[1, 1] and int(rows[17]["which"]) == sheet.which[1, 1]
    with np.load(io.BytesIO(download.as_npz(found))) as arrays:
        assert np.array_equal(arrays["1_adam/loss"], sheet.loss) and np.array_equal(arrays["1_adam/minima"], sheet.minima)
        said = json.loads(str(arrays["1_adam/case"]))
        assert said["landscape"] == "himmelblau" and dict(said["hypers"])["lr"] == 0.2, "what it takes to compute it again"


def test_codes_keep_three_digits_of_a_loss_and_ends_apart():
    heights = np.array([[1e-12, 1e-3, 0.123, 456.0, 1e12, np.inf, np.nan, 0.0]])
    codes = payload.loss_codes(heights, np.zeros(heights.shape, int))
    logs = payload.LOW + payload.SPAN * codes[0, :5].astype(float) / payload.MOST
    assert np.allclose(10**logs, heights[0, :5], rtol=2e-3)
    assert codes[0, 5] == codes[0, 6] == payload.DIVERGED and codes[0, 7] == 0
    assert np.all(payload.loss_codes(heights, np.full(heights.shape, 3)) == payload.LEFT)  # beyond a slice's frame there is no loss
    arrived = payload.arrival_codes(np.array([0, 7, -1, -1, -1, -1]), np.array([1, 1, 0, 1, 2, 3]))
    assert arrived.tolist() == [0, 7, payload.WAITING, payload.RESTING, payload.DIVERGED, payload.LEFT]


def test_newton_on_a_saddle_or_a_top_is_at_rest_and_not_on_its_way():
    app = opened(map="basins", landscape="rastrigin", racer="newton", **SMALL)
    (one,), (sheet,) = message(app)["maps"], messages(app, "ravine_mountSheet")
    which = np.frombuffer(base64.b64decode(sheet["which"]), np.uint8)
    at_rest = np.isin(which, payload.NO_BASIN)
    assert at_rest.mean() > 0.5 and "come to rest elsewhere" in one["note"]
    made = next(iter(app.session_state["maps/shown"].values())).made.sheet
    slope = np.hypot(*PROBLEMS["rastrigin"].gradient(made.end.reshape(2, -1)))
    assert slope[at_rest].max() < 1e-3  # nothing moves there any more
    assert "at rest elsewhere" in [area["label"] for area in message(app)["areas"]]


def test_minima_that_were_found_twice_are_one():
    class Found:
        reach = 0.1

        def __init__(self, *points):
            self.minima = np.array(points).T
            self.which = np.arange(len(points))[None, :]

    first, second = Found((0.0, 0.0), (1.0, 1.0)), Found((1.001, 1.0), (2.0, 0.0), (0.0, 0.001))
    minima = present_basins.united([first, second])
    assert len(minima) == 3
    assert present_basins.renumbered(second, minima).tolist() == [[1, 2, 0]]


def test_racers_of_one_name_are_told_apart():
    problem = PROBLEMS["ravine"]
    twins = [racer_on(problem, "sgd", 0, lr=0.1), racer_on(problem, "sgd", 1, lr=0.2), racer_on(problem, "adam", 2)]
    assert names(twins) == ["Gradient descent (lr 0.1)", "Gradient descent (lr 0.2)", "Adam"]


@pytest.mark.parametrize(
    ("word", "value", "read"),
    [("hyper.lr", 0.5, lambda e, r: r.values["lr"]), ("parameter.condition", 7.0, lambda e, r: e.params[0]),
     ("condition.noise", 0.3, lambda e, r: e.conditions.noise), ("start.y", 1.5, lambda e, r: e.start[1])],
)  # fmt: skip
def test_every_kind_of_axis_reaches_the_race(word, value, read):
    racing = default_experiment("ravine")
    assert read(*moved(racing, racing.racers[0], [(word, value)])) == value


def test_another_landscape_begins_with_its_whole_frame():
    app = opened(map="basins", landscape="himmelblau", racer="adam", frame="0~1~0~1", **SMALL)
    assert message(app)["maps"][0]["x"]["high"] == 1.0
    app.session_state["experiment"] = default_experiment("beale")
    app.query_params.clear()  # as by the menu: no link says where to look
    app.session_state["address_written"] = {}
    finished(app.run())
    assert message(app)["maps"][0]["x"]["high"] == PROBLEMS["beale"].domain[0][1]


def test_the_script_of_the_maps_holds_every_module_once():
    from pages.heat import BUNDLE, HERE
    from pages.scene import bundle

    script = bundle.script(BUNDLE)
    own = {path.name for path in (HERE / "js").glob("*.js")}
    assert own <= set(re.findall(r"^// (\w+\.js)$", script, re.MULTILINE)) and not re.search(r"^\s*(import|export) ", script, re.MULTILINE)
    declared = re.findall(r"^(?:async )?(?:const|let|function|class) (\w+)", script, re.MULTILINE)
    assert sorted(declared) == sorted(set(declared))  # they share one scope


def test_python_and_the_browser_mean_the_same_codes():
    from pages.heat import HERE

    tints, unpack, tinting = ((HERE / "js" / f"{name}.js").read_text() for name in ("tints", "unpack", "tinting"))
    assert f"resting: {payload.RESTING}, waiting: {payload.WAITING}, left: {payload.LEFT}, diverged: {payload.DIVERGED}" in tints
    assert f"LOW = {payload.LOW:.0f}" in unpack and f"SPAN = {payload.SPAN:.0f}" in unpack and f"MOST = {payload.MOST}" in unpack
    assert f"NO_BASIN = {payload.NO_BASIN}" in tinting


def test_a_table_says_never_and_still_sorts_by_number():
    table = styled({"Method": ["a", "b"], "Default: evaluations": [None, 1234]}, "never")
    assert table.data["Default: evaluations"].tolist() == [np.inf, 1234.0]
    assert [part in table.to_html() for part in ("never", "1,234")] == [True, True]


def test_a_map_keeps_what_is_a_racers_own_and_moves_that():
    query = {"landscape": ["line_fit"], "racer": ["sgd~0~batch~16~decay~0.5", "sgd~1"], "conditions": ["decay~0.1"]}
    experiment, notes = decode_race(query)
    own, other = (case_of(experiment, racer) for racer in experiment.racers)
    assert not notes and (own.batch, own.conditions.decay, other.batch, other.conditions.decay) == (16, 0.5, 0, 0.1)
    after, racer = moved(experiment, experiment.racers[0], [("batch.batch", 4.0), ("condition.decay", 0.2)])
    assert (racer.batch, racer.decay) == (4, 0.2) and after == experiment
    after, racer = moved(experiment, experiment.racers[1], [("batch.batch", 4.0), ("condition.decay", 0.2)])
    assert racer == experiment.racers[1] and (after.batch, after.conditions.decay) == (4, 0.2)
