"""What a page loads: PyTorch and scikit-learn wait until a page about nets is opened, what is slow of SciPy until it is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OPEN = """
import os, sys
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

def heavy():
    return sorted({"scipy.optimize", "scipy.stats", "sklearn", "torch"} & set(sys.modules))

def opened(page, **query):
    app = AppTest.from_file("app.py", default_timeout=300)
    app._page_hash = calc_hash(page)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception, app.exception

import pages.ui.boot
pages.ui.boot._compile_all = lambda: __import__("pages.ui.maps.canvas")  # of what is warmed up behind a visitor's back: the imports
"""


def loaded(lines):
    """What the last of these lines prints, in a process of its own."""
    code = OPEN + lines + "\nprint(*heavy())\nsys.stdout.flush()\nos._exit(0)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT,
                         env=os.environ | {"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.split()


@pytest.mark.slow
def test_race_and_maps_load_nothing_that_is_slow_to_load():
    assert loaded('opened("")\nopened("", landscape="rosenbrock", racer="adam~0")\nopened("maps")\nopened("maps", map="basins")') == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", ['opened("nets", steps="5", plane="points~11")', 'opened("", landscape="slice", slice="preset~moons~steps~5")']
)
def test_the_page_about_nets_and_a_link_to_a_slice_load_pytorch(line):
    """So that the test above can fail."""
    assert "torch" in loaded(line)
