"""The room of seeds: what chance decides about a racer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from optimizers.maps import Bound, Case, Fan, bound, fan
from pages.figures.bounds import mean_figure
from pages.figures.seeds import Runs, ends_figure, escape_figure, fan_figure, minima_figure, places_figure
from pages.ui import state, waiting
from pages.ui.experiment import Experiment
from pages.ui.jobs import Report
from pages.ui.maps.cases import case_of, names, shown
from pages.ui.maps.choice import MAX_SEEDS, Choice
from pages.ui.maps.headline import question
from pages.ui.maps.presets import PRESETS
from pages.ui.maps.session import begin_with, catch_up, choose, chosen
from pages.ui.words import figure, plain, times

FEW = 200  # seeds of the first picture
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
NOISE = 0.5  # what the button switches on
NAMED = 6  # minima with a bar of their own
Cases = tuple[tuple[int, Case], ...]


def seeds(experiment: Experiment, choice: Choice) -> None:
    """Fans, ends, escapes and minima of all racers."""
    question("seeds")
    cases = tuple((racer.slot, case_of(experiment, racer)) for racer in shown(experiment))
    waiting.jobs().only("seeds")
    if not cases:
        st.info("Nobody races: add an optimizer under Racers.")
    elif not experiment.random:
        st.info("Nothing here is random: every seed gives the same run. Add gradient noise, or mini-batches on a landscape with data.")
        st.button(f"Add noise of {NOISE:g}", icon=":material/grain:", key="map/noise", on_click=_add_noise)
    else:
        _figures(experiment, cases, choice.seeds)


def _add_noise() -> None:
    state.change(conditions=replace(state.current().conditions, noise=NOISE))


@st.fragment
def _figures(experiment: Experiment, cases: Cases, count: int) -> None:
    catch_up()
    job = waiting.jobs().start("seeds", (cases, count), partial(work, cases, count))
    job.wait(0.3, lambda found: len(found) == len(cases))
    waiting.progress(job, "seeds", "Seeds")
    found: Mapping[int, Fan] = job.result or {}
    racers = [racer for racer in shown(experiment) if racer.slot in found]
    runs = [
        Runs(name, racer.mark.color, DASHES[k % len(DASHES)], found[racer.slot])
        for k, (racer, name) in enumerate(zip(racers, names(racers), strict=True))
    ]
    if runs:
        _draw(experiment, runs, [dict(cases)[racer.slot] for racer in racers])
    waiting.look_again(job, key="seeds-pulse")


def _draw(experiment: Experiment, runs: list[Runs], cases: list[Case]) -> None:
    lowest = experiment.problem.lowest
    floor = lowest if lowest is not None else min(float(each.fan.quantiles.min()) for each in runs)
    number = len(runs[0].fan.ends)
    st.markdown(f"{times(number, 'seed')} of the same race: {_chance(experiment)}. {_sentence(experiment, runs)}")
    minima = experiment.problem.minima[:, :NAMED].T
    bounds = {each.label: found for each, case in zip(runs, cases, strict=True) if (found := bound(case))}
    places = [f"{k + 1} at ({figure(x + 0.0)}, {figure(y + 0.0)})" for k, (x, y) in enumerate(minima)]
    axes = [plain(axis) for axis in experiment.problem.axes]
    ended = minima_figure(runs, places) if places else places_figure(runs, experiment.start, axes)
    pictures = [ended, escape_figure(runs, experiment.steps)]
    if any(np.ptp(each.fan.quantiles) for each in runs):  # of pure noise the loss is the same everywhere
        pictures = [fan_figure(runs, floor), mean_figure(runs, bounds, floor), ends_figure(runs, floor), *reversed(pictures)]
    columns = st.columns(2, gap="medium")
    for k, picture in enumerate(pictures):
        with columns[k % 2]:
            st.plotly_chart(picture, key=f"seeds/{k}", config={"displayModeBar": False})
    if bounds:
        _theory(bounds, runs, floor)


def _theory(bounds: Mapping[str, Bound], runs: list[Runs], floor: float) -> None:
    """Each theorem that is drawn: its formula, its constants, its source, and how the runs stand to it."""
    with st.expander(
        "What theory says: an upper bound is how bad it can be at most, not how fast it falls", expanded=True, icon=":material/function:"
    ):
        for theorem in dict.fromkeys(found.theorem for found in bounds.values()):
            st.markdown(f"**{theorem.name}** ({theorem.source}):")
            st.latex(theorem.formula)
            about = [each for each in runs if each.label in bounds and bounds[each.label].theorem is theorem]
            st.markdown("\n".join(f"- {each.label}: {_against(bounds[each.label], each.fan.mean - floor)}" for each in about))


def _chance(experiment: Experiment) -> str:
    """What is random."""
    noise = f"noise {figure(experiment.conditions.noise)}" if experiment.conditions.noise else ""
    batches = f"batches of {times(experiment.batch, 'sample')}" if experiment.batch else ""
    return ", ".join(filter(None, (noise, batches)))


def _against(found: Bound, heights: np.ndarray) -> str:
    """The constants, and what the runs come to at the last tick."""
    p, steps = found.premises, len(found.values)
    constants = f"L = {figure(p.largest)}, μ = {figure(p.mu)}, σ² = {figure(p.sigma2)} (over all coordinates)"
    constants += "." if p.quadratic else ", curvatures as found on the frame."
    last = float(found.measured(heights)[-1])
    if not np.isfinite(last):
        return f"{constants} Some of these runs diverged, so they have no mean."
    if found.theorem.exact:
        return f"{constants} At T = {steps:,}: **E[f] μ T / σ² = {figure(found.constant(heights[-1]))}**, which tends to 1/2."
    what = "The average so far" if found.theorem.of == "average" else "The mean"
    return (
        f"{constants} {what} at T = {steps:,} is {figure(last)}, {figure(100 * last / found.values[-1])} % of the bound "
        f"{figure(found.values[-1])}."
    )


def _sentence(experiment: Experiment, runs: list[Runs]) -> str:
    return "; ".join(f"{each.label}: {_fate(experiment, each.fan)}, ends at {_middle(each.fan)} in the mean" for each in runs) + "."


def _middle(fan: Fan) -> str:
    x, y = fan.middle
    return f"({figure(x)}, {figure(y)})" if np.isfinite(x) else "nowhere"


def _fate(experiment: Experiment, fan: Fan) -> str:
    """Who arrives, and when half of the runs have escaped."""
    times = np.sort(fan.escape[fan.escape >= 0])
    half = (len(fan.escape) + 1) // 2
    escaped = f"half have escaped by tick {times[half - 1]:,}" if len(times) >= half else "fewer than half escape"
    if experiment.problem.lowest is None:
        return escaped
    return f"{100 * np.mean(fan.arrived >= 0):.3g} % arrive within {figure(experiment.tolerance)}, {escaped}"


def work(cases: Cases, count: int, report: Report) -> Iterator[dict[int, Fan]]:
    """A few seeds of every racer first, then all of them."""
    found: dict[int, Fan] = {}
    for many in sorted({min(FEW, count), count}):
        for number, (slot, case) in enumerate(cases):
            share = (number, len(cases)) if many == count else None

            def told(fraction: float, share: tuple[int, int] | None = share) -> None:
                if share:
                    report.progress((share[0] + fraction) / share[1])

            found[slot] = fan(case, many, progress=told, cancelled=report.cancelled)
            yield dict(found)


SEEDS = (100, 300, 1000, 3000, MAX_SEEDS)


def controls() -> None:
    for preset in PRESETS:
        st.button(preset.name, key=f"map/preset/{preset.name}", icon=":material/play_arrow:", help=preset.help, width="stretch",
                  on_click=begin_with, args=(preset.opening,))  # fmt: skip
    count = chosen().seeds
    state.hold("map/seeds", count)
    st.select_slider("Seeds", sorted({*SEEDS, count}), format_func=lambda n: f"{n:,}", key="map/seeds",
                     on_change=state.on_change("map/seeds", lambda value: choose(seeds=int(value))))  # fmt: skip
    st.caption("Noise, mini-batches and the first seed are under Race. A run escapes when it leaves the neighbourhood of its start.")
