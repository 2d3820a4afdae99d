"""What is descended: a formula with its parameters, its frame, its marked points and its story."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from landscape import cache
from landscape.claim import Claim
from landscape.ground import WHOLE as WHOLE
from landscape.ground import Array as Array
from landscape.ground import Ground
from landscape.ground import Interval as Interval
from landscape.ground import Numbers as Numbers
from landscape.kernel import Kernel
from landscape.latex import indexed, latex, mean, symbol
from landscape.reparametrised import Reparametrised

if TYPE_CHECKING:
    from landscape.formula import Formula

Kind = Literal["minimum", "saddle", "maximum"]
Sampler = Callable[[Mapping[str, float]], Array]  # parameter values -> samples as columns (d, N)


@dataclass(frozen=True)
class Parameter:
    """A number in a formula that the user may move."""

    key: str
    name: str
    default: float
    low: float
    high: float
    scale: Literal["linear", "log"] = "linear"
    integer: bool = False
    help: str = ""
    symbol: str = ""  # in LaTeX; empty: follows from the key

    def check(self, value: float) -> float:
        """The value as a float, or a ValueError that says what to change."""
        try:
            number = float(value)
        except (TypeError, ValueError):
            raise ValueError(f"{self.name} must be a number, not {str(value)[:40]!r}.") from None
        if not self.low <= number <= self.high:
            raise ValueError(f"{self.name} must lie between {self.low:g} and {self.high:g}, not at {number:g}.")
        if self.integer and not number.is_integer():
            raise ValueError(f"{self.name} must be a whole number, not {number:g}.")
        return number


@dataclass(frozen=True)
class Stationary:
    """A declared stationary point; its coordinates are formulas of the parameters."""

    x: str
    y: str
    kind: Kind = "minimum"
    label: str = ""
    reach: float = 0.05  # of the domain: a point that Newton carries further was another one; data may carry the only one far


@dataclass(frozen=True)
class Point:
    """A stationary point at the current parameters."""

    x: float
    y: float
    value: float
    kind: Kind
    label: str = ""
    valley: bool = False  # one of a row that only marks the floor of a valley: none of them stands alone


def rates(**lr: float) -> dict[str, dict[str, float]]:
    """Recommended learning rates, by method."""
    return {method: {"lr": rate} for method, rate in lr.items()}


@dataclass(frozen=True)
class Problem(Ground):
    """A test function, or the mean loss over `sampler`'s data. Hashable by what it computes and shows, so that pages can cache on it.

    Arrays: a point is (2,), lanes of points are (2, B). Kernels take one row per entry of `rows`: the parameters, then the
    constants that the formula derives from them.
    """

    key: str
    name: str
    group: str
    formula: "Formula"
    parameters: tuple[Parameter, ...] = ()
    domain: tuple[Interval, Interval] = ((-2.0, 2.0), (-2.0, 2.0))
    start: tuple[float, float] = (-1.5, 1.5)
    stationary: tuple[Stationary, ...] | None = ()  # None: nobody has declared them, and they are searched for
    lesson: str = ""
    source: str = ""
    question: str = ""
    recommended: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)  # method -> hyperparameter -> value
    race: tuple[tuple[str, Numbers], ...] = ()  # as in Ground
    batch: int = 0
    replacement: bool = True
    steps: int = 200
    levels: Literal["log", "linear"] = "linear"
    equal_scales: bool = True
    claims: tuple[Claim, ...] = ()  # what is said of the racers that it opens with
    values: tuple[float, ...] | None = None  # of the parameters; None: their defaults
    other: Reparametrised | None = None  # the same model in other coordinates, where there are some
    sampler: Sampler | None = None  # for a formula with columns: makes them from the parameters' values, always the same

    # --- parameters

    def with_parameters(self, **values: float) -> "Problem":
        """This problem at other parameter values."""
        bound = self.parameter_values
        known = {parameter.key: parameter for parameter in self.parameters}
        for key, value in values.items():
            if key not in known:
                has = f"it has {', '.join(known)}" if known else "it has none"
                raise ValueError(f"{self.name} has no parameter {key[:40]!r}: {has}.")
            bound[key] = known[key].check(value)
        return replace(self, values=tuple(bound.values()))

    @property
    def parameter_values(self) -> dict[str, float]:
        """The current value of every parameter, by key."""
        values = self.values or tuple(parameter.default for parameter in self.parameters)
        return {parameter.key: value for parameter, value in zip(self.parameters, values, strict=True)}

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of the rows of `params`."""
        return self.formula.rows

    @property
    def params(self) -> Array:
        """One run's parameters as the kernels take them, (p,)."""
        names = self.formula.names(self.parameter_values)
        return np.array([names[row] for row in self.rows], dtype=np.float64)

    def lane_params(self, lanes: int, **values: npt.ArrayLike) -> Array:
        """Parameters of many runs, (p, lanes); a parameter given as an array of shape (lanes,) differs between them."""
        unknown = set(values) - set(self.parameter_values)
        if unknown:
            raise ValueError(f"{self.name} has no parameter {sorted(unknown)[0][:40]!r}.")
        if shared := sorted(set(values) - set(self.formula.parameters)):
            raise ValueError(f"{shared[0]} shapes the data, which all lanes share: it cannot differ between them.")
        for parameter in (each for each in self.parameters if each.key in values):
            parameter.check(float(np.min(values[parameter.key])))
            parameter.check(float(np.max(values[parameter.key])))
        names = self.formula.names(self.parameter_values | {key: np.asarray(value, float) for key, value in values.items()})
        rows = np.empty((len(self.rows), lanes))
        for row, name in zip(rows, self.rows, strict=True):
            row[:] = names[name]
        return rows

    @property
    def data(self) -> Array:
        """The samples that the loss is a mean over, as columns (d, N); a plain formula has none."""
        return _data(self.sampler, tuple(self.parameter_values.items())) if self.sampler else np.empty((0, 0))

    @property
    def samples(self) -> int:
        """Of how many samples mini-batches can be drawn; 0: of none."""
        return self.data.shape[1]

    # --- value and derivatives

    @property
    def evaluate_kernel(self) -> Kernel:
        """Value and gradient, compiled: see `kernel.EVALUATE`."""
        return evaluate_kernel(self.formula)

    @property
    def hessian_kernel(self) -> Kernel:
        """The Hessian, compiled: see `kernel.CURVATURE`."""
        return curvature_kernel(self.formula, "hessian")

    def lacks(self, kind: str) -> str:
        """Why the problem has no such curvature matrix; empty where it has."""
        return self.formula.lacks(kind)

    def curvature(self, kind: str) -> Kernel | str:
        """The kernel of a curvature matrix, or the reason why this problem does not offer it.

        Kinds: "hessian", "gauss_newton", "fisher", "empirical_fisher", "kronecker"; see `landscape.curvature`.
        """
        return self.lacks(kind) or curvature_kernel(self.formula, kind)

    def sketch(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """The value over NumPy arrays, without a kernel: nothing is compiled."""
        return self.formula(x, y, self.data, **self.parameter_values)

    def penalised(self, weight: float) -> "Problem":
        """With weight/2 |x|^2 added: see `landscape.penalty`."""
        from landscape.penalty import penalised  # it makes problems

        return penalised(self, weight)

    # --- marked points

    def stationary_points(self) -> tuple[Point, ...]:
        """The declared points that are stationary points of their kind at these parameters, minima first, lowest first.

        Where none are declared (`stationary` is None) those that a search within the frame finds: see `landscape.search`.
        """
        return _stationary_points(self)

    # --- in print

    @property
    def coordinates(self) -> tuple[str, ...]:
        """The coordinates' names."""
        return self.formula.coordinates

    @property
    def axes(self) -> tuple[str, ...]:
        """The coordinates, as LaTeX."""
        return tuple(symbol(name) for name in self.formula.coordinates)

    @cached_property
    def latex(self) -> str:
        """f(x, y) = ..., or the loss over samples, and the definitions it uses, as LaTeX."""
        formula = self.formula
        symbols = {parameter.key: parameter.symbol or symbol(parameter.key) for parameter in self.parameters}
        symbols |= {name: indexed(name) for name in formula.sampled}
        definitions = [f"{symbols.get(name) or symbol(name)} = {latex(tree, symbols)}" for name, tree in formula.definitions]
        value = mean(formula.written, symbols) if formula.columns else latex(formula.written, symbols)
        return r", \quad ".join((f"{'L' if formula.columns else 'f'}({', '.join(self.axes)}) = {value}", *definitions))


@lru_cache(maxsize=256)
def _data(sampler: Sampler, values: tuple[tuple[str, float], ...]) -> Array:
    return np.ascontiguousarray(sampler(dict(values)), dtype=np.float64)


@lru_cache(maxsize=4096)
def _stationary_points(problem: Problem) -> tuple[Point, ...]:
    from landscape.search import search  # both work on problems
    from landscape.stationary import stationary_points

    return search(problem) if problem.stationary is None else stationary_points(problem)


def evaluate_kernel(formula: "Formula") -> Kernel:
    """The kernel for value and gradient of a formula; compiled once a machine, loaded once a process."""

    def source() -> str:
        from landscape.codegen import evaluate_source  # imports SymPy: only where there is no module yet

        return evaluate_source(formula)

    kernel: Kernel = cache.load(f"evaluate {formula!r}", source).evaluate
    return kernel


def curvature_kernel(formula: "Formula", kind: str) -> Kernel:
    """The kernel for a curvature matrix of a formula; compiled when it is first asked for."""

    def source() -> str:
        from landscape.codegen import curvature_source

        return curvature_source(formula, kind)

    kernel: Kernel = cache.load(f"{kind} {formula!r}", source).curvature
    return kernel
