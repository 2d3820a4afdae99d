"""What every landscape in two coordinates offers, whatever it is made of: a formula, or a grid of values."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from landscape.claim import Claim
from landscape.kernel import Kernel

if TYPE_CHECKING:
    from landscape.problem import Point
    from landscape.reparametrised import Reparametrised

Array = npt.NDArray[np.float64]
Interval = tuple[float, float]
Numbers = tuple[tuple[str, float], ...]  # values by key
WHOLE = np.empty((0, 0), dtype=np.int64)  # the batch that is all of the data


class Ground:
    """Value and derivatives from kernels. A point is (2,), lanes of points are (2, B)."""

    n = 2
    race: tuple[tuple[str, Numbers], ...] = ()  # who opens it, with what besides what is recommended; empty: the usual four
    batch: int = 0  # samples a tick that it opens with, where it has any; 0 is all of them
    replacement: bool = True  # whether it draws those anew every time, or epochs
    claims: tuple[Claim, ...] = ()  # what is said of them
    other: "Reparametrised | None" = None  # as in Problem
    along: tuple[str, ...] = ()  # its axes in words, where they have some
    restless = ""  # why two evaluations at one place on one batch differ, where they do
    ends = ""  # its name where there is nothing beyond its domain, and a run that leaves it is over

    # what a landscape declares; read-only, so that frozen fields will do

    if TYPE_CHECKING:

        @property
        def name(self) -> str: ...
        @property
        def domain(self) -> tuple[Interval, Interval]: ...

    @property
    def data(self) -> Array:
        """What the kernels take besides parameters, (d, N): samples as columns, where there are any."""
        raise NotImplementedError

    @property
    def samples(self) -> int:
        """Of how many samples mini-batches can be drawn; 0: of none."""
        raise NotImplementedError

    @property
    def evaluate_kernel(self) -> Kernel:
        """Value and gradient, compiled: see `kernel.EVALUATE`."""
        raise NotImplementedError

    def lacks(self, kind: str) -> str:
        """Why the problem has no such curvature matrix; empty where it has."""
        raise NotImplementedError

    def curvature(self, kind: str) -> Kernel | str:
        """The kernel of a curvature matrix, see `kernel.CURVATURE`, or the reason why there is none."""
        raise NotImplementedError

    def lane_params(self, lanes: int) -> Array:
        """Parameters of many runs, (p, lanes)."""
        raise NotImplementedError

    def stationary_points(self) -> "tuple[Point, ...]":
        """The known stationary points, minima first, lowest first."""
        raise NotImplementedError

    # --- value and derivatives

    def value_and_gradient(self, x: npt.ArrayLike) -> tuple[Array, Array]:
        """f: () or (B,); its gradient: (2,) or (2, B)."""
        at, single = self._lanes(x)
        f, g = np.empty(at.shape[1]), np.empty_like(at)
        with np.errstate(all="ignore"):  # where JIT is disabled, a hole in the surface would warn
            self.evaluate_kernel(at, self.lane_params(at.shape[1]), self.data, WHOLE, f, g)
        return (f[0], g[:, 0]) if single else (f, g)

    def value(self, x: npt.ArrayLike) -> Array:
        """f at one point, or along lanes of points."""
        return self.value_and_gradient(x)[0]

    def gradient(self, x: npt.ArrayLike) -> Array:
        """The gradient, in the shape of x."""
        return self.value_and_gradient(x)[1]

    def hessian(self, x: npt.ArrayLike) -> Array:
        """The Hessian: (2, 2) or (2, 2, B)."""
        return self.matrix(x, "hessian")

    def matrix(self, x: npt.ArrayLike, kind: str) -> Array:
        """A curvature matrix over all the data, (2, 2) or (2, 2, B). Raises ValueError for a kind that this problem does not offer."""
        kernel = self.curvature(kind)
        if isinstance(kernel, str):
            raise ValueError(f"{self.name}: {kernel}")
        at, single = self._lanes(x)
        h = np.empty((self.n, *at.shape))
        with np.errstate(all="ignore"):
            kernel(at, self.lane_params(at.shape[1]), self.data, WHOLE, h)
        return h[:, :, 0] if single else h

    def _lanes(self, x: npt.ArrayLike) -> tuple[Array, bool]:
        at = np.asarray(x, dtype=np.float64)
        if at.ndim not in (1, 2) or at.shape[0] != self.n:
            raise ValueError(f"A point of {self.name} has shape ({self.n},) and many have ({self.n}, B), not {at.shape}.")
        return np.ascontiguousarray(at.reshape(self.n, -1)), at.ndim == 1

    def grid(self, nx: int, ny: int) -> tuple[Array, Array, Array]:
        """xs (nx,), ys (ny,) over the domain, and the values there, (ny, nx)."""
        xs, ys = np.linspace(*self.domain[0], nx), np.linspace(*self.domain[1], ny)
        points = np.stack([grid.ravel() for grid in np.meshgrid(xs, ys)])
        return xs, ys, self.value(points).reshape(ny, nx)

    # --- marked points

    @property
    def minima(self) -> Array:
        """The known minima, lowest first, (2, k)."""
        found = [(point.x, point.y) for point in self.stationary_points() if point.kind == "minimum"]
        return np.array(found, dtype=np.float64).reshape(-1, self.n).T

    @property
    def lowest(self) -> float | None:
        """The lowest value of a known minimum; None where there is none."""
        values = [point.value for point in self.stationary_points() if point.kind == "minimum"]
        return min(values, default=None)

    @property
    def edge(self) -> "Point | None":
        """A point of the frame that is lower than all minima, where the landscape ends there."""
        return None
