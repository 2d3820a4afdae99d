"""The app as a visitor first meets it: it starts, paints, and shows no error."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser


def test_first_page_paints_without_an_error(page: Any, open_scene: Callable[..., Any]) -> None:
    scene = open_scene("/")
    assert scene.is_visible()
    assert page.get_by_test_id("stException").count() == 0


def test_nothing_of_the_development_tools_is_shown(page: Any, open_scene: Callable[..., Any]) -> None:
    open_scene("/")
    assert page.get_by_test_id("stAppDeployButton").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_both_themes_are_ours(page: Any, open_scene: Callable[..., Any], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)
    open_scene("/")
    background = page.get_by_test_id("stApp").evaluate("element => getComputedStyle(element).backgroundColor")
    assert background == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 24, 26)"}[scheme]


def test_nothing_comes_from_another_host(page: Any, app_server: str, open_scene: Callable[..., Any]) -> None:
    """A classroom may have no network: whatever the page shows, this server has."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    open_scene("/")
    page.wait_for_timeout(1000)
    assert [url for url in asked if not url.startswith((app_server, "data:", "blob:"))] == []
