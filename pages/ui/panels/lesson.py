"""The menu of lessons, and of the one that is open what to look at."""

import streamlit as st

from pages.lessons.race import LESSONS
from pages.ui import controls, state
from pages.ui.address import lesson_of
from pages.ui.gallery import gallery, lessons

MENU = "menu/lessons"


def lesson() -> None:
    here = LESSONS.get(state.current().lesson)
    with controls.menu(here.title if here else "Experiments", MENU, ":material/experiment:") as open:
        if open:
            gallery("lessons", "experiments", lessons(), _choose, told=True)
    if not here:
        return
    st.markdown(here.look)
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(f"Syllabus, {here.place}")
        changed = state.current() != lesson_of(here.key)
        st.button("Again", icon=":material/replay:", key="lesson/again", type="tertiary", disabled=not changed,
                  help="As it was when it was opened.", on_click=_choose, args=(here.key,))  # fmt: skip
        st.button("Close", icon=":material/close:", key="lesson/close", type="tertiary",
                  help="The race stays as it is.", on_click=lambda: state.change(lesson=""))  # fmt: skip


def _choose(key: str) -> None:
    state.jump(lesson_of(key))
    st.session_state[MENU] = False
