"""Stationary points that nobody has declared, searched for within the frame: seeds from a grid, polished, looked at, told apart.

The work is bounded: a grid of derivatives, then some hundred points at once as lanes. Nothing promises that all are found: what is
narrower than a cell of the grid can hide between its lines, and the world outside the frame is not looked at.
"""

from dataclasses import replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from landscape.problem import Point, Problem
from landscape.stationary import ORDER, RING, kinds, newton

Array = npt.NDArray[np.float64]

CELLS = 64  # a side of the grid
APART = 1e-3  # of the frame: points closer than this are one
MOST = 150  # points that are kept: the lowest minima, and of other kinds all or none
SEEDS = 1500  # points that are polished
ZOOMS = 60  # halvings of the window round a kink
ROOMS = 16  # a side of the grid on which a start is looked for
FEWEST = 5  # equal minima in a row, none of them curved along it, that make a valley
VALLEY = "on a valley of minima"


def search(problem: Problem) -> tuple[Point, ...]:
    """Minima, saddles and maxima within the frame, minima first, lowest first. A crowd of saddles or maxima is left out whole."""
    (x0, x1), (y0, y1) = problem.domain
    xs, ys = np.linspace(x0, x1, CELLS + 1), np.linspace(y0, y1, CELLS + 1)
    size = float(max(x1 - x0, y1 - y0))
    grid = np.stack(np.meshgrid(xs, ys))  # (2, CELLS + 1, CELLS + 1)
    f, g = problem.value_and_gradient(grid.reshape(2, -1))
    f, g = f.reshape(grid.shape[1:]), g.reshape(grid.shape)
    x = newton(problem, _seeds(grid, f, g))
    x = _distinct(problem, x[:, _inside(problem, x)], size)
    found = _looked_at(problem, x, size, smooth=True)
    lowest = grid[:, _lowest_around(f)]
    if found:
        known = np.array([(point.x, point.y) for point in found if point.kind == "minimum"]).reshape(-1, 2).T
        near = np.linalg.norm(lowest[:, :, None] - known[:, None, :], axis=0) <= 2.5 * size / CELLS
        lowest = lowest[:, ~near.any(axis=1)]
    kinks = _zoomed(problem, lowest, size)
    for point in _looked_at(problem, kinks[:, _inside(problem, kinks)], size, smooth=False):
        if all(np.hypot(point.x - other.x, point.y - other.y) > APART * size for other in found):
            found.append(point)
    found = _rows(problem, found, size)
    kept: list[Point] = []
    for kind in ORDER:
        of_kind = sorted((point for point in found if point.kind == kind), key=lambda point: point.value)
        if kind == "minimum" or len(kept) + len(of_kind) <= MOST:
            kept += of_kind[:MOST]
    return tuple(kept)


