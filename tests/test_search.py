"""The search for stationary points: the declared ones of every landscape are its oracle, and SymPy's solutions of one's own formulas."""

from dataclasses import replace

import numpy as np
import pytest
import sympy

from landscape import FUNCTIONS, SAMPLES, formula
from landscape.search import MOST, search, standing

pytestmark = pytest.mark.kernel
LANDSCAPES = FUNCTIONS | {key: problem for key, problem in SAMPLES.items() if problem.stationary}
every = pytest.mark.parametrize(
    "problem", [pytest.param(one, id=key, marks=[pytest.mark.slow] if one.sampler else []) for key, one in LANDSCAPES.items()]
)


def unknown(problem):
    return replace(problem, stationary=None)


def within(problem, points):
    (x0, x1), (y0, y1) = problem.domain
    return [point for point in points if x0 <= point.x <= x1 and y0 <= point.y <= y1]


def missing(problem, kind):
    """Declared points of a kind that the search did not find to 1e-4 of the frame."""
    found = [point for point in unknown(problem).stationary_points() if point.kind == kind]
    size = np.ptp(np.array(problem.domain), axis=1).max()
    declared = [point for point in within(problem, problem.stationary_points()) if point.kind == kind]
    return [one for one in declared if not any(np.hypot(one.x - other.x, one.y - other.y) < 1e-4 * size for other in found)]


@every
@pytest.mark.parametrize("kind", ["minimum", "saddle", "maximum"])
def test_every_declared_point_within_the_frame_is_found(problem, kind):
    assert missing(problem, kind) == []


@every
def test_what_is_found_is_what_it_is_called(problem):
    found = unknown(problem).stationary_points()
    assert within(problem, found) == list(found) and len(found) <= MOST
    size = np.ptp(np.array(problem.domain), axis=1).max()
    rng = np.random.default_rng(0)
    for point in found:
        x = np.array([point.x, point.y])
        low, high = np.linalg.eigvalsh(problem.hessian(x))
        flat = 1e-6 * max(abs(low), abs(high), 1e-9)
        if point.kind == "minimum":
            assert low >= -flat
            assert problem.value(x[:, None] + 1e-3 * size * rng.uniform(-1, 1, (2, 100))).min() >= point.value - 1e-9 * (
                1 + abs(point.value)
            )
        elif abs(low) > flat < abs(high):
            assert (low < 0 < high) if point.kind == "saddle" else high < 0


@every
def test_the_lowest_value_is_that_of_the_declared_minima(problem):
    if not within(problem, [p for p in problem.stationary_points() if p.kind == "minimum"]):
        assert unknown(problem).lowest is None  # a saddle alone has no floor
    else:
        assert unknown(problem).lowest == pytest.approx(problem.lowest, abs=1e-9 * (1 + abs(problem.lowest)))


@pytest.mark.parametrize(
    "text", ["x**4 - 2*x**2 + y**2 + x*y/2", "x**3 - 3*x + y**3 - 3*y", "x**2*y - y**2 - x**2 + y**4", "x**4 + y**4 - x*y"]
)
def test_polynomials_as_sympy_solves_them(text):
    x, y = sympy.symbols("x y", real=True)
    f = sympy.sympify(text, {"x": x, "y": y}, rational=True)
    hessian = sympy.hessian(f, (x, y))
    expected = set()
    for solution in sympy.solve([f.diff(x), f.diff(y)], [x, y], dict=True):
        at = {symbol: complex(sympy.N(solution[symbol])) for symbol in (x, y)}
        if all(abs(value.imag) < 1e-9 and abs(value.real) < 2 for value in at.values()):
            real = {symbol: value.real for symbol, value in at.items()}
            low, high = np.linalg.eigvalsh(np.array(hessian.subs(real), dtype=float))
            kind = "minimum" if low > 1e-9 else "maximum" if high < -1e-9 else "saddle"
            expected.add((kind, round(real[x], 6) + 0.0, round(real[y], 6) + 0.0))
    assert {(p.kind, round(p.x, 6) + 0.0, round(p.y, 6) + 0.0) for p in formula(text).stationary_points()} == expected


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("abs(x - 0.3) + abs(y)", (0.3, 0)),
        ("hypot(x - 0.3, y + 1) + abs(y + 1)", (0.3, -1)),
        ("abs(x - y) + (x + y)**2/100", (0, 0)),
        ("x**6 + y**6 + 1", (0, 0)),
        ("-exp(-50*(x - 1.01)**2 - 50*(y + 0.37)**2)", (1.01, -0.37)),
        ("max(x**2, y**2 + x)", (0, 0)),
    ],
)
def test_kinks_flat_bottoms_and_narrow_hollows(text, where):
    (point,) = formula(text).stationary_points()[:1]
    assert point.kind == "minimum" and (point.x, point.y) == pytest.approx(where, abs=1e-3)


