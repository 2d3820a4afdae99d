"""The loss that each racer really has beside the one that the plane shows under it."""

from functools import partial

import numpy as np
import streamlit as st

from pages.figures.grid import GREY, grid
from pages.figures.lines import Line, Panel
from pages.ui.nets.compute import Drawn, truths
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.measures import MEASURES
from pages.ui.nets.present import reached
from pages.ui.nets.running import Now, task
from pages.ui.nets.shadows import Shadow, shadows
from pages.ui.nets.tabs.table import table
from pages.ui.nets.words import disagreement
from pages.ui.words import figure

WHY = (
    "A plane holds two of the net's directions. A path is drawn where its shadow falls on it, and the height under the shadow is the "
    "loss of *that* net, not of the racer's. The two agree only where the racer stands in the plane."
)
OWN, UNDER = "the racer's own", "the plane's, under it"
NOWHERE = np.full(1, np.nan)  # the key is in nobody's colour and draws nothing


def truth(experiment: NetsExperiment, work: Now) -> None:
    drawn = work.drawn
    if drawn is None:
        st.caption("Comes with the plane.")
        return
    last = reached(experiment, work.records)
    at = last if experiment.cursor is None else min(experiment.cursor, last)
    found = truths(experiment, work.records, drawn, at)
    quantity = MEASURES[experiment.plane.measure].quantity
    names = {racer.slot: experiment.called(racer) for racer in experiment.racers}
    when = "the end" if at == experiment.snapshots else f"evaluation {min(at * experiment.every, experiment.steps):,}"
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
    _along(experiment, work, drawn, at)


def _along(experiment: NetsExperiment, work: Now, drawn: Drawn, at: int) -> None:
    seen = sum(len(record.training.ticks) for record in work.records.values())
    found: list[Shadow] = task("shadows", (experiment.drawn, seen), partial(shadows, experiment, work.records, drawn),
                               "The losses along the paths") or []  # fmt: skip
    if not found:
        return
    measure, cursor = MEASURES[experiment.plane.measure], min(at * experiment.every, experiment.steps)
    heights: list[Panel] = []
    distances: list[Panel] = []
    for one in found:
        racer = experiment.racer(one.slot)
        if racer is None:
            continue
        color, marker = racer.mark.color, racer.mark.marker
        own = Line(OWN, color, marker, one.ticks, one.loss, legend=False)
        under = Line(UNDER, color, marker, one.ticks, one.under, True, legend=False)
        far = Line("distance", color, marker, one.ticks, one.distance, legend=False)
        key = [] if heights else [Line(OWN, GREY, "circle", NOWHERE, NOWHERE), Line(UNDER, GREY, "circle", NOWHERE, NOWHERE, True)]
        heights.append(Panel(experiment.called(racer), "", measure.quantity, [*key, own, under], measure.levels, cursor=cursor))
        distances.append(Panel("", "evaluations", "distance", [far], cursor=cursor))
    st.markdown(f"**{measure.name}, all along the paths**")
    st.plotly_chart(grid([heights, distances]), key="nets/shadows", config={"displayModeBar": False})
    ended = [experiment.called(racer) for racer in experiment.racers if racer.slot in work.records and work.records[racer.slot].diverged]
    st.caption(
        f"Solid: the {measure.quantity} that the racer has. Dotted: what the plane shows under it. Below: how far from the plane it "
        "stands, in weight space. The upright line is the cursor of the picture."
        + (f" Drawn up to where it diverged: {', '.join(ended)}." if ended else "")
    )