def _seeds(grid: Array, f: Array, g: Array) -> Array:
    """Middles of the cells in which both slopes change sign, and grid points whose slope or height is least around, (2, k)."""
    corners = [g[:, i : i + CELLS, j : j + CELLS] for i in (0, 1) for j in (0, 1)]
    lowest, highest = np.minimum.reduce(corners), np.maximum.reduce(corners)
    crossed = np.all((lowest <= 0) & (highest >= 0), axis=0) & np.any(lowest < highest, axis=0)  # not where all is flat
    middles = (grid[:, :-1, :-1] + grid[:, 1:, 1:]) / 2
    with np.errstate(all="ignore"):
        flattest = _lowest_around(np.hypot(*g))
    seeds = np.concatenate([grid[:, _lowest_around(f) | _lowest_around(-f) | flattest], middles[:, crossed]], axis=1)
    return np.ascontiguousarray(seeds[:, :: -(-seeds.shape[1] // SEEDS) or 1])


def _lowest_around(f: Array) -> npt.NDArray[np.bool_]:
    """Which points within the grid are as low as their eight neighbours, and lower than one of them."""
    f = np.where(np.isfinite(f), f, np.inf)
    n, m = f.shape
    around = np.stack([f[1 + i : n - 1 + i, 1 + j : m - 1 + j] for i in (-1, 0, 1) for j in (-1, 0, 1) if i or j])
    inner = f[1:-1, 1:-1]
    return np.pad((inner <= around.min(axis=0)) & (inner < around.max(axis=0)), 1)


def _inside(problem: Problem, x: Array) -> npt.NDArray[np.bool_]:
    low, high = np.array(problem.domain).T
    return np.all((x >= low[:, None]) & (x <= high[:, None]), axis=0)


def _distinct(problem: Problem, x: Array, size: float) -> Array:
    """One point of each crowd: that with the smallest gradient."""
    x = x[:, np.argsort(np.linalg.norm(problem.gradient(x), axis=0), kind="stable")]
    kept: list[int] = []
    for i in range(x.shape[1]):
        if not kept or np.linalg.norm(x[:, kept] - x[:, i : i + 1], axis=0).min() > APART * size:
            kept.append(i)
    return x[:, kept]


def _rows(problem: Problem, found: list[Point], size: float) -> list[Point]:
    """Of points in a row, as high as one another and without curvature along it: minima labelled as one valley's, of others three.

    A valley's minima all stay, so that the distance to the nearest is that to the valley.
    """
    if len(found) < FEWEST:
        return found
    x, values = np.array([(point.x, point.y) for point in found]).T, np.array([point.value for point in found])
    curvatures = np.abs(np.linalg.eigvalsh(np.nan_to_num(np.moveaxis(problem.hessian(np.ascontiguousarray(x)), -1, 0))))
    flat = curvatures.min(axis=1) <= 1e-6 * curvatures.max(axis=1) + 1e-12
    beside = np.linalg.norm(x[:, :, None] - x[:, None, :], axis=0) <= 3 * size / CELLS
    alike = np.abs(values[:, None] - values) <= 1e-9 * (1 + np.abs(values))
    kind = np.array([point.kind for point in found])
    row = _crowds(beside & alike & flat[:, None] & flat & (kind[:, None] == kind))
    kept: list[Point] = []
    for number in np.unique(row):
        members = np.flatnonzero(row == number)
        if len(members) >= FEWEST and kind[members[0]] != "minimum":
            members = members[np.lexsort(x[:, members])][[0, len(members) // 2, -1]]
        valley = len(members) >= FEWEST
        kept += [replace(found[i], label=VALLEY if valley else "", valley=valley) for i in members]
    return kept


def _crowds(linked: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """For each of k things a number that it shares with all that it is linked to, (k,)."""
    number = np.arange(len(linked))
    while True:
        least = np.where(linked | np.eye(len(linked), dtype=bool), number, len(linked)).min(axis=1)
        if (least == number).all():
            return number
        number = least


@lru_cache(maxsize=256)
def lowest_seen(problem: Problem) -> float:
    """The lowest value on a grid over the frame."""
    values = problem.grid(CELLS + 1, CELLS + 1)[2]
    return float(np.min(values[np.isfinite(values)], initial=np.inf))


def standing(problem: Problem) -> tuple[float, float]:
    """The declared start, or where that has no value, a point nearby that has one with some room round it."""
    x0, y0 = problem.start
    if np.isfinite(problem.value((x0, y0))):
        return problem.start
    xs, ys, f = problem.grid(ROOMS + 1, ROOMS + 1)
    sound = np.isfinite(f)
    roomy = np.zeros_like(sound)
    roomy[1:-1, 1:-1] = np.all([sound[1 + i : ROOMS + i, 1 + j : ROOMS + j] for i in (-1, 0, 1) for j in (-1, 0, 1)], axis=0)
    rows, columns = np.nonzero(roomy if roomy.any() else sound)
    if not len(rows):
        return problem.start
    nearest = np.hypot(xs[columns] - x0, ys[rows] - y0).argmin()
    return float(xs[columns[nearest]]), float(ys[rows[nearest]])


def _looked_at(problem: Problem, x: Array, size: float, smooth: bool) -> list[Point]:
    seen = kinds(problem, x, RING * size, smooth) if x.shape[1] else []
    return [Point(float(a), float(b), float(f), kind) for a, b, f, kind in zip(*x, problem.value(x), seen, strict=True) if kind]


def _zoomed(problem: Problem, x: Array, size: float) -> Array:
    """Where there is no slope to follow, as at a kink: nine by nine points round each, then round the lowest of them, and so on."""
    if not x.shape[1]:
        return x
    steps = np.linspace(-1, 1, 9)
    window = np.stack(np.meshgrid(steps, steps)).reshape(2, 1, -1)
    reach = np.full(x.shape[1], size / CELLS)
    for _ in range(ZOOMS):
        points = x[:, :, None] + reach[None, :, None] * window  # (2, k, 81)
        f = problem.value(points.reshape(2, -1)).reshape(x.shape[1], -1)
        best = np.where(np.isfinite(f), f, np.inf).argmin(axis=1)
        x = points[:, np.arange(x.shape[1]), best]
        reach = np.where(np.abs(window[:, 0, best]).max(axis=0) < 1, reach / 2, reach)  # at the window's rim: on, not in
    x = x[:, reach < 1e-6 * size]
    return x[:, _rise(problem, x, 1e-3 * RING * size) <= 0.5 * _rise(problem, x, RING * size)]  # false at a pole and at a jump


def _rise(problem: Problem, x: Array, radius: float) -> Array:
    """The largest difference in height to eight points around each, (k,)."""
    angles = np.arange(8) * np.pi / 4
    around = x[:, :, None] + radius * np.stack([np.cos(angles), np.sin(angles)])[:, None, :]
    with np.errstate(all="ignore"):
        return np.abs(problem.value(around.reshape(2, -1)).reshape(-1, 8) - problem.value(x)[:, None]).max(axis=1)
