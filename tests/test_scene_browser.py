"""The scene in a real browser: what its pictures say, and that they are whole on every screen."""

from collections.abc import Callable
from typing import Any

import pytest

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


@pytest.mark.parametrize("size", [(1080, 1920), (1280, 720), (1400, 1300)])
def test_the_scene_is_whole_in_tall_and_in_short_windows(page: Any, open_scene: Open, size: tuple[int, int]) -> None:
    """A panel taller than wide would cut the surface's sides off; at 1280 x 720 the loss chart is on the first screen."""
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    scene = open_scene("/")
    panels = [scene.locator(f"[data-rv={name}]").bounding_box() for name in ("planeBox", "surfaceBox")]
    assert all(box["height"] <= box["width"] for box in panels)
    assert all(bar.bounding_box()["height"] < 45 for bar in scene.locator(".rv-plane .rv-bar, .rv-surface .rv-bar").all())
    chart = scene.locator("[data-rv=curveBox]").bounding_box()
    assert chart["y"] + chart["height"] <= size[1]


def test_a_logarithmic_scale_under_two_decades_has_numbers(open_scene: Open) -> None:
    scene = open_scene("/nets?preset=fisher&racer=sgd~0~lr~2.0")
    assert len(scene.locator(".rv-ramp span").all()) > 1
