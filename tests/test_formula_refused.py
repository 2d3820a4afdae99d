"""What a typed formula may not say: refused with a sentence that points at the part."""

import contextlib
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape import Formula, FormulaError, Parameter, formula

REFUSED = {
    "": "Type a formula",
    "   ": "Type a formula",
    "2e": r"Write \* between a number and a name",
    "x(y)": r"Write x\*\(...\) to multiply",
    "2x(y + 1)": r"Write x\*\(...\) to multiply",
    "a(y)": r"Write a\*\(...\) to multiply",
    "xy": r"Write x\*y to multiply",
    "3xyy": r"Write x\*y\*y to multiply",
    "x^": "breaks off",
    "x^^2": "cannot be read",
    "x^200": "Exponents go from",
    "(x)2": "cannot be read",
    "2 3": "cannot be read",
    "3x2": r"Write \* between a number and a name",
    "1_000x": r"Write \* between a number and a name",
    "2True": r"Write \* between a number and a name",
    "1/2x": "two ways",
    "x^2y": "two ways",
    "2^-3x": "two ways",
    "1/sin(x)cos(y)": "two ways",
    "x/(1 + y)(2 + y)": "two ways",
    "(x.real)y": "no dots",
    "2(x := y)": "assigns nothing",
    "z": "Unknown name z: this formula knows x, y, pi, e",
    "sine(x)": "Unknown function sine: there are sin",
    "sin": r"sin is a function: write sin\(...\)",
    "sin()": "sin takes 1 argument",
    "sin(x, y)": "sin takes 1 argument",
    "hypot(x)": "hypot takes 2 arguments",
    "max(x)": "max takes 2 to 8 arguments",
    "sin(x=1)": "leave out the equals sign",
    "y = x**2": "leave out the equals sign",
    "x == y": "A comparison belongs",
    "x < y": "A comparison belongs",
    "where(x, 1, 2)": "where starts with one comparison",
    "where(0 < x < 1, 1, 2)": "where starts with one comparison",
    "where(x == 0, 1, 2)": "where starts with one comparison",
    "x if x < y else y": "instead of if and else",
    "x and y": "instead of 'and' and 'or'",
    "x // y": "not one of",
    "x % y": "not one of",
    "x @ y": "not one of",
    "x, y": "A comma only separates",
    "1,5*x": "A comma only separates",
    "x.real": "no dots",
    "x.__class__": "no dots",
    "().__class__.__bases__[0]": "no square brackets",
    "x[0]": "no square brackets",
    "(lambda: 1)()": "defines no functions",
    "x.y(x)": r"Write \* in front",
    "lambda: 1": "defines no functions",
    "(y := x)": "assigns nothing",
    "[x for x in y]": "something else",
    "{x}": "something else",
    "~x": "something else",
    "not x": "something else",
    "'x'": "Only ordinary numbers",
    "1j": r"Write \*",
    "0x10": r"Write \*",
    "True": "Only ordinary numbers",
    "None": "Only ordinary numbers",
    "...": "Only ordinary numbers",
    "__import__('os')": "Unknown function __import__",
    "eval('1')": "Unknown function eval",
    "f'{x}'": "something else|cannot be read|Unknown",
    "sin(*x)": "something else",
    "sin(**x)": "sin takes 1 argument",
    "x; y": "cannot be read",
    "import os": "cannot be read",
    "x +": "breaks off",
    "x + * y": "cannot be read",
    "x y": "cannot be read",
    "(x": "never closed",
    "x)": "does not belong",
    "(x]": "does not belong",
    "x − y": "Write - instead of −",
    "x²": r"Write \*\*2 instead of ²",
    "π*x": "Write pi instead of π",
    "|x|": r"Write abs\(...\) instead of \|",
    "x # y": "no such character",
    "x\\y": "no such character",
    "x\0": "no such character",
    "1e999": "too large",
    "9**9**9**9": "Exponents go from -100 to 100|no finite value",
    "x**101": "Exponents go from",
    "x**-101": "Exponents go from",
    "1/0": "no finite value",
    "x + 1/(2 - 2)": "no finite value",
    "log(-1)*x": "no finite value",
    "(-8)**0.5": "no finite value",
    "exp(exp(9))": "no finite value",
    "9" * 999: "too large",
    "x" * 1001: "at most 1,000 characters",
    "x+" * 10**6 + "x": "at most 1,000 characters",
    "(" * 400 + "x" + ")" * 400: "nested too deeply",
    "-" * 900 + "x": "nested too deeply",
    "sin(" * 150 + "x" + ")" * 150: "nested too deeply",
    "x+" * 200 + "x": "at most 300 numbers|nested too deeply",
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items(), ids=map(repr, range(len(REFUSED))))
def test_refused_with_a_sentence_at_once(text, sentence):
    began = time.thread_time()  # of the processor: the machine may be busy
    with pytest.raises(FormulaError, match=sentence) as refusal:
        formula(text)
    assert time.thread_time() - began < 0.05  # usually under 5 ms
    assert isinstance(refusal.value, ValueError)


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("x**2 + foo*y", "foo"),
        ("sin(x, y)", "sin(x, y)"),
        ("x^2 + 3foo*y", "foo"),
        ("2x^2 + sin(x, y)", "sin(x, y)"),
        ("3x^2(y - 1) + z", "2("),
        ("(x + 1)(y - 1)x^200", "200"),
        ("2x + 3y * * 2", "*"),
        ("4x + (y", "("),
        ("x^2 + 3y^ + 2(x", "("),
        ("x**200", "200"),
        ("x + (1/0)", "1/0"),
        ("1 + x.real", "x.real"),
    ],
)
def test_the_error_points_at_the_offending_part(text, marked):
    with pytest.raises(FormulaError) as refusal:
        formula(text)
    error = refusal.value
    assert error.text[error.start : error.end] == marked
    _, line, carets = str(error).split("\n")
    assert line[carets.index("^") : carets.rindex("^") + 1] == marked


@pytest.mark.parametrize("value", [None, 3, b"x", ["x"], lambda: 1])
def test_a_formula_is_text(value):
    with pytest.raises(FormulaError, match="A formula is a text"):
        formula(value)


@given(st.text(alphabet="xy0123456789.+-*/()<>=, sincoexplgabrtwhmuvd_[]{}'\"^:;!@#%&|~\\", max_size=60))
@settings(max_examples=300, deadline=None, derandomize=True)
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(FormulaError):
        assert Formula(text).rows == ()


@pytest.mark.parametrize("name", ["x", "pi", "sin", "e", "1a", "a b", "", "a-b", "_a", "__class__", "a" * 40])
def test_parameters_need_a_name_of_their_own(name):
    with pytest.raises(FormulaError):
        formula("x", parameters=(Parameter(name, "A", 1, 0, 2),))


def test_names_are_not_given_twice():
    with pytest.raises(FormulaError, match="same name"):
        Formula("a*x", ("a", "a"))


@pytest.mark.parametrize("domain", [((0, 0), (0, 1)), ((1, 0), (0, 1)), ((0, float("inf")), (0, 1)), ((float("nan"), 1), (0, 1))])
def test_the_domain_must_be_a_rectangle(domain):
    with pytest.raises(ValueError, match="domain"):
        formula("x", domain=domain)
