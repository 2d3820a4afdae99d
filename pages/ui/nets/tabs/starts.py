"""Many starts: does the net get stuck, or are nearly all its ends equally good? Against its width."""

from functools import partial

import numpy as np
import streamlit as st

from landscape.nets import MLP
from pages.figures.starts import Row, Some, starts_figure
from pages.ui.fields import within
from pages.ui.nets import starts, state
from pages.ui.nets.experiment import NetsExperiment, Spec
from pages.ui.nets.running import Now, task
from pages.ui.nets.starts import Case, Ends
from pages.ui.nets.tabs.table import table
from pages.ui.nets.under import LEAST_STARTS, MOST_STARTS
from pages.ui.words import duration, figure, times

WIDTHS = (1, 2, 3, 5, 10, 30, 100)
ASKED = "nets/asked/starts"  # the cases for which somebody asked
MANY, FEW = 48, 5  # starts at first: where they run side by side, and where each takes its time
AT_ONCE = 30.0  # s; what takes longer is not begun unasked


def many_starts(experiment: NetsExperiment, work: Now) -> None:
    if not any(racer.shown for racer in experiment.racers):
        st.caption("Nobody is shown: switch a racer on.")
        return
    st.markdown("**Do all starts end equally low?** Every racer that is shown trains the net from many seeds: of the initial weights, "
                "the batches and the noise.")  # fmt: skip
    count, widths, share = _controls(experiment)
    wanted, left = starts.cases(experiment, widths, count)
    if left:
        st.caption(" ".join(left))
    if not wanted or not _allowed(wanted):
        return
    found: list[Ends] = task("starts", tuple(wanted), partial(starts.ends, wanted), "Training from many starts") or []
    if found:
        _draw(experiment, found, share)


def _controls(experiment: NetsExperiment) -> tuple[int, tuple[int, ...], float]:
    """How many starts, how wide, and what counts as stuck."""
    left, middle, right = st.columns([0.2, 0.5, 0.3], vertical_alignment="bottom")
    with left:
        count = _count(experiment)
    with middle:
        widths = _widths(experiment)
    share = experiment.under.stuck
    right.slider("Stuck: above this share of the untrained net's loss", 0.01, 1.0, step=0.01, format="percent",
                 **state.shows("nets/starts/share", share, lambda to: state.change_under(stuck=float(to))))  # fmt: skip
    return count, widths, share


def _count(experiment: NetsExperiment) -> int:
    quick = all(case.side_by_side for case in starts.cases(experiment, (), 1)[0])
    count = experiment.under.starts or (MANY if quick else FEW)

    def change(to: float) -> None:
        state.change_under(starts=int(within(to, LEAST_STARTS, MOST_STARTS)))

    st.number_input("Starts", LEAST_STARTS, MOST_STARTS, help=f"Seeds, from {experiment.seed} on: that under Training.",
                    **state.shows("nets/starts/count", count, change))  # fmt: skip
    return count


def _widths(experiment: NetsExperiment) -> tuple[int, ...]:
    if not isinstance(experiment.model, MLP) or not experiment.model.widths:
        return ()
    chosen = experiment.under.widths
    widths = _first_widths(experiment) if chosen is None else chosen
    st.pills("Beside the net on screen, hidden layers of so many units", sorted({*WIDTHS, *widths}), selection_mode="multi",
             **state.shows("nets/starts/widths", list(widths), lambda to: state.change_under(widths=tuple(sorted(to))),
                           first="default"))  # fmt: skip
    return widths


def _first_widths(experiment: NetsExperiment) -> tuple[int, ...]:
    """Narrow and wide beside a single layer; a deeper net is not widened unasked."""
    return (2, 3, 30) if isinstance(experiment.model, MLP) and len(experiment.model.widths) == 1 else ()


