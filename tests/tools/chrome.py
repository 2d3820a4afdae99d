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
]  # no flag about GL: WebGL falls back to software by itself, and forcing it puts all painting on it too (measured: twice as slow)
CONTEXT: dict[str, Any] = {"viewport": {"width": 1400, "height": 1000}, "locale": "en-GB", "timezone_id": "UTC"}


class NoBrowser(RuntimeError):
    """There is no browser to drive here; says what is missing."""


def launch() -> tuple[Any, Any]:
    """Start Playwright and a headless Chromium: (the manager to stop at the end, the browser)."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise NoBrowser("Playwright is not installed") from error
    manager = sync_playwright().start()
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    # what is not on the PATH may be a Chrome where its installer puts it, or Playwright's own browser
    for where in ({"executable_path": executable},) if executable else ({"channel": "chrome"}, {}):
        try:
            return manager, manager.chromium.launch(**where, args=FLAGS)
        except Error as error:
            reason = f"{executable} does not start: {error}" if executable else "no Chromium or Chrome is installed"
    manager.stop()
    raise NoBrowser(reason)


def forget(page: Any) -> None:
    """Close the page and all that its context would tell the next one: other pages, cookies, what scripts stored. Scripts stay loaded."""
    context = page.context
    context.set_offline(False)
    devtools = context.new_cdp_session(page)
    for origin in {"/".join(frame.url.split("/")[:3]) for frame in page.frames if frame.url.startswith("http")}:
        devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "cookies,local_storage,indexeddb,cache_storage"})
    context.clear_cookies()
    for one in context.pages:
        one.close()


def painted(page: Any, timeout: float = 60_000) -> Any:
    """Wait for a picture with heights (not nets' paths so far) in the scene; return its locator. An error on the page is raised."""
    painted_once = '[data-testid=scene][data-revision]:not([data-revision=""]):not([data-revision="0"])'
    scene = page.locator(f"{painted_once}:not(.rv-bare)")
    error = page.get_by_test_id("stException")
    scene.or_(error).first.wait_for(timeout=timeout)
    if error.count():
        raise AssertionError(f"the page shows an error: {error.first.inner_text()}")
    return page.get_by_test_id("scene").first
