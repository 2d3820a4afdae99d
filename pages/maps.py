"""Maps: every outcome at once, live under the sliders."""

from pages.ui import boot

boot.enter()  # a server's very first visit may come here past app.py

import streamlit as st  # noqa: E402

from pages.ui import state, waiting  # noqa: E402
from pages.ui.making import prepared  # noqa: E402
from pages.ui.maps import canvas, controls  # noqa: E402
from pages.ui.maps.choice import KINDS  # noqa: E402
from pages.ui.maps.hover import OPENED  # noqa: E402
from pages.ui.maps.session import MAPS, choose, chosen  # noqa: E402
from pages.ui.panels import conditions, landscape, racers  # noqa: E402

ROOMS = {"tuning": (canvas.tuning, controls.tuning), "basins": (canvas.basins, controls.basins)}


def _pick(kind: str | None) -> None:
    if kind and kind != chosen().kind:
        canvas.forget()
        waiting.jobs().only()
        choose(kind=kind)


@st.fragment
def page() -> None:
    if st.session_state.pop(OPENED, False):
        st.switch_page("pages/race.py", query_params=state.query_of())
    picture, side = st.columns([0.73, 0.27], gap="medium")  # the picture first: on a phone it stands on top
    room, settings = ROOMS[chosen().kind]
    with picture:
        state.hold("map/kind", chosen().kind)
        st.segmented_control("Map", list(ROOMS), format_func=lambda kind: KINDS[kind][0], key="map/kind", label_visibility="collapsed",
                             on_change=state.on_change("map/kind", _pick))  # fmt: skip
        if notes := state.notes():
            st.warning("\n\n".join(notes))
        try:
            room(state.current(), chosen())
        except ValueError as error:
            st.error(str(error))
    with side:
        tabs = st.tabs(["Map", "Racers", "Landscape", "Race"], key="map/panel", on_change="rerun")
        for tab, show in zip(tabs, (settings, racers, landscape, conditions), strict=True):
            if tab.open:
                with tab:
                    show()
    state.write_address(MAPS)


if prepared():
    state.adopt_address(MAPS)
    page()
