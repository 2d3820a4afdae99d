"""The picture: the scene of the newest plane, and above it what is going on."""

from functools import partial

import streamlit as st

from pages.scene import scene
from pages.ui.nets import brought, state
from pages.ui.nets.compute import Drawn
from pages.ui.nets.events import on_cursor, on_view, on_view_underway
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.present import race_data, reached, surface_data, underway_data
from pages.ui.nets.running import Now
from pages.ui.nets.slices import race_address
from pages.ui.nets.training import LONG
from pages.ui.nets.underway import underway
from pages.ui.nets.words import plane_line
from pages.ui.waiting import SPEAK, jobs
from pages.ui.waiting import progress as job_progress
from pages.ui.words import figure

LAST = "nets/last"  # the last picture's messages
SIDES = "nets/sides"  # the plane of the last picture of a training that went on


def progress(experiment: NetsExperiment, work: Now) -> None:
    """How far training and plane are; nothing for the first half second."""
    train = work.train
    if train.busy and train.seconds > SPEAK:
        bar, button = st.columns([0.8, 0.2], vertical_alignment="center", gap="small")
        bar.progress(train.fraction, _words(experiment, work))
        button.button("Pause", icon=":material/pause:", key="nets/pause", on_click=train.cancel, width="stretch")
    elif train.state == "failed":
        st.error(f"Training stopped: {train.error}")
    elif work.crew.refused:
        _offer(experiment, work)
    elif work.stopped:
        said, button = st.columns([0.8, 0.2], vertical_alignment="center", gap="small")
        said.info(f"Training is paused at {train.fraction:.0%}. The picture shows what there is.")
        button.button("Go on", icon=":material/play_arrow:", key="nets/go", on_click=lambda: jobs().again("train"), width="stretch")
    if work.plane:
        job_progress(work.plane, "plane", "The plane")


def _offer(experiment: NetsExperiment, work: Now) -> None:
    """What it would take, before it is begun, and a shorter way."""
    problem, fewer = experiment.problem, max(1, int(experiment.steps * LONG / work.crew.seconds))
    st.info(f"{len(experiment.racers)} racers for {experiment.steps:,} evaluations each of a net of {problem.n:,} weights would take about "
            f"{work.crew.seconds / 60:.1f} minutes here. A smaller net, a smaller batch or fewer evaluations make it shorter.")  # fmt: skip

    def allow() -> None:
        work.crew.allowed = True
        jobs().again("train")

    with st.container(horizontal=True):
        st.button(
            f"Take {fewer:,} evaluations", icon=":material/bolt:", key="nets/fewer", on_click=lambda: state.change(steps=fewer, cursor=None)
        )
        st.button("Train all the same", icon=":material/hourglass:", key="nets/allow", on_click=allow)


def _words(experiment: NetsExperiment, work: Now) -> str:
    """One live line: how far all have come, and who was ahead there."""
    if work.train.state == "waiting":
        return "Training waits until other visitors' computations are done"
    at = reached(experiment, work.records)
    text = f"Training: {min(at * experiment.every, experiment.steps):,} of {experiment.steps:,} evaluations"
    now = {slot: float(record.training.train_loss[at]) for slot, record in work.records.items() if 0 < at < len(record.training.ticks)}
    now = {slot: loss for slot, loss in now.items() if loss == loss}
    best = min(now, key=lambda slot: now[slot], default=None)
    leader = experiment.racer(best) if best is not None else None
    return f"{text}; {experiment.called(leader)} leads at a loss of {figure(now[leader.slot])}" if leader else text


def show(experiment: NetsExperiment, work: Now) -> None:
    """The scene. The paths grow while racers train; while a new plane is being made the last picture stands."""
    training = not work.drawn and work.train.busy and work.train.seconds > SPEAK and _grow(experiment, work)
    if work.drawn:
        marks = brought.marks(experiment, work.drawn)
        st.session_state[LAST] = (
            surface_data(experiment, work.drawn, marks),
            race_data(experiment, work.records, work.drawn, state.navigations(), marks),
        )
    if last := st.session_state.get(LAST):
        moved = None if training else partial(on_cursor, last=last[1]["steps"])
        scene(*last, key="nets-scene", on_cursor=moved, on_view=on_view_underway if training else on_view)
        if work.drawn:
            _under(experiment, work.drawn)
    elif not experiment.racers:
        st.info("Nobody trains yet. Add an optimizer, and its path gives the plane.")
    elif work.train.busy:
        st.subheader(experiment.problem.question)
        st.caption("The paths are drawn as soon as there are a few snapshots of the weights. Below, the losses so far.")


def _grow(experiment: NetsExperiment, work: Now) -> bool:
    """Take the paths so far for the picture, if they have a plane."""
    found = underway(work.records, st.session_state.get(SIDES))
    if found is None:
        return False
    st.session_state[SIDES] = found.plane
    st.session_state[LAST] = underway_data(experiment, work.records, found, state.navigations())
    return True


def _under(experiment: NetsExperiment, drawn: Drawn) -> None:
    """How the plane was laid; the way to race on it."""
    words, link = st.columns([0.72, 0.28], vertical_alignment="center")
    words.caption(plane_line(experiment, drawn))
    link.page_link("pages/race.py", label="Release the racers on this slice", icon=":material/flag:",
                   query_params=race_address(experiment),
                   help="The race page, with this plane as its landscape of two coordinates.")  # fmt: skip
