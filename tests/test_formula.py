"""What a typed formula may say, what is refused and how, and where its kernels are kept."""

import ast
import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landscape import Formula, FormulaError, Parameter, cache, formula
from landscape.expression import parse
from landscape.latex import latex
from landscape.problem import WHOLE, evaluate_kernel
from landscape.spelling import spell

ROOT = Path(__file__).parent.parent


# --- what is refused, and how

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
    times = []
    for _ in range(3):
        began = time.perf_counter()
        with pytest.raises(FormulaError, match=sentence) as refusal:
            formula(text)
        times.append(time.perf_counter() - began)
    assert sorted(times)[1] < 0.05  # usually under 5 ms; the one in the middle, on a machine that may be busy
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


# --- what is computed


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


# --- LaTeX


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


# --- where kernels live


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache folder of the test's own, and a memory that has forgotten all kernels."""
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path))
    monkeypatch.setattr(cache, "_modules", {})
    return tmp_path / "kernels"


def value() -> float:
    f = np.empty(1)
    evaluate_kernel(Formula("x**2 + 3*y"))(np.array([[2.0], [1.0]]), np.empty((0, 1)), np.empty((0, 0)), WHOLE, f, np.empty((2, 1)))
    return float(f[0])


@pytest.mark.kernel
def test_a_kernel_is_written_once(folder):
    assert value() == 7
    (file,) = folder.glob("*.py")
    stamp = file.stat().st_mtime_ns
    cache._modules.clear()
    assert value() == 7
    assert file.stat().st_mtime_ns == stamp
    assert not list(folder.glob("*.tmp"))


@pytest.mark.kernel
@pytest.mark.parametrize("damage", [b"", b"garbage", b"import os\nraise SystemExit\n", b"\xff\xfe"])
def test_a_damaged_module_is_written_again(folder, damage):
    assert value() == 7
    (file,) = folder.glob("*.py")
    whole = file.read_bytes()
    file.write_bytes(damage or whole[: len(whole) // 2])
    cache._modules.clear()
    assert value() == 7
    assert file.read_bytes() == whole


@pytest.mark.kernel
@pytest.mark.jit
def test_a_damaged_file_of_numbas_is_compiled_again(folder):
    assert value() == 7
    for file in folder.glob("__pycache__/*.nb?"):
        file.write_bytes(file.read_bytes()[:20])
    cache._modules.clear()
    assert value() == 7


@pytest.mark.kernel
def test_a_folder_that_cannot_be_written_is_replaced(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path / "file"))
    monkeypatch.setattr(cache, "_modules", {})
    assert cache.folder() == cache.private_folder()
    assert value() == 7


@pytest.mark.kernel
def test_threads_share_one_kernel(folder):
    written: list[int] = []
    kernels: list[object] = []
    source = Formula("x + 2*y")

    def ask() -> None:
        kernels.append(evaluate_kernel(source))
        written.append(len(list(folder.glob("*.py"))))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(kernel) for kernel in kernels}) == 1
    assert written == [1] * 8


def _python(code: str, folder: Path, **more: str) -> subprocess.Popen:
    environment = {**os.environ, "RAVINE_CACHE": str(folder), **more}
    return subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.kernel
@pytest.mark.slow
def test_processes_may_race_and_a_warm_one_needs_no_sympy(tmp_path):
    code = "from landscape import formula; print(float(formula('x**2*y').value((2, 3))))"
    racers = [_python(code, tmp_path) for _ in range(3)]
    assert [(racer.communicate()[0].strip(), racer.returncode) for racer in racers] == [("12.0", 0)] * 3
    heavy = "import sys; print([m for m in ('sympy', 'torch', 'streamlit', 'plotly') if m in sys.modules])"
    warm = _python(f"from landscape import FUNCTIONS, formula; p = formula('x**2*y'); p.value((2, 3)); p.latex; {heavy}", tmp_path)
    output, errors = warm.communicate()
    assert output.strip() == "[]", errors


@pytest.mark.slow
def test_the_written_source_does_not_depend_on_the_hash_seed(tmp_path):
    code = (
        "from landscape import FUNCTIONS; from landscape.codegen import curvature_source, evaluate_source\n"
        "keys = 'goldstein_price', 'ackley', 'huber_valley'\n"
        "print([(evaluate_source(FUNCTIONS[k].formula), curvature_source(FUNCTIONS[k].formula, 'hessian')) for k in keys])"
    )
    runs = [_python(code, tmp_path, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    first, second = (run.communicate()[0] for run in runs)
    assert first
    assert first == second
