"""Nets: small PyTorch nets trained side by side, and their loss on planes through weight space."""

from pages.ui import boot

boot.enter()  # a server's very first visit may come here past app.py

import streamlit as st  # noqa: E402

from pages.ui.nets import picture, state  # noqa: E402
from pages.ui.nets.panels import net, plane, racers, training  # noqa: E402
from pages.ui.nets.running import now, tasks  # noqa: E402
from pages.ui.nets.tabs import tabs  # noqa: E402
from pages.ui.waiting import look_again  # noqa: E402


@st.fragment
def page() -> None:
    shown, controls = st.columns([0.73, 0.27], gap="medium")  # the picture first: on a phone it stands on top
    with shown:
        experiment = state.current()
        if notes := state.notes():
            st.warning("\n\n".join(notes))
        work = now(experiment)
        picture.progress(experiment, work)
        picture.show(experiment, work)
        tabs(experiment, work)
    with controls:
        panels = st.tabs(["Racers", "Net", "Plane", "Training"], key="nets/panel", on_change="rerun")
        for tab, show in zip(panels, (racers, net, plane, training), strict=True):
            if tab.open:
                with tab:
                    show(work)
    look_again(*(job for job in (work.train, work.plane, *tasks()) if job), key="nets-pulse")
    state.write_address()


state.adopt_address()
page()
