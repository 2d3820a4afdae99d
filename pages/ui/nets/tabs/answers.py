"""Losses and accuracies on both parts of the data, and what each net answers at the cursor's snapshot."""

import numpy as np
import streamlit as st

from landscape.nets import answers as say
from landscape.nets import decision
from landscape.nets.boundary import frame
from pages.figures.boundary import boundary, fit
from pages.figures.lines import Line, Panel, lines
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.pictures import pictures
from pages.ui.nets.trainee import Record
from pages.ui.words import figure

SIDE = 60  # points a side of a decision's grid
MOST = 400  # samples drawn over it
QUIET = {"displayModeBar": False}


def answers(experiment: NetsExperiment, work: Now) -> None:
    present = [(racer, work.records[racer.slot]) for racer in experiment.racers if racer.slot in work.records and racer.shown]
    if not present:
        return
    with st.container(horizontal=True, gap="small", key="nets-answers"):
        for racer, record in present:
            _answer(experiment, racer, record)
    if experiment.problem.dataset.images:
        pictures(experiment, [(racer, record.training.weights[_at(experiment, record)]) for racer, record in present])
    st.plotly_chart(lines(_panels(experiment, present)), key="nets/curves", config=QUIET)
    what = "the share of validation data that is right" if experiment.problem.dataset.task == "classes" else "the loss on validation data"
    st.caption(f"Beside each name {what}, at the cursor. Solid: training data. Dotted: validation data, which no net is trained on.")


def _at(experiment: NetsExperiment, record: Record) -> int:
    last = len(record.training.ticks) - 1
    return last if experiment.cursor is None else min(experiment.cursor, last)


def _answer(experiment: NetsExperiment, racer: Racer, record: Record) -> None:
    at, t = _at(experiment, record), record.training
    classes = experiment.problem.dataset.task == "classes"
    value = f"{t.validation_accuracy[at]:.1%}" if classes else figure(t.validation_loss[at])
    title = f"{racer.name}: {value}"
    try:
        sides = len(frame(experiment.problem))
    except ValueError:  # images: there is no plane that they lie in
        st.metric(f"{racer.mark.glyph} {racer.name}", value, border=True)
        return
    data = experiment.problem.split.train
    if sides == 2:
        xs, ys, said = decision(experiment.problem, t.weights[at], SIDE, SIDE)
        labels = data.y if data.y.ndim == 1 else np.zeros(len(data.y), dtype=int)
        picture = boundary(xs, ys, said, data.x[:MOST], labels[:MOST], title, racer.mark.color)
    else:
        xs = np.linspace(*frame(experiment.problem)[0], 200)
        picture = fit(
            xs, say(experiment.problem, t.weights[at], xs[:, None])[:, 0], data.x[:MOST, 0], data.y[:MOST, 0], title, racer.mark.color
        )
    st.plotly_chart(picture, key=f"nets/answer/{racer.slot}", width="content", config={"staticPlot": True})


def _panels(experiment: NetsExperiment, present: list[tuple[Racer, Record]]) -> list[Panel]:
    def both(train: str, held: str) -> list[Line]:
        made = []
        for racer, record in present:
            for values, dashed in ((train, False), (held, True)):
                made.append(Line(racer.name, racer.mark.color, racer.mark.marker, record.training.ticks, getattr(record.training, values),
                                 dashed, legend=not dashed and values == "train_loss"))  # fmt: skip
        return made

    cursor = None if experiment.cursor is None else float(experiment.cursor * experiment.every)
    panels = [Panel("Loss", "evaluations", "", both("train_loss", "validation_loss"), "log", cursor=cursor)]
    if experiment.problem.dataset.task == "classes":
        panels.append(Panel("Share right", "evaluations", "", both("train_accuracy", "validation_accuracy"), cursor=cursor))
    return panels
