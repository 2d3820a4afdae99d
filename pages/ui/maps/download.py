"""Maps to take home: NPZ for programs, CSV for everybody, at full precision."""

import csv
import io
from dataclasses import fields

import numpy as np
import streamlit as st

from optimizers.maps import STATUS
from optimizers.maps.files import table
from pages.ui import state
from pages.ui.maps.hover import shown_board
from pages.ui.maps.present import Shown
from pages.ui.maps.session import chosen


def maps_npz(shown: tuple[Shown, ...]) -> bytes:
    """Every array of every map, "1_momentum/loss" and so on; `axes` names what varies, `status_names` what `status` counts."""
    arrays: dict[str, np.ndarray] = {"status_names": np.array(STATUS)}
    for number, one in enumerate(shown, start=1):
        sheet, name = one.made.sheet, f"{number}_{one.racer.optimizer}"
        arrays |= {f"{name}/{field.name}": np.asarray(getattr(sheet, field.name)) for field in fields(sheet)}
        arrays[f"{name}/axes"] = np.array([one.x.word, one.y.word])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def maps_csv(shown: tuple[Shown, ...]) -> bytes:
    """A row a run; x and y carry the names of what varies."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    for number, one in enumerate(shown, start=1):
        heads, rows = table(one.made.sheet)
        if number == 1:
            lines.writerow(["racer", "optimizer", *({"x": one.x.word, "y": one.y.word}.get(head, head) for head in heads)])
        lines.writerows((number, one.racer.optimizer, *row) for row in rows)
    return text.getvalue().encode()


def downloads() -> None:
    """Buttons whose files are made when they are pressed, of what is on screen then."""
    name = f"ravine-{chosen().kind}-{state.current().landscape}"
    left, right = st.columns(2, gap="small")
    board = shown_board()  # the callables run outside of the session
    left.download_button("CSV", lambda: maps_csv(tuple(board.values())), f"{name}.csv", "text/csv", on_click="ignore",
                         icon=":material/table:", key="map/csv", width="stretch")  # fmt: skip
    right.download_button("NPZ", lambda: maps_npz(tuple(board.values())), f"{name}.npz", "application/octet-stream", on_click="ignore",
                          icon=":material/data_array:", key="map/npz", width="stretch")  # fmt: skip
