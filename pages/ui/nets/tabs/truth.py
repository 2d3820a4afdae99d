"""The loss that each racer really has beside the one that the plane shows under it."""

import streamlit as st

from pages.ui.nets.compute import truths
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.table import table
from pages.ui.nets.words import disagreement
from pages.ui.words import figure

WHY = (
    "A plane holds two of the net's directions. A path is drawn where its shadow falls on it, and the height under the shadow is the "
    "loss of *that* net, not of the racer's. The two agree only where the racer stands in the plane."
)


def truth(experiment: NetsExperiment, work: Now) -> None:
    drawn = work.drawn
    if drawn is None:
        st.caption("Comes with the plane.")
        return
    at = experiment.snapshots if experiment.cursor is None else experiment.cursor
    found = truths(experiment, work.records, drawn, at)
    quantity = MEASURES[experiment.plane.measure].quantity
    names = {racer.slot: racer.name for racer in experiment.racers}
    when = "the end" if experiment.cursor is None else f"evaluation {min(at * experiment.every, experiment.steps):,}"
    st.caption(f"At {when}.")
    table({
        "Racer": [names[one.slot] for one in found],
        f"True {quantity}": [figure(one.loss) for one in found],
        f"{quantity} of the plane under it".capitalize(): [figure(one.under) for one in found],
        "Distance from the plane": [figure(one.distance) for one in found],
        "Length of the weights": [figure(one.length) for one in found],
        "Share of its path in the plane": [f"{one.explained:.1%}" for one in found],
    })  # fmt: skip
    one = next((one for one in found if one.slot == experiment.selected), found[0])
    st.markdown(f"{disagreement(one, names[one.slot], quantity)}\n\n{WHY}")
