"""A landscape given by a grid of values, such as a net's loss over a plane, which optimizers can be released on.

It needs no PyTorch: what computed the values is gone. Between grid points it is a bicubic spline; beyond the grid there is nothing, so a
method that leaves it has diverged there.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

from landscape import slice_kernel
from landscape.ground import Array, Ground, Interval
from landscape.kernel import Kernel
from landscape.problem import Parameter, Point
from landscape.spline import patches

NEWTON_STEPS = 20


@dataclass(frozen=True, eq=False)
class Slice(Ground):
    """A grid of values as a landscape. Equal and hashed by content, so that pages can cache on it.

    It offers what `Problem` offers to optimizers and pages; it has no parameters, no samples and no curvature but the Hessian.
    Raises ValueError for grids that are not evenly spaced, have fewer than 4 points a side, or no finite value.
    """

    name: str
    xs: Array  # (nx,)
    ys: Array  # (ny,)
    values: Array  # (ny, nx); what is not finite is a hole
    start: tuple[float, float]
    question: str = "Who finds the valley of this slice first?"
    lesson: str = "This is a slice of a net's loss: two directions of many. The net itself could go around what looks like a wall here."
    source: str = ""
    axes: tuple[str, ...] = (r"\alpha", r"\beta")
    along: tuple[str, ...] = ()  # the axes in words, for pictures: "PCA 1 (77% of the paths)"; empty: as in `axes`
    group: str = "Slices of nets"
    recommended: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    steps: int = 200
    levels: Literal["log", "linear"] = "log"
    equal_scales: bool = False

    parameters: tuple[Parameter, ...] = field(default=(), init=False)

    ends = "the slice"  # not a field: beyond the grid there is nothing
    coordinates = ("x", "y")
    stationary = None  # nobody declares its minima: they are searched for

    def __post_init__(self) -> None:
        for name in ("xs", "ys", "values"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)
        if self.values.shape != (len(self.ys), len(self.xs)) or min(self.values.shape) < 4:
            raise ValueError(
                f"Values of shape {self.values.shape} over {len(self.xs)} x {len(self.ys)} points: give (ny, nx), 4 or more a side."
            )
        for axis in (self.xs, self.ys):
            steps = np.diff(axis)
            if not (steps[0] > 0 and np.allclose(steps, steps[0], rtol=1e-6, atol=0)):
                raise ValueError("The grid of a slice is evenly spaced and ascending: evaluate the plane on such a grid.")
        if not np.isfinite(self.values).any():
            raise ValueError("No value of this slice is finite: choose a smaller plane, or one around weights that have not diverged.")

    @cached_property
    def digest(self) -> str:
        """Of all that is computed and shown."""
        text = (
            self.name,
            self.start,
            self.question,
            self.lesson,
            self.source,
            self.axes,
            self.along,
            self.steps,
            self.levels,
            self.equal_scales,
        )
        parts = (repr(text).encode(), *(array.tobytes() for array in (self.xs, self.ys, self.values)))
        return hashlib.sha256(b"\0".join(parts)).hexdigest()

    @property
    def key(self) -> str:
        return f"slice_{self.digest[:12]}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Slice) and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    # --- as the loop sees it

    @property
    def domain(self) -> tuple[Interval, Interval]:
        return (float(self.xs[0]), float(self.xs[-1])), (float(self.ys[0]), float(self.ys[-1]))

    @cached_property
    def data(self) -> Array:
        """The patches of the spline: see `spline.patches`."""
        return patches(self.xs, self.ys, self.values)

    @property
    def samples(self) -> int:
        return 0

    @property
    def evaluate_kernel(self) -> Kernel:
        return slice_kernel.evaluate

    @property
    def hessian_kernel(self) -> Kernel:
        return slice_kernel.hessian

    def lacks(self, kind: str) -> str:
        return "" if kind == "hessian" else "it needs more than a slice's heights, which have no curvature matrix but the Hessian."

    def curvature(self, kind: str) -> Kernel | str:
        return self.lacks(kind) or slice_kernel.hessian

    def lane_params(self, lanes: int, **values: npt.ArrayLike) -> Array:
        self.with_parameters(**values)
        return np.empty((0, lanes))

    def sketch(self, x: npt.ArrayLike, y: npt.ArrayLike) -> Array:
        """The value of the nearest grid point: for thumbnails."""
        indices = (np.abs(np.asarray(at)[..., None] - axis).argmin(axis=-1) for at, axis in ((y, self.ys), (x, self.xs)))
        nearest: Array = self.values[tuple(indices)]
        return nearest

    # --- parameters: none

    @property
    def parameter_values(self) -> dict[str, float]:
        return {}

    def with_parameters(self, **values: npt.ArrayLike) -> "Slice":
        if values:
            raise ValueError(f"{self.name} has no parameter {sorted(values)[0][:40]!r}: a slice has none.")
        return self

    def penalised(self, weight: float) -> "Slice":
        """With weight/2 |x|^2 added, a pull to the plane's origin: exact, since a bicubic spline holds a quadratic."""
        return replace(self, values=self.values + weight / 2 * (self.xs**2 + self.ys[:, None] ** 2))

    # --- marked points and print

    def stationary_points(self) -> tuple[Point, ...]:
        """The spline's minima, lowest first: one for each grid point that is lower than its eight neighbours, where Newton finds it."""
        return _minima(self)

    @cached_property
    def lowest(self) -> float:
        """The lowest value on it, at a minimum or at its frame: a slice may fall to where it ends."""
        return min([float(self.values[np.isfinite(self.values)].min()), *(point.value for point in self.stationary_points())])

    @property
    def edge(self) -> Point | None:
        """The lowest point of the frame, where that is lower than all minima: it lies at the frame's edge or beside a hole."""
        row, col = np.unravel_index(np.nanargmin(np.where(np.isfinite(self.values), self.values, np.nan)), self.values.shape)
        value = float(self.values[row, col])
        height = float(np.ptp(self.values[np.isfinite(self.values)]))
        if not height or any(point.value <= value + 1e-9 * height for point in self.stationary_points()):
            return None
        return Point(float(self.xs[col]), float(self.ys[row]), value, "minimum", "lowest of the frame, at its edge")

    @property
    def latex(self) -> str:
        return rf"L({', '.join(self.axes)}) = L(\theta^* + {self.axes[0]}\,u + {self.axes[1]}\,v)"


