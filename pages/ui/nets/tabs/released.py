"""The racers released on the slice against their training in full space, in numbers."""

from functools import partial

import streamlit as st

from pages.ui import slices
from pages.ui.nets.apart import Apart, Way, parted
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now, task
from pages.ui.nets.slices import recipe_of, released
from pages.ui.nets.tabs.table import table
from pages.ui.nets.words import apart_words
from pages.ui.words import figure, times

FATES = {"": "", "diverged": "diverged", "left": "left the slice", "hole": "met a hole"}


def on_the_slice(experiment: NetsExperiment, work: Now) -> None:
    if not work.over:
        st.caption("Comes when the racers have trained.")
        return
    result = task("apart", released(experiment), partial(parted, experiment), "The slice, evaluated at every point")
    if result is None:
        return
    land, found = result.land, result.racers
    slices.put(recipe_of(experiment), land)  # who follows the link above need not wait
    names = {racer.slot: experiment.called(racer) for racer in experiment.racers}
    st.markdown(f"**All {experiment.problem.n:,} directions against two**, after {times(experiment.steps, 'evaluation')} each")
    table({
        "Racer": [names[one.slot] for one in found],
        "Loss, full space": [_loss(one.full) for one in found],
        "Loss, slice": [_loss(one.slice) if one.slice else "cannot run" for one in found],
        "Travelled, full space": [figure(one.full.length) for one in found],
        "Travelled, slice": [figure(one.slice.length) if one.slice else "" for one in found],
        "Gradient out of the plane, start": [_share(one.beyond[0]) for one in found],
        "Gradient out of the plane, end": [_share(one.beyond[1]) for one in found],
    })  # fmt: skip
    chosen = next((one for one in found if one.slot == experiment.selected), found[0])
    st.markdown(f"{apart_words(chosen, names[chosen.slot], experiment, land)}\n\n{_how(experiment, chosen)}")


def _loss(way: Way) -> str:
    return figure(way.last) + (f" ({FATES[way.fate]} after {times(way.over, 'evaluation')})" if way.over is not None else "")


def _share(value: float) -> str:
    return f"{value:.1%}" if value == value else "unknown"


def _how(experiment: NetsExperiment, one: Apart) -> str:
    """What is alike in both, and what cannot be."""
    alike = "Same rates, schedule and seed on both sides; what they travelled is measured from snapshot to snapshot, in weight space."
    batch = f" In full space a step looks at {experiment.batch} samples, on the slice at all of them." if experiment.batch else ""
    penalty = " The L2 penalty is part of the slice's heights." if experiment.conditions.l2 else ""
    decay = (
        " Decoupled decay is left out on the slice: it pulls to zero weights, which do not lie in the plane."
        if experiment.conditions.decay
        else ""
    )
    return alike + batch + penalty + decay + (f" {one.reason}" if one.reason else "")
