"""The race: optimizers down a landscape, side by side, on one clock."""

import streamlit as st

from pages.scene import scene
from pages.ui import notes, state, tuning
from pages.ui.compute import race
from pages.ui.events import on_cursor, on_start, on_view
from pages.ui.making import prepared
from pages.ui.panels import at_the_cursor, conditions, landscape, lesson, lesson_above, racers
from pages.ui.present import race_data, surface_data


@st.fragment
def page() -> None:
    picture, controls = st.columns([0.73, 0.27], gap="medium")  # the picture first: on a phone it stands on top
    with picture:
        experiment = state.current()
        tuning.underway()
        notes.show(state.notes(), state.quiet, state.confirmed())
        lesson_above()
        scene(surface_data(experiment), race_data(experiment, race(experiment), state.navigations()),
              key="scene", on_start=on_start, on_cursor=on_cursor, on_view=on_view)  # fmt: skip
        at_the_cursor()
    with controls:
        lesson()
        tabs = st.tabs(["Racers", "Landscape", "Race"], key="panel", on_change="rerun")  # only the open one's controls are made and sent
        for tab, show in zip(tabs, (racers, landscape, conditions), strict=True):
            if tab.open:
                with tab:
                    show()
    state.write_address()


if prepared():
    state.adopt_address()
    page()
