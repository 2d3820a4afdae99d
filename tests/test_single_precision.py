"""Single precision: the same lines, compiled without a double in them; maps look the same, only faster."""

import re

import numpy as np
import pytest
from numba import float32, njit

from landscape import FUNCTIONS, SAMPLES
from landscape.kernel import EVALUATE, FLAGS, RULE, deferred, kernel, plain
from landscape.single import SinglePrecision, narrowed, nearest, single
from optimizers import OPTIMIZERS, Conditions, descend
from optimizers.maps import Case, axis_of, basins, tuning

pytestmark = [pytest.mark.jit, pytest.mark.slow]  # compiles every method once more
ROSENBROCK, START = FUNCTIONS["rosenbrock"], (-1.5, 2.0)
SEARCHES = {key for key, method in OPTIMIZERS.items() if "lo" in method.scalars}  # a line search decides by small differences of losses
FIRST_ORDER = {key: method for key, method in OPTIMIZERS.items() if not method.curvature and "lr" in method.by_key and key not in SEARCHES}


@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"])
def test_nothing_is_left_of_double_precision(key):
    """A single double would halve the width of the vectors."""
    for part, signature in ((OPTIMIZERS[key].rule, RULE), (ROSENBROCK.evaluate_kernel, EVALUATE)):
        bare = njit(narrowed(signature), pipeline_class=SinglePrecision, **FLAGS | {"cache": False})(plain(part))
        (code,) = bare.inspect_llvm().values()
        assert not re.search(r"\bdouble\b", code.split("define")[1]), part


@pytest.mark.parametrize("method", FIRST_ORDER.values(), ids=FIRST_ORDER)
def test_a_short_run_agrees(method):
    rates = np.geomspace(1e-5, 1e-4, 700)
    double, narrow = (descend(ROSENBROCK, method, START, 20, keep="final", lr=rates, precision=p) for p in ("float64", "float32"))
    assert np.allclose(narrow.final, double.final, rtol=1e-4, atol=1e-4) and narrow.final.dtype == np.float64
    assert np.array_equal(narrow.diverged_at, double.diverged_at)


@pytest.mark.parametrize("key", [key for key, method in OPTIMIZERS.items() if key not in FIRST_ORDER and not method.unfit(ROSENBROCK)])
def test_other_methods_arrive_too(key):
    narrow = descend(ROSENBROCK, OPTIMIZERS[key], np.tile([[-1.5], [2.0]], 300), 500, keep="final", precision="float32")
    assert np.all(narrow.final_loss < 1e-3)


def test_a_problem_on_data_under_all_conditions():
    line, values = SAMPLES["line_fit"], {"lr": np.geomspace(1e-3, 1e-2, 300)}
    conditions = Conditions(noise=0.1, clip_norm=1.0, l2=0.01, decay=0.01)
    runs = [
        descend(line, OPTIMIZERS["adam"], (0, 0), 40, keep="final", conditions=conditions, precision=p, **values)
        for p in ("float64", "float32")
    ]
    assert np.allclose(runs[0].final, runs[1].final, rtol=1e-4, atol=1e-4)


def test_divergence_is_seen_in_single_precision():
    rates = np.geomspace(1e-4, 1.0, 600)
    double, narrow = (
        descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 100, keep="final", lr=rates, precision=p) for p in ("float64", "float32")
    )
    assert np.array_equal(double.status == "diverged", narrow.status == "diverged") and np.any(double.status == "diverged")
    assert np.abs(double.diverged_at - narrow.diverged_at).max() <= 1  # 3e38 is passed a tick before 1e300


AGREE = {  # share of pixels whose colour, log10 of the loss, differs by more than .05: what was measured, and some air
    ("rosenbrock", "adam", "beta1"): 0.03,
    ("rosenbrock", "momentum", "momentum"): 0.03,
    ("ravine", "rmsprop", "alpha"): 0.12,  # where it circles the minimum, a rounding error decides on which side it is at the end
    ("styblinski_tang", "adam", "beta1"): 0.03,
}


@pytest.mark.parametrize(("landscape", "optimizer", "other"), AGREE)
def test_a_tuning_map_has_the_same_colours(landscape, optimizer, other):
    case = Case(landscape, optimizer, FUNCTIONS[landscape].start, 200)
    x, y = axis_of(case, "lr"), axis_of(case, other)
    double, narrow = (tuning(case, x, y, 96, 96, precision=p) for p in ("float64", "float32"))
    assert (double.precision, narrow.precision) == ("float64", "float32")
    above = [np.log10(np.maximum(sheet.loss - case.problem.lowest, 1e-6)) for sheet in (double, narrow)]  # six digits of a loss near 1
    both = np.isfinite(above[0]) & np.isfinite(above[1])
    differs = np.mean((np.abs(above[0] - above[1]) > 0.05)[both])
    assert differs <= AGREE[landscape, optimizer, other], differs
    assert np.mean(double.status != narrow.status) <= 0.3  # "converged" asks for a gradient of 1e-6, which is where six digits end
    assert np.mean((double.arrived >= 0) != (narrow.arrived >= 0)) <= 0.04


def test_a_basin_map_differs_at_borders_only():
    case = Case("himmelblau", "sgd", (0.0, 0.0), 200, hypers=(("lr", 0.01),))
    double, narrow = (basins(case, (-5.0, 5.0), (-5.0, 5.0), 96, 96, precision=p) for p in ("float64", "float32"))
    assert np.mean(double.which != narrow.which) <= 0.005


def test_float32_is_for_sweeps():
    for arguments in ({}, {"keep": "final", "compiled": False}):
        with pytest.raises(ValueError, match="float32 is for sweeps"):
            descend(ROSENBROCK, OPTIMIZERS["sgd"], START, 3, precision="float32", **arguments)


def test_constants_beyond_single_precision_become_its_ends():
    assert nearest(1e300) == np.finfo(np.float32).max and nearest(-1e300) == -np.finfo(np.float32).max
    assert nearest(1e-300) == np.finfo(np.float32).tiny and nearest(0.0) == 0.0 and np.isinf(nearest(np.inf)) and nearest(0.5) == 0.5


def test_what_a_kernel_calls_is_narrowed_with_it():
    @deferred(None)
    def tenth(x):
        return x * 0.1

    @kernel(narrowed(RULE).return_type(narrowed(RULE).args[1]))
    def rule(x):
        x[0] = tenth(x[0])

    x = np.ones(3, np.float32)
    single(rule)(x)
    assert x[0] == np.float32(0.1) and single(tenth).nopython_signatures[0].return_type == float32
    assert single(rule) is single(rule) and single(len) is len
