"""The menu of lessons, and of the one that is open what to look at."""

import streamlit as st

from pages.lessons.lesson import Lesson
from pages.lessons.race import LESSONS
from pages.ui import controls, state
from pages.ui.address import lesson_of
from pages.ui.gallery import gallery, lessons
from pages.ui.measured import measured

MENU = "menu/lessons"


def lesson() -> None:
    here = LESSONS.get(state.current().lesson)
    with controls.menu(here.title if here else "Experiments", MENU, ":material/experiment:") as open:
        if open:
            gallery("lessons", "experiments", lessons(), _choose, told=True)
    if not here:
        return
    with st.container(key="lesson-beside"):
        _look(here)
    _onward(here)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        changed = state.current() != lesson_of(here.key)
        st.button("Again", icon=":material/replay:", key="lesson/again", type="tertiary", disabled=not changed,
                  help="As it was when it was opened.", on_click=_choose, args=(here.key,))  # fmt: skip
        st.button("Close", icon=":material/close:", key="lesson/close", type="tertiary",
                  help="The race stays as it is.", on_click=lambda: state.change(lesson=""))  # fmt: skip


def lesson_above() -> None:
    """What to look at, above the picture: on a phone the controls stand far below it. page.css shows one of the two."""
    with st.container(key="lesson-above"):  # also without a lesson: the scene keeps its place, and a browser the scene
        if here := LESSONS.get(state.current().lesson):
            _look(here)


def _look(here: Lesson) -> None:
    st.markdown(here.look)
    if words := measured(state.current(), here.measured):
        st.markdown(words)


def _onward(here: Lesson) -> None:
    """The ways to where its words lead."""
    if here.then:
        st.button(LESSONS[here.then].title, icon=":material/experiment:", key="lesson/then", on_click=_choose, args=(here.then,))
    if here.preset:
        from pages.ui.maps.address import encode  # the maps' side, which most races never need
        from pages.ui.maps.presets import PRESETS

        opening = next(preset.opening for preset in PRESETS if preset.name == here.preset)
        st.page_link("pages/maps.py", label=f"Maps: {here.preset}", icon=":material/map:", query_params=encode(*opening()))


def _choose(key: str) -> None:
    state.jump(lesson_of(key))
    st.session_state[MENU] = False
