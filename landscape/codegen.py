"""A formula's kernels as Python source: SymPy differentiates, shared subexpressions become locals, one loop runs over the lanes."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol

from landscape.expression import COORDINATES, FormulaError
from landscape.symbols import Absolute, Huber, Hypot, Less, Maximum, Minimum, Ratio, Root, Sign, expression

if TYPE_CHECKING:
    from landscape.formula import Formula

MAX_OPERATIONS = {"evaluate": 1_000, "hessian": 4_000}  # before sharing: more would keep SymPy and the compiler busy for seconds

SIGNATURES = {"evaluate": "EVALUATE", "hessian": "CURVATURE"}  # of landscape.kernel
MODULE = '''"""Written by Ravine; safe to delete. {title}"""

import numpy as np

from landscape.kernel import {signature}, kernel


@kernel({signature})
def {name}({arguments}):
    for lane in range(at.shape[1]):
{body}
'''

NUMPY_NAMES: Mapping[type[Expr], str] = {
    **{getattr(sympy, name): name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log")},
    sympy.asin: "arcsin",
    sympy.acos: "arccos",
    sympy.atan: "arctan",
    Root: "sqrt",
    Absolute: "abs",
}
TEMPLATES: Mapping[type[Expr], str] = {  # an argument may stand in them twice: it is a local
    Ratio: "({0} / {1} if {1} != 0.0 else 0.0)",
    Less: "({2} if {0} < {1} else {3})",
    Minimum: "({0} if {0} < {1} else {1})",
    Maximum: "({0} if {1} < {0} else {1})",
    Sign: "(1.0 if {0} > 0.0 else (-1.0 if {0} < 0.0 else 0.0))",
    Hypot: "np.sqrt({0} * {0} + {1} * {1})",
    Huber: "({1} * (np.abs({0}) - 0.5 * {1}) if {1} < np.abs({0}) else 0.5 * {0} * {0})",
}


def evaluate_source(formula: "Formula") -> str:
    """The module of the kernel for value and gradient."""
    value, symbols = _value(formula)
    gradient = {f"g[{i}, lane]": value.diff(symbol) for i, symbol in enumerate(symbols)}
    return _module(formula, "evaluate", "at, params, data, batch, f, g", {"f[lane]": value} | gradient)


def hessian_source(formula: "Formula") -> str:
    """The module of the kernel for the Hessian."""
    value, symbols = _value(formula)
    gradient = [value.diff(symbol) for symbol in symbols]
    _bound(formula, "evaluate", gradient)
    upper = {(i, j): gradient[i].diff(symbols[j]) for i in range(len(symbols)) for j in range(i, len(symbols))}
    full = {f"h[{i}, {j}, lane]": upper[min(i, j), max(i, j)] for i in range(len(symbols)) for j in range(len(symbols))}
    return _module(formula, "hessian", "at, params, data, batch, h", full)


def _value(formula: "Formula") -> tuple[Expr, list[Symbol]]:
    return expression(formula.tree, (*COORDINATES, *formula.rows)), [Symbol(name) for name in COORDINATES]


def _bound(formula: "Formula", name: str, expressions: Sequence[Expr]) -> None:
    if sympy.count_ops(expressions) > MAX_OPERATIONS[name]:
        raise FormulaError("The derivatives of this formula are too long; shorten it, above all its longest products.", formula.text)


def _module(formula: "Formula", name: str, arguments: str, targets: Mapping[str, Expr]) -> str:
    _bound(formula, name, list(targets.values()))
    loads = [f"{symbol}_ = at[{i}, lane]" for i, symbol in enumerate(COORDINATES)]
    loads += [f"{row}_ = params[{i}, lane]" for i, row in enumerate(formula.rows)]
    body = loads + _Printer().assignments(targets)
    title = "; ".join((formula.text, *(f"{name} = {text}" for name, text in formula.where)))
    return MODULE.format(
        title=" ".join(title.split()),
        signature=SIGNATURES[name],
        name=name,
        arguments=arguments,
        body="\n".join(f"        {line}" for line in body),
    )


class _Printer:
    """Writes expressions as scalar Python, integer powers as multiplications."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.powers: dict[tuple[str, int], str] = {}

    def assignments(self, targets: Mapping[str, Expr]) -> list[str]:
        shared, results = sympy.cse(list(targets.values()), symbols=sympy.numbered_symbols("s"))
        for symbol, shared_expression in shared:
            self.lines.append(f"{symbol}_ = {self.write(shared_expression)}")
        for target, result in zip(targets, results, strict=True):
            self.lines.append(f"{target} = {self.write(result)}")
        return self.lines

    def write(self, expr: Expr) -> str:
        if expr.is_Symbol:
            return f"{expr.name}_"
        if expr.is_number:
            return _number(expr)
        if expr.is_Add:
            return self.sum(expr)
        if expr.is_Mul:
            return self.product(expr)
        if expr.is_Pow:
            return self.power(expr.base, expr.exp)
        return self.call(expr)

    def sum(self, expr: Expr) -> str:
        first, *rest = sorted(expr.args, key=lambda term: term.is_number or term.could_extract_minus_sign())
        terms = [self.write(first)]
        for term in rest:
            terms.append(f"- {self.write(-term)}" if term.could_extract_minus_sign() else f"+ {self.write(term)}")
        return f"({' '.join(terms)})"

    def product(self, expr: Expr) -> str:
        if expr.args[0] == -1:
            return f"(-{self.write(sympy.Mul(*expr.args[1:]))})"
        below = [factor for factor in expr.args if factor.is_Pow and factor.exp.is_number and factor.exp.is_negative]
        above = [self.write(factor) for factor in expr.args if factor not in below]
        numerator = " * ".join(above) or "1.0"
        if not below:
            return f"({numerator})"
        denominator = " * ".join(self.power(factor.base, -factor.exp) for factor in below)
        return f"({numerator} / ({denominator}))"

    def power(self, base: Expr, exponent: Expr) -> str:
        if exponent.is_number and exponent.is_negative:
            return f"(1.0 / {self.power(base, -exponent)})"
        if exponent.is_Integer:
            return self.multiplied(self.local(self.write(base)), int(exponent))
        if exponent == sympy.S.Half:
            return f"np.sqrt({self.write(base)})"
        return f"({self.write(base)} ** {self.write(exponent)})"

    def multiplied(self, base: str, exponent: int) -> str:
        """base**exponent by repeated squaring; every power is a local, written once."""
        if exponent == 1:
            return base
        if (base, exponent) not in self.powers:
            half = self.multiplied(base, exponent // 2)
            square = f"{half} * {half}"
            self.powers[base, exponent] = self.local(square if exponent % 2 == 0 else f"{square} * {base}")
        return self.powers[base, exponent]

    def local(self, code: str) -> str:
        if code.isidentifier():
            return code
        if (code, 1) not in self.powers:
            self.powers[code, 1] = f"p{len(self.powers)}"
            self.lines.append(f"{self.powers[code, 1]} = {code}")
        return self.powers[code, 1]

    def call(self, expr: Expr) -> str:
        if type(expr) in NUMPY_NAMES:
            return f"np.{NUMPY_NAMES[type(expr)]}({self.write(expr.args[0])})"
        if type(expr) not in TEMPLATES:
            raise FormulaError(f"The derivative of this formula needs {type(expr).__name__}, which Ravine cannot compute.")
        return TEMPLATES[type(expr)].format(*(self.local(self.write(argument)) for argument in expr.args))


def _number(expr: Expr) -> str:
    try:
        value = float(expr)
    except (TypeError, OverflowError):  # complex, such as log(-1), or beyond every float: a hole in the surface
        value = math.nan
    if math.isfinite(value):
        return repr(value)
    return "np.nan" if math.isnan(value) else f"({'-' if value < 0 else ''}np.inf)"
