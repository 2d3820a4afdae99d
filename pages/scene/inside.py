"""What one racer holds inside, as the scene reads it: see `optimizers.shown` for what there is to see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypedDict

import numpy as np
from numpy.typing import ArrayLike

from pages.scene.payload import encode


class Part(TypedDict):
    key: str
    name: str
    form: str
    panel: str
    dashed: bool
    plain: bool
    options: list[str]
    width: int
    data: str


class Inside(TypedDict):
    racer: str
    says: list[str]
    parts: list[Part]
    ends: int | None


def part(
    key: str,
    data: ArrayLike,
    *,
    name: str = "",
    form: str = "curves",
    panel: str = "",
    dashed: bool = False,
    plain: bool = False,
    options: Sequence[str] = (),
) -> Part:
    """One thing that it holds. data is (steps + 1,), (steps + 1, width), or a list of its own."""
    rows = np.asarray(data, dtype=np.float64)
    return {
        "key": key, "name": name, "form": form, "panel": panel, "dashed": dashed, "plain": plain, "options": list(options),
        "width": rows.shape[1] if rows.ndim > 1 else 1, "data": encode(rows),
    }  # fmt: skip


def inside(racer: str, says: Iterable[str], parts: Iterable[Part], ends: int | None = None) -> Inside:
    """What the racer of this id holds. A clause of `says` names parts in braces: the number at the cursor stands there.

    `ends`: the tick since which it has not moved, but for rounding. What it holds after that is noise, and not drawn.
    """
    return {"racer": racer, "says": list(says), "parts": list(parts), "ends": ends}
