"""What a formula computes: value, gradient and Hessian, against hand, NumPy and differences."""

import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape import FormulaError, Parameter, formula


@pytest.mark.kernel
@pytest.mark.parametrize(
    ("text", "point", "value", "gradient"),
    [
        ("x**2 + 10*y**2", (1, 2), 41, (2, 40)),
        ("-x**2", (3, 0), -9, (-6, 0)),
        ("2**-x", (1, 0), 0.5, (-0.5 * np.log(2), 0)),
        ("x/y/2", (1, 2), 0.25, (0.25, -0.125)),
        ("x - y - 1", (5, 2), 2, (1, -1)),
        ("abs(x)", (0, 0), 0, (0, 0)),
        ("abs(x) + abs(y)", (-2, 3), 5, (-1, 1)),
        ("hypot(x, y)", (3, 4), 5, (0.6, 0.8)),
        ("hypot(x, y)", (0, 0), 0, (0, 0)),
        ("sqrt(x**2 + y**2)", (0, 0), 0, (0, 0)),
        ("sqrt(x)", (0, 0), 0, (0, 0)),
        ("(x**2)**0.5", (-3, 0), 3, (-1, 0)),
        ("sign(x)*y", (-2, 3), -3, (0, -1)),
        ("min(x, y)", (1, 2), 1, (1, 0)),
        ("max(x, y, 0)", (1, 2), 2, (0, 1)),
        ("max(x, 0)**2", (-1, 0), 0, (0, 0)),
        ("where(x < 0, x**2, x**4)", (-2, 0), 4, (-4, 0)),
        ("where(x >= 0, sqrt(x), 0)", (-1, 0), 0, (0, 0)),
        ("where(x > 0, 1, 2)", (0, 0), 2, (0, 0)),
        ("where(x <= 0, 1, 2)", (0, 0), 1, (0, 0)),
        ("huber(x, 1) + huber(y, 1)", (0.5, 3), 0.125 + 2.5, (0.5, 1)),
        ("atan(x) + asin(y) + acos(y)", (1, 0.5), 3 * np.pi / 4, (0.5, 0)),
        ("sinh(x) + cosh(y) + tanh(0)", (0, 0), 1, (1, 0)),
        ("exp(log(x)) + e*y + pi", (2, 0), 2 + np.pi, (1, np.e)),
        ("x**7", (2, 0), 128, (448, 0)),
        ("3", (0, 0), 3, (0, 0)),
        ("x/x", (0.5, 0), 1, (0, 0)),
        ("1e-3*x", (1, 0), 0.001, (0.001, 0)),
        (".5*x + 1.*y", (2, 3), 4, (0.5, 1)),
    ],
)
def test_means_what_it_says(text, point, value, gradient):
    problem = formula(text)
    assert problem.value(point) == pytest.approx(value)
    assert problem.gradient(point) == pytest.approx(gradient)
    assert problem.formula(*point) == pytest.approx(value)
    assert np.isfinite(problem.hessian(point)).all()


@pytest.mark.kernel
def test_parameters_and_definitions():
    problem = formula("a*u**2 + k", parameters=(Parameter("a", "A", 2, 0, 5),), where=(("k", "a + 1"), ("u", "x - k")))
    assert problem.rows == ("a", "k")  # u depends on x: it is written out in place
    assert problem.params.tolist() == [2, 3]
    assert problem.value((4, 0)) == pytest.approx(5)
    assert problem.with_parameters(a=1).value((4, 0)) == pytest.approx(6)


LEAVES = st.sampled_from(["x", "y", "x", "y", "a", "2", "0.5", "3", "pi", "1.7"])


def _grow(inner):
    pair = st.tuples(inner, inner)
    one = st.sampled_from(
        ["sin({})", "cos({})", "exp(-abs({}))", "log(1 + abs({}))", "sqrt(1 + ({})**2)", "tanh({})", "atan({})", "-({})", "({})**2"]
    )
    two = st.sampled_from(
        ["({}) + ({})", "({}) - ({})", "({})*({})", "({})/(2 + cos({}))", "hypot({}, {})", "max({}, {})", "where(x < {}, {}, y)"]
    )
    return st.one_of(
        st.tuples(one, inner).map(lambda part: part[0].format(part[1])), st.tuples(two, pair).map(lambda part: part[0].format(*part[1]))
    )


@pytest.mark.kernel
@pytest.mark.slow
@given(st.recursive(LEAVES, _grow, max_leaves=8))
@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_random_formulas_agree_with_numpy_and_differences(text):
    problem = formula(text, parameters=(Parameter("a", "A", 1.3, 0, 5),))
    x = np.random.default_rng(8).uniform(-2, 2, (2, 20))
    expected = problem.formula(*x, a=1.3)
    np.testing.assert_allclose(problem.value(x), expected, rtol=1e-9, atol=1e-9)
    h = 1e-6
    for i, axis in enumerate(np.eye(2)[:, :, None]):
        forward, backward = problem.formula(*(x + h * axis), a=1.3), problem.formula(*(x - h * axis), a=1.3)
        smooth = np.abs(forward - 2 * expected + backward) < 1e-9 * (1 + np.abs(expected))  # not across a kink
        difference = ((forward - backward) / (2 * h))[smooth]
        np.testing.assert_allclose(problem.gradient(x)[i][smooth], difference, rtol=1e-3, atol=1e-3 * (1 + np.abs(expected).max()))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "*".join(f"(x+{i})" for i in range(60)),
        "x**" * 30 + "x",
        "sin(x*" * 25 + "y" + ")" * 25,
        "+".join(f"sin({i}*x)*cos(y)" for i in range(1, 27)),
        "(((x+y)**100)**100)**100",
        "1/(" * 24 + "x+y" + ")" * 24,
        "where(x<y,x*" * 20 + "y" + ",1)" * 20,
        "max(x*y,sin(" * 15 + "x" + "))" * 15,
    ],
)
def test_nothing_typed_stalls(text):
    """The longest formulas that are read compile in a moment, or are refused."""
    began = time.perf_counter()
    try:
        problem = formula(text)
        problem.value((0.3, 0.4))
        problem.hessian((0.3, 0.4))
    except FormulaError:
        pass
    assert time.perf_counter() - began < 20
