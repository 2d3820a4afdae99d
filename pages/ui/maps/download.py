"""Maps to take home: NPZ for programs, CSV for everybody, at full precision."""

import csv
import io

import numpy as np
import streamlit as st

from optimizers.maps import STATUS, Basins
from pages.ui import state
from pages.ui.maps.hover import shown_board
from pages.ui.maps.present import Shown
from pages.ui.maps.session import chosen


def maps_npz(shown: tuple[Shown, ...]) -> bytes:
    """One group of arrays a racer: "1_momentum/loss" (ny, nx) and so on."""
    arrays: dict[str, np.ndarray] = {"status_words": np.array(STATUS)}
    for number, one in enumerate(shown, start=1):
        sheet, name = one.made.sheet, f"{number}_{one.racer.optimizer}"
        fields = {"loss": sheet.loss, "arrived": sheet.arrived, "diverged_at": sheet.diverged_at, "status": sheet.status, "end": sheet.end}
        fields |= {"xs": sheet.xs, "ys": sheet.ys, "axes": np.array([one.x.word, one.y.word])}
        if isinstance(sheet, Basins):
            fields |= {"which": sheet.which, "minima": sheet.minima}
        arrays |= {f"{name}/{field}": values for field, values in fields.items()}
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def maps_csv(shown: tuple[Shown, ...]) -> bytes:
    """A row a run."""
    text = io.StringIO()
    table = csv.writer(text)
    basins = any(isinstance(one.made.sheet, Basins) for one in shown)
    first = shown[0]
    head = ["racer", "optimizer", first.x.word, first.y.word, "loss", "evaluations_to_arrive", "diverged_at", "status", "end_x", "end_y"]
    table.writerow([*head, *(["minimum"] if basins else [])])
    for number, one in enumerate(shown, start=1):
        sheet = one.made.sheet
        columns = [
            np.tile(sheet.xs, len(sheet.ys)), np.repeat(sheet.ys, len(sheet.xs)), sheet.loss.ravel(), sheet.arrived.ravel(),
            sheet.diverged_at.ravel(), np.array(STATUS)[sheet.status.ravel()], *sheet.end.reshape(2, -1),
        ]  # fmt: skip
        if isinstance(sheet, Basins):
            columns.append(sheet.which.ravel() + 1)
        table.writerows((number, one.racer.optimizer, *row) for row in zip(*(column.tolist() for column in columns), strict=True))
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
