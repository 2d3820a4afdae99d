"""What travels to the browser: numbers survive, messages stay small, and the exported file needs no network."""

import json
import re

import numpy as np
import pytest

from optimizers.shown import UNDRAWN, WIDTHS
from pages.scene import assets, bundle, payload
from pages.scene.export import standalone_html
from pages.scene.inside import inside, part
from pages.ui.experiment import default_experiment
from pages.ui.present import surface_data


def a_run(steps: int, **fields) -> payload.Racer:
    rng = np.random.default_rng(steps)
    path = rng.normal(size=(steps + 1, 2))
    return payload.racer("a", "Adam", "#1f6f8b", "circle", path, np.sum(path**2, axis=1), np.abs(path[:, 0]), **fields)


def a_surface(**fields) -> payload.Surface:
    x = np.linspace(-2, 2, 41)
    y = np.linspace(-1, 3, 31)
    grid = (1 - x[None, :]) ** 2 + 100 * (y[:, None] - x[None, :] ** 2) ** 2
    points = [payload.point(1, 1, 0, "minimum")]
    return payload.surface("rosenbrock", "Rosenbrock", (-2, 2), (-1, 3), grid, lowest=0.0, points=points, **fields)


def test_floats_survive_the_journey():
    values = np.array([[0.0, -1.5, np.nan], [np.inf, -np.inf, 1e-30]])
    np.testing.assert_array_equal(payload.decode(payload.encode(values)), values.astype(np.float32).ravel())


def test_what_float32_cannot_hold_is_infinite_without_a_warning():
    with np.errstate(all="raise"):
        assert np.isposinf(payload.decode(payload.encode([1e300]))[0])


def test_encoding_does_not_depend_on_memory_layout():
    values = np.arange(12.0).reshape(3, 4)
    assert payload.encode(np.asfortranarray(values)) == payload.encode(values)
    assert payload.encode(values[:, ::2]) == payload.encode(values[:, ::2].copy())


def test_queries_equal_to_the_iterates_stay_at_home():
    path = np.random.default_rng(0).normal(size=(11, 2))
    path[6:] = np.nan
    make = lambda queries: payload.racer("a", "A", "#000000", "star", path, path[:, 0], path[:, 1], queries=queries)  # noqa: E731
    assert make(path[:-1])["queries"] is None
    assert make(path[:-1] + 1)["queries"] is not None


def test_four_racers_of_five_hundred_ticks_fit_into_one_message():
    look_ahead = np.zeros((500, 2))
    racers = [a_run(500, sentence="x" * 300) for _ in range(3)] + [a_run(500, sentence="x" * 300, queries=look_ahead)]
    message = json.dumps(payload.race("rosenbrock", (-1.5, 2.0), 500, racers), allow_nan=False)
    assert len(message) <= 65_000


def test_a_message_is_json_that_browsers_accept():
    surface = payload.surface("k", "n", (0, 1), (0, 1), [[np.nan, np.inf], [1.0, 2.0]], lowest=float("-inf"))
    assert surface["lowest"] is None
    json.dumps(surface, allow_nan=False)


def test_the_shape_of_a_surface_is_ny_by_nx():
    surface = a_surface()
    assert (surface["nx"], surface["ny"]) == (41, 31)
    assert payload.decode_heights(surface)[0, 1] == pytest.approx((1 + 1.9) ** 2 + 100 * (-1 - 1.9**2) ** 2, rel=2e-4)


@pytest.mark.parametrize("path", [np.zeros((5, 3)), np.zeros(5), np.zeros((4, 2))])
def test_arrays_that_do_not_belong_together_are_refused(path):
    with pytest.raises(ValueError, match="steps"):
        payload.racer("a", "A", "#000000", "circle", path, np.zeros(5), np.zeros(5))


def test_unknown_markers_are_refused():
    with pytest.raises(ValueError, match="unknown marker"):
        payload.racer("a", "A", "#000000", "blob", np.zeros((1, 2)), [0.0], [0.0])


def test_python_and_the_browser_know_the_same_markers():
    source = (bundle.HERE / "js" / "markers.js").read_text(encoding="utf-8")
    drawn = re.findall(r'^  "?([a-z-]+)"?: ', source.split("const SHAPES")[1].split("};")[0], re.MULTILINE)
    assert set(drawn) | {"circle"} == set(payload.MARKERS)


