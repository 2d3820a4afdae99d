"""The scene in a real browser: what its pictures say, and that they are whole on every screen."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.tools import chrome

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
SADDLE = "/?landscape=formula&formula=x**2-y**2&view=surface~0"


def words(scene: Any, part: str) -> str:
    return scene.locator(f"[data-rv={part}]").inner_text()


def test_losses_without_a_logarithm_are_drawn_linear_or_said_to_lie_on_the_floor(open_scene: Open) -> None:
    assert "linear, for no value is above 0" in words(open_scene(SADDLE), "axisTitle")
    assert "negative ones too, on the bottom line" in words(open_scene(f"{SADDLE}&start=1.5~0.5"), "axisTitle")


def test_the_lowest_minimum_is_told_apart_from_the_others(open_scene: Open) -> None:
    key = words(open_scene("/?landscape=rastrigin"), "key")
    assert "lowest minimum" in key and "other minima (on the plane)" in key
    assert "minima, all alike" in words(open_scene("/?landscape=himmelblau&view=surface~0"), "key")
    assert "not the lowest in the frame" in words(open_scene("/?landscape=formula&formula=x**3-2*x%2By**2&view=surface~0"), "key")


def test_the_list_beside_the_chart_says_what_its_numbers_are(page: Any, open_scene: Open) -> None:
    """The chart may count from a floor, which the list does not."""
    scene = open_scene("/?landscape=styblinski_tang&view=surface~0")
    assert "above" in words(scene, "axisTitle")
    said = "() => getComputedStyle(document.querySelector('[data-rv=names]'), '::before').content"
    assert page.evaluate(said) == '"loss"'
    scene.get_by_text("Gradient norm", exact=True).click()
    page.wait_for_function(f"({said})() === '\"gradient norm\"'")


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 720), (1400, 1300)])
def test_the_scene_is_whole_in_tall_and_in_short_windows(page: Any, open_scene: Open, size: tuple[int, int]) -> None:
    """A panel taller than wide would cut the surface's sides off; at 1280 x 720 the loss chart is on the first screen."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    scene = open_scene("/")
    panels = [scene.locator(f"[data-rv={name}]").bounding_box() for name in ("planeBox", "surfaceBox")]
    assert all(box["height"] <= 0.91 * box["width"] for box in panels)
    assert all(bar.bounding_box()["height"] < 45 for bar in scene.locator(".rv-plane .rv-bar, .rv-surface .rv-bar").all())
    chart = scene.locator("[data-rv=curveBox]").bounding_box()
    assert chart["y"] + chart["height"] <= size[1]


def test_a_logarithmic_scale_under_two_decades_has_numbers(open_scene: Open) -> None:
    scene = open_scene("/nets?preset=fisher&racer=sgd~0~lr~2.0")
    scene.locator(".rv-ramp span").nth(1).wait_for()


def test_a_racer_that_came_back_is_said_to_have_last_left(open_scene: Open) -> None:
    """The sentence tells the first tick outside the frame, the arrow the last."""
    scene = open_scene("/?landscape=rosenbrock&racer=sgd~0~lr~0.01&racer=adam~1~lr~5&view=surface~0")
    assert '"Adam last left at tick 41"' in scene.locator(".rv-plane canvas").get_attribute("data-notes")


def test_a_note_does_not_lie_over_the_goal(open_scene: Open) -> None:
    """The racer has gone at the height of the minimum's star, close to it."""
    scene = open_scene("/?landscape=formula&formula=x**2%2By**2&start=1.5~0&racer=sgd~0~lr~1.6&steps=600&view=surface~0")
    (note,) = json.loads(scene.locator(".rv-plane canvas").get_attribute("data-notes"))
    assert note["text"].startswith("Gradient descent diverged")
    box = scene.locator("[data-rv=planeBox] .nsewdrag").bounding_box()
    panel = scene.locator("[data-rv=planeBox]").bounding_box()
    star = box["x"] - panel["x"] + box["width"] / 2, box["y"] - panel["y"] + box["height"] / 2
    beside = not note["x"] - 9 < star[0] < note["x"] + note["width"] + 9
    assert beside or abs(note["y"] - star[1]) >= 17


