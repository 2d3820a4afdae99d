"""A slice of a trained net in a real browser: from the nets page to the race, from a link alone, broken, and on the maps page."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.tools import chrome

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
TRAINING = "racer~sgd~0~lr~2.0--racer~adam~1~lr~0.03"


def link(seed: int = 0, preset: str = "narrow_moons", steps: int = 60, plane: str = "kind~pca_all~points~21") -> str:
    return f"landscape=slice&slice=preset~{preset}--steps~{steps}--seed~{seed}--{TRAINING}--plane~{plane}"


def headline(page: Any, text: str = "Who finds the valley of this slice first?") -> None:
    page.get_by_role("heading", name=text).wait_for()


def test_from_the_nets_page_to_the_race_and_back(page: Any, open_scene: Open) -> None:
    open_scene(f"/nets?preset=narrow_moons&steps=60&{TRAINING.replace('--', '&').replace('racer~', 'racer=')}")
    page.get_by_role("tab", name="On the slice").click()
    page.get_by_text("directions against two").wait_for()
    assert page.get_by_role("cell", name=re.compile(r"^\d+\.\d%$")).count() == 4
    page.get_by_role("link", name="Release the racers on this slice").click()
    headline(page)
    chrome.painted(page)
    query = parse_qs(urlsplit(page.url).query)
    assert query["landscape"] == ["slice"] and [text.split("~")[0] for text in query["racer"]] == ["sgd", "adam"]
    page.get_by_role("tab", name="Landscape").click()
    assert page.get_by_test_id("stTextInputField").input_value() == ""
    page.get_by_role("link", name="The net behind it").click()
    page.wait_for_url(re.compile("/nets.*narrow_moons"))
    chrome.painted(page)


def test_the_link_alone_is_enough(page: Any, open_scene: Open) -> None:
    scene = open_scene(f"/?{link(seed=1)}")
    headline(page)
    assert "Two moons, two units" in scene.inner_text()
    racers = page.get_by_test_id("scene").locator("table").first.inner_text()
    page.reload()
    chrome.painted(page)
    headline(page)
    assert page.get_by_test_id("scene").locator("table").first.inner_text() == racers


def test_a_long_one_says_so_and_can_be_left(page: Any, app_server: str) -> None:
    page.goto(f"{app_server}/?{link(seed=2, preset='digits', steps=3000)}")
    page.get_by_role("heading", name="This landscape is being made").wait_for()
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("cancelled at").wait_for()
    page.get_by_role("button", name="Open the page without it").click()
    chrome.painted(page)
    page.wait_for_url(lambda url: "slice" not in url)
    headline(page, "Who finds the valley floor first?")


def test_a_broken_link_falls_back_with_a_word(page: Any, open_scene: Open) -> None:
    open_scene("/?landscape=slice&slice=preset~atlantis")
    assert "preset = atlantis was not used" in page.get_by_test_id("stAlert").inner_text()


def test_maps_of_a_slice(page: Any, app_server: str) -> None:
    page.goto(f"{app_server}/maps?{link(seed=3)}&map=basins&side=64&racer=sgd~0~lr~2.0")
    page.locator("[data-testid=map][data-state=whole]").or_(page.get_by_test_id("stException")).first.wait_for()
    assert not page.get_by_test_id("stException").count() and not page.get_by_test_id("stAlert").count()
