"""The tuning map: any two things that can vary against how the run ends. Rows are the second one's values, columns the first one's."""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from optimizers import Aim, descend
from optimizers.maps.axis import Axis, axes
from optimizers.maps.case import Case
from optimizers.maps.lowest import level_of
from optimizers.maps.sheet import Ends, Precision, Sheet, refuse_beyond_memory
from optimizers.maps.tiles import Progress, coarse_first, compute, sample


@dataclass(frozen=True)
class Grid:
    """A tuning map that can be computed in tiles: lane k is column k % nx of row k // nx."""

    case: Case
    x: Axis
    y: Axis
    nx: int
    ny: int
    precision: Precision = "float64"

    def __post_init__(self) -> None:
        refuse_beyond_memory(self.nx, self.ny)
        known = {axis.word for axis in axes(self.case)}
        for axis in (self.x, self.y):
            if axis.word not in known:
                raise ValueError(f"{axis.word} cannot vary here: choose one of {', '.join(sorted(known))}.")
        if self.x.word == self.y.word:
            raise ValueError(f"Both axes are {self.x.word}: choose two different ones.")

    @cached_property
    def xs(self) -> np.ndarray:
        return self.x.values(self.nx)

    @cached_property
    def ys(self) -> np.ndarray:
        return self.y.values(self.ny)

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.ys), len(self.xs)

    def ordered(self, lanes: np.ndarray) -> np.ndarray:
        """Lanes in the order to compute them in: what shares a value that all lanes of a descent share comes together."""
        return lanes[np.argsort(lanes % len(self.xs), kind="stable")] if self.x.common and not self.y.common else lanes

    def tile(self, lanes: np.ndarray) -> Ends:
        """How these lanes end."""
        ends = Ends.room(len(lanes))
        for case, some in self._apart(lanes):
            varying = {axis: self._values(axis, lanes[some]) for axis in (self.x, self.y) if not axis.common}
            ends.put(some, ended(case, varying, len(some), self.precision))
        return ends

    def _values(self, axis: Axis, lanes: np.ndarray) -> np.ndarray:
        return self.xs[lanes % len(self.xs)] if axis == self.x else self.ys[lanes // len(self.xs)]

    def _apart(self, lanes: np.ndarray) -> Iterator[tuple[Case, np.ndarray]]:
        """The cases among these lanes, each with the places of its lanes: one for every value of an axis that all lanes share."""
        if not (common := [axis for axis in (self.x, self.y) if axis.common]):
            yield self.case, np.arange(len(lanes))
            return
        distinct, group = np.unique([self._values(axis, lanes) for axis in common], axis=1, return_inverse=True)
        for k in range(distinct.shape[1]):
            case = self.case
            for axis, value in zip(common, distinct[:, k], strict=True):
                case = case.having(axis.kind, {axis.key: int(value) if axis.kind == "batch" else float(value)})
            yield case, np.flatnonzero(group.ravel() == k)


def ended(case: Case, varying: dict[Axis, np.ndarray], lanes: int, precision: Precision = "float64") -> Ends:
    """How lanes of a case end that differ in what `varying` says, (lanes,) each."""
    problem, params = case.problem, {axis.key: values for axis, values in varying.items() if axis.kind == "parameter"}
    for kind in ("hyper", "condition", "around"):
        if given := {axis.key: values for axis, values in varying.items() if axis.kind == kind}:
            case = case.having(kind, given)
    run = descend(
        problem, case.method, np.tile(np.array(case.start)[:, None], lanes), case.steps, keep="final", aim=Aim(level_of(case, params)),
        params=params, share=False, precision=precision, **case.arguments,
    )  # fmt: skip
    return Ends.of(run, problem)


def tuning(
    case: Case, x: Axis, y: Axis, nx: int = 256, ny: int = 256, *, precision: Precision = "float64",
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Sheet:  # fmt: skip
    """The map of nx values of `x` by ny of `y`.

    Raises:
        ValueError: an axis that this case does not have, twice the same, values out of bounds, a map beyond memory.
        Cancelled: `cancelled` said so.
    """
    *_, sheet = refined_tuning(case, x, y, nx, ny, coarse=0, precision=precision, executor=executor, progress=progress, cancelled=cancelled)
    return sheet


def refined_tuning(
    case: Case, x: Axis, y: Axis, nx: int = 256, ny: int = 256, *, coarse: int = 64, precision: Precision = "float64",
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
) -> Iterator[Sheet]:  # fmt: skip
    """First the map of about coarse x coarse of the runs, then the whole, for which those are not computed again."""
    grid = Grid(case, x, y, nx, ny, precision)
    ny, nx = grid.shape
    ends, first = Ends.room(nx * ny), coarse and max(nx, ny) > coarse
    if first:
        some, rest = coarse_first(grid.shape, coarse)
        compute(grid, grid.ordered(some), ends.put, executor=executor, cancelled=cancelled)
        yield sheet_of(grid, ends, sample(nx, coarse), sample(ny, coarse))
    else:
        rest = np.arange(nx * ny)
    compute(grid, grid.ordered(rest), ends.put, executor=executor, progress=progress, cancelled=cancelled)
    yield sheet_of(grid, ends, np.arange(nx), np.arange(ny))


def sheet_of(grid: Grid, ends: Ends, columns: np.ndarray, rows: np.ndarray) -> Sheet:
    """Some of the columns and rows as a map."""
    part = ends.take((rows[:, None] * len(grid.xs) + columns).ravel())
    shape = (len(rows), len(columns))
    loss, arrived, diverged_at, status = (each.reshape(shape) for each in (part.loss, part.arrived, part.diverged_at, part.status))
    return Sheet(grid.xs[columns], grid.ys[rows], loss, arrived, diverged_at, status, part.end.reshape(2, *shape), grid.precision)
