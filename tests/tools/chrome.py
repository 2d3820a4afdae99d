"""The browser that tests, benchmarks and the screenshot drive: the machine's own Chromium, through Playwright."""

import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = [
    "--no-sandbox",  # a container has no user namespaces
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # the 3-D surface needs WebGL, and a server has no graphics card
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]
CONTEXT: dict[str, Any] = {"viewport": {"width": 1400, "height": 1000}, "locale": "en-GB", "timezone_id": "UTC"}


class NoBrowser(RuntimeError):
    """There is no browser to drive here; says what is missing."""


def launch() -> tuple[Any, Any]:
    """Start Playwright and a headless Chromium: (the manager to stop at the end, the browser)."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise NoBrowser("Playwright is not installed") from error
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    manager = sync_playwright().start()
    try:
        # without a browser on the PATH, Playwright may have one of its own
        return manager, manager.chromium.launch(executable_path=executable, args=FLAGS)
    except Error as error:
        manager.stop()
        raise NoBrowser(f"no Chromium that starts: {str(error).strip().splitlines()[0]}") from error


def painted(page: Any, timeout: float = 60_000) -> Any:
    """Wait until the scene has painted its first picture; return its locator. An error on the page is raised at once."""
    scene = page.locator('[data-testid=scene][data-revision]:not([data-revision=""]):not([data-revision="0"])')
    error = page.get_by_test_id("stException")
    scene.or_(error).first.wait_for(timeout=timeout)
    if error.count():
        raise AssertionError(f"the page shows an error: {error.first.inner_text()}")
    return page.get_by_test_id("scene").first
