"""What lies under the picture, one thing at a time: only the open tab is computed and sent."""

import streamlit as st

from pages.ui.nets import state
from pages.ui.nets.experiment import NetsExperiment, opened
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.answers import answers
from pages.ui.nets.tabs.between import between
from pages.ui.nets.tabs.claims import claimed
from pages.ui.nets.tabs.depth import depth
from pages.ui.nets.tabs.factors import factors
from pages.ui.nets.tabs.files import files
from pages.ui.nets.tabs.released import on_the_slice
from pages.ui.nets.tabs.sharp import sharp
from pages.ui.nets.tabs.skips import skips
from pages.ui.nets.tabs.starts import many_starts
from pages.ui.nets.tabs.truth import truth
from pages.ui.nets.under import TITLES

SHOWS = {
    "answers": answers,
    "starts": many_starts,
    "truth": truth,
    "slice": on_the_slice,
    "between": between,
    "sharp": sharp,
    "depth": depth,
    "skips": skips,
    "claims": claimed,
    "factors": factors,
    "files": files,
}


def tabs(experiment: NetsExperiment, work: Now) -> None:
    if not experiment.racers:
        return
    open_now = TITLES[opened(state.current())]  # the one that a hand has opened, that the address names or that the preset is about
    for tab, key in zip(st.tabs(list(TITLES.values()), **state.shows("nets/tab", open_now, _open, first="default")), TITLES, strict=True):
        if tab.open:
            with tab:
                SHOWS[key](experiment, work)


def _open(title: str) -> None:
    """Take over the tab that a hand has opened."""
    chosen = next(key for key, words in TITLES.items() if words == title)
    state.change_under(tab="")
    if chosen != opened(state.current()):
        state.change_under(tab=chosen)
