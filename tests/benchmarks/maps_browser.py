"""How live are the maps? Chromium on the real app: a slider's way to the coarse map and to the whole one, and what that costs the race.

Prints and never asserts.

    python -m tests.benchmarks.maps_browser
    python -m tests.benchmarks.maps_browser --url http://127.0.0.1:8501
"""

import argparse
from typing import Any

import numpy as np

from tests.benchmarks.browser import driven, ms, opened, row
from tests.tools import chrome

# the page's own clock, from the key to the first newer picture, and to the first whole one
PAINTED = """
([old, patience]) => new Promise((resolve, reject) => {
  const maps = document.querySelector("[data-testid=map]"), limit = performance.now() + patience
  let first = null
  const look = () => {
    const newer = Number(maps.dataset.revision) > old
    if (newer && maps.dataset.state !== "waiting") first ??= performance.now()
    if (newer && maps.dataset.state === "whole") return resolve([first, performance.now()])
    if (performance.now() > limit) return reject(new Error("no new map"))
    setTimeout(look, 2)
  }
  look()
})
"""
SLIDER = "[data-testid=stSlider] input[type=range]"


def map_slider(page: Any, moves: int) -> tuple[np.ndarray, np.ndarray]:
    """ms from a key on a racer's slider to the first new picture of the map and to the whole one."""
    page.get_by_role("tab", name="Racers").click()
    thumb = page.locator(SLIDER).first
    times = []
    for move in range(moves):
        page.wait_for_timeout(300)
        thumb.focus()
        old = int(page.locator("[data-testid=map]").get_attribute("data-revision"))
        page.evaluate("addEventListener('keydown', () => { window.pressed = performance.now() }, {capture: true, once: true})")
        page.keyboard.press("ArrowRight" if move % 8 < 4 else "ArrowLeft")
        painted = page.evaluate(PAINTED, [old, 60_000])
        times.append(np.array(painted) - page.evaluate("window.pressed"))
    return tuple(np.array(times).T)  # type: ignore[return-value]


def race_slider(page: Any, moves: int) -> np.ndarray:
    """ms from a key on the race's first slider to the new picture."""
    scene, thumb, times = page.get_by_test_id("scene").first, page.locator(SLIDER).first, []
    for move in range(moves):
        page.wait_for_timeout(150)
        thumb.focus()
        old = int(scene.get_attribute("data-revision"))
        page.evaluate("addEventListener('keydown', () => { window.pressed = performance.now() }, {capture: true, once: true})")
        page.keyboard.press("ArrowRight" if move % 8 < 4 else "ArrowLeft")
        page.wait_for_function("old => Number(document.querySelector('[data-testid=scene]').dataset.revision) > old", arg=old, polling=5)
        times.append(page.evaluate("performance.now() - window.pressed"))
    return np.array(times)


def told(name: str, times: np.ndarray) -> None:
    row(name, *map(ms, np.percentile(times, (50, 95))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running app; without it, app.py is started")
    parser.add_argument("--moves", type=int, default=16)
    options = parser.parse_args()
    with driven(options.url) as (browser, url):
        page = browser.new_page(**chrome.CONTEXT)
        row("a slider on /maps", "median", "p95")
        for name, path in (
            ("one map", "/maps?landscape=rosenbrock&racer=momentum&steps=200&up=hyper.momentum"),
            ("four maps", "/maps?landscape=rosenbrock&steps=200"),
        ):
            page.goto(url + path)
            page.locator('[data-testid=map][data-state=whole]:not([data-revision="0"])').wait_for(timeout=120_000)
            coarse, whole = map_slider(page, options.moves)
            told(f"  {name}: coarse on screen", coarse)
            told(f"  {name}: whole", whole)
        row("a slider on the race", "median", "p95")
        with opened(browser, url + "/?view=surface~0") as (race, *_):
            told("  alone", race_slider(race, options.moves))
            page.goto(url + "/maps?map=basins&landscape=rastrigin&steps=5000&side=1024&racer=adam&racer=momentum")
            page.get_by_role("button", name="Cancel").wait_for(timeout=60_000)
            told("  while somebody computes maps", race_slider(race, options.moves))
            page.get_by_role("button", name="Cancel").click()
            page.wait_for_timeout(1000)
            told("  alone again", race_slider(race, options.moves))


if __name__ == "__main__":
    main()
