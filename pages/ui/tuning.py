"""Learning rates tuned on the same budget. Where that takes longer than a moment the page goes on, says how far it is, and can stop it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import streamlit as st

from optimizers.tune import Tuned, tune
from pages.ui import state
from pages.ui.compute import race
from pages.ui.experiment import Experiment, Racer
from pages.ui.jobs import Report
from pages.ui.waiting import jobs, look_again, progress
from pages.ui.words import figure, times

NAME = "tune"  # of the job
AT_ONCE = 0.5  # s for which the click itself waits


def tried(experiment: Experiment, report: Report | None = None) -> Iterator[dict[int, Tuned]]:
    """The best rate of each racer that has one, by slot; yields once. Work for a job, or without a report at once."""
    able = [racer for racer in experiment.racers if "lr" in racer.values]
    found = {}
    for before, racer in enumerate(able):

        def proceed(ticks: int, before: int = before) -> bool:
            if report:
                report.progress((before + ticks / experiment.steps) / len(able))
            return True

        found[racer.slot] = tune(experiment.problem, racer.method, experiment.start, experiment.steps, experiment.tolerance, racer.values,
                                 seed=experiment.seed, proceed=proceed, **experiment.terms(racer))  # fmt: skip
    yield found


def told(experiment: Experiment, found: Mapping[int, Tuned]) -> tuple[Experiment, str]:
    """The experiment at the rates found, and what was done."""
    if not found:
        return experiment, "Nobody here has a learning rate to tune."
    racers = tuple(racer.with_value("lr", found[racer.slot].lr) if racer.slot in found else racer for racer in experiment.racers)
    fair, one = replace(experiment, racers=racers), next(iter(found.values()))
    return fair, (
        f"Each learning rate is the best of {one.trials}, tried over six decades from this start for {times(one.steps, 'evaluation')}: the "
        f"one that comes to within {figure(experiment.tolerance)} of the lowest loss first, or else ends lowest. {_winner(fair)}"
    )


def tuned(experiment: Experiment) -> tuple[Experiment, str]:
    return told(experiment, next(tried(experiment)))


def begun(experiment: Experiment) -> tuple[Experiment, str] | None:
    """The experiment tuned, and what was done; None where that goes on: `underway` shows it then."""
    job = jobs().start(NAME, _asked(experiment), lambda report: tried(experiment, report), soon_done=True)
    job.wait(AT_ONCE, enough=lambda found: found is not None)
    return _taken(job.result) if job.result is not None else None


@st.fragment
def underway() -> None:
    """How far the tuning is that somebody has asked for, if any, and its rates once they are there, unless the race is another by now."""
    job = jobs().asked(NAME)
    if job is None:
        return
    if job.state == "cancelled":
        jobs().drop(NAME)
    elif job.key != _asked(state.current()):
        jobs().drop(NAME)
        state.say("The race has changed: the tuning of its learning rates was stopped.")
    elif job.result is not None:
        fair, words = _taken(job.result)
        state.put(fair)
        state.confirm(words)
        state.begin_anew()
    else:
        progress(job, NAME, "Trying 61 learning rates for each racer")
        look_again(job, key="tune-pulse")


def _asked(experiment: Experiment) -> tuple[Experiment, tuple[Racer, ...]]:
    """What the rates depend on: not on the cursor, nor on who is shown."""
    return experiment.setup, tuple(replace(racer, shown=True) for racer in experiment.racers)


def _taken(found: Mapping[int, Tuned]) -> tuple[Experiment, str]:
    jobs().drop(NAME)
    return told(state.current(), found)


def _winner(experiment: Experiment) -> str:
    """Who wins the race as it is drawn, judged like the rates, and as the line below the headline judges."""
    outcomes = race(experiment)
    ends = {racer.slot: (outcomes[racer.slot].facts.reached, float(outcomes[racer.slot].run.loss[-1]))
            for racer in experiment.racers if racer.shown and outcomes[racer.slot].run.diverged_at is None}  # fmt: skip
    if not ends:
        return "Nobody comes through."
    first = min((reached for reached, _ in ends.values() if reached is not None), default=None)
    lowest = min(loss for _, loss in ends.values())
    best = [racer for racer in experiment.racers
            if racer.slot in ends and (ends[racer.slot][0] == first if first is not None else ends[racer.slot][1] == lowest)]  # fmt: skip
    names = " and ".join(experiment.called(racer) for racer in best)
    if first is None:
        return f"Nobody comes there; the lowest loss at the end is {names}'s, {figure(lowest)}."
    return f"First there: {names}, after {times(first, 'evaluation')}."
