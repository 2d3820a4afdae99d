"""How does the page feel? Chromium on the real app: a slider's way to the repainted picture, playback, and the launch.

Prints and never asserts.

    python -m tests.benchmarks.browser              # starts the app itself, with the caches it finds
    python -m tests.benchmarks.browser --cold       # also: the first launch on a machine that has compiled nothing
    python -m tests.benchmarks.browser --url http://127.0.0.1:8501
"""

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Error

from tests.tools import chrome
from tests.tools.serve import ROOT, Server

# resolves with the time of the first frame whose picture is newer than `old`: the clock of the page, not of this script
REPAINTED = """
([scene, old, patience]) => new Promise((resolve, reject) => {
  const limit = performance.now() + patience
  const look = () => {
    if (Number(scene.dataset.revision) > old) return resolve(performance.now())
    if (performance.now() > limit) return reject(new Error("no new picture"))
    setTimeout(look, 1)
  }
  look()
})
"""


# notes when the first picture was painted, on the clock that all processes share: a script that polls sees it late while the page is busy
FIRST_PICTURE = """
new MutationObserver((changes) => {
  for (const { target } of changes)
    if (!window.firstPicture && Number(target.dataset.revision) > 0) window.firstPicture = performance.timeOrigin + performance.now()
}).observe(document, {subtree: true, attributes: true, attributeFilter: ["data-revision"]})
"""


@dataclass
class Traffic:
    """Sizes of the websocket frames of a page, as the page sees them: after decompression."""

    received: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    def listen(self, page: Any) -> None:
        page.on("websocket", self._attach)

    def _attach(self, socket: Any) -> None:
        socket.on("framereceived", lambda frame: self.received.append(len(frame)))
        socket.on("framesent", lambda frame: self.sent.append(len(frame)))

    def clear(self) -> None:
        self.received.clear()
        self.sent.clear()


def row(name: str, *cells: str) -> None:
    print(f"{name:34}" + "".join(f"{cell:>16}" for cell in cells))


def ms(value: float) -> str:
    return f"{value:.0f} ms"


@contextlib.contextmanager
def opened(browser: Any, url: str) -> Iterator[tuple[Any, Any, Traffic]]:
    """A fresh page at `url`, painted and at rest: (page, scene, its traffic)."""
    context = browser.new_context(**chrome.CONTEXT)
    page = context.new_page()
    traffic = Traffic()
    traffic.listen(page)
    page.goto(url)
    scene = chrome.painted(page, timeout=120_000)
    rest(page, traffic)
    yield page, scene, traffic
    context.close()


@contextlib.contextmanager
def driven(url: str | None) -> Iterator[tuple[Any, str]]:
    """A browser, and the app for it: the one that runs at `url`, or one that is started here."""
    with contextlib.ExitStack() as stack:
        if not url:
            server = stack.enter_context(Server())
            server.wait()
            url = server.url
        manager, browser = chrome.launch()
        stack.callback(manager.stop)
        stack.callback(browser.close)
        yield browser, url


