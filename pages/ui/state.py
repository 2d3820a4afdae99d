"""The session's experiment, and its address.

The address is read in FULL runs only: loading, a link, back and forward send one, a moved widget sends a fragment run. (A fragment run
may still carry an older address than the one just written, so reading it there would undo the user's last move.)
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui.address import decode, encode
from pages.ui.experiment import Experiment

EXPERIMENT, NOTES, NAVIGATIONS, SETTLED, WRITTEN = "experiment", "address_notes", "navigations", "settled", "address_written"


def adopt_address() -> None:
    """Take over the experiment that the address describes, if it is not the one this session wrote there itself."""
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    if EXPERIMENT in st.session_state and query == st.session_state[WRITTEN]:
        return
    st.session_state[EXPERIMENT], st.session_state[NOTES] = decode(query)
    st.session_state[WRITTEN] = query
    st.session_state[NAVIGATIONS] = st.session_state.get(NAVIGATIONS, 0) + 1
    st.session_state[SETTLED] = True


def write_address() -> None:
    """Put the experiment into the address: a new entry in the browser's history, unless nothing changed or a drag goes on."""
    if not st.session_state[SETTLED]:
        return
    if current() == decode(st.session_state[WRITTEN])[0]:  # a short link stays as short as it came
        return
    query = {key: [value] if isinstance(value, str) else value for key, value in encode(current()).items()}
    st.session_state[WRITTEN] = query
    st.query_params.from_dict(query)


def current() -> Experiment:
    experiment: Experiment = st.session_state[EXPERIMENT]
    return experiment


def change(settled: bool = True, **fields: Any) -> None:
    """Replace fields of the experiment. `settled=False` while a drag goes on: no history entry yet."""
    put(replace(current(), **fields), settled)


def put(experiment: Experiment, settled: bool = True) -> None:
    st.session_state[EXPERIMENT] = experiment
    st.session_state[SETTLED] = settled
    st.session_state[NOTES] = ()


def jump(experiment: Experiment) -> None:
    """Put an experiment whose cursor and view the scene must adopt, as if it had been opened by a link."""
    put(experiment)
    st.session_state[NAVIGATIONS] += 1


def say(message: str) -> None:
    """A word about what was just done, until something else is done."""
    st.session_state[NOTES] = (message,)


def notes() -> tuple[str, ...]:
    found: tuple[str, ...] = st.session_state[NOTES]
    return found


def hold(key: str, value: Any) -> str:
    """Make the widget of that key show `value`, without touching it where it already does; returns the key.

    A widget that was set by code is sent back to the browser, so setting it on every run would undo what a quick hand did meanwhile.
    """
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def on_change(key: str, apply: Callable[[Any], None]) -> Callable[[], None]:
    """A callback that hands the widget's new value to `apply`; a ValueError becomes a message, and the old value stays."""

    def callback() -> None:
        try:
            apply(st.session_state[key])
        except ValueError as error:
            st.session_state[NOTES] = (str(error),)

    return callback


def navigations() -> int:
    """Counts links, reloads, resets: whenever it changes, the scene takes over cursor and view."""
    count: int = st.session_state[NAVIGATIONS]
    return count