@lru_cache(maxsize=64)
def _minima(land: Slice) -> tuple[Point, ...]:
    inner = land.values[1:-1, 1:-1]
    shifts = [(a, b) for a in range(3) for b in range(3) if (a, b) != (1, 1)]
    rows, cols = np.nonzero(np.all([inner < land.values[a : a + len(inner), b : b + inner.shape[1]] for a, b in shifts], axis=0))
    steps = np.array([[land.xs[1] - land.xs[0]], [land.ys[1] - land.ys[0]]])
    seeds = np.stack([land.xs[cols + 1], land.ys[rows + 1]])
    x, open_ = seeds.copy(), np.ones(len(rows), dtype=bool)
    for _ in range(NEWTON_STEPS):
        h, g = np.moveaxis(land.hessian(x), 2, 0), land.gradient(x)
        with np.errstate(all="ignore"):
            curved = open_ & (np.linalg.det(h) > 0) & (h[:, 0, 0] > 0)
            h[~curved] = np.eye(2)
            x = np.where(curved, np.clip(x - np.linalg.solve(h, g.T[:, :, None])[:, :, 0].T, seeds - steps, seeds + steps), x)
        open_ = curved
    slope = np.abs(land.gradient(x) * steps).max(axis=0, initial=0.0)
    height = float(np.ptp(land.values[np.isfinite(land.values)]))
    found = [
        Point(float(a), float(b), float(value), "minimum", "minimum of the slice")
        for a, b, value, good in zip(*x, land.value(x), open_ & (slope <= 1e-9 * height), strict=True)
        if good
    ]
    return tuple(sorted(found, key=lambda point: point.value))
