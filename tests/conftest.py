"""What every test can ask for: the running app, a browser, a page in it, the scene on that page.

RAVINE_REQUIRE_BROWSER=1   a browser test that would be skipped fails instead (CI sets it)
RAVINE_URL                 test the app that already runs there instead of starting one
"""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tools import chrome
from tests.tools.serve import Server

REQUIRED = os.environ.get("RAVINE_REQUIRE_BROWSER", "0") not in ("", "0")
PATIENCE = 60_000  # ms; a fresh machine compiles its kernels while the first page waits

server_key: pytest.StashKey[Server] = pytest.StashKey()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last, since Playwright leaves an event loop running. Each xdist worker has a server and a browser of its own."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if REQUIRED and report.skipped and item.get_closest_marker("browser"):
        report.outcome = "failed"
        report.longrepr = f"a browser test was skipped although RAVINE_REQUIRE_BROWSER is set: {report.longrepr}"
    if report.failed and "app_server" in getattr(item, "fixturenames", ()) and (server := item.session.stash.get(server_key, None)):
        report.sections.append(("the app's output", server.tail()))
    return report


@pytest.fixture(scope="session")
def app_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the running app, without a slash at the end."""
    if url := os.environ.get("RAVINE_URL"):
        yield url.rstrip("/")
        return
    with Server(log=tmp_path_factory.mktemp("app") / "output.txt") as server:
        request.session.stash[server_key] = server
        server.wait()
        yield server.url


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium with software GL, driven by Playwright."""
    try:
        manager, instance = chrome.launch()
    except chrome.NoBrowser as reason:
        pytest.skip(str(reason))
    yield instance
    instance.close()
    manager.stop()


@pytest.fixture(scope="session")
def context(browser: Any) -> Iterator[Any]:
    """What all pages share: scripts that were loaded once, a fifth of what a page costs, and nothing else."""
    shared = browser.new_context(**chrome.CONTEXT)
    shared.set_default_timeout(PATIENCE)
    yield shared
    shared.close()


@pytest.fixture
def page(context: Any) -> Iterator[Any]:
    """A fresh page of 1400 x 1000 in a browser that remembers no page before it. An uncaught JavaScript error in it fails the test."""
    fresh = context.new_page()
    errors: list[str] = []
    fresh.on("pageerror", lambda error: errors.append(str(error)))
    yield fresh
    chrome.forget(fresh)
    assert not errors, "uncaught in the browser: " + "; ".join(errors)


@pytest.fixture
def open_scene(page: Any, app_server: str) -> Callable[..., Any]:
    """`open_scene("/?landscape=beale")` goes there, waits for the first painted picture and returns the scene's locator."""

    def open_(path: str = "/") -> Any:
        page.goto(app_server + path)
        return chrome.painted(page)

    return open_


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's root: where README.md and app.py are."""
    return Path(__file__).parents[1]
