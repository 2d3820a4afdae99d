"""The page of maps in a real browser: what a hand and a keyboard do, and what a server's very first visitor sees."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image

from landscape import PROBLEMS
from tests.tools.serve import ROOT, Server

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
WHOLE = '[data-testid=map][data-state=whole]:not([data-revision="0"])'


@pytest.fixture
def open_maps(page: Any, app_server: str) -> Open:
    """Goes there, waits for the finished maps and returns the component's locator."""

    def open_(path: str = "/maps?side=64", base: str = app_server) -> Any:
        page.goto(base + path)
        return finished(page)

    return open_


def finished(page: Any) -> Any:
    maps, error = page.locator(WHOLE), page.get_by_test_id("stException")
    maps.or_(error).first.wait_for()
    assert not error.count(), error.first.inner_text()
    return maps.first


def query(page: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def revision(maps: Any) -> int:
    return int(maps.get_attribute("data-revision"))


def newer(page: Any, before: int) -> None:
    page.wait_for_function(
        "old => { const { state, revision } = document.querySelector('[data-testid=map]').dataset;"
        " return state === 'whole' && Number(revision) > old }",
        arg=before,
    )


def middle(maps: Any, across: float = 0.5, up: float = 0.5, number: int = 0) -> tuple[float, float]:
    box = maps.locator(".hm-box").nth(number).bounding_box()
    return box["x"] + 66 + (box["width"] - 78) * across, box["y"] + 6 + (box["height"] - 48) * (1 - up)


def told(page: Any) -> None:
    """The server's answer to what was pointed at."""
    page.wait_for_function("Number(document.querySelector('[data-testid=map]').dataset.run) > 0")


def test_pointing_shows_the_run_and_sends_no_map(page: Any, open_maps: Open) -> None:
    received: list[int] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: received.append(len(frame))))
    maps = open_maps()
    page.wait_for_timeout(800)
    received.clear()
    page.mouse.move(*middle(maps, 0.4, 0.5))
    told(page)
    page.wait_for_timeout(300)
    assert re.search(r"learning rate .+ momentum .+\.", maps.locator(".hm-says").inner_text())
    assert "Momentum, learning rate" in maps.locator(".rv-line").inner_text()
    assert 0 < sum(received) < 30_000  # two paths; the maps are 20 KB each even at 64 x 64, and are not among it


def test_after_a_zoom_the_line_and_the_card_speak_of_the_same_run(page: Any, open_maps: Open) -> None:
    """The pointer lies still: another cell is under it, and finer maps follow."""
    maps = open_maps()
    before = revision(maps)
    page.mouse.move(*middle(maps, 0.2, 0.3))
    page.mouse.down()
    page.mouse.move(*middle(maps, 0.35, 0.5), steps=4)
    page.mouse.move(*middle(maps, 0.45, 0.6), steps=4)
    page.mouse.up()
    newer(page, before)
    page.wait_for_url(lambda url: "across=" in url)
    finished(page)
    page.wait_for_timeout(1500)

    def rate(where: str) -> float:
        return float(re.search(r"learning rate ([\d.e-]+\d)", maps.locator(where).inner_text())[1])

    assert rate(".hm-says") == pytest.approx(rate(".rv-line"), rel=6e-3)  # the line has three digits


def test_a_click_opens_the_run_in_the_race_and_back_brings_the_maps(page: Any, open_maps: Open) -> None:
    maps = open_maps()
    page.mouse.click(*middle(maps, 0.4, 0.5))
    page.locator('[data-testid=scene]:not([data-revision="0"])').wait_for()
    assert urlsplit(page.url).path == "/" and len(query(page)["racer"]) == 3
    assert not {"map", "side", "across", "up"} & set(query(page)), "a link to the race is nothing but that"
    page.go_back()
    page.wait_for_url(lambda url: urlsplit(url).path == "/maps" and "side=64" in url)  # written once the page is drawn
    maps = finished(page)
    assert maps.locator("figure").count() == 2 == len(query(page)["racer"]), "the maps that were left"