@pytest.mark.parametrize(
    "text",
    ["1 + 0*x", "x + y", "log(x**2 + y**2)", "1/(x**2 + y**2 - 1/3)", "-1/hypot(x, y)", "where(x < 0.2, x, 5 + x + y)", "sqrt(x - 9)"],
)
def test_plains_slopes_poles_jumps_and_holes_have_no_minimum(text):
    assert formula(text).minima.shape == (2, 0) and formula(text).lowest is None


def test_a_valley_of_minima_is_marked_along_its_floor():
    minima = formula("(x**2 + y**2 - 1)**2").minima
    assert minima.shape[1] > 50 and np.allclose(np.hypot(*minima), 1)
    assert formula("(x**2 + y**2 - 1)**2").stationary_points()[-1].kind == "maximum"


@pytest.mark.parametrize(("text", "at_least"), [("(x**2 + y**2 - 1)**2", 50), ("x**2*y", 20), ("(x - y)**2", 20)])
def test_a_row_of_equal_minima_is_called_one_valley(text, at_least):
    on_it = [point.valley for point in formula(text).stationary_points() if point.kind == "minimum"]
    assert len(on_it) >= at_least and sum(on_it) >= 0.9 * len(on_it)


def test_of_a_ridge_three_points_are_marked():
    kinds = [point.kind for point in formula("x**2*y").stationary_points()]
    assert kinds.count("maximum") == 3 and kinds.count("saddle") <= 3


@pytest.mark.parametrize("text", ["sin(3*x) + sin(3*y)", "x**4 + y**4", "abs(x) + abs(y)", "sin(30*x) + sin(30*y)"])
def test_minima_that_are_apart_or_curved_are_no_valley(text):
    assert not any(point.valley for point in formula(text).stationary_points())


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("log(x) + y**2", (0.5, 1.0)),
        ("x**2", (-1.0, 1.0)),
        ("sqrt(x - 9)", (-1.0, 1.0)),
        ("sqrt(-y)", (-1.0, -0.25)),
        ("log(x*y)", (-1.0, -0.5)),
    ],
)
def test_a_start_has_a_value_where_the_frame_has_any(text, start):
    assert standing(formula(text)) == pytest.approx(start, abs=0.26)
    assert np.isfinite(formula(text).value(standing(formula(text)))) or text == "sqrt(x - 9)"


def test_a_crowd_is_cut_to_its_lowest_minima():
    crowd = formula("sin(30*x) + sin(30*y) + x/100")
    found = search(crowd)
    assert len(found) == MOST and {point.kind for point in found} == {"minimum"}


def test_points_follow_the_parameters():
    from landscape import Parameter

    well = formula("(x - a)**2 + y**2", parameters=(Parameter("a", "a", 1.0, -10.0, 10.0),))
    for a in (1.0, -0.5):
        assert np.allclose(well.with_parameters(a=a).minima[:, 0], [a, 0])
    assert well.with_parameters(a=5).minima.size == 0  # outside the frame nobody looks