def rest(page: Any, traffic: Traffic, quiet: int = 400) -> None:
    """Wait until no frame has come for `quiet` ms (10 s at most)."""
    for _ in range(10_000 // quiet):
        before = len(traffic.received)
        page.wait_for_timeout(quiet)
        if len(traffic.received) == before:
            return


def slider(browser: Any, url: str, moves: int, label: str) -> tuple[np.ndarray, np.ndarray]:
    """Turn a slider back and forth by keyboard: (ms from the key to the new picture, bytes over the websocket)."""
    with opened(browser, url) as (page, scene, traffic):
        inside = page.get_by_test_id("stSlider").filter(has_text=label) if label else page.get_by_test_id("stSlider")
        thumb = inside.filter(visible=True).locator("input[type=range]:not([disabled])").first
        times, sizes = [], []
        handle = scene.element_handle()
        for move in range(moves):
            try:
                thumb.focus(timeout=5000)
            except Error:
                raise RuntimeError(f"the slider has gone after {move} moves") from None
            traffic.clear()
            old = int(scene.get_attribute("data-revision") or 0)
            # the key's own time, so that the way from this script to the browser does not count
            page.evaluate("() => addEventListener('keydown', () => { window.keyAt = performance.now() }, {once: true, capture: true})")
            page.keyboard.press("ArrowRight" if move % 4 < 2 else "ArrowLeft")
            try:
                painted = page.evaluate(REPAINTED, [handle, old, 20_000])
            except Error:
                raise RuntimeError(f"no new picture after move {move + 1}") from None
            times.append(painted - page.evaluate("() => window.keyAt"))
            rest(page, traffic)
            sizes.append(sum(traffic.received) + sum(traffic.sent))
        return np.array(times), np.array(sizes)


def playback(browser: Any, url: str, seconds: float) -> tuple[int, int, int]:
    """Press space on the scene: (ticks the cursor moved, websocket frames, bytes) while it plays."""
    with opened(browser, url) as (page, scene, traffic):
        scene.focus()
        first = scene.get_attribute("data-cursor")
        traffic.clear()
        cursors = {first}
        page.keyboard.press("Space")
        for _ in range(round(seconds / 0.05)):
            page.wait_for_timeout(50)
            cursors.add(scene.get_attribute("data-cursor"))
        frames = len(traffic.received) + len(traffic.sent)
        return len(cursors) - 1, frames, sum(traffic.received) + sum(traffic.sent)


def launch(browser: Any, app: Path, env: dict[str, str] | None = None) -> tuple[float, float]:
    """Start the server and open the page: seconds from the process's start to (answering, first picture)."""
    began = time.time()
    with Server(app, env=env) as server:
        server.wait()
        answered = time.time() - began
        page = browser.new_page(**chrome.CONTEXT)
        page.add_init_script(FIRST_PICTURE)
        page.goto(server.url)
        chrome.painted(page, timeout=180_000)
        painted = page.evaluate("window.firstPicture") / 1000 - began
        page.close()
    return answered, painted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running app; without it, app.py is started")
    parser.add_argument("--app", type=Path, default=ROOT / "app.py", help="the script to start")
    parser.add_argument("--plane", default="/?view=surface~0", help="where the page shows the plane without the surface")
    parser.add_argument("--full", default="/", help="where the page shows the surface too")
    parser.add_argument("--label", default="", help="part of the slider's label; default: the first slider on the page")
    parser.add_argument("--moves", type=int, default=24)
    parser.add_argument("--cold", action="store_true", help="also launch with empty caches of compiled kernels")
    options = parser.parse_args()
    app = options.app.resolve()
    manager, browser = chrome.launch()
    with contextlib.ExitStack() as stack:
        stack.callback(manager.stop)
        stack.callback(browser.close)
        if not options.url:
            row("launch", "server answers", "first picture")
            if options.cold:
                with tempfile.TemporaryDirectory() as empty:
                    env = {"NUMBA_CACHE_DIR": f"{empty}/numba", "RAVINE_CACHE": f"{empty}/ravine"}
                    row("  nothing compiled yet", *(f"{seconds:.1f} s" for seconds in launch(browser, app, env)))
            launch(browser, app)  # fills the caches
            row("  warm caches", *(f"{seconds:.1f} s" for seconds in launch(browser, app)))
            server = stack.enter_context(Server(app))
            server.wait()
            options.url = server.url
        row("slider to repaint", "median", "p95", "KB median", "KB max")
        for name, path in (("  plane", options.plane), ("  plane and surface", options.full)):
            try:
                times, sizes = slider(browser, options.url + path, options.moves, options.label)
            except RuntimeError as error:
                row(name, str(error))
                continue
            median, p95 = np.percentile(times, (50, 95))
            row(name, ms(median), ms(p95), f"{np.median(sizes) / 1000:.1f}", f"{sizes.max() / 1000:.1f}")
        row("playback, 3 s", "cursor moves", "frames", "bytes")
        row("  plane and surface", *map(str, playback(browser, options.url + options.full, 3)))


if __name__ == "__main__":
    main()
