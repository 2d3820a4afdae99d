"""The loss over a plane: at once, or first coarsely and then where it bends."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from queue import SimpleQueue
from threading import Event

import numpy as np

from landscape.nets.planes.conv import folded
from landscape.nets.planes.fused import fused
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane
from landscape.parallel import CORES, pool
from landscape.problem import Array

Measure = Callable[[Array, Array], tuple[Array, Array]]  # coordinates a, b (P,) -> loss, accuracy (P,)


BLOCK = {"compiled": 48, "folded": 2, "torch": 2}  # points a task: after each one may stop, and 48 take the kernel some 7 ms
COARSEST = {"compiled": 8, "folded": 16, "torch": 32}  # grid lines between those of a first picture: a point of a ResNet takes 50 ms


class Cancelled(Exception):
    """The caller no longer wants the result."""


@dataclass(frozen=True, eq=False)
class Surface:
    """Loss and accuracy over a grid of a plane. NaN is a value like others: a hole."""

    plane: Plane
    xs: Array  # (nx,): coordinates along u
    ys: Array  # (ny,): along v
    loss: Array  # (ny, nx)
    accuracy: Array  # (ny, nx); NaN for what does not classify
    computed: np.ndarray  # (ny, nx), bool: False where refinement has only interpolated
    words: str  # for people: what is done with running statistics
    engine: str  # "compiled", "folded" (convolutions) or "torch"

    def penalised(self, l2: float) -> Array:
        """The loss with an L2 term, loss + l2/2 |w|^2, as in weight decay; exact, since |w|^2 over a plane is a quadratic. (ny, nx)"""
        return self.loss + l2 / 2 * self.square_norm

    @property
    def square_norm(self) -> Array:
        """|w|^2 over all weights, (ny, nx)."""
        o, u, v = self.plane.origin, self.plane.u, self.plane.v
        a, b = np.meshgrid(self.xs, self.ys)
        return o @ o + 2 * (a * (o @ u) + b * (o @ v) + a * b * (u @ v)) + a * a * (u @ u) + b * b * (v @ v)


def loss_over(
    objective: Objective,
    plane: Plane,
    xs: Array,
    ys: Array,
    *,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Surface:
    """Loss and accuracy at every point of the grid `xs` x `ys`; `plane.axis` makes axes that hold the trained point.

    Multilayer perceptrons run in a compiled kernel on all cores, other nets in torch (see `fused.fused`, `conv.folded`).
    `on_progress` gets the share done. Raises Cancelled soon after `cancelled` says so.
    """
    surface, measure = _empty(objective, plane, xs, ys)
    everything = np.ones(surface.computed.shape, dtype=bool)
    return _filled(surface, measure, everything, on_progress or (lambda share: None), cancelled or (lambda: False))


def refined(
    objective: Objective,
    plane: Plane,
    xs: Array,
    ys: Array,
    *,
    tolerance: float = 0.01,
    coarsest: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Surface]:
    """A coarse picture first, then finer ones: every 8th grid line, every 4th, ...; the last is the full grid. None: see COARSEST.

    After two pictures a new point is evaluated only where the surface bends: where linear interpolation between the points of the last
    picture is expected to be off by more than `tolerance` of the range of finite losses, or next to a hole. It is an estimate from how
    far off it was before, not a bound. Elsewhere the interpolated value stands, and `computed` says so. tolerance=0 evaluates every
    point. Stop by closing the generator, or by `cancelled`.
    """
    surface, measure = _empty(objective, plane, xs, ys)
    bend = np.zeros(surface.loss.shape)  # how far interpolation was off, where that was looked at
    strides = [2**k for k in range(int(math.log2(coarsest or COARSEST[surface.engine])), -1, -1)]
    for picture, stride in enumerate(strides):
        cols, rows = _lines(xs, stride), _lines(ys, stride)
        new = np.zeros_like(surface.computed)
        new[np.ix_(rows, cols)] = True
        new &= ~surface.computed
        if picture > 1 and tolerance > 0:
            finite = surface.loss[surface.computed & np.isfinite(surface.loss)]
            height = float(np.ptp(finite)) if finite.size else 0.0
            new &= ~(_around(bend, 2 * stride) <= 2 * tolerance * height)  # a smooth surface's error falls to a quarter; NaN is never <=
        guess = surface.loss
        surface = _filled(surface, measure, new, lambda share: None, cancelled or (lambda: False))
        if picture > 0:
            with np.errstate(invalid="ignore"):
                bend = np.where(new, np.abs(surface.loss - guess), bend / 2)
        surface = replace(
            surface,
            loss=np.where(surface.computed, surface.loss, _interpolated(surface.loss, rows, cols, xs, ys)),
            accuracy=np.where(surface.computed, surface.accuracy, _interpolated(surface.accuracy, rows, cols, xs, ys)),
        )
        yield surface


def _empty(objective: Objective, plane: Plane, xs: Array, ys: Array) -> tuple[Surface, Measure]:
    blank = np.full((len(ys), len(xs)), np.nan)
    engines: dict[str, Callable[[Objective, Plane], Measure | None]] = {"compiled": fused, "folded": folded, "torch": _loop}
    measure, engine = next((made, name) for name, make in engines.items() if (made := make(objective, plane)))
    return Surface(plane, xs, ys, blank, blank, np.zeros(blank.shape, dtype=bool), objective.words, engine), measure


def _loop(objective: Objective, plane: Plane) -> Measure:
    """One point after another, each core with a net of its own."""
    copies: SimpleQueue[Objective] = SimpleQueue()
    for number in range(CORES):
        copies.put(objective if number == 0 else objective.twin())

    def evaluate(a: Array, b: Array) -> tuple[Array, Array]:
        own = copies.get()
        try:
            return own.over(plane.origin, plane.u, plane.v, a, b)
        finally:
            copies.put(own)

    return evaluate


def _filled(
    surface: Surface, measure: Measure, new: np.ndarray, on_progress: Callable[[float], None], cancelled: Callable[[], bool]
) -> Surface:
    """The surface with the points of `new`, (ny, nx) bool, evaluated: a block of them a task, all cores at work."""
    rows, cols = np.nonzero(new)
    loss, accuracy = surface.loss.copy(), surface.accuracy.copy()
    stopped = Event()

    def block(at: slice) -> int:
        if not stopped.is_set():
            loss[rows[at], cols[at]], accuracy[rows[at], cols[at]] = measure(surface.xs[cols[at]], surface.ys[rows[at]])
        return at.stop

    size = BLOCK[surface.engine]
    tasks = [pool().submit(block, slice(at, min(at + size, len(rows)))) for at in range(0, len(rows), size)]
    try:
        for task in tasks:
            if cancelled():
                raise Cancelled
            on_progress(task.result() / len(rows))
    finally:
        stopped.set()  # nobody waits for the rest
    return replace(surface, loss=loss, accuracy=accuracy, computed=surface.computed | new)


def _lines(axis: Array, stride: int) -> np.ndarray:
    """Every `stride`th index, counted from the trained point, and both ends."""
    zero = int(np.abs(axis).argmin())
    return np.union1d(np.arange(zero % stride, len(axis), stride), (0, len(axis) - 1))


def _around(values: Array, reach: int) -> Array:
    """The largest value within `reach` grid lines; NaN counts as larger than any."""
    for axis in (0, 1):
        padding = [(reach, reach) if k == axis else (0, 0) for k in range(2)]
        padded = np.pad(values, padding, constant_values=0.0)
        values = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1, axis=axis).max(axis=-1)
    return values


def _interpolated(values: Array, rows: np.ndarray, cols: np.ndarray, xs: Array, ys: Array) -> Array:
    """Bilinear between the values on some grid lines, (ny, nx)."""
    across = _between(values[np.ix_(rows, cols)], xs[cols], xs)
    return _between(across.T, ys[rows], ys).T


def _between(values: Array, at: Array, wanted: Array) -> Array:
    """Each row of values, given at coordinates `at`, at other coordinates. A NaN beside a point that was given does not reach it."""
    right = np.clip(np.searchsorted(at, wanted), 1, len(at) - 1)
    t = (wanted - at[right - 1]) / (at[right] - at[right - 1])
    with np.errstate(invalid="ignore"):
        mixed = (1 - t) * values[:, right - 1] + t * values[:, right]
    return np.where(t == 0, values[:, right - 1], np.where(t == 1, values[:, right], mixed))
