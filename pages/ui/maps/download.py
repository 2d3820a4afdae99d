"""What the rooms of maps have found, to take home: NPZ for programs, CSV for everybody, at full precision."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import streamlit as st

from optimizers.maps import Case, Fan
from optimizers.maps.files import arrays, described, packed, table
from optimizers.maps.sheet import Sheet
from pages.ui import state
from pages.ui.maps.present import Shown
from pages.ui.maps.session import chosen


@dataclass(frozen=True, eq=False)
class Found:
    """One map, or many seeds of one case."""

    name: str  # a racer's number, or what tells it from the others
    optimizer: str
    result: Sheet | Fan
    case: Case | None = None
    axes: Mapping[str, str] = field(default_factory=dict)  # what varies along x and y


def as_npz(found: Sequence[Found]) -> bytes:
    """Every array of each, "1_momentum/loss" and so on, with name, what varies, and case; `status_names` are what `status` counts."""
    named: dict[str, np.ndarray] = {}
    for number, one in enumerate(found, start=1):
        own = arrays(one.result) | {"name": np.array(one.name), "axes": np.array(list(one.axes.values())), "case": described(one.case)}
        named |= {f"{number}_{one.optimizer}/{key}": values for key, values in own.items()}
    return packed(named)


def as_csv(found: Sequence[Found]) -> bytes:
    """A row a run; x and y carry the names of what varies."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for number, one in enumerate(found, start=1):
        heads, rows = table(one.result)
        if number == 1:
            lines.writerow(["racer", "optimizer", *(one.axes.get(head, head) for head in heads)])
        lines.writerows((one.name, one.optimizer, *row) for row in rows)
    return text.getvalue().encode()


def found_maps(shown: Iterable[Shown]) -> tuple[Found, ...]:
    return tuple(
        Found(str(number), one.racer.optimizer, one.made.sheet, one.case, {"x": one.x.word, "y": one.y.word})
        for number, one in enumerate(shown, start=1)
    )


def downloads(key: str, found: Callable[[], Sequence[Found]]) -> None:
    """Buttons whose files are made when they are pressed, of what there is then. `found` runs outside of the session."""
    name = f"ravine-{chosen().kind}-{state.current().landscape}"
    left, right = st.columns(2, gap="small")
    left.download_button("CSV", lambda: as_csv(found()), f"{name}.csv", "text/csv", on_click="ignore",
                         icon=":material/table:", key=f"{key}/csv", width="stretch")  # fmt: skip
    right.download_button("NPZ", lambda: as_npz(found()), f"{name}.npz", "application/octet-stream", on_click="ignore",
                          icon=":material/data_array:", key=f"{key}/npz", width="stretch")  # fmt: skip
