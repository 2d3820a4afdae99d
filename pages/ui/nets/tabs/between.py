"""What lies between two racers' ends: the straight line's barrier, and a trained curve round it."""

from collections.abc import Iterator
from functools import partial

import streamlit as st

from landscape.nets.planes.connect import Crossing, bezier, straight
from pages.figures.grid import GREY
from pages.figures.lines import Line, Panel
from pages.ui.nets import state
from pages.ui.nets.compute import objective_of
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now, task
from pages.ui.nets.tabs.beside import beside
from pages.ui.nets.tabs.menu import menu
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling
from pages.ui.words import figure

STEPS = 500  # of the curve's training


def between(experiment: NetsExperiment, work: Now) -> None:
    if not work.over or len(experiment.racers) < 2:
        st.caption("Comes when two racers have trained.")
        return
    names = {racer.slot: f"{racer.mark.glyph} {experiment.called(racer)}" for racer in experiment.racers}
    columns = st.columns(2)
    for place, column in enumerate(columns):
        with column:
            menu(("From the end of", "To the end of")[place], names, experiment.line[place], f"nets/line/{place}", partial(_choose, place))
    a, b = experiment.line
    if a == b:
        st.info("Choose two different racers.")
        return
    found = task(
        "between", (experiment.trained, experiment.line), partial(_crossings, experiment, work.records), "The curve is being trained"
    )
    if found:
        _draw(experiment, found)


def _choose(place: int, slot: int) -> None:
    ends = list(state.current().line)
    ends[place] = slot
    state.change(line=tuple(ends))


def _crossings(experiment: NetsExperiment, records: dict[int, Record], report: Telling) -> Iterator[tuple[Crossing, ...]]:
    """The straight line at once, then the curve as well."""
    ends = [records[slot].usable[-1] for slot in experiment.line]
    objective = objective_of(experiment.problem, "train")
    line = straight(objective, ends[0], ends[1])
    yield (line,)
    yield line, bezier(objective, ends[0], ends[1], STEPS, experiment.seed, on_progress=report.progress, cancelled=report.cancelled)


def _draw(experiment: NetsExperiment, found: tuple[Crossing, ...]) -> None:
    names, dashed = ("straight line", "trained curve"), (True, False)  # both are nobody's way: no racer's colour, no marker
    drawn = [Line(name, GREY, "", one.t, one.loss, dots) for name, dots, one in zip(names, dashed, found, strict=False)]
    panels = [Panel("Training loss from one end to the other", "way", "", drawn, "log")]
    if experiment.problem.dataset.task == "classes":
        right = [Line(name, GREY, "", one.t, one.accuracy, dots) for name, dots, one in zip(names, dashed, found, strict=False)]
        panels.append(Panel("Share right", "way", "", right))
    beside(panels, "nets/between")
    a, b = (experiment.called(racer) if (racer := experiment.racer(slot)) else "" for slot in experiment.line)
    words = f"On the straight line from {a} to {b} the loss rises {figure(found[0].barrier)} above the line between the two ends' losses."
    if len(found) > 1:
        words += (
            f" Along a quadratic Bézier curve, whose middle point was trained for {STEPS} steps of Adam on the losses along it, it rises "
            f"{figure(found[1].barrier)} (Garipov et al. 2018): the two ends need not be two valleys."
        )
    st.markdown(words)