def test_level_racers_share_the_lead(open_scene: Open) -> None:
    live = words(open_scene("/?landscape=pure_noise&batch=1~1&view=surface~0"), "live")
    assert re.search(r": Adam and AdamW are level at loss 0", live) and "leads" not in live


def test_who_arrived_first_is_named_first_and_then_who_is_lowest(open_scene: Open) -> None:
    """L-BFGS with one pair arrives three evaluations before BFGS, whose loss is lower at the end."""
    live = words(open_scene("/?lesson=memory&view=surface~0"), "live")
    assert live.startswith("Tick 80: L-BFGS memory 1 has been within the tolerance since tick 46 (loss 3.46e-29); ")
    assert live.endswith("lowest by now BFGS, L-BFGS memory 5 and L-BFGS memory 20 (0).")


def test_twins_are_told_apart_by_what_they_differ_in(open_scene: Open) -> None:
    live = words(open_scene("/?lesson=bias&view=surface~0"), "live")
    assert "Adam (m corrected: on, v corrected: off) leads" in live and "lr" not in live


def test_what_rounding_leaves_of_a_zero_is_0(open_scene: Open) -> None:
    scene = open_scene("/?lesson=look_ahead&view=surface~0~inside~1")
    line = words(scene, "insideLine")
    assert line.startswith("Nesterov: it looks ahead by (0.0446, 0)") and "e-" not in line


@pytest.mark.parametrize("box", ["planeBox", "surfaceBox"])
def test_the_wheel_scrolls_the_page_and_zooms_with_ctrl(page: Any, open_scene: Open, box: str) -> None:
    scene = open_scene("/")
    page.wait_for_timeout(1500)  # the surface comes after the plane
    panel = scene.locator(f"[data-rv={box}]")
    seen = panel.bounding_box()
    page.mouse.move(seen["x"] + seen["width"] / 2, seen["y"] + seen["height"] / 2)
    page.mouse.wheel(0, 120)
    panel.get_by_text("+ wheel zooms").wait_for()
    page.wait_for_function("before => document.querySelector('[data-rv=planeBox]').getBoundingClientRect().y < before", arg=seen["y"])
    assert "view=" not in page.url
    page.keyboard.down("Control")
    page.mouse.wheel(0, -120)
    page.keyboard.up("Control")
    page.wait_for_url(re.compile("view=(x|camera)"))
    assert page.evaluate("visualViewport.scale") == 1


def test_with_many_seeds_the_words_say_whose_they_are(open_scene: Open) -> None:
    scene = open_scene("/?conditions=noise~5&seeds=20&view=surface~0")
    live = words(scene, "live")
    assert live.startswith("Tick 400, seed 0 of 20: ") and "Median of all seeds: lowest for " in live
    assert "of seed 0, one of 20" in scene.locator("caption").inner_text()
    assert "seed" not in words(open_scene("/?view=surface~0"), "live")


def test_a_long_name_does_not_run_into_its_number(page: Any, open_scene: Open) -> None:
    scene = open_scene("/?landscape=ravine&racer=momentum~0~lr~0.00928267~momentum~0.885495&view=surface~0")
    name, value = (scene.locator(f".rv-names li {part}").bounding_box() for part in ("small", "b"))
    assert name["x"] + name["width"] <= value["x"]


def test_what_a_method_holds_is_drawn_until_it_came_to_rest(open_scene: Open) -> None:
    scene = open_scene("/?landscape=ravine&racer=newton~0&view=inside~1")
    assert "drawn until it came to rest at tick 1: later steps are rounding" in words(scene, "insideTitle")
    assert "at rest since tick 1" in words(scene, "insideLine")


