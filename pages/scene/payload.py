"""Turns runs and grids into what the browser's scene reads: plain dicts, arrays as base64 of little-endian float32."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import ArrayLike, NDArray

MARKERS = (
    "circle", "square", "diamond", "triangle-up", "triangle-down", "cross",
    "plus", "star", "hexagon", "pentagon", "bowtie", "hourglass",
)  # fmt: skip
"""The shapes the scene can draw, one for each of the twelve racers."""


# A mark is a place that its label names; a valley's minima are one line; an edge is lower than all minima, where the frame ends.
Kind = Literal["minimum", "saddle", "maximum", "mark", "valley", "edge"]


class Point(TypedDict):
    x: float
    y: float
    z: float
    kind: Kind
    label: str


class Heights(TypedDict):
    z: str
    z_base: float
    z_low: float
    z_step: float


class Surface(Heights):
    key: str
    name: str
    x: list[float]
    y: list[float]
    nx: int
    ny: int
    levels: Literal["log", "linear"]
    equal: bool
    axes: list[str]
    lowest: float | None
    points: list[Point]
    quantity: str
    searched: bool
    bare: bool


class Racer(TypedDict):
    id: str
    label: str
    detail: str
    color: str
    marker: str
    visible: bool
    selected: bool
    status: Literal["converged", "diverged", "running"]
    diverged_at: int | None
    ended: str
    fate: str
    path: str
    loss: str
    gradient: str
    queries: str | None
    fast: str | None
    other: str | None
    rate: str | None
    band: str | None
    slope: str | None
    clipped: str | None
    reached: int | None
    close: int | None
    batch: int
    goal: str
    sentence: str


class Race(TypedDict):
    surface: str
    steps: int
    start: list[float]
    tolerance: float
    headline: str
    nav: int
    cursor: int | None
    view: dict[str, Any]
    racers: list[Racer]
    inside: Mapping[str, Any] | None
    clock: str | None
    pace: Mapping[str, int] | None
    remark: str
    fixed: bool
    seed: int
    seeds: int
    other: str


def encode(values: ArrayLike) -> str:
    """Float32, little-endian, row by row. What float32 cannot hold becomes an infinity, not an error."""
    with np.errstate(over="ignore"):
        return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def decode(text: str) -> NDArray[np.float32]:
    """The inverse of `encode`, flat."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(np.float32)


HOLE = 65535  # the code of a height that is not finite


def encode_heights(z: NDArray[np.float64]) -> Heights:
    """Heights as 16-bit codes on a logarithmic scale above the lowest one: half the size of float32.

    A height above the lowest comes back within 2e-4 of itself (or of 1e-9 of the whole span, close to the lowest): well below what a
    colour, a contour or a pixel shows. Losses along the paths are not coded: they come from the problem itself.
    """
    finite = np.isfinite(z)
    lowest = float(z[finite].min()) if finite.any() else 0.0
    span = float(z[finite].max()) - lowest if finite.any() else 0.0
    floor = 1e-9 * span if span > 0 else 1.0
    with np.errstate(all="ignore"):
        logs = np.log(np.where(finite, z, lowest) - lowest + floor)
    low = float(logs.min())
    step = (float(logs.max()) - low) / (HOLE - 1)
    codes = np.where(finite, np.rint((logs - low) / (step or 1.0)), HOLE)
    return {"z": base64.b64encode(codes.astype("<u2").tobytes()).decode("ascii"), "z_base": lowest - floor, "z_low": low, "z_step": step}


def decode_heights(surface: Surface) -> NDArray[np.float64]:
    """The inverse of `encode_heights`, (ny, nx), holes as NaN."""
    codes = np.frombuffer(base64.b64decode(surface["z"]), dtype="<u2").reshape(surface["ny"], surface["nx"]).astype(np.float64)
    return np.where(codes == HOLE, np.nan, surface["z_base"] + np.exp(surface["z_low"] + surface["z_step"] * codes))


def point(x: float, y: float, z: float, kind: Kind, label: str = "") -> Point:
    return {"x": float(x), "y": float(y), "z": float(z), "kind": kind, "label": label}


def surface(
    key: str,
    name: str,
    x: Sequence[float],
    y: Sequence[float],
    z: ArrayLike,
    *,
    levels: Literal["log", "linear"] = "log",
    equal: bool = True,
    axes: Sequence[str] = ("x", "y"),
    lowest: float | None = None,
    points: Iterable[Point] = (),
    quantity: str = "loss",
    searched: bool = False,
    bare: bool = False,
) -> Surface:
    """A landscape over the frame x = (lo, hi), y = (lo, hi); z is (ny, nx), y ascending, holes as NaN or infinities.

    `quantity` is what the heights are called; `searched`: its points were found numerically and may not be all; `bare`: it has no heights
    to show, so that there are no colours, no key to them and no view in 3-D.
    """
    grid = np.asarray(z)
    ny, nx = grid.shape
    if nx < 2 or ny < 2:
        raise ValueError(f"a surface needs at least 2 x 2 points, got {nx} x {ny}")
    return {
        "key": key, "name": name, "x": [float(v) for v in x], "y": [float(v) for v in y], "nx": nx, "ny": ny, **encode_heights(grid),
        "levels": levels, "equal": equal, "axes": list(axes), "lowest": _finite(lowest), "points": list(points),
        "quantity": quantity, "searched": searched, "bare": bare,
    }  # fmt: skip


