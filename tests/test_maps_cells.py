"""A cell of a map: what the browser is sent, what it sends back, and the racer that comes of it."""

import re

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers.maps import axis_of
from pages.heat import payload
from pages.ui.address import decode as decode_race
from pages.ui.experiment import default_experiment
from pages.ui.maps.cases import case_of, moved, offered
from tests.tools.on_maps import SMALL, experiment, message, opened, play

pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler


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


@pytest.mark.parametrize(
    "sent", [{"x": [1, 0], "y": [0, 1]}, {"x": ["a", 1], "y": [0, 1]}, {"x": [0, 1e999], "y": [0, 1]}, {"out": "x"}, 3]
)
def test_a_zoom_that_is_none_is_ignored(sent):
    app = opened(map="basins", landscape="himmelblau", racer="adam", **SMALL)
    play(app, zoom=sent)
    assert not app.exception and message(app)["zoomed"] is False


def test_codes_keep_three_digits_of_a_loss_and_ends_apart():
    heights = np.array([[1e-12, 1e-3, 0.123, 456.0, 1e12, np.inf, np.nan, 0.0]])
    codes = payload.loss_codes(heights, np.zeros(heights.shape, int))
    logs = payload.LOW + payload.SPAN * codes[0, :5].astype(float) / payload.MOST
    assert np.allclose(10**logs, heights[0, :5], rtol=2e-3)
    assert codes[0, 5] == codes[0, 6] == payload.DIVERGED and codes[0, 7] == 0
    assert np.all(payload.loss_codes(heights, np.full(heights.shape, 3)) == payload.LEFT)  # beyond a slice's frame there is no loss
    arrived = payload.arrival_codes(np.array([0, 7, -1, -1, -1, -1]), np.array([1, 1, 0, 1, 2, 3]))
    assert arrived.tolist() == [0, 7, payload.WAITING, payload.RESTING, payload.DIVERGED, payload.LEFT]


@pytest.mark.parametrize(
    ("word", "value", "read"),
    [("hyper.lr", 0.5, lambda e, r: r.values["lr"]), ("parameter.condition", 7.0, lambda e, r: e.params[0]),
     ("condition.noise", 0.3, lambda e, r: e.conditions.noise), ("start.y", 1.5, lambda e, r: e.start[1])],
)  # fmt: skip
def test_every_kind_of_axis_reaches_the_race(word, value, read):
    racing = default_experiment("ravine")
    assert read(*moved(racing, racing.racers[0], [(word, value)])) == value


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


def test_a_map_keeps_what_is_a_racers_own_and_moves_that():
    query = {"landscape": ["line_fit"], "racer": ["sgd~0~batch~16~decay~0.5", "sgd~1"], "conditions": ["decay~0.1"]}
    experiment, notes = decode_race(query)
    own, other = (case_of(experiment, racer) for racer in experiment.racers)
    assert not notes and (own.batch, own.conditions.decay, other.batch, other.conditions.decay) == (16, 0.5, 0, 0.1)
    after, racer = moved(experiment, experiment.racers[0], [("batch.batch", 4.0), ("condition.decay", 0.2)])
    assert (racer.batch, racer.decay) == (4, 0.2) and after == experiment
    after, racer = moved(experiment, experiment.racers[1], [("batch.batch", 4.0), ("condition.decay", 0.2)])
    assert racer == experiment.racers[1] and (after.batch, after.conditions.decay) == (4, 0.2)
