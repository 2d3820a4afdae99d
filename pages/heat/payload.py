"""Turns maps into what the browser draws: a run is a 16-bit code, arrays travel as base64, little-endian.

Codes up to MOST are numbers; above stand the ends that are none. Losses are coded by the logarithm of their height above the lowest
one, 36 decades in steps of .13 %: what a colour shows. Exact figures come from the run itself.
"""

from __future__ import annotations

import base64
import hashlib
from typing import Any, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from pages.scene.payload import encode

RESTING, WAITING, LEFT, DIVERGED = 65532, 65533, 65534, 65535
MOST = 65000
LOW, SPAN = -18.0, 36.0  # log10 of the smallest coded height, and how many decades there are
NO_BASIN = 252  # at rest elsewhere; and 253, 254, 255: not yet, left, diverged
BASINS = 250  # minima that have a code of their own

Codes = NDArray[np.uint16]


class AxisData(TypedDict):
    word: str
    name: str
    scale: str
    integer: bool
    low: float
    high: float


class Curve(TypedDict):
    label: str
    points: str
    exact: bool  # on a quadratic; elsewhere it is about the lowest minimum alone


class MapData(TypedDict):
    id: str
    label: str
    detail: str
    color: str
    marker: str
    sheet: str  # the key of its numbers
    x: AxisData
    y: AxisData
    note: str
    says: str  # over the map, where there is nothing to see
    own: list[float] | None  # where the racer of the race is
    curves: list[Curve]


class Scale(TypedDict):
    kind: Literal["loss", "evaluations", "status", "basins"]
    lo: float  # log10
    hi: float
    title: str
    note: str
    floor: str  # what heights are above, in words; of a basin map, how near a run comes


class Area(TypedDict):
    label: str
    basin: int | None
    shares: list[float]


class Maps(TypedDict):
    kind: Literal["tuning", "basins"]
    state: Literal["waiting", "coarse", "whole"]
    headline: str
    summary: str
    about: str  # the experiment that all maps share, for a picture that stands alone
    nav: int
    steps: int
    tick: int | None
    equal: bool
    zoomed: bool
    minima: list[list[float]] | None  # x, y, and 1 for one of a valley's, 2 for a lowest one
    areas: list[Area] | None
    scale: Scale
    maps: list[MapData]


class SheetData(TypedDict):
    key: str
    xs: str
    ys: str
    codes: str
    which: str | None


class Trail(TypedDict):
    color: str
    marker: str
    path: str


class Hovered(TypedDict):
    n: int
    ground: str
    title: str
    says: str
    start: list[float] | None
    runs: list[Trail]


def loss_codes(height: NDArray[np.float64], status: NDArray[Any]) -> Codes:
    """Heights above the lowest loss; a run that left or diverged has none."""
    with np.errstate(all="ignore"):
        logs = np.log10(height)
    codes = np.rint(np.clip((np.nan_to_num(logs, nan=LOW + SPAN, neginf=LOW, posinf=LOW + SPAN) - LOW) / SPAN, 0.0, 1.0) * MOST)
    return _marked(np.where(height <= 0.0, 0.0, codes), status, ~np.isfinite(height))


def arrival_codes(arrived: NDArray[Any], status: NDArray[Any]) -> Codes:
    """Evaluations to the tolerance; who has come to rest elsewhere will not arrive."""
    codes = np.where(arrived >= 0, np.minimum(arrived, MOST), np.where(status == 1, RESTING, WAITING))
    return np.where(arrived >= 0, codes, _marked(codes, status)).astype(np.uint16)


def status_codes(arrived: NDArray[Any], status: NDArray[Any]) -> Codes:
    """0 arrived, 1 at rest elsewhere, 2 still on its way."""
    codes = np.where(arrived >= 0, 0, np.where(status == 1, 1, 2))
    return np.where(arrived >= 0, codes, _marked(codes, status)).astype(np.uint16)


def basin_codes(
    which: NDArray[Any], arrived: NDArray[Any], diverged_at: NDArray[Any], status: NDArray[Any]
) -> tuple[NDArray[np.uint8], Codes]:
    """Which minimum a start reaches, and after how many evaluations; for who diverged, the tick at which it did."""
    lost = np.select([status == 1, status == 2, status == 3], [NO_BASIN, NO_BASIN + 3, NO_BASIN + 2], NO_BASIN + 1)
    basin = np.where(which >= 0, np.minimum(which, BASINS - 1), lost).astype(np.uint8)
    when = np.where(which >= 0, arrived, np.where(diverged_at >= 0, diverged_at, -1))
    return basin, np.where(when >= 0, np.minimum(when, MOST), DIVERGED).astype(np.uint16)


def _marked(codes: NDArray[Any], status: NDArray[Any], holes: NDArray[np.bool_] | bool = False) -> Codes:
    return np.select([status == 3, (status == 2) | holes], [LEFT, DIVERGED], codes).astype(np.uint16)


def sheet(xs: NDArray[np.float64], ys: NDArray[np.float64], codes: Codes, which: NDArray[np.uint8] | None = None) -> SheetData:
    """A map's numbers, (ny, nx), lowest y first; its key is made of its content."""
    packed = {
        "xs": encode(xs), "ys": encode(ys), "codes": _base64(codes.astype("<u2")), "which": None if which is None else _base64(which),
    }  # fmt: skip
    digest = hashlib.blake2b("".join(part or "" for part in packed.values()).encode(), digest_size=9).hexdigest()
    return {"key": digest, "xs": packed["xs"] or "", "ys": packed["ys"] or "", "codes": packed["codes"] or "", "which": packed["which"]}


def _base64(values: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
