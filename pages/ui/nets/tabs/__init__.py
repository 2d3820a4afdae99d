"""What lies under the picture, one thing at a time: only the open tab is computed and sent."""

import streamlit as st

from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.answers import answers
from pages.ui.nets.tabs.between import between
from pages.ui.nets.tabs.factors import factors
from pages.ui.nets.tabs.released import on_the_slice
from pages.ui.nets.tabs.sharp import sharp
from pages.ui.nets.tabs.skips import skips
from pages.ui.nets.tabs.starts import many_starts
from pages.ui.nets.tabs.truth import truth
from pages.ui.nets.take_home import take_home

TABS = {
    "What the nets say": answers,
    "Many starts": many_starts,
    "True loss": truth,
    "On the slice": on_the_slice,
    "Between two ends": between,
    "Sharpness": sharp,
    "Skips and norms": skips,
    "Fisher and K-FAC": factors,
    "Take home": take_home,
}


def tabs(experiment: NetsExperiment, work: Now) -> None:
    if not experiment.racers:
        return
    for tab, show in zip(st.tabs(list(TABS), key="nets/tab", on_change="rerun"), TABS.values(), strict=True):
        if tab.open:
            with tab:
                show(experiment, work)
