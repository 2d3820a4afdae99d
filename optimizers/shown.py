"""What a method holds inside, as things to look at: declared beside its rule, worked out from a watched run.

A `Shown` is a pure function of a `Seen`. Its array has a row for every tick of the cursor, steps + 1: what the method holds after so many
ticks, or what it does next. NaN rows are not defined: before the first tick, after the last, after a divergence.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from landscape import Problem
    from optimizers.optimizer import Optimizer
    from optimizers.run import Run

Array = npt.NDArray[np.float64]
Form = Literal["arrow", "point", "circle", "polygon", "ellipse", "model", "curves", "corridor", "mark", "bars", "number", "word"]
WIDTHS: dict[Form, int | None] = {
    "arrow": 4,  # from x, y; by dx, dy
    "point": 2,
    "circle": 3,  # centre and radius
    "polygon": 6,  # three corners
    "ellipse": 5,  # centre, and a matrix A as a11, a12, a22: the points p with p' A p = 1; the picture chooses the common scale
    "model": 5,  # a stationary point, and the matrix of the quadratic round it: its level through the iterate
    "curves": None,  # a line for each coordinate, or one
    "corridor": 2,  # lower and upper
    "mark": None,  # (k,) ticks
    "bars": 3,  # (k, 3): from tick, to tick, row
    "number": None,  # in words alone; one row stands for all ticks
    "word": None,  # an index of `options`
}
UNDRAWN = ("number", "word")


@dataclass(frozen=True)
class Seen:
    """A single run, watched. `state` has every vector, matrix and scalar of the method after each tick, (steps, ...)."""

    problem: "Problem"
    values: Mapping[str, float]
    path: Array  # (steps + 1, n): the method's own iterates, also where something follows them
    queries: Array  # (steps, n)
    rate: Array  # (steps,): the learning rate of each tick
    state: Mapping[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Array:
        """A part of the state as it is at the cursor: (steps + 1, ...)."""
        return held(self.state[name])

    def column(self, name: str) -> Array:
        """The same, of a scalar, as (steps + 1, 1)."""
        return self[name][:, None]

    @property
    def t(self) -> Array:
        """Ticks done, (steps + 1, 1)."""
        return np.arange(len(self.path), dtype=np.float64)[:, None]

    @property
    def lr(self) -> Array:
        """The rate of the step that led here, (steps + 1, 1)."""
        return held(self.rate)[:, None]

    @property
    def next_lr(self) -> Array:
        """The rate of the step that comes, (steps + 1, 1)."""
        return coming(self.rate)[:, None]

    @property
    def move(self) -> Array:
        """The step that comes, (steps + 1, n)."""
        return coming(np.diff(self.path, axis=0))

    @cached_property
    def gradient(self) -> Array:
        """The gradient over all the data at the iterates, without the conditions' doing, (steps + 1, n)."""
        return self._gradient(self.path)

    @cached_property
    def asked(self) -> Array:
        """The same where the method asked for it, (steps, n)."""
        return self._gradient(self.queries)

    def _gradient(self, points: Array) -> Array:
        return np.asarray(self.problem.gradient(np.ascontiguousarray(points.T))).T

    def matrix(self, kind: str) -> Array:
        """A curvature matrix over all the data at the iterates, (steps + 1, n, n)."""
        return np.moveaxis(self.problem.matrix(np.ascontiguousarray(self.path.T), kind), -1, 0)


@dataclass(frozen=True)
class Shown:
    """One thing to look at."""

    key: str
    name: str
    symbol: str  # LaTeX; empty: not in the formula
    form: Form
    of: Callable[[Seen], Array]
    panel: str = ""  # of curves: the title of the small plot that they share
    dashed: bool = False
    plain: bool = False  # not in the method's colour: what it is compared with
    always: bool = False  # the method IS this shape: drawn without being asked for
    options: tuple[str, ...] = ()


def held(rows: Array) -> Array:
    """(steps, ...) after each tick -> (steps + 1, ...): nothing before the first."""
    return np.concatenate([np.full((1, *rows.shape[1:]), np.nan), rows])


def coming(rows: Array) -> Array:
    """(steps, ...) of each tick -> (steps + 1, ...): nothing after the last."""
    return np.concatenate([rows, np.full((1, *rows.shape[1:]), np.nan)])


def curves(key: str, name: str, symbol: str, panel: str, of: Callable[[Seen], Array] | None = None, *, dashed: bool = False) -> Shown:
    """A line for each coordinate; by default the part of the state of that name."""
    return Shown(key, name, symbol, "curves", of or (lambda s: s[key]), panel, dashed)


def arrow(key: str, name: str, symbol: str, of: Callable[[Seen], tuple[Array, Array]], **look: Any) -> Shown:
    """From points (steps + 1, n) by vectors (steps + 1, n)."""
    return Shown(key, name, symbol, "arrow", lambda s: np.hstack(of(s)), **look)


