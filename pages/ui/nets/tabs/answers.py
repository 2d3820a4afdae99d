"""Losses and accuracies on both parts of the data, and what each net answers at the cursor's snapshot."""

from collections.abc import Callable, Sequence

import numpy as np
import streamlit as st

from landscape.nets import answers as say
from landscape.nets import decision
from landscape.nets.boundary import frame
from pages.figures.boundary import boundary, fit
from pages.figures.lines import Line, Panel
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.present import reached
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.beside import beside
from pages.ui.nets.tabs.pictures import pictures
from pages.ui.nets.trainee import Record
from pages.ui.words import figure, times

SIDE = 60  # points a side of a decision's grid
MOST = 400  # samples drawn over it
CEILING = 1e3  # times the highest loss at the start: beyond that a diverging racer would flatten all others


def answers(experiment: NetsExperiment, work: Now) -> None:
    present = [(racer, work.records[racer.slot]) for racer in experiment.racers if racer.slot in work.records and racer.shown]
    if not present:
        return
    with st.container(horizontal=True, gap="small", key="nets-answers"):
        for racer, record in present:
            _answer(experiment, racer, record, _at(experiment, work, record))
    if experiment.problem.dataset.images:
        pictures(experiment, [(racer, record.training.weights[_at(experiment, work, record)]) for racer, record in present])
    beside(_panels(experiment, present), "nets/curves")
    what = "the share of validation data that is right" if experiment.problem.dataset.task == "classes" else "the loss on validation data"
    said = [f"Beside each name {what}, at the cursor.", "Solid: training data. Dotted: validation data, which no net is trained on."]
    st.caption(" ".join([*said, *lowest(present, experiment.called), *_cut(present, experiment.called)]))


def lowest(present: Sequence[tuple[Racer, Record]], called: Callable[[Racer], str]) -> list[str]:
    """When each should have stopped: what the rings say, in words."""
    told = []
    for racer, record in present:
        t, at = record.training, best(record)
        if at is not None:
            end = "there it ended" if at == len(t.ticks) - 1 else f"it ended at {figure(t.validation_loss[-1])}"
            told.append(f"{called(racer)} {figure(t.validation_loss[at])} after {times(int(t.ticks[at]), 'evaluation')} ({end})")
    return [f"Ringed, the lowest validation loss: {'; '.join(told)}."] if told else []


def best(record: Record) -> int | None:
    """The snapshot with the lowest validation loss; None while more will come, and where it diverged."""
    loss = record.training.validation_loss
    return int(np.nanargmin(loss)) if record.over and not record.diverged and np.isfinite(loss).any() else None


def _ceiling(present: Sequence[tuple[Racer, Record]]) -> float:
    starts = [float(record.training.train_loss[0]) for _, record in present]
    return CEILING * max((start for start in starts if np.isfinite(start)), default=1.0)


def _cut(present: Sequence[tuple[Racer, Record]], called: Callable[[Racer], str]) -> list[str]:
    ceiling = _ceiling(present)
    gone = [called(racer) for racer, record in present if np.nanmax(record.training.train_loss, initial=0.0) > ceiling]
    return [f"The axis ends at {figure(ceiling)}; beyond it went {', '.join(gone)}."] if gone else []


def _at(experiment: NetsExperiment, work: Now, record: Record) -> int:
    """The cursor's snapshot; where nobody has moved it, the last that all have come to."""
    at = reached(experiment, work.records) if experiment.cursor is None else experiment.cursor
    return min(at, len(record.training.ticks) - 1)


def _answer(experiment: NetsExperiment, racer: Racer, record: Record, at: int) -> None:
    t = record.training
    classes = experiment.problem.dataset.task == "classes"
    value = f"{t.validation_accuracy[at]:.1%}" if classes else figure(t.validation_loss[at])
    title = f"{experiment.called(racer)}: {value}"
    try:
        sides = len(frame(experiment.problem))
    except ValueError:  # images: there is no plane that they lie in
        st.metric(f"{racer.mark.glyph} {experiment.called(racer)}", value, border=True)
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
                ringed = best(record) if values == "validation_loss" else None
                made.append(Line(experiment.called(racer), racer.mark.color, racer.mark.marker, record.training.ticks,
                                 getattr(record.training, values), dashed,
                                 legend=not dashed, ringed=ringed))  # fmt: skip
        return made

    cursor = None if experiment.cursor is None else float(experiment.cursor * experiment.every)
    panels = [Panel("Loss", "evaluations", "", both("train_loss", "validation_loss"), "log", cursor=cursor, ceiling=_ceiling(present))]
    if experiment.problem.dataset.task == "classes":
        panels.append(Panel("Share right", "evaluations", "", both("train_accuracy", "validation_accuracy"), cursor=cursor))
    return panels
