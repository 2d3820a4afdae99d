"""Nets: small PyTorch nets trained side by side, and their loss on planes through weight space."""

from pages.ui import boot

boot.enter("nets")  # a server's very first visit may come here past app.py

import streamlit as st  # noqa: E402

from pages.ui import notes  # noqa: E402
from pages.ui.state import quiet  # noqa: E402

with st.spinner("Loading PyTorch: the first visit to this page waits for it."):
    from pages.ui.nets import brought, picture, state
    from pages.ui.nets.experiment import NetsExperiment
    from pages.ui.nets.panels import net, plane, racers, training
    from pages.ui.nets.running import now, pulse
    from pages.ui.nets.tabs import tabs

    boot.settle_once("nets")


@st.fragment
def page() -> None:
    left, controls = st.columns([0.73, 0.27], gap="medium")  # the picture first: on a phone it stands on top
    with left:
        brought.let_go_of_another_nets(state.current())
        notes.show(state.notes(), quiet)
        shown(state.current())
    with controls:
        panels = st.tabs(["Racers", "Net", "Plane", "Training"], key="nets/panel", on_change="rerun")
        for tab, show in zip(panels, (racers, net, plane, training), strict=True):
            if tab.open:
                with tab:
                    show()
    state.write_address()


@st.fragment
def shown(controlled: NetsExperiment) -> None:
    """What goes on and what it has come to. Runs again by itself until all is whole, without the controls while they say the same."""
    experiment = state.current()
    if experiment.drawn != controlled.drawn:
        state.begin_anew()
    work = now(experiment)
    with st.container():  # the same place for the scene, whether or not anything is said above it: a browser keeps it then
        picture.progress(experiment, work)
    picture.show(experiment, work)
    tabs(experiment, work)
    pulse()
    state.write_address()


state.adopt_address()
page()
