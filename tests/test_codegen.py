"""How a formula's kernels are written: `tests/test_functions.py` holds what they compute against SymPy."""

import sympy

from landscape.codegen import operations, shortest

X, Y, A, B = sympy.symbols("x y a b")


def _targets(value: sympy.Expr) -> dict[str, sympy.Expr]:
    return {"f": value, "g0": value.diff(X), "g1": value.diff(Y)}


def test_a_derivative_shares_what_sympy_has_multiplied_out() -> None:
    """Rosenbrock's valley y - x**2 and its distance a - x stand in the gradient as they stand in the value."""
    plain = _targets((A - X) ** 2 + B * (Y - X**2) ** 2)
    written = shortest(plain)
    assert operations(written) < operations(plain)
    assert all(sympy.simplify(written[key] - plain[key]) == 0 for key in plain)
    _, results = sympy.cse(list(written.values()))
    assert not any(result.has(A) for result in results), "a - x is one of the shared ones"


def test_what_gets_longer_stays_as_it_was() -> None:
    plain = _targets((X + 2 * Y - 7) ** 2 + (2 * X + Y - 5) ** 2)
    factored = {key: sympy.factor_terms(value, sign=False) for key, value in plain.items()}
    assert operations(factored) > operations(plain), "else this shows nothing"
    assert shortest(plain) is plain