def _allowed(wanted: list[Case]) -> bool:
    """Whether it comes soon, or somebody has asked for it all the same."""
    seconds = starts.expected(wanted)
    if seconds <= AT_ONCE or st.session_state.get(ASKED) == tuple(wanted):
        return True
    slow = "" if all(case.side_by_side for case in wanted) else ", one after another where net or method has no compiled kernel"
    st.info(f"{times(len(wanted), 'case')} of {times(wanted[0].count, 'start')}, {wanted[0].experiment.steps:,} evaluations each: about "
            f"{duration(seconds)} here{slow}.")  # fmt: skip
    st.button("Train them", icon=":material/hourglass:", key="nets/ask/starts",
              on_click=lambda: st.session_state.update({ASKED: tuple(wanted)}))  # fmt: skip
    return False


def _draw(experiment: NetsExperiment, found: list[Ends], share: float) -> None:
    nets: dict[Spec, list[Ends]] = {}
    for one in found:
        nets.setdefault(one.model, []).append(one)
    rows = [Row(units(model, experiment.model), some[0].level(share), [_some(experiment, one) for one in some])
            for model, some in nets.items()]  # fmt: skip
    st.plotly_chart(starts_figure(rows), key="nets/starts/figure", config={"displayModeBar": False})
    st.caption(
        f"Dotted: {share:.0%} of the untrained net's loss (the median over the starts). An end above it is counted as stuck, "
        "though within these evaluations it may only be slow."
    )
    slots = {one.slot for one in found}
    selected = experiment.selected if experiment.selected in slots else found[0].slot
    st.markdown(told(experiment, [one for one in found if one.slot == selected], share))
    table({
        "Net": [units(one.model, experiment.model) for one in found],
        "Racer": [_name(experiment, one) for one in found],
        "Lowest": [figure(float(np.min(one.train))) for one in found],
        "Median": [_loss(float(np.median(one.train))) for one in found],
        "Highest": [_loss(float(np.max(one.train))) for one in found],
        "Stuck": [f"{one.stuck(share)} of {len(one.train)}" for one in found],
        "Diverged": [str(one.diverged) for one in found],
        "Validation, median": [_loss(float(np.median(one.validation))) for one in found],
    })  # fmt: skip


def _some(experiment: NetsExperiment, one: Ends) -> Some:
    racer = experiment.racer(one.slot)
    return Some(_name(experiment, one), racer.mark.color if racer else "#808a8a", one.slot, one.train, one.validation)


def _name(experiment: NetsExperiment, one: Ends) -> str:
    racer = experiment.racer(one.slot)
    return f"{racer.mark.glyph} {experiment.called(racer)}" if racer else ""


def _loss(value: float) -> str:
    return figure(value) if np.isfinite(value) else "diverged"


def units(model: Spec, shown: Spec) -> str:
    """A net by its width."""
    if not isinstance(model, MLP) or not model.widths:
        words = "this net"
    elif len(model.widths) == 1:
        words = times(model.widths[0], "unit")
    else:
        words = f"{', '.join(map(str, model.widths))} units"
    return words + (" (on screen)" if model == shown and words != "this net" else "")


def told(experiment: NetsExperiment, found: list[Ends], share: float) -> str:
    """One racer's ends, net by net, in words."""
    racer = experiment.racer(found[0].slot)
    parts = []
    for one in found:
        fine = one.train[np.isfinite(one.train)]
        net, count = units(one.model, experiment.model), len(one.train)
        if not len(fine):
            parts.append(f"{net}: all {count} starts diverged.")
            continue
        apart = float(np.ptp(fine)) / float(np.median(one.first))
        stuck = {0: "none", count: "all"}.get(one.stuck(share), f"{one.stuck(share)} of {count}")
        lost = f", {one.diverged} diverged" if one.diverged else ""
        parts.append(f"{net}: {figure(fine.min())} to {figure(fine.max())}, {stuck} stuck{lost}; the ends differ by {apart:.1%} of the "
                     "untrained loss.")  # fmt: skip
    return f"**{experiment.called(racer) if racer else ''}**: " + " ".join(parts)
