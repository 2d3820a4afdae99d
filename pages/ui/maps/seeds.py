"""The room of seeds: what chance decides about a racer."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import streamlit as st

from landscape.search import lowest_seen
from optimizers.maps import Bound, Case, Escape, Fan, Region, bound, escape, fan
from optimizers.maps.escape import FORMULA, MIDDLE
from pages.figures.bounds import mean_figure
from pages.figures.seeds import Runs, ends_figure, escape_figure, fan_figure, minima_figure, places_figure, within_figure
from pages.ui import state, waiting
from pages.ui.experiment import Experiment
from pages.ui.jobs import Report
from pages.ui.maps.choice import Choice
from pages.ui.maps.download import Found, downloads
from pages.ui.maps.headline import question
from pages.ui.maps.lots import Lot, lots
from pages.ui.maps.minima import minimum_words
from pages.ui.maps.seeds_words import against, chance, escaping, facts_table, region_words
from pages.ui.maps.session import catch_up, look_only_at
from pages.ui.words import figure, plain, times

FEW = 200  # seeds of the first picture
GRID = (33, 33)  # where the landscape's heights are looked at
NOISE = 0.5  # what the button switches on
FOLLOWED = (
    "Every end is followed downhill without noise (the gradient flow on the whole loss) to the minimum that it leads to. Full bars: those "
    "that already lie within {reach:.3g} of it."
)


def seeds(experiment: Experiment, choice: Choice) -> None:
    """Fans, ends, escapes and minima of all racers."""
    question("seeds")
    look_only_at("seeds")
    drawn = lots(experiment, choice)
    if not drawn:
        st.info("Nobody races: add an optimizer under Racers.")
    elif not any(lot.random for lot in drawn):
        st.info("Nothing here is random: every seed gives the same run. Add gradient noise, or mini-batches on a landscape with data.")
        st.button(f"Add noise of {NOISE:g}", icon=":material/grain:", key="map/noise", on_click=_add_noise)
    else:
        _figures(experiment, drawn, choice.seeds, choice.region)


def _add_noise() -> None:
    state.change(conditions=replace(state.current().conditions, noise=NOISE))


@st.fragment
def _figures(experiment: Experiment, drawn: tuple[Lot, ...], count: int, region: Region | None) -> None:
    catch_up()
    cases = tuple(lot.case for lot in drawn)
    job = waiting.jobs().start("seeds", (cases, count, region), partial(work, cases, count, region))
    job.wait(0.3, lambda found: len(found) == len(cases))
    waiting.progress(job, "seeds", "Seeds")
    found: Mapping[int, Fan] = job.result or {}
    ready = [(lot, found[k]) for k, lot in enumerate(drawn) if k in found]
    if ready:
        runs = [Runs(lot.label, lot.color, lot.dash, fan) for lot, fan in ready]
        _draw(experiment, runs, [lot for lot, _ in ready])
    waiting.look_again(job, key="seeds-pulse")


def _draw(experiment: Experiment, runs: list[Runs], drawn: list[Lot]) -> None:
    problem = experiment.problem
    floor = problem.lowest if problem.lowest is not None else min(float(each.fan.quantiles.min()) for each in runs)
    axes = [plain(axis) for axis in problem.axes]
    first = runs[0].fan
    region = region_words(first.region, axes)
    st.markdown(f"{times(len(first.ends), 'seed')} of the same race: {chance(drawn)}. The region: {region}.")
    with st.container(key="seeds-facts"):
        st.markdown(facts_table(experiment, runs))
    bounds = {each.label: found for each, lot in zip(runs, drawn, strict=True) if (found := bound(lot.case))}
    places = [minimum_words(k, x, y, problem) for k, (x, y) in enumerate(first.minima.T)]
    laws = (
        {each.label: law for each, lot in zip(runs, drawn, strict=True) if (law := escape(lot.case, first.region))}
        if first.within[0]
        else {}
    )
    left = escape_figure(runs, experiment.steps, region, laws) if first.within[0] else within_figure(runs, region)
    ends = minima_figure(runs, places) if places else places_figure(runs, experiment.start, axes, problem.domain)
    pictures = [(ends, FOLLOWED.format(reach=first.reach) if places else ""), (left, "")]
    if problem.lowest is None and floor < lowest_seen(problem) - np.ptp(problem.grid(*GRID)[2]):
        st.caption("The loss falls without end here: there are no pictures of it.")
    elif any(np.ptp(each.fan.quantiles) for each in runs):  # of pure noise the loss is the same everywhere
        of_loss = [(each, "") for each in (fan_figure(runs, floor), mean_figure(runs, bounds, floor), ends_figure(runs, floor))]
        pictures = of_loss + pictures if bounds else pictures + of_loss
    columns = st.columns(2, gap="medium")
    for k, (picture, note) in enumerate(pictures):
        with columns[k % 2]:
            st.plotly_chart(picture, key=f"seeds/{k}", config={"displayModeBar": False})
            if note:
                st.caption(note)
    if bounds:
        _theory(bounds, runs, floor)
    if laws:
        _escape(laws, runs)
    home = [Found(each.label, lot.case.method.key, each.fan, lot.case) for each, lot in zip(runs, drawn, strict=True)]
    downloads("seeds", lambda: home)


def _theory(bounds: Mapping[str, Bound], runs: list[Runs], floor: float) -> None:
    """Each theorem that is drawn: its formula, its constants, its source, and how the runs stand to it."""
    with st.expander(
        "What theory says: an upper bound is how bad it can be at most, not how fast it falls", expanded=True, icon=":material/function:"
    ):
        for theorem in dict.fromkeys(found.theorem for found in bounds.values()):
            st.markdown(f"**{theorem.name}** ({theorem.source}):")
            st.latex(theorem.formula)
            about = [each for each in runs if each.label in bounds and bounds[each.label].theorem is theorem]
            st.markdown("\n".join(f"- {each.label}: {against(bounds[each.label], each.fan.mean - floor)}" for each in about))


def _escape(laws: Mapping[str, Escape], runs: list[Runs]) -> None:
    """The law of the escape: its formula, what its letters are, and how the runs stand to it."""
    with st.expander("What theory says of the escape", expanded=True, icon=":material/function:"):
        st.markdown("Each tick widens what there is by ρ, and noise of strength ησ joins it: so half of the runs are outside by tick")
        st.latex(FORMULA)
        st.markdown(
            f"η is the rate, |λ| the curvature along which it falls, r the region's half width, z = {figure(MIDDLE)}: half of a normal "
            "number's values lie within ±z. Rings: the share that is outside. Who has escaped may have come back, so no fewer have escaped."
        )
        st.markdown("\n".join(f"- {each.label}: {escaping(laws[each.label], each.fan)}" for each in runs if each.label in laws))


def work(cases: tuple[Case, ...], count: int, region: Region | None, report: Report) -> Iterator[dict[int, Fan]]:
    """A few seeds of every case first, then all of them."""
    found: dict[int, Fan] = {}
    for many in sorted({min(FEW, count), count}):
        for number, case in enumerate(cases):
            share = (number, len(cases)) if many == count else None

            def told(fraction: float, share: tuple[int, int] | None = share) -> None:
                if share:
                    report.progress((share[0] + fraction) / share[1])

            found[number] = fan(case, many, region=region, progress=told, cancelled=report.cancelled)
            yield dict(found)
