"""The session's work: training first, then the plane; which of both the page is to wait for, and what it can show meanwhile."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from pages.ui.jobs import Job, Work
from pages.ui.nets import compute
from pages.ui.nets.compute import Drawn
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Crew
from pages.ui.waiting import jobs, look_again, progress

CREW, BUSY = "nets/crew", "nets/busy"
PROMPT = 0.7  # s that a run of the page waits for a training that may be over at once
FIRST = 0.4  # s that it waits for a plane's first picture


@dataclass(frozen=True)
class Now:
    """What there is at this run of the page."""

    train: Job
    records: dict[int, Record]
    plane: Job | None  # not while racers train
    drawn: Drawn | None
    stopped: bool  # training was paused
    crew: Crew

    @property
    def over(self) -> bool:
        return self.train.state == "done" and not self.crew.refused


def _crew(experiment: NetsExperiment) -> Crew:
    """The one that trains these racers; another one is let go."""
    crew: Crew | None = st.session_state.get(CREW)
    if crew is None or crew.experiment.trained != experiment.trained:
        if crew:
            crew.leave()
        crew = st.session_state[CREW] = Crew(experiment.trained)
    return crew


def task(name: str, key: Hashable, work: Work, what: str) -> Any:
    """What a job of an open tab has yielded so far, with its progress shown here; the page looks at it again by itself."""
    job = jobs().start(name, key, work)
    job.wait(FIRST)
    watch(job)
    progress(job, name, what)
    return job.result


def watch(job: Job) -> None:
    """The page looks again while this one has news."""
    st.session_state.setdefault(BUSY, []).append(job)


def pulse() -> None:
    """Run the fragment again in a moment if anything that it has read may change."""
    watched: list[Job] = st.session_state.pop(BUSY, [])
    look_again(*watched, key="nets-pulse")


def now(experiment: NetsExperiment) -> Now:
    """Set to work what is due, wait for what comes at once, and say what there is."""
    st.session_state.pop(BUSY, None)  # of a run that did not come to its end
    crew = _crew(experiment)
    train = jobs().start("train", experiment.trained, crew.work)
    if train.seconds < PROMPT:
        train.finish(PROMPT)
    watch(train)
    records = train.result if train.state == "done" else crew.records
    stopped = train.state == "cancelled" and not train.abandoned
    if not records or not (train.state == "done" or stopped):
        return Now(train, records or {}, None, None, stopped, crew)
    seen = sum(len(record.training.ticks) for record in records.values())
    # before others' trainings: who has waited for theirs is not to wait for everybody's to see what came of it
    plane = jobs().start("plane", (experiment.drawn, seen), compute.remembered(experiment, records), soon_done=True)
    plane.wait(FIRST)
    watch(plane)
    return Now(train, records, plane, plane.result, stopped, crew)
