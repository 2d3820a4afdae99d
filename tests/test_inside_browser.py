"""What a racer holds, drawn in a real browser: shapes over the plane, curves on the clock, a line in words."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def shapes(scene: Any) -> int:
    return int(scene.locator("canvas[data-inside]").get_attribute("data-inside"))


def wait_for_shapes(page: Any, count: int) -> None:
    page.wait_for_function("count => document.querySelector('canvas[data-inside]')?.dataset.inside === String(count)", arg=count)


def words(scene: Any) -> str:
    return str(scene.locator("[data-rv=insideLine]").inner_text())


def test_looking_inside_is_a_switch_that_the_address_keeps(page: Any, open_scene: Open) -> None:
    scene = open_scene("/?selected=1&cursor=12&view=surface~0")
    assert shapes(scene) == 0 and not scene.locator("[data-rv=insidePanel]").is_visible()
    scene.get_by_label("Inside").check()
    wait_for_shapes(page, 3)  # the velocity that it keeps, the gradient's pull, and their sum
    page.wait_for_url(lambda url: "inside~1" in url)
    assert "Momentum: keeps (" in words(scene) and scene.locator("[data-rv=insidePanel] canvas").first.is_visible()
    assert "times longer" in scene.locator("[data-rv=magnified]").inner_text()
    scene.get_by_label("Inside").uncheck()
    wait_for_shapes(page, 0)
    assert not scene.locator("[data-rv=insidePanel]").is_visible()


@pytest.mark.parametrize(
    ("racer", "count", "says"),
    [("nelder_mead", 2, "corners"), ("trust_region", 4, "radius"), ("newton", 2, "curvatures"), ("bfgs", 4, "believes")],
)
def test_shapes_are_drawn_at_the_cursor(page: Any, open_scene: Open, racer: str, count: int, says: str) -> None:
    scene = open_scene(f"/?racer={racer}~0&steps=40&cursor=2&view=inside~1~surface~0")
    wait_for_shapes(page, count)
    before = words(scene)
    assert says in before
    page.keyboard.press("ArrowRight")
    assert words(scene) != before and shapes(scene) == count


def test_the_plane_stays_where_it_is_in_playback(page: Any, open_scene: Open) -> None:
    """The line in words has its room, so that nothing below it jumps as its numbers change."""
    scene = open_scene("/?selected=3&view=inside~1~surface~0")
    tops = set()
    for tick in (1, 20, 77, 150, 300, 399):
        scene.locator("[data-rv=scrub]").fill(str(tick))
        tops.add(scene.locator("[data-rv=planeBox]").bounding_box()["y"])
    assert len(tops) == 1


def test_less_motion_is_playback_in_ten_jumps(page: Any, open_scene: Open) -> None:
    page.emulate_media(reduced_motion="reduce")
    scene = open_scene("/?cursor=0&steps=200&view=speed~8")
    page.evaluate("""() => {
        const scene = document.querySelector("[data-testid=scene]");
        window.ticks = [];
        new MutationObserver(() => window.ticks.push(Number(scene.dataset.cursor))).observe(scene, {attributeFilter: ["data-cursor"]});
    }""")
    scene.get_by_role("button", name=re.compile("play", re.I)).first.click()
    page.wait_for_function("window.ticks.includes(200)")
    assert sorted(set(page.evaluate("window.ticks")) - {0}) == list(range(20, 201, 20))
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    page.wait_for_function("window.ticks.filter((t) => t === 20).length > 1")
    page.keyboard.press("Space")  # a pause stops the jumps
    stopped = scene.get_attribute("data-cursor")
    page.wait_for_timeout(600)
    assert scene.get_attribute("data-cursor") == stopped


@pytest.mark.parametrize(
    "path",
    [
        "/?racer=newton~0&steps=0",
        "/?racer=adam~0~lr~1000000&racer=sgd~1~lr~1&selected=1&steps=60",
        "/?landscape=gaussian_fit&racer=l_bfgs~0",
    ],
)
def test_looking_into_a_run_that_stands_or_diverges_breaks_nothing(page: Any, open_scene: Open, path: str) -> None:
    scene = open_scene(f"{path}&view=inside~1")  # the page fixture fails on an uncaught error
    for key in ("Home", "ArrowRight", "End"):
        page.keyboard.press(key)
    assert shapes(scene) >= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation_inside(page: Any, open_scene: Open, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    open_scene("/?selected=1&cursor=12&view=inside~1")
    page.wait_for_timeout(500)
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"][:160] for node in one["nodes"]]) for one in found] == []
