"""SymPy expressions as lines of scalar Python: shared subexpressions become locals, integer powers multiplications."""

import math
from collections.abc import Mapping

import sympy
from sympy import Expr

from landscape.expression import FormulaError
from landscape.symbols import Absolute, Huber, Hypot, Less, Maximum, Minimum, Ratio, Root, Sigmoid, Sign, Softplus

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
    Softplus: "(max({0}, 0.0) + np.log1p(np.exp(-np.abs({0}))))",
    Sigmoid: "(1.0 / (1.0 + np.exp(-{0})))",
    Huber: "({1} * (np.abs({0}) - 0.5 * {1}) if {1} < np.abs({0}) else 0.5 * {0} * {0})",
}


class Printer:
    """Writes expressions; `lines` is what has been written so far."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.powers: dict[tuple[str, int], str] = {}

    def assignments(self, targets: Mapping[str, Expr], operator: str = "=") -> list[str]:
        """The lines that work out the targets and assign them, or add them up."""
        shared, results = sympy.cse(list(targets.values()), symbols=sympy.numbered_symbols("s"))
        for symbol, shared_expression in shared:
            self.lines.append(f"{symbol}_ = {self.write(shared_expression)}")
        for target, result in zip(targets, results, strict=True):
            self.lines.append(f"{target} {operator} {self.write(result)}")
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
