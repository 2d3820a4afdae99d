"""The controls of a map: axes and ranges, what is shown, how fine; downloads."""

from typing import Any

import streamlit as st

from optimizers.maps import Axis
from pages.ui import state
from pages.ui.maps.canvas import frame_of
from pages.ui.maps.cases import common, offered, showing, sides
from pages.ui.maps.choice import SHOWS, SIDE, Side
from pages.ui.maps.download import downloads, found_maps
from pages.ui.maps.hover import shown_board
from pages.ui.maps.session import choose, chosen

SIDES = (64, 128, SIDE, 512, 1024)


def tuning() -> None:
    experiment, choice = state.current(), chosen()
    known, shared = offered(experiment), common(experiment)
    if not known:
        return
    across, up = sides(experiment, choice)
    _axis("across", "Across", known, shared, across, choice.across)
    _axis("up", "Up", known, shared, up, choice.up)
    st.radio("Colour", list(SHOWS), format_func=SHOWS.__getitem__,
             help="Evaluations and status need a landscape whose lowest loss is known.",
             **state.shows("map/shows", showing(experiment, choice), lambda value: choose(shows=value), SHOWS))  # fmt: skip
    resolution()
    _downloads()


def _axis(field: str, label: str, known: dict[str, Axis], shared: list[str], word: str, side: Side) -> None:
    def name(key: str) -> str:
        axis = known[key]
        kind = {"hyper": "", "parameter": "landscape: ", "around": "around: ", "batch": ""}.get(axis.kind, f"{axis.kind}: ")
        return kind + (axis.name or axis.key) + ("" if key in shared else " (not all racers)")

    key = f"map/{field}"
    words: list[str] = list(known)
    st.selectbox(label, words, format_func=name, **state.shows(key, word, lambda new: _put(field, Side(new)), words))
    axis = known[word]
    low, high = side.range if side.range and side.word == word else (axis.low, axis.high)
    for column, end, value in zip(st.columns(2, gap="small"), ("low", "high"), (low, high), strict=True):
        box = f"{key}/{end}"

        def apply(new: float, end: str = end) -> None:
            ends = {"low": low, "high": high, end: float(new)}
            axis.over(**ends)  # raises a ValueError that says what is wrong with the range
            _put(field, Side(word, **ends))

        with column:
            st.number_input(f"{label}, {'from' if end == 'low' else 'to'}", format="%.6g", step=None, label_visibility="collapsed",
                            **state.shows(box, float(value), apply))  # fmt: skip


def _put(field: str, side: Side) -> None:
    fields: dict[str, Any] = {field: side}
    choose(**fields)


def basins() -> None:
    experiment, choice = state.current(), chosen()
    frame = frame_of(experiment, choice)
    for number, (range, axis) in enumerate(zip(frame, experiment.problem.coordinates, strict=True)):
        for end, (column, value) in enumerate(zip(st.columns(2, gap="small"), range, strict=True)):
            key = f"map/frame/{number}/{end}"

            def apply(new: float, number: int = number, end: int = end) -> None:
                ends = [list(pair) for pair in frame_of(state.current(), chosen())]
                ends[number][end] = float(new)
                if not all(low < high for low, high in ends):
                    raise ValueError(f"Starts from {ends[number][0]:g} to {ends[number][1]:g}: the second number must be the larger one.")
                choose(frame=((ends[0][0], ends[0][1]), (ends[1][0], ends[1][1])))

            with column:
                st.number_input(f"Start {axis} {('from', 'to')[end]}", format="%.10g", step=None,
                                **state.shows(key, float(value), apply))  # fmt: skip
    resolution()
    _downloads()


def _downloads() -> None:
    board = shown_board()
    downloads("map", lambda: found_maps(board.values()))


def resolution() -> None:
    side = chosen().side
    options = sorted({*SIDES, side})
    st.select_slider("Runs a side", options, help="A finer map takes longer: four times for twice as many.",
                     **state.shows("map/side", side, lambda value: choose(side=int(value))))  # fmt: skip
