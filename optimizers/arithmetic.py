"""What a rule itself computes: its arithmetic, counted by running its very lines on numbers that count what is done to them.

Loss, gradient and curvature are handed over and not counted. The ground is Rosenbrock's function in n dimensions: nobody arrives soon.
"""

import builtins
import math
from functools import lru_cache
from types import FunctionType
from typing import Any

import numpy as np

from landscape.kernel import OURS, plain
from optimizers.optimizer import Optimizer

BEFORE, COUNTED = 14, 8  # ticks until a memory is full, and those that count


class Tally:
    """A number that counts: additions, multiplications, divisions, powers and roots are one each; comparisons and signs are free."""

    __slots__ = ("value",)
    done = 0

    def __init__(self, value: Any) -> None:
        self.value = float(value)

    def sqrt(self) -> "Tally":
        return _counted(math.sqrt(self.value) if self.value >= 0.0 else math.nan)

    def exp(self) -> "Tally":
        return _counted(math.exp(self.value))

    def __pow__(self, other: Any) -> "Tally":
        return _counted(self.value ** float(other))

    def __rpow__(self, other: Any) -> "Tally":
        return _counted(float(other) ** self.value)

    def __truediv__(self, other: Any) -> "Tally":
        return _divided(self.value, float(other))

    def __rtruediv__(self, other: Any) -> "Tally":
        return _divided(float(other), self.value)

    def __add__(self, other: Any) -> "Tally":
        return _counted(self.value + float(other))

    def __mul__(self, other: Any) -> "Tally":
        return _counted(self.value * float(other))

    def __sub__(self, other: Any) -> "Tally":
        return _counted(self.value - float(other))

    def __rsub__(self, other: Any) -> "Tally":
        return _counted(float(other) - self.value)

    __radd__, __rmul__ = __add__, __mul__

    def __float__(self) -> float:
        return self.value

    def __int__(self) -> int:
        return int(self.value)

    def __neg__(self) -> "Tally":
        return Tally(-self.value)

    def __abs__(self) -> "Tally":
        return Tally(abs(self.value))

    def __eq__(self, other: object) -> bool:
        return self.value == float(other)  # type: ignore[arg-type]

    def __lt__(self, other: Any) -> bool:
        return self.value < float(other)

    def __le__(self, other: Any) -> bool:
        return self.value <= float(other)

    def __gt__(self, other: Any) -> bool:
        return self.value > float(other)

    def __ge__(self, other: Any) -> bool:
        return self.value >= float(other)

    __hash__ = None  # type: ignore[assignment]


def _counted(value: Any) -> Tally:
    Tally.done += 1
    return Tally(value)


def _divided(a: float, b: float) -> Tally:
    with np.errstate(all="ignore"):  # by zero as in a kernel: a result
        return _counted(np.float64(a) / b)


def _interpreted(function: Any) -> Any:
    """A rule's lines, and those of all kernels that it calls, for the interpreter."""
    function = plain(function)
    there = {name: _interpreted(value) if value in OURS else value for name, value in _globals(function).items()}
    return FunctionType(function.__code__, there, function.__name__, function.__defaults__)


def _globals(function: Any) -> dict[str, Any]:
    names = {name: function.__globals__[name] for name in function.__code__.co_names if name in function.__globals__}
    hashable = {name: value for name, value in names.items() if value.__hash__}
    return {"__builtins__": builtins} | names | hashable


@lru_cache(maxsize=512)
def operations(method: Optimizer, n: int) -> float:
    """Of one evaluation's worth of the rule in n dimensions, the mean over COUNTED of them, at its default settings."""
    from scipy.optimize import rosen, rosen_der  # takes half a second to load: not before somebody asks

    rule = _interpreted(method.rule)
    start = np.where(np.arange(n) % 2, 1.0, -1.2)[:, None]
    x, state = _tallies(start), _tallies(np.zeros((method.rows(n), 1)))
    if method.looks_ahead:
        state[:n] = x
    table = _tallies(np.array([*(float(value) for value in method.values({}).values()), 0.0, 1.0])[:, None])
    with np.errstate(all="ignore"):
        before = BEFORE + (n if method.gradient_free else 0)  # a first simplex is made of n + 1 evaluations
        for t in range(before + COUNTED):
            if t == before:
                Tally.done = 0
            at = x[:, 0].astype(np.float64)
            rule(x, _tallies(np.array([rosen(at)])), _tallies(rosen_der(at)[:, None]), _tallies(_matrix(method, at)), state, table, t)
    return Tally.done / COUNTED


def _tallies(values: np.ndarray) -> np.ndarray:
    made = np.empty(values.size, dtype=object)
    made[:] = [Tally(value) for value in values.flat]
    return made.reshape(values.shape)


def _matrix(method: Optimizer, at: np.ndarray) -> np.ndarray:
    """(n, n, 1): the Hessian, or for methods that ask for a matrix of squares its square; nothing for those that ask for none."""
    if not method.curvature:
        return np.zeros((0, 0, 0))
    from scipy.optimize import rosen_hess

    h = rosen_hess(at)
    return (h if method.curvature == "hessian" else h @ h)[:, :, None]