def test_the_keyboard_moves_the_cell_zooms_and_opens(page: Any, open_maps: Open) -> None:
    maps = open_maps()
    maps.locator(".hm-box").first.focus()
    told(page)
    line = maps.locator(".rv-line").inner_text()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("old => document.querySelector('.hm .rv-line').innerText !== old", arg=line)
    before = revision(maps)
    page.keyboard.press("+")
    newer(page, before)
    page.wait_for_url(lambda url: "across=" in url)
    low, high = (float(part) for part in query(page)["across"][0].split("~")[1:])
    assert 1e-4 < low < high < 0.2
    before = revision(maps)
    page.keyboard.press("0")
    newer(page, before)
    page.keyboard.press("Enter")
    page.locator('[data-testid=scene]:not([data-revision="0"])').wait_for()


def test_a_dragged_box_is_computed_anew(page: Any, open_maps: Open) -> None:
    maps = open_maps("/maps?map=basins&landscape=himmelblau&racer=momentum&racer=adam&side=64")
    before = revision(maps)
    page.mouse.move(*middle(maps, 0.3, 0.3))
    page.mouse.down()
    page.mouse.move(*middle(maps, 0.5, 0.5), steps=4)
    page.mouse.move(*middle(maps, 0.6, 0.6), steps=4)
    page.mouse.up()
    newer(page, before)
    page.wait_for_url(lambda url: "frame=" in url)
    x0, x1, y0, y1 = (float(part) for part in query(page)["frame"][0].split("~"))
    assert -5 < x0 < x1 < 5 and -5 < y0 < y1 < 5
    maps.get_by_role("button", name="whole").click()
    page.wait_for_url(lambda url: "frame=" not in url)


def test_a_basins_number_stands_beside_its_star(page: Any, open_maps: Open) -> None:
    page.add_init_script(
        "window.written = []; const write = CanvasRenderingContext2D.prototype.fillText;"
        " CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {"
        " if (/^(700|bold)/.test(this.font)) window.written.push([text, x, y]); write.call(this, text, x, y); }"
    )
    for landscape, domain, minima in (("himmelblau", (-5, 5, -5, 5), 4), ("six_hump_camel", (-2, 2, -1.2, 1.2), 6)):
        maps = open_maps(f"/maps?map=basins&landscape={landscape}&racer=momentum&racer=bfgs&side=64&tick=0")
        page.evaluate("window.written = []")
        maps.get_by_role("button", name="To the end").click()
        page.wait_for_function("window.written.length > 3")
        box = maps.locator(".hm-box").first.bounding_box()
        wide, tall = box["width"] - 78, box["height"] - 48
        aspect = (domain[1] - domain[0]) / (domain[3] - domain[2])
        wide, tall = min(wide, tall * aspect), min(wide, tall * aspect) / aspect
        points = [(p.x, p.y) for p in PROBLEMS[landscape].stationary_points() if p.kind == "minimum"]
        assert len(points) == minima
        stars = [
            (66 + wide * (x - domain[0]) / (domain[1] - domain[0]), 6 + tall * (domain[3] - y) / (domain[3] - domain[2])) for x, y in points
        ]
        for _, x, y in page.evaluate("window.written"):
            assert all(abs(x - u) > 9 or abs(y - v) > 13 for u, v in stars), "both can be read"


def test_basins_play_without_the_server(page: Any, open_maps: Open) -> None:
    frames: list[Any] = []

    def listen(socket: Any) -> None:
        socket.on("framesent", lambda frame: frames.append(frame))
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.on("websocket", listen)
    maps = open_maps("/maps?map=basins&landscape=himmelblau&racer=adam&side=64&tick=0&steps=2000")
    page.wait_for_timeout(1200)
    frames.clear()
    maps.get_by_role("button", name="Play").click()
    page.wait_for_timeout(800)
    assert not maps.locator("output").inner_text().startswith("0 of") and frames == []


def test_the_menu_takes_the_racers_along(page: Any, open_scene: Open) -> None:
    open_scene("/?landscape=ravine&racer=nesterov~4&racer=adam~2")
    page.get_by_role("link", name="Maps").click()
    maps = finished(page)
    assert maps.locator("figcaption b").all_inner_texts() == ["Nesterov", "Adam"]
    page.get_by_role("link", name="Race").click()
    scene = page.locator('[data-testid=scene]:not([data-revision="0"])')
    scene.wait_for()
    assert scene.locator("table tbody").count() == 2


