"""Row 58: what a step costs against n. The powers that methods declare, against their own lines, counted; the picture of them."""

import numpy as np
import pytest

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS
from optimizers.arithmetic import Tally, operations
from pages.figures.grid import grid
from pages.ui import costs
from pages.ui.experiment import default_experiment, racer_on

SIZES = {1: (32, 64, 128), 2: (12, 24, 48), 3: (8, 14, 24)}
JACOBI = ("newton", "trust_region")  # several sweeps of 3 n^3 each: smaller sizes show their power


@pytest.mark.slow
@pytest.mark.parametrize("method", OPTIMIZERS.values(), ids=OPTIMIZERS)
def test_the_arithmetic_grows_like_the_declared_power_of_n(method):
    """The slope in logarithms; the nearest whole number is the power."""
    sizes = (4, 6, 10) if method.key in JACOBI else SIZES[method.power]
    slope = np.polyfit(np.log(sizes), np.log([operations(method, n) for n in sizes]), 1)[0]
    assert slope == pytest.approx(method.power, abs=0.5)


def test_numbers_count_what_is_done_to_them():
    """Gradient descent: one product and one difference a weight. The counted rule computes what the compiled one does."""
    assert operations(OPTIMIZERS["sgd"], 7) == 2 * 7 and operations(OPTIMIZERS["momentum"], 7) == 4 * 7
    Tally.done = 0
    a = Tally(2.0)
    assert float((3 - a) * a / 4 + a**2) == 4.5 and Tally.done == 5 and float(np.sqrt(Tally(9.0))) == 3.0 and Tally.done == 6


def test_counting_stops_at_what_is_no_number():
    assert np.isnan(float(Tally(-1.0).sqrt())) and np.isinf(float(1.0 / Tally(0.0)))


def test_the_picture_goes_on_from_what_was_counted_with_the_declared_slope():
    racers = default_experiment("rosenbrock").racers
    (work,), (numbers,) = costs.panels(racers)
    assert {line.name for line in work.lines} == {f"{racer.method.name}, n" for racer in racers} and work.scale == work.x_scale == "log"
    for counted, beyond in zip(work.lines[::2], work.lines[1::2], strict=True):
        assert counted.name == beyond.name and counted.y[-1] == beyond.y[0] and beyond.y[1] / beyond.y[0] == pytest.approx(100 / 8)
    assert "Gradient descent, n" not in {line.name for line in numbers.lines}
    assert "Nothing is held by Gradient descent," in costs.words(racers) and grid([[work], [numbers]]).data


@pytest.mark.parametrize(
    ("key", "numbers"),
    [("sgd", 0), ("momentum", 100), ("adam", 200), ("newton", 10_000), ("bfgs", 300 + 10_000), ("l_bfgs", 300 + 2000)],
)
def test_what_is_held(key, numbers):
    """Of 100 weights; BFGS and L-BFGS also keep iterate, gradient and direction for their searches."""
    assert costs.held(racer_on(FUNCTIONS["bowl"], key, 0), 100) == numbers
