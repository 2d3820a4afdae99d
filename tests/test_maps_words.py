"""What a map says of itself: areas, ranges that cannot be, where there is nothing to see, budget and objective, files."""

import base64
import csv
import io
import json

import numpy as np
import pytest

from landscape import PROBLEMS
from pages.heat import payload
from pages.ui.maps import present_basins
from pages.ui.maps.choice import KINDS
from pages.ui.maps.tables import styled
from pages.ui.maps.work import check_size
from tests.tools.on_maps import SMALL, message, messages, opened

pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler


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


def test_robustness_prints_budget_and_objective_and_measures_every_method():
    app = opened(map="robustness", landscape="ravine", racer=["momentum", "adam"])
    figures = app.get("plotly_chart")
    said = [one.value for one in app.caption]  # as wide as the page is, not broken into lines of a figure's title
    assert any("102 runs of 200 evaluations" in one and "Objective: fewest" in one for one in said)
    assert any(one.startswith("Squares arrive") for one in said)
    assert len(figures) == 2 and len(app.dataframe[0].value) > 10


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


def test_a_table_says_never_and_still_sorts_by_number():
    table = styled({"Method": ["a", "b"], "Default: evaluations": [None, 1234]}, "never")
    assert table.data["Default: evaluations"].tolist() == [np.inf, 1234.0]
    assert [part in table.to_html() for part in ("never", "1,234")] == [True, True]
