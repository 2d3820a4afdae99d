"""What a formula's operators and functions mean, for whatever is put into them: one fold over the tree, one table per meaning."""

import operator
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np

from landscape.expression import Call, Name, Node

Algebra = Mapping[str, Callable[..., Any]]


def fold(tree: Node, names: Mapping[str, Any], algebra: Algebra) -> Any:
    """The value of a tree: its names looked up, its calls made with the algebra's functions, its numbers through `number`."""
    if isinstance(tree, Name):
        return names[tree.name]
    if isinstance(tree, Call):
        return algebra[tree.function](*[fold(argument, names, algebra) for argument in tree.arguments])
    return algebra["number"](tree.value)


def complete(primitives: Algebra) -> Algebra:
    """The algebra with all that follows from arithmetic, `abs`, `exp`, `log` and `<` (left, right, then, otherwise)."""
    less, absolute, exp, log = (primitives[name] for name in ("<", "abs", "exp", "log"))

    def huber(u: Any, delta: Any) -> Any:
        return less(delta, absolute(u), delta * (absolute(u) - delta / 2), u * u / 2)

    return {
        "+": operator.add,
        "-": operator.sub,
        "*": operator.mul,
        "/": operator.truediv,
        "**": operator.pow,
        "neg": operator.neg,
        ">": lambda left, right, then, otherwise: less(right, left, then, otherwise),
        "<=": lambda left, right, then, otherwise: less(right, left, otherwise, then),
        ">=": lambda left, right, then, otherwise: less(left, right, otherwise, then),
        "min": lambda *values: reduce(lambda a, b: less(a, b, a, b), values),
        "max": lambda *values: reduce(lambda a, b: less(b, a, a, b), values),
        "huber": huber,
        "softplus": lambda u: log(1 + exp(u)),
        "sigmoid": lambda u: 1 / (1 + exp(-u)),
        **primitives,
    }


UNARY = ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "sign")

_NUMPY = complete(
    {
        "number": np.float64,
        "pi": lambda: np.float64(np.pi),
        "e": lambda: np.float64(np.e),
        "<": lambda left, right, then, otherwise: np.where(left < right, then, otherwise),
        **{name: getattr(np, name) for name in UNARY},
        "asin": np.arcsin,
        "acos": np.arccos,
        "atan": np.arctan,
        "abs": np.abs,
        "hypot": np.hypot,
        "softplus": lambda u: np.logaddexp(0.0, u),  # does not overflow
    }
)


def _quiet(function: Callable[..., Any]) -> Callable[..., Any]:
    def quiet(*values: Any) -> Any:
        with np.errstate(all="ignore"):  # a hole in the surface is a result here
            return function(*values)

    return quiet


NUMPY: Algebra = {name: _quiet(function) for name, function in _NUMPY.items()}
