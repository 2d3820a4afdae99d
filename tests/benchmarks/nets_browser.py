"""How live is the nets page? Chromium on the real app: from a request to the first coarse plane, and from a training to its whole plane.

Prints and never asserts.

    python -m tests.benchmarks.nets_browser
    python -m tests.benchmarks.nets_browser --url http://127.0.0.1:8501
"""

import argparse
from typing import Any

import numpy as np

from tests.benchmarks.browser import driven, ms, row
from tests.tools import chrome

# the page's own clock: every new picture from now on until there has been none for `quiet` ms
PICTURES = """
([old, quiet, patience]) => new Promise((resolve, reject) => {
  const began = performance.now()
  let seen = old, times = []
  const look = () => {
    const now = performance.now(), scene = document.querySelector("[data-testid=scene]")
    const revision = Number(scene?.dataset.revision || 0)
    if (revision && revision !== seen) { seen = revision; times.push(now) } // a scene that was made anew counts from 1
    if (times.length && now - times[times.length - 1] > quiet) return resolve(times)
    if (now - began > patience) return reject(new Error("no new plane"))
    setTimeout(look, 4)
  }
  look()
})
"""
PLANES = ("moons", "digits", "cnn", "resnet")
MOONS = "/nets?preset=moons&steps=500&racer=adam~0~lr~0.05&seed="


def pictures(page: Any, quiet: int = 1500, patience: int = 180_000) -> tuple[float, float]:
    """ms from the last click to the first new picture and to the last one."""
    old = page.evaluate("window.before")
    times = page.evaluate(PICTURES, [old, quiet, patience])
    pressed = page.evaluate("window.pressed")
    return times[0] - pressed, times[-1] - pressed


def note(page: Any) -> None:
    """Remember the picture that is on screen, and when the next click comes."""
    page.evaluate(
        """() => {
          window.before = Number(document.querySelector("[data-testid=scene]").dataset.revision)
          addEventListener("click", () => { window.pressed = performance.now() }, {capture: true, once: true})
        }"""
    )


def settled(page: Any) -> None:
    chrome.painted(page, 180_000)
    page.evaluate(PICTURES, [-1, 1500, 180_000])


def new_plane(page: Any, url: str, preset: str) -> tuple[float, float]:
    """The racers are trained; a click on another kind of directions asks for another plane."""
    page.goto(f"{url}/nets?preset={preset}")
    settled(page)
    page.get_by_role("tab", name="Plane").click()
    kinds = page.get_by_role("radiogroup", name="Directions").locator("label")
    page.wait_for_timeout(500)
    note(page)
    kinds.filter(has_text="andom").first.click()
    return pictures(page)


def new_training(page: Any, url: str, seed: int) -> tuple[float, float]:
    """Two moons, 500 evaluations of Adam, from the click on a link to the first picture and to the whole plane."""
    page.goto(f"{url}{MOONS}{seed}")
    settled(page)
    page.get_by_role("tab", name="Training").click()
    page.wait_for_timeout(500)
    box = page.get_by_role("spinbutton").last
    page.evaluate("""() => { window.before = Number(document.querySelector("[data-testid=scene]").dataset.revision)
      addEventListener("keydown", (e) => { if (e.key === "Enter") window.pressed = performance.now() }, {capture: true}) }""")
    box.fill(str(seed + 50))
    box.press("Enter")
    return pictures(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", help="a running app; without it, app.py is started")
    parser.add_argument("--times", type=int, default=5)
    options = parser.parse_args()
    with driven(options.url) as (browser, url):
        page = browser.new_page(**chrome.CONTEXT)
        row("another plane, racers trained (to reach: 500 ms)", "coarse", "whole")
        for preset in PLANES:
            row(f"  {preset}", *map(ms, new_plane(page, url, preset)))
        times = np.array([new_training(page, url, seed) for seed in range(options.times)])
        row("moons, 500 evaluations and its plane (to reach: 2,000 ms)", "first", "whole")
        row("  median", *map(ms, np.median(times, axis=0)))
        row("  worst", *map(ms, times.max(axis=0)))


if __name__ == "__main__":
    main()
