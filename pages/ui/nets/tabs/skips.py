"""Skips and normalisation side by side: Li et al.'s contrast, on the net at hand."""

from dataclasses import replace
from functools import partial

import streamlit as st

from landscape.nets import MLP
from pages.figures.plateaus import plateaus
from pages.ui.experiment import Racer
from pages.ui.nets import state
from pages.ui.nets.contrast import LOW, RATES, Variant, contrast, models, short
from pages.ui.nets.experiment import NetsExperiment, with_net
from pages.ui.nets.running import Now, task
from pages.ui.words import figure, times

TOP = 10.0  # times the lowest untrained loss: where the colours end
ASKED = "nets/asked/skips"
DEEP = MLP((16,) * 20)  # deep enough for the contrast to show: without skips and normalisation it does not even leave its start


def skips(experiment: NetsExperiment, work: Now) -> None:
    racer = experiment.racer(experiment.selected)
    if racer is None:
        return
    variants = models(experiment.model)
    st.markdown(f"The net trained by {experiment.called(racer)}, once for each of: {'; '.join(variants)}. Each is then seen on a random "
                "plane through its end, filter-normalised, from the same seed.")  # fmt: skip
    key = replace(experiment.trained, racers=(racer,), selected=racer.slot)
    with st.container(horizontal=True):
        if st.session_state.get(ASKED) != key:
            st.button(f"Train these {len(variants)}", icon=":material/grid_view:", key="nets/ask/skips",
                      on_click=lambda: st.session_state.update({ASKED: key}))  # fmt: skip
        if experiment.model != DEEP:
            st.button("Take a net of 20 layers first", icon=":material/stacks:", key="nets/deep", on_click=_deepen,
                      help="Skips and normalisation matter little in a shallow net.")  # fmt: skip
    if st.session_state.get(ASKED) != key:
        return
    found = task("skips", key, partial(contrast, replace(experiment, selected=racer.slot)), "Training and drawing the variants")
    if found:
        planes = [(_title(one), one.xs, one.ys, one.loss) for one in found]
        starts = [float(one.record.training.train_loss[0]) for one in found if one.record]
        top = TOP * min(starts, default=1.0)
        st.plotly_chart(plateaus(planes, top), key="nets/skips", config={"displayModeBar": False})
        st.caption(f"{_search(experiment, racer)} {_reading(top)}")


def _title(one: Variant) -> str:
    if one.record is None:
        return f"{one.name}<br>diverged at every rate"
    loss = one.record.training.train_loss
    rate = "" if one.lr is None else f" at rate {figure(one.lr)}"
    lines = (
        one.name,
        f"loss {figure(loss[0])} → {figure(loss[-1])}{rate}",
        f"low ground {one.low:.0%}",
        f"|λmin/λmax| {figure(one.saddle)}",
    )
    return "<br>".join(lines)


def _search(experiment: NetsExperiment, racer: Racer) -> str:
    """On which budget, and by what, each net's rate was chosen."""
    if "lr" not in racer.values:
        return f"Each net is trained for {times(experiment.steps, 'evaluation')} with the settings of {experiment.called(racer)}."
    rates = [figure(factor * racer.values["lr"]) for factor in RATES]
    return (
        f"Each net has the rate that serves it best, of {', '.join(rates[:-1])} and {rates[-1]}: the one with the lowest training loss "
        f"after {times(short(experiment.steps), 'evaluation')}, then {times(experiment.steps, 'evaluation')} from the start; where that "
        "diverges, the next best."
    )


def _reading(top: float) -> str:
    return (
        f"Above each picture the training loss before and after; how much of the picture is below {LOW:g} times the untrained net's "
        "loss; and how strong the Hessian's most negative curvature is against its largest one, the median of nine points from -0.5 to "
        "0.5 on both axes (Li et al. 2018, section 6; 0 where the loss is convex). A net that has not left its start is flat all round: "
        f"low ground 0%. One scale of heights for all, up to {figure(top)}, {TOP:g} times the lowest untrained loss; above that all is "
        "pale. The unit of the axes is the net's own filters."
    )


def _deepen() -> None:
    experiment = state.current()
    state.jump(with_net(experiment, model=DEEP))
