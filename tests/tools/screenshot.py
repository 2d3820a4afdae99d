"""Make the README's picture from the real app: `python -m tests.tools.screenshot`."""

import argparse
from pathlib import Path

from tests.tools import chrome
from tests.tools.serve import ROOT, Server


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--path", default="/", help="what to open, such as /?landscape=beale")
    parser.add_argument("--to", type=Path, default=ROOT / "pages" / "lessons" / "race.png")
    parser.add_argument("--theme", choices=("light", "dark"), default="light")
    options = parser.parse_args()

    options.to.parent.mkdir(parents=True, exist_ok=True)
    with Server() as server:
        server.wait()
        manager, browser = chrome.launch()
        page = browser.new_page(**chrome.CONTEXT, color_scheme=options.theme)
        page.goto(server.url + options.path)
        chrome.painted(page)
        page.wait_for_timeout(3000)  # fonts, the 3-D surface and Streamlit's own fade-in
        page.screenshot(path=options.to)
        browser.close()
        manager.stop()
    print(f"{options.to.name}: {options.to.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
