"""The room of robustness: who works without being tuned, measured; here, or on every landscape."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import streamlit as st

from landscape import PROBLEMS
from optimizers import OPTIMIZERS
from optimizers.maps import Case, Merits, Robustness, Score, pros_and_cons, robustness, scoreboard
from optimizers.maps.files import text
from pages.figures.rates import Tried, rates_figure, rates_words, tuning_figure, tuning_words
from pages.ui import state, waiting
from pages.ui.experiment import Experiment
from pages.ui.jobs import Report
from pages.ui.maps.cases import case_of, names, shown
from pages.ui.maps.choice import Choice
from pages.ui.maps.headline import question
from pages.ui.maps.session import catch_up, choose, chosen, look_only_at
from pages.ui.maps.tables import MEASURES, merits_csv, merits_table, scores_table, styled
from pages.ui.maps.theory import edge_of

NAMES = {"Method": st.column_config.TextColumn(width=220, pinned=True)}  # whole names, in view while the columns are scrolled
BUDGET = 300  # evaluations a run of the scoreboard
Cases = tuple[tuple[int, Case], ...]
Result = tuple[dict[int, Robustness], tuple[Merits, ...]]


def robust(experiment: Experiment, choice: Choice) -> None:
    question("robustness")
    look_only_at("robust" if choice.scores == "here" else "scores")
    if choice.scores == "all":
        _scoreboard(experiment.tolerance)
        return
    cases = tuple((racer.slot, case_of(experiment, racer)) for racer in shown(experiment))
    if not cases:
        st.info("Nobody races: add an optimizer under Racers.")
        return
    if experiment.problem.lowest is None:
        st.info("No minimum is known here, so nobody can arrive at one: choose another landscape, or your own formula with a minimum.")
        return
    _here(experiment, cases)


@st.fragment
def _here(experiment: Experiment, cases: Cases) -> None:
    catch_up()
    job = waiting.jobs().start("robust", cases, partial(work, cases))
    job.wait(0.3, lambda found: len(found[0]) == len(cases))
    waiting.progress(job, "robust", "Measurements")
    result: Result = job.result or ({}, ())
    found, table = result
    racers = [racer for racer in shown(experiment) if racer.slot in found]
    tried = [
        Tried(name, racer.mark.color, racer.mark.marker, found[racer.slot], edge_of(dict(cases)[racer.slot]))
        for racer, name in zip(racers, names(racers), strict=True)
    ]
    if tried:
        _draw(experiment, tried)
    if table:
        st.markdown(
            f"**Pros and cons on {experiment.problem.name}, measured.** Every method with its own defaults; click a column to sort. "
            "Never: it does not come to within the tolerance."
        )
        st.dataframe(styled(merits_table(table), "never"), key="merits", hide_index=True, width="stretch", column_config=NAMES)
        st.download_button("Table as CSV", lambda: merits_csv(table), f"ravine-merits-{experiment.landscape}.csv", "text/csv",
                           on_click="ignore", icon=":material/table:", key="merits/csv")  # fmt: skip
    waiting.look_again(job, key="robust-pulse")


def _draw(experiment: Experiment, tried: list[Tried]) -> None:
    plain = {"displayModeBar": False}
    rated = [each for each in tried if len(each.found.rates)]
    if rated:
        st.plotly_chart(rates_figure(rated), key="rates", config=plain)
        st.caption(rates_words(rated))  # not in the figure, where lines do not end where the page does
    st.plotly_chart(tuning_figure(tried, experiment.steps), key="tuned", config=plain)
    st.caption(tuning_words(tried))


def work(cases: Cases, report: Report) -> Iterator[Result]:
    """The racers' rates first, then the table of all methods."""
    found: dict[int, Robustness] = {}
    for slot, case in cases:
        found[slot] = robustness(case)
        report.check()
        yield dict(found), ()
    case = cases[0][1]
    yield found, pros_and_cons(case, tuple(OPTIMIZERS), progress=report.progress, cancelled=report.cancelled)


@st.fragment
def _scoreboard(tolerance: float) -> None:
    catch_up()
    job = waiting.jobs().start("scores", tolerance, partial(board, tolerance))
    waiting.progress(job, "scores", "Scoreboard")
    if job.result:
        scores: tuple[Score, ...] = job.result
        st.markdown(
            f"Every method on every landscape, from the landscape's own start, {BUDGET} evaluations a run; tuned: the best of 101 learning "
            f"rates over six decades and the default. Never: it does not come to within {tolerance:g}, or cannot run there."
        )
        first = next(iter(MEASURES))
        measure = st.segmented_control("Measure", list(MEASURES), default=first, key="scores/measure", label_visibility="collapsed")
        st.dataframe(styled(scores_table(scores, measure or first), "never"), key="scores", hide_index=True, width="stretch", height=560,
                     column_config=NAMES)  # fmt: skip
        st.download_button("Scoreboard as CSV", lambda: text(scores).encode(), "ravine-scoreboard.csv", "text/csv", on_click="ignore",
                           icon=":material/table:", key="scores/csv")  # fmt: skip
    waiting.look_again(job, key="scores-pulse")


def board(tolerance: float, report: Report) -> Iterator[tuple[Score, ...]]:
    """A landscape more each time."""
    scores: tuple[Score, ...] = ()
    for number, landscape in enumerate(PROBLEMS):

        def told(share: float, number: int = number) -> None:
            report.progress((number + share) / len(PROBLEMS))

        scores += scoreboard((landscape,), tuple(OPTIMIZERS), BUDGET, tolerance=tolerance, progress=told, cancelled=report.cancelled)
        yield scores


def controls() -> None:
    words: dict[Any, str] = {"here": "The racers, on this landscape", "all": "Every method on every landscape"}
    st.radio("Measure", list(words), format_func=words.__getitem__,
             **state.shows("map/scores", chosen().scores, lambda value: choose(scores=value), words))  # fmt: skip
    st.caption(
        "A rate works when the run comes to within the tolerance of the lowest loss, within the race's ticks, and stays. "
        "101 rates over six decades are tried, and the method's default, the ring."
    )
