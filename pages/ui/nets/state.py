"""The session's nets experiment, and its address: as pages/ui/state.py has it for the race, beside it in the same session."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui import state as race
from pages.ui.nets.address import decode, encode
from pages.ui.nets.experiment import NetsExperiment, fitted

EXPERIMENT, NAVIGATIONS, WRITTEN = "nets/experiment", "nets/navigations", "nets/address_written"

begin_anew, shows, say, notes = race.begin_anew, race.shows, race.say, race.notes  # messages have one place, whichever page is open


def adopt_address() -> None:
    """Take over the experiment that the address describes, if it is not the one this session wrote there itself."""
    if race.begun_anew():
        return
    query = {key: st.query_params.get_all(key) for key in st.query_params}
    if EXPERIMENT in st.session_state and query == st.session_state[WRITTEN]:
        return
    st.session_state[EXPERIMENT], st.session_state[race.NOTES] = decode(query)
    st.session_state[WRITTEN] = query
    st.session_state[NAVIGATIONS] = st.session_state.get(NAVIGATIONS, 0) + 1


def write_address() -> None:
    """Put the experiment into the address, as a new entry in the browser's history, unless nothing changed."""
    if current() == decode(st.session_state[WRITTEN])[0]:  # a short link stays as short as it came
        return
    query = {key: [value] if isinstance(value, str) else value for key, value in encode(current()).items()}
    st.session_state[WRITTEN] = query
    st.query_params.from_dict(query)


def current() -> NetsExperiment:
    experiment: NetsExperiment = st.session_state[EXPERIMENT]
    return experiment


def put(experiment: NetsExperiment) -> None:
    st.session_state[EXPERIMENT] = fitted(experiment)  # a racer that is gone is nobody's end any more
    st.session_state[race.NOTES] = ()


def change(**fields: Any) -> None:
    put(replace(current(), **fields))


def change_plane(**fields: Any) -> None:
    """Another plane: a zoom or a camera into the old one means nothing in it."""
    view = {key: value for key, value in current().view.items() if key not in ("x", "y")}
    put(replace(current(), plane=replace(current().plane, **fields), view=view))


def change_under(**fields: Any) -> None:
    """Another setting of a tab."""
    change(under=replace(current().under, **fields))


def jump(experiment: NetsExperiment) -> None:
    """Put an experiment whose cursor and view the scene must adopt, as if it had been opened by a link."""
    put(experiment)
    st.session_state[NAVIGATIONS] += 1


def navigations() -> int:
    count: int = st.session_state[NAVIGATIONS]
    return count
