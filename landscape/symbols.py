"""A formula's tree as a SymPy expression. SymPy never sees text.

SymPy works over the complex numbers, where |u| has no derivative and that of `sign` is an impulse. A descent needs a
finite number at every point of a surface, so the functions with kinks are our own, with these conventions:

- sign(0) = 0, hence the derivative of |u| at 0 is 0, and the derivative of sign is 0 everywhere;
- the derivatives of sqrt(u) at u = 0 and of hypot(u, v) at the origin are 0 (for a cone such as Ackley's centre this is a
  subgradient; the curvature of the cone at its tip counts as 0 too);
- where, min, max and huber are differentiated in the case that holds; at a tie, in the second one.
"""

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import sympy
from sympy import Expr, Function, Integer, Symbol

from landscape.algebra import NUMPY, Algebra, complete, fold
from landscape.expression import Node


class Sign(Function):  # type: ignore[misc]
    def fdiff(self, argindex: int = 1) -> Expr:
        return Integer(0)


class Absolute(Function):  # type: ignore[misc]
    def fdiff(self, argindex: int = 1) -> Expr:
        return Sign(self.args[0])


class Ratio(Function):  # type: ignore[misc]
    """u / v, and 0 where v = 0."""

    def fdiff(self, argindex: int = 1) -> Expr:
        u, v = self.args
        return Ratio(Integer(1), v) if argindex == 1 else -Ratio(Ratio(u, v), v)


class Root(Function):  # type: ignore[misc]
    def fdiff(self, argindex: int = 1) -> Expr:
        return Ratio(Integer(1), self) / 2


class Hypot(Function):  # type: ignore[misc]
    def fdiff(self, argindex: int = 1) -> Expr:
        return Ratio(self.args[argindex - 1], self)


class Less(Function):  # type: ignore[misc]
    """(left, right, then, otherwise): `then` where left < right. Differentiated case by case."""

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        left, right, then, otherwise = self.args
        then, otherwise = then.diff(symbol), otherwise.diff(symbol)
        return then if then == otherwise else Less(left, right, then, otherwise)


class Minimum(Function):  # type: ignore[misc]
    def _eval_derivative(self, symbol: Symbol) -> Expr:
        left, right = self.args
        return Less(left, right, left.diff(symbol), right.diff(symbol))


class Maximum(Function):  # type: ignore[misc]
    def _eval_derivative(self, symbol: Symbol) -> Expr:
        left, right = self.args
        return Less(right, left, left.diff(symbol), right.diff(symbol))


class Huber(Function):  # type: ignore[misc]
    """u**2/2 up to |u| = delta, from there on straight."""

    def fdiff(self, argindex: int = 1) -> Expr:
        u, delta = self.args
        if argindex == 1:
            return Less(delta, Absolute(u), delta * Sign(u), u)
        return Less(delta, Absolute(u), Absolute(u) - delta, Integer(0))


class Softplus(Function):  # type: ignore[misc]
    """ln(1 + e^u), the loss of logistic regression."""

    def fdiff(self, argindex: int = 1) -> Expr:
        return Sigmoid(self.args[0])


class Sigmoid(Function):  # type: ignore[misc]
    """1 / (1 + e^-u); 1 - sigmoid(u) is sigmoid(-u), which cancels nothing."""

    def fdiff(self, argindex: int = 1) -> Expr:
        return Sigmoid(self.args[0]) * Sigmoid(-self.args[0])


def exact(value: Any) -> Expr:
    """A number as SymPy holds it: whole ones as integers, so that they are multiplied out and cancel."""
    if isinstance(value, Expr):
        return value
    return Integer(int(value)) if float(value).is_integer() and abs(value) < 2**53 else sympy.Float(float(value))


def _power(base: Expr, exponent: Expr) -> Expr:
    return Root(base) if exponent.is_number and float(exponent) == 0.5 else base**exponent


def _lift(name: str, function: Callable[..., Expr]) -> Callable[..., Any]:
    """Numbers among themselves stay floats (SymPy would hold 9**64 in full); one symbol makes it SymPy's."""

    def lifted(*values: Any) -> Any:
        if not any(isinstance(value, Expr) for value in values):
            return float(NUMPY[name](*values))
        return function(*map(exact, values))

    return lifted


_SYMPY: Algebra = {
    **{name: getattr(sympy, name) for name in ("sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "exp", "log")},
    "sqrt": Root,
    "abs": Absolute,
    "sign": Sign,
    "hypot": Hypot,
    "<": Less,
    "min": lambda *values: reduce(Minimum, values),  # functions of their own: written out, each level would double the expression
    "max": lambda *values: reduce(Maximum, values),
    "huber": Huber,
    "softplus": Softplus,
    "sigmoid": Sigmoid,
}
_FREE: Algebra = {"number": float, "pi": lambda: math.pi, "e": lambda: math.e}
SYMPY: Algebra = {name: _lift(name, function) for name, function in {**complete(_SYMPY), "**": _power}.items()} | dict(_FREE)


def expression(tree: Node, names: tuple[str, ...]) -> Expr:
    """The SymPy expression of a tree, with one plain symbol per name."""
    return exact(fold(tree, {name: Symbol(name) for name in names}, SYMPY))