def racer(
    id: str,
    label: str,
    color: str,
    marker: str,
    path: ArrayLike,
    loss: ArrayLike,
    gradient: ArrayLike,
    *,
    queries: ArrayLike | None = None,
    fast: ArrayLike | None = None,
    other: ArrayLike | None = None,
    rate: ArrayLike | None = None,
    band: ArrayLike | None = None,
    slope: ArrayLike | None = None,
    clipped: ArrayLike | None = None,
    detail: str = "",
    visible: bool = True,
    selected: bool = False,
    status: Literal["converged", "diverged", "running"] = "running",
    diverged_at: int | None = None,
    ended: str = "",
    fate: str = "",
    reached: int | None = None,
    close: int | None = None,
    batch: int = 0,
    goal: str = "",
    sentence: str = "",
) -> Racer:
    """One run. path is (steps + 1, 2), loss and gradient (the norm) are (steps + 1,), queries (steps, 2), fast (the way that the path
    follows: where each tick led, and where the next one begins) (steps + 1, 2, 2), other (its way in other coordinates, carried back)
    (steps + 1, 2), rate (the learning rate of each step, where it changes) (steps,), band (quartiles of the loss over many seeds)
    (3, steps + 1); slope (the gradients it was handed) and clipped (what clipping left of them) (steps, 2), for the racer whose gradient is
    drawn.

    `batch`: the samples that a tick looks at; 0 where there are no data. `fate` is the word for what happened at `diverged_at`; empty:
    "diverged". `ended` says when, where the clock is too coarse for it. Queries equal to the iterates are not sent: the browser draws
    the iterates in their place.
    """
    xy = np.asarray(path, dtype=np.float64)
    if marker not in MARKERS:
        raise ValueError(f"unknown marker {marker!r}; known are {', '.join(MARKERS)}")
    if xy.ndim != 2 or xy.shape[1] != 2 or len(np.asarray(loss)) != len(xy) or len(np.asarray(gradient)) != len(xy):
        raise ValueError(f"path must be (steps + 1, 2) with a loss and a gradient norm for each, got {xy.shape}")
    asked = None if queries is None else np.asarray(queries, dtype=np.float64)
    if asked is not None and np.array_equal(asked, xy[: len(asked)], equal_nan=True):
        asked = None
    return {
        "id": id, "label": label, "detail": detail, "color": color, "marker": marker, "visible": visible, "selected": selected,
        "status": status, "diverged_at": diverged_at, "ended": ended, "fate": fate or "diverged", "path": encode(xy),
        "loss": encode(loss), "gradient": encode(gradient), "queries": None if asked is None else encode(asked),
        "fast": None if fast is None else encode(fast), "other": None if other is None else encode(other),
        "rate": None if rate is None else encode(rate), "band": None if band is None else encode(band),
        "slope": None if slope is None else encode(slope), "clipped": None if clipped is None else encode(clipped), "reached": reached,
        "close": close, "batch": batch, "goal": goal, "sentence": sentence,
    }  # fmt: skip


def race(
    surface: str,
    start: Sequence[float],
    steps: int,
    racers: Iterable[Racer],
    *,
    tolerance: float = 1e-6,
    headline: str = "Who finds the valley floor first?",
    nav: int = 0,
    cursor: int | None = None,
    view: dict[str, Any] | None = None,
    inside: Mapping[str, Any] | None = None,
    clock: str | None = None,
    pace: tuple[int, int] | None = None,
    remark: str = "",
    fixed: bool = False,
    seed: int = 0,
    seeds: int = 1,
    other: str = "",
) -> Race:
    """All runs from one start on the surface with this key. A new `nav` makes the browser adopt `cursor` and `view`.

    `inside` (from `pages.scene.inside`) is what one racer holds: the only one whose state travels. `clock` is what a tick is, where it is
    not an evaluation, and `pace` how many evaluations it has and the run has: these are then counted, in pictures and in words. `remark` is
    said at the end of the live line, wherever the cursor is. With `fixed` nobody can move the start, and nothing is said of a goal. With
    several `seeds` (the racers' bands are of all), what is drawn is the run with `seed`. `other` names the
    coordinates of the racers' `other` ways.
    """
    return {
        "surface": surface, "steps": int(steps), "start": [float(v) for v in start], "tolerance": float(tolerance), "headline": headline,
        "nav": int(nav), "cursor": cursor, "view": view or {}, "racers": list(racers), "inside": inside, "clock": clock,
        "pace": {"each": pace[0], "all": pace[1]} if pace else None, "remark": remark, "fixed": fixed,
        "seed": int(seed), "seeds": int(seeds), "other": other,
    }  # fmt: skip


def _finite(value: float | None) -> float | None:
    # JSON has no NaN and no infinity: browsers refuse the whole message.
    return None if value is None or not math.isfinite(value) else float(value)
