"""What lies under the picture, one thing at a time: only the open tab is computed and sent."""

import streamlit as st

from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.answers import answers
from pages.ui.nets.tabs.between import between
from pages.ui.nets.tabs.claims import claimed
from pages.ui.nets.tabs.factors import factors
from pages.ui.nets.tabs.files import files
from pages.ui.nets.tabs.released import on_the_slice
from pages.ui.nets.tabs.sharp import sharp
from pages.ui.nets.tabs.skips import skips
from pages.ui.nets.tabs.starts import many_starts
from pages.ui.nets.tabs.truth import truth

TABS = {
    "answers": ("What the nets say", answers),
    "starts": ("Many starts", many_starts),
    "truth": ("True loss", truth),
    "slice": ("On the slice", on_the_slice),
    "between": ("Between two ends", between),
    "sharp": ("Sharpness", sharp),
    "skips": ("Skips and norms", skips),
    "claims": ("What is said", claimed),
    "factors": ("Fisher and K-FAC", factors),
    "files": ("Files", files),
}
OPENED = "nets/opened"  # the preset whose opening tab was opened


def tabs(experiment: NetsExperiment, work: Now) -> None:
    if not experiment.racers:
        return
    _open(experiment)
    titles, shows = zip(*TABS.values(), strict=True)
    for tab, show in zip(st.tabs(titles, key="nets/tab", on_change="rerun"), shows, strict=True):
        if tab.open:
            with tab:
                show(experiment, work)


def _open(experiment: NetsExperiment) -> None:
    """A preset that is about one of the tabs comes with it open, once."""
    if st.session_state.get(OPENED) != experiment.preset:
        st.session_state[OPENED] = experiment.preset
        if key := experiment.problem.opens:
            st.session_state["nets/tab"] = TABS[key][0]