def number(key: str, of: Callable[[Seen], Array], joined: str = "", symbol: str = "") -> Shown:
    """For words alone. Several that are no point are joined by a word."""
    return Shown(key, "", symbol, "number", of, options=(joined,) if joined else ())


def corrected(s: Seen, name: str, beta: str) -> Array:
    """A decaying mean that began at 0, divided by the weight it has gathered: Kingma & Ba 2015, algorithm 1."""
    return s[name] / (1.0 - s.values[beta] ** s.t)


def divisor(square: Array, values: Mapping[str, float]) -> Array:
    """The root of a mean of squares, with epsilon where the method has it."""
    eps, inside = values["eps"], values.get("eps_inside", 0.0)
    return np.sqrt(square + inside * eps) + (1.0 - inside) * eps


def effective_rate(lr: Array, square: Array, values: Mapping[str, float]) -> Array:
    """The rate over that root, (k, n). A coordinate that has felt no slope yet has none: epsilon alone says nothing."""
    return np.where(square > 0.0, lr / divisor(square, values), np.nan)


def solved(a: Array, b: Array) -> Array:
    """x of a x = b, row by row, (k, n); NaN where a is singular or not finite."""
    out = np.full_like(b, np.nan)
    with np.errstate(all="ignore"):
        fine = np.isfinite(a).all(axis=(1, 2)) & np.isfinite(b).all(axis=1) & (np.abs(np.linalg.det(a)) > 0.0)
    if fine.any():
        out[fine] = np.linalg.solve(a[fine], b[fine][..., None])[..., 0]
    return out


def inverse(a: Array) -> Array:
    """(k, n, n), row by row; NaN where there is none."""
    columns = [solved(a, np.broadcast_to(unit, a.shape[:2]).copy()) for unit in np.eye(a.shape[-1])]
    return np.stack(columns, axis=-1)


def conic(centre: Array, a: Array) -> Array:
    """A centre and a symmetric 2 x 2 matrix as five numbers a row."""
    return np.column_stack([centre, a[:, 0, 0], a[:, 0, 1], a[:, 1, 1]])


def quadratic(s: Seen, matrix: Array, gradient: Array | None = None) -> Array:
    """The quadratic model of the loss at the iterates: where it is stationary, and its matrix."""
    return conic(s.path - solved(matrix, s.gradient if gradient is None else gradient), matrix)


def eigenvalues(a: Array) -> Array:
    """Of symmetric matrices, rising, (k, n); NaN where they are not finite."""
    out = np.full(a.shape[:2], np.nan)
    fine = np.isfinite(a).all(axis=(1, 2))
    out[fine] = np.linalg.eigvalsh(a[fine])
    return out


STEP = arrow("step", "next step", r"\theta_{t+1} - \theta_t", lambda s: (s.path, s.move))
TRIAL = Shown("trial", "point it asks at", r"\theta_t + \alpha p_t", "point", lambda s: coming(s.queries))
RATE = curves(
    "rate", "step over gradient", r"|\Delta\theta_i| / |g_i|", "effective rate: |last step| / |gradient|",
    lambda s: held(np.abs(np.diff(s.path, axis=0)) / np.where(s.asked == 0.0, np.nan, np.abs(s.asked))),
)  # fmt: skip
KNOWN = (
    number("theta", lambda s: s.path, symbol=r"\theta_t"),
    number("g", lambda s: s.gradient, symbol=r"\nabla L(\theta_t)"),
    number("lr", lambda s: s.next_lr),
    number("move", lambda s: s.move),
    number("moved", lambda s: held(np.diff(s.path, axis=0))),
)


def look_inside(
    problem: "Problem", method: "Optimizer", values: Mapping[str, float], run: "Run", rate: Array | None = None, around: bool = False
) -> dict[str, Array]:
    """Everything that the method shows of a single run that was watched whole (`watch=method.watchable`), by key.

    Args:
        rate: (steps,), where a schedule changes the learning rate.
        around: whether something follows the iterate, whose path the run then holds.
    """
    steps = len(run.queries)
    path = own_path(method, run) if around else run.path
    rates = np.full(steps, values.get("lr", np.nan)) if rate is None else rate
    seen = Seen(problem, values, path, run.queries, rates, run.state)
    with np.errstate(all="ignore"):
        return {shown.key: shown.of(seen) for shown in method.inside}


def own_path(method: "Optimizer", run: "Run") -> Array:
    """The iterates of a method that something follows, (steps + 1, n): what it watches over, or where it asks, unknown at the end.

    Of a method that looks ahead, its first vector must have been watched.
    """
    return np.concatenate([run.path[:1], run.state[method.vectors[0]]]) if method.looks_ahead else coming(run.queries)