def test_no_two_modules_declare_the_same_name():
    # They share one scope in the bundle.
    declared = re.findall(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", bundle.script(), re.MULTILINE)
    assert sorted(declared) == sorted(set(declared))


def test_the_bundle_holds_every_module_and_no_import():
    modules = {path.name for path in (bundle.HERE / "js").glob("*.js")}
    assert set(re.findall(r"^// (\w+\.js)$", bundle.script(), re.MULTILINE)) == modules
    assert not re.search(r"^\s*(import|export) ", bundle.script(), re.MULTILINE)


def test_assets_are_written_once_and_whole(tmp_path):
    url = assets.publish(tmp_path)
    folder = tmp_path / url.removeprefix("app/static/")
    assert {path.name for path in folder.iterdir()} == {"scene.js", "plotly.js"}
    assert (folder / "scene.js").read_text(encoding="utf-8") == bundle.module()


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "static").write_text("a file where the folder should be")
    with pytest.raises(assets.AssetsError, match="static"):
        assets.publish(tmp_path / "static")


def test_the_exported_file_fetches_nothing():
    page = standalone_html(a_surface(), payload.race("rosenbrock", (-1.5, 2.0), 20, [a_run(20)]))
    ours = page.replace(bundle.plotly().replace("</script", "<\\/script"), "")
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?https?:|import\(|fetch\(|<link""", ours)
    assert "default-src 'none'" in ours


def test_text_cannot_break_out_of_the_exported_file():
    race = payload.race("rosenbrock", (0, 0), 20, [a_run(20, sentence="</script><script>alert(1)</script>")], headline="<b>{x}</b>")
    page = standalone_html(a_surface(), race)
    assert "<script>alert" not in page
    assert "&lt;b&gt;{x}&lt;/b&gt;" in page


@pytest.mark.browser
def test_the_exported_file_opens_without_a_network(page, tmp_path):
    file = tmp_path / "race.html"
    file.write_text(standalone_html(a_surface(), payload.race("rosenbrock", (-1.5, 2.0), 20, [a_run(20)])), encoding="utf-8")
    page.context.set_offline(True)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.goto(file.as_uri())
    page.wait_for_function("() => Number(document.querySelector('[data-testid=scene]')?.dataset.revision) > 0")
    page.get_by_role("button", name="One tick back").click()
    assert page.locator("[data-testid=scene]").get_attribute("data-cursor") == "19"
    assert errors == []  # and none uncaught: the page fixture


def test_a_valleys_minima_are_dots_of_one_line_and_others_stars() -> None:
    kinds = {text: {p["kind"] for p in surface_data(default_experiment("formula", text))["points"]} for text in ("x**2*y", "x**2 + y**2")}
    assert "valley" in kinds["x**2*y"] and "minimum" not in kinds["x**2*y"] and kinds["x**2 + y**2"] == {"minimum"}


def test_heights_come_back_within_what_a_picture_shows() -> None:
    rng = np.random.default_rng(3)
    heights = np.exp(rng.uniform(-12, 12, (40, 50))) - 5.0
    heights[3, 4], heights[5, 6] = np.nan, np.inf
    surface = payload.surface("k", "n", (0, 1), (0, 1), heights)
    back = payload.decode_heights(surface)
    finite = np.isfinite(heights)
    assert np.array_equal(np.isnan(back), ~finite)
    above = heights[finite] - heights[finite].min()
    floor = 1e-9 * above.max()
    assert np.all(np.abs(back[finite] - heights[finite]) <= 2e-4 * (above + floor) + 1e-12)
    flat = payload.decode_heights(payload.surface("k", "n", (0, 1), (0, 1), np.full((3, 3), 7.0)))
    assert np.allclose(flat, 7.0)
    assert np.isnan(payload.decode_heights(payload.surface("k", "n", (0, 1), (0, 1), np.full((3, 3), np.nan)))).all()


def test_what_a_racer_holds_travels_as_rows_for_each_tick():
    shape, line = np.arange(12.0).reshape(3, 4), np.array([np.nan, 1.0, 2.0])
    parts = [
        part("step", shape, form="arrow", name="next step"),
        part("r", line, panel="r"),
        part("asks", [0.0], form="word", options=("a",)),
    ]
    message = json.loads(json.dumps(inside("a", ["r is {r}"], parts), allow_nan=False))
    assert [(one["key"], one["form"], one["width"]) for one in message["parts"]] == [
        ("step", "arrow", 4),
        ("r", "curves", 1),
        ("asks", "word", 1),
    ]
    np.testing.assert_array_equal(payload.decode(message["parts"][0]["data"]).reshape(3, 4), shape)
    np.testing.assert_array_equal(payload.decode(message["parts"][1]["data"]), line)


def test_python_and_the_browser_know_the_same_forms():
    read = lambda name: (bundle.HERE / "js" / name).read_text(encoding="utf-8")  # noqa: E731
    shaped = set(re.findall(r"^  (\w+)\(", read("inside.js").split("const SHAPERS")[1], re.MULTILINE))
    plotted = set(re.findall(r'"(\w+)"', re.search(r"const PLOTTED = \[(.*)\]", read("insidecurves.js"))[1]))
    assert shaped | plotted | set(UNDRAWN) == set(WIDTHS) and not shaped & plotted
