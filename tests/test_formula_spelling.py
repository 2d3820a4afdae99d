"""Formulas as people type them, and as they are written for a reader."""

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape import Formula
from landscape.expression import parse
from landscape.latex import latex
from landscape.spelling import spell


@pytest.mark.parametrize(
    ("typed", "python"),
    [
        ("x^2", "x**2"),
        ("-x^2 + 2^-x", "-x**2 + 2**-x"),
        ("2x", "2*x"),
        ("3sin(x)", "3*sin(x)"),
        ("2(x + 1)", "2*(x + 1)"),
        ("2 x + 1.5 (y)", "2*x + 1.5*(y)"),
        ("(x)(y)", "x*y"),
        ("(x + 1)(y - 1)x", "(x + 1)*(y - 1)*x"),
        ("sin(x)cos(y)", "sin(x)*cos(y)"),
        ("3y^2 - 2e3x + 2exp(x)", "3*y**2 - 2e3*x + 2*exp(x)"),
        ("x/2 + 3y", "x/2 + 3*y"),
        ("x/(2y)", "x/(2*y)"),
        ("x^(2y)", "x**(2*y)"),
        ("where(2x < 3y, 2(x), -2y)", "where(2*x < 3*y, 2*x, -2*y)"),
        ("100(x^2 - y)^2 + (1 - x)^2", "100*(x**2 - y)**2 + (1 - x)**2"),
    ],
)
def test_powers_and_products_as_people_type_them(typed, python):
    assert parse(typed) == parse(python)


@pytest.mark.filterwarnings("ignore:invalid decimal literal")
@given(st.text(alphabet="xye2.5+-*/^()<, sincoj_", max_size=40))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_whatever_python_reads_means_the_same_to_us(text):
    """The spelling never changes a formula that Python itself reads as one of ours."""
    try:
        root = ast.parse(" ".join(text.split()), mode="eval").body
    except (SyntaxError, ValueError):
        return
    spelled = spell(" ".join(text.split()))
    if not any(isinstance(node, ast.Call) and not isinstance(node.func, ast.Name) for node in ast.walk(root)) and "^" not in text:
        assert spelled.text == " ".join(text.split())
    assert all(typed == " " or spelled.text[spelled.places.index(at)] in (typed, "*") for at, typed in enumerate(" ".join(text.split())))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a - x)**2 + b*(y - x**2)**2", r"\left(a - x\right)^{2} + b \, \left(y - x^{2}\right)^{2}"),
        ("x/(y + 1)", r"\frac{x}{y + 1}"),
        ("-(x + y)", r"-\left(x + y\right)"),
        ("x - (y - 1)", r"x - \left(y - 1\right)"),
        ("(-x)**2", r"\left(-x\right)^{2}"),
        ("2*3*x", r"2 \cdot 3 \, x"),
        ("sin(x)**2 + sqrt(y)", r"\sin^{2}\left(x\right) + \sqrt{y}"),
        ("exp(-x)*pi", r"e^{-x} \, \pi"),
        ("where(x <= 0, 1, y)", r"\begin{cases} 1 & x \le 0 \\ y & \text{otherwise} \end{cases}"),
        ("huber(x, b)", r"H_{b}\left(x\right)"),
        ("1e-7*x", r"10^{-7} \, x"),
    ],
)
def test_latex_keeps_the_order_of_the_author(text, expected):
    assert latex(Formula(text, ("a", "b")).written) == expected