@pytest.mark.parametrize("size", [(390, 844), (1080, 1920)])
def test_every_number_of_the_table_is_whole(page: Any, open_scene: Open, size: tuple[int, int]) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    scene = open_scene("/?view=surface~0&tolerance=0.1")  # somebody arrives in distance, too: all columns are there
    edge = scene.bounding_box()
    cells = [cell.bounding_box() for cell in scene.locator("tbody tr:first-child > *").all()]
    assert len(cells) == 4 * 9 and all(box["x"] + box["width"] <= edge["x"] + edge["width"] + 1 for box in cells)


def test_the_scene_alone_fills_a_projector_and_comes_back(page: Any, open_scene: Open) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    scene = open_scene("/")
    small = page.evaluate("document.querySelector('[data-rv=planeBox]').clientHeight")
    scene.get_by_role("button", name="Full screen", exact=True).click()
    page.wait_for_function("small => document.querySelector('[data-rv=planeBox]').clientHeight > small + 30", arg=small)
    chart = scene.locator("[data-rv=curveBox]").bounding_box()
    assert chart["y"] + chart["height"] <= 1080 and page.evaluate("document.fullscreenElement.dataset.testid") == "scene"
    page.keyboard.press("ArrowLeft")
    assert scene.get_attribute("data-cursor") == "399"
    scene.get_by_role("button", name="Leave full screen").click()
    page.wait_for_function("small => document.querySelector('[data-rv=planeBox]').clientHeight === small", arg=small)


def test_where_most_losses_are_negative_the_curve_is_linear_and_says_why(open_scene: Open) -> None:
    racers = "racer=sgd~0~lr~0.00125&racer=rmsprop~1~lr~0.2"
    scene = open_scene(f"/?landscape=formula&formula=x/y&start=-1~1&steps=200&view=surface~0&{racers}")
    assert "linear, for most values are below 0" in words(scene, "axisTitle")


def test_who_arrives_at_the_last_tick_is_not_said_to_have_stayed(open_scene: Open) -> None:
    """By rate 0.005 from (-1, 1), Adam's first step that is near enough to 0 is about its two hundredth."""
    scene = open_scene("/?landscape=formula&formula=abs(x)%2Babs(y)&start=-1~1&steps=200&view=surface~0&racer=adam~0~lr~0.005")
    assert "Adam is within the tolerance now" in words(scene, "live")
    assert "at its last evaluation, number 200: nobody sees whether it stays" in scene.locator(".rv-why").inner_text()


def test_a_finger_scrolls_the_page_over_every_picture(browser: Any, app_server: str) -> None:
    """Up and down it scrolls, and neither turns the surface nor moves the cursor; sideways it does that."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto(f"{app_server}/?cursor=10")
    chrome.painted(page)
    page.wait_for_timeout(2000)  # the surface comes after the plane
    touch = context.new_cdp_session(page)

    def swipe(part: str, dx: int, dy: int) -> int:
        panel = page.locator(f"[data-rv={part}]")
        panel.scroll_into_view_if_needed()
        top = "document.querySelector('[data-testid=stMain]').scrollTop"
        box, before = panel.bounding_box(), page.evaluate(top)
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
        for step in range(1, 13):
            touch.send(
                "Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x + dx * step / 12, "y": y + dy * step / 12}]}
            )
            page.wait_for_timeout(20)
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_timeout(600)
        return page.evaluate(top) - before

    assert all(swipe(part, 0, -150) > 50 for part in ("planeBox", "surfaceBox", "curveBox"))
    scene = page.get_by_test_id("scene")
    assert scene.get_attribute("data-cursor") == "10" and "camera" not in page.url
    swipe("surfaceBox", 120, 5)
    page.wait_for_url(re.compile("camera"))
    swipe("curveBox", 60, 0)
    assert int(scene.get_attribute("data-cursor")) > 150
    context.close()
