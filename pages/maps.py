"""Maps: every outcome at once, live under the sliders."""

from pages.ui import boot

boot.enter("maps")  # a server's very first visit may come here past app.py

from collections.abc import Callable  # noqa: E402

import streamlit as st  # noqa: E402

from pages.ui import notes, state, tuning  # noqa: E402
from pages.ui.experiment import Experiment  # noqa: E402
from pages.ui.making import prepared  # noqa: E402
from pages.ui.maps import canvas, controls  # noqa: E402
from pages.ui.maps.choice import KINDS, Choice, Kind, untouched  # noqa: E402
from pages.ui.maps.session import MAPS, OPENED, begin, choose, chosen, come_back, leave, look_only_at, note_drawn, settle_landscape  # noqa: E402
from pages.ui.panels import conditions, landscape, racers  # noqa: E402


def _rooms(kind: str) -> tuple[Callable[[Experiment, Choice], None], Callable[[], None]]:
    """A kind's picture and its controls; what only some need is loaded when it is opened."""
    if kind == "seeds":
        from pages.ui.maps import seeds, seeds_controls

        return seeds.seeds, seeds_controls.controls
    if kind == "robustness":
        from pages.ui.maps import robust

        return robust.robust, robust.controls
    return (canvas.tuning, controls.tuning) if kind == "tuning" else (canvas.basins, controls.basins)


def _pick(kind: Kind | None) -> None:
    if kind and kind != chosen().kind:
        canvas.forget()
        look_only_at()
        if untouched(state.current(), chosen()):
            begin(kind)
        else:
            choose(kind=kind)


@st.fragment
def page() -> None:
    if left := st.session_state.pop(OPENED, None):
        st.switch_page("pages/race.py", query_params=leave(left))
    settle_landscape()
    note_drawn()
    picture, side = st.columns([0.73, 0.27], gap="medium")  # the picture first: on a phone it stands on top
    room, settings = _rooms(chosen().kind)
    with picture:
        st.segmented_control("Map", list(KINDS), format_func=lambda kind: KINDS[kind][0], label_visibility="collapsed",
                             **state.shows("map/kind", chosen().kind, _pick, first="default"))  # fmt: skip
        tuning.underway()
        notes.show(state.notes(), state.quiet, state.confirmed())
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
    come_back()
    settle_landscape(linked=bool(st.query_params))
    page()
