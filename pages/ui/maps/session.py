"""The session's choice of map, as state.py holds the experiment."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages.ui import state, tuning, waiting
from pages.ui.experiment import Experiment
from pages.ui.maps.address import decode, encode
from pages.ui.maps.choice import Choice, Kind, Side, opening

MAPS = state.Address("maps", decode, encode, Choice())


def chosen() -> Choice:
    choice: Choice = state.besides(MAPS)
    return choice


def choose(settled: bool = True, **fields: Any) -> None:
    state.put_besides(MAPS, replace(chosen(), **fields), settled)


LEFT = "maps/left"


def leave(experiment: Experiment) -> dict[str, list[str]]:
    """The race's address, for who goes there from the maps of `experiment`. The browser's way back leads to this page with that address."""
    query = state.query_of()
    st.session_state[LEFT] = query, (experiment, chosen())
    return query


def come_back() -> None:
    """After the address was read: where it is the one that was left for the race, the maps are as they were."""
    query, left = st.session_state.get(LEFT, ({}, None))
    if left and query == {key: st.query_params.get_all(key) for key in st.query_params}:
        experiment, choice = left
        state.put(experiment)
        state.put_besides(MAPS, choice)


def look_only_at(*jobs: str) -> None:
    """What another room of the maps had asked for is not wanted any more; a tuning of the racers is, in each."""
    waiting.jobs().only(*jobs, tuning.NAME)


DRAWN, OPENED = "maps/drawn", "maps/opened"  # the latter: the maps' experiment from which a run is about to be opened


def note_drawn() -> None:
    """The page is being drawn as it is now."""
    st.session_state[DRAWN] = state.current(), chosen()


def catch_up() -> None:
    """Run the whole page again where it is behind, for fragments within it that run on their own.

    Two events of one moment travel in one message, and only the first one's fragment runs: a slider that moves while the maps ask for
    news, a click that both points at a run and opens it.
    """
    if st.session_state.get(OPENED) or st.session_state.get(DRAWN) != (state.current(), chosen()):
        state.begin_anew()


LANDSCAPE = "maps/landscape"


def settle_landscape(linked: bool = False) -> None:
    """Frames and ranges belong to a landscape: on another one they begin anew, unless a link has just set them."""
    here = state.current().landscape, state.current().text
    before = st.session_state.get(LANDSCAPE, here)
    st.session_state[LANDSCAPE] = here
    if before != here and not linked:
        choice = chosen()
        choose(frame=None, tick=None, across=Side(choice.across.word), up=Side(choice.up.word))


def begin(kind: Kind) -> None:
    """What a kind opens with."""
    begin_with(opening(kind))


def begin_with(opened: tuple[Experiment, Choice]) -> None:
    experiment, choice = opened
    state.jump(experiment)
    state.put_besides(MAPS, choice)
    settle_landscape(linked=True)
