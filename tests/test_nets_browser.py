"""The nets page in a real browser."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from landscape.nets import PRESETS
from pages.ui.nets.address import decode
from pages.ui.nets.experiment import default_nets

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
QUICK = "/nets?steps=100"
FLAT = f"{QUICK}&view=surface~0"


def test_opened_directly_it_trains_and_draws(page: Any, open_scene: Open) -> None:
    scene = open_scene(QUICK)
    assert scene.locator("table tbody").count() == 4
    assert "Nets" in page.locator("header").inner_text()  # it came in through app.py
    assert "evaluations" in scene.locator("table").inner_text()


def test_a_rate_retrains_and_the_link_gives_the_same_picture(page: Any, browser: Any, open_scene: Open) -> None:
    scene = open_scene(FLAT)
    before = int(scene.get_attribute("data-revision"))
    page.locator("[data-testid=stSlider] input[type=range]").first.focus()
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("n => Number(document.querySelector('[data-testid=scene]').dataset.revision) > n", arg=before)
    page.wait_for_url(lambda url: "racer=" in url)
    page.wait_for_timeout(1500)
    other = browser.new_context(viewport={"width": 1400, "height": 1000}).new_page()
    other.goto(page.url)
    other.wait_for_function("text => document.querySelector('[data-testid=scene] table')?.innerText === text",
                            arg=scene.locator("table").first.inner_text())  # fmt: skip
    other.context.close()


def test_a_click_on_the_plane_moves_nothing(page: Any, open_scene: Open) -> None:
    scene = open_scene(FLAT)
    handle = scene.locator("[data-rv=start]")
    before = handle.get_attribute("style")
    box = scene.locator(".nsewdrag").first.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.2)
    page.wait_for_timeout(400)
    assert handle.get_attribute("style") == before and "start=" not in page.url


def test_a_long_training_is_paused_and_goes_on(page: Any, app_server: str) -> None:
    page.goto(f"{app_server}/nets?preset=spirals&steps=20000&seed=5&net=mlp~widths~64_64")
    page.get_by_role("button", name="Train all the same").or_(page.get_by_role("button", name="Pause")).first.wait_for()
    if page.get_by_role("button", name="Train all the same").count():
        page.get_by_role("button", name="Train all the same").click()
    page.get_by_role("heading", name="Paths so far").wait_for()
    page.get_by_role("button", name="Pause").click()
    page.get_by_text(re.compile("paused at")).wait_for()
    page.get_by_role("heading", name="Training loss", exact=True).wait_for()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Pause").wait_for()


def test_the_cursor_and_the_way_it_is_looked_at_are_in_the_address(page: Any, open_scene: Open) -> None:
    open_scene(FLAT)
    page.keyboard.press("Home")
    page.wait_for_url(lambda url: "cursor=0" in url)
    assert parse_qs(urlsplit(page.url).query)["preset"] == ["moons"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_axe_finds_no_violation(page: Any, open_scene: Open, scheme: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_scene(QUICK)
    page.wait_for_timeout(2000)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_downloads(page: Any, open_scene: Open) -> None:
    open_scene(QUICK)
    page.get_by_role("tab", name="Files", exact=True).click()
    for name, ending in (
        ("Curves and paths as CSV", ".csv"),
        ("Weights of Gradient descent", ".safetensors"),
        ("Interactive HTML", ".html"),
    ):
        with page.expect_download() as file:
            page.get_by_role("button", name=name).click()
        assert file.value.suggested_filename.endswith(ending) and file.value.path().stat().st_size > 1000


def test_axe_finds_no_violation_in_any_tab(page: Any, open_scene: Open) -> None:
    open_scene(QUICK)
    for name in ("Net", "Plane", "Training", "True loss", "Between two ends", "Sharpness", "Depth", "Skips and norms", "Files"):
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(1500)
        # Streamlit's uploader has a role that its own label contradicts; its button is found and named all the same
        found = Axe().run(page, context={"exclude": [["[data-testid=stFileUploaderDropzone]"]]}).response["violations"]
        assert (name, [one["id"] for one in found]) == (name, [])


def test_presets_chosen_one_after_another_while_nets_train_do_not_mix(page: Any, open_scene: Open) -> None:
    """What the browser still says of the controls of the preset before is not a hand's doing."""
    open_scene("/nets?seed=3")
    page.get_by_role("tab", name="Net", exact=True).click()
    box = page.get_by_role("combobox", name="Preset")
    for name in ("Digits, ResNet-8", "Spirals", "Edge of stability", "Digits"):
        box.click()
        box.fill(name)
        page.get_by_role("option", name=name, exact=True).first.click()
        page.wait_for_url(re.compile(f"preset={next(key for key, one in PRESETS.items() if one.name == name)}&"))
        page.wait_for_timeout(1200)
    page.wait_for_timeout(3000)
    opened, notes = decode(parse_qs(urlsplit(page.url).query))
    fresh = default_nets("digits")
    assert replace(opened, seed=0, under=fresh.under) == fresh and not notes