def test_a_long_computation_says_how_far_it_is_and_can_be_cancelled(page: Any, app_server: str) -> None:
    page.goto(app_server + "/maps?landscape=rastrigin&steps=5000&racer=adam&racer=adam~1~lr~0.2&side=1024&map=basins")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text(re.compile("Maps: cancelled at")).wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Cancel").wait_for()


def test_downloads(page: Any, open_maps: Open) -> None:
    maps = open_maps("/maps?side=16")
    with page.expect_download() as table:
        page.get_by_role("button", name="CSV").click()
    assert len(table.value.path().read_text().splitlines()) == 1 + 2 * 256
    with page.expect_download() as arrays:
        page.get_by_role("button", name="NPZ").click()
    assert arrays.value.path().read_bytes()[:2] == b"PK"
    page.evaluate(
        "() => { window.said = []; const draw = CanvasRenderingContext2D.prototype.fillText;"
        " CanvasRenderingContext2D.prototype.fillText = function (text, ...at) { window.said.push(text); draw.call(this, text, ...at); } }"
    )
    with page.expect_download() as png:
        maps.get_by_role("button", name="PNG").click()
    picture = np.asarray(Image.open(png.value.path()).convert("RGB")).astype(int)
    colours = picture[-320:].reshape(-1, 3)  # both ends of the bar: Viridis's last colour and its first
    assert all((np.abs(colours - end).max(axis=1) < 12).sum() > 20 for end in ((253, 231, 37), (68, 1, 84)))
    said = page.evaluate("window.said")
    assert not any(".;" in text for text in said)
    assert any(text.startswith("stability edge; L is the largest curvature") for text in said)
    assert maps.locator(".hm-entry").all_inner_texts() == [text for text in said if text in maps.locator(".hm-entry").all_inner_texts()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
@pytest.mark.parametrize("path", ["/maps?side=64", "/maps?map=basins&landscape=himmelblau&side=64"])
def test_axe_finds_no_violation(page: Any, open_maps: Open, scheme: str, width: int, path: str) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_maps(path)
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []


@pytest.mark.parametrize("width", [390, 768, 1400, 2560])
def test_nothing_is_wider_than_the_screen(page: Any, open_maps: Open, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    maps = open_maps("/maps?map=basins&landscape=himmelblau&side=32")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for box in (one.bounding_box() for one in maps.locator(".hm-box").all()):
        assert box["x"] >= 0 and box["x"] + box["width"] <= width


def test_the_areas_are_a_table_on_a_phone_too(page: Any, open_maps: Open) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    areas = open_maps("/maps?map=basins&landscape=himmelblau&racer=sgd&racer=momentum&side=32").locator(".hm-areas")
    heads = [one.bounding_box()["x"] for one in areas.locator("thead th").all()]
    rows = areas.locator("tbody tr").all()
    assert len(rows) == 4 and heads == sorted(heads) and len(set(heads)) == 3
    for row in rows:
        boxes = [one.bounding_box() for one in row.locator("th, td").all()]
        assert len({round(box["y"]) for box in boxes}) == 1 and [box["x"] for box in boxes] == pytest.approx(heads, abs=1)
    assert areas.locator("thead tr").evaluate("row => getComputedStyle(row, '::before').content") == "none", "nothing sorts here"


@pytest.mark.slow
def test_a_servers_first_visitor_may_come_to_the_maps(page: Any, tmp_path: Path, open_maps: Open) -> None:
    """Streamlit takes pages/ for pages of its own until st.navigation has run once in the process."""
    with Server(ROOT / "app.py", log=tmp_path / "output.txt") as server:
        server.wait()
        maps = open_maps("/maps?side=32", server.url)
        assert maps.locator("figure").count() == 2 and page.get_by_role("dialog").count() == 0
        page.get_by_role("link", name="Race").wait_for()


@pytest.mark.parametrize("path", ["/maps?map=seeds&landscape=saddle&conditions=noise~2&runs=100", "/maps?map=robustness&landscape=ravine"])
def test_axe_finds_no_violation_in_the_rooms_with_figures(page: Any, app_server: str, path: str) -> None:
    page.emulate_media(reduced_motion="reduce")
    page.goto(app_server + path)
    page.locator(".js-plotly-plot").nth(1).wait_for()
    page.wait_for_timeout(1500)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
