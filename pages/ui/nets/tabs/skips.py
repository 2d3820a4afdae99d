"""Skips and normalisation side by side: Li et al.'s contrast, on the net at hand."""

from dataclasses import replace
from functools import partial

import streamlit as st

from landscape.nets import MLP
from pages.figures.plateaus import plateaus
from pages.ui.nets import state
from pages.ui.nets.contrast import contrast, models
from pages.ui.nets.experiment import NetsExperiment, with_net
from pages.ui.nets.running import Now, task
from pages.ui.words import figure

TOP = 10.0  # times the untrained net's loss: where the colours end
ASKED = "nets/asked/skips"
DEEP = MLP((16,) * 20, "relu", init="he")  # deep enough for the contrast to show


def skips(experiment: NetsExperiment, work: Now) -> None:
    racer = experiment.racer(experiment.selected)
    if racer is None:
        return
    variants = models(experiment.model)
    st.markdown(f"The net trained by {racer.name}, once for each of: {'; '.join(variants)}. Each is then seen on a random plane through "
                "its end, filter-normalised, from the same seed.")  # fmt: skip
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
        titles = [f"{one.name}<br>loss {figure(one.record.training.train_loss[-1])}" for one in found]
        planes = [(title, one.xs, one.ys, one.loss) for title, one in zip(titles, found, strict=True)]
        top = TOP * float(found[0].record.training.train_loss[0])
        st.plotly_chart(plateaus(planes, top), key="nets/skips", config={"displayModeBar": False})
        st.caption(
            f"Above each picture the training loss at its middle. One scale of heights for all, up to {figure(top)}, {TOP:g} times the "
            "untrained net's loss; above that all is pale. The unit of the axes is the net's own filters. What to look for: how round the "
            "contours are, and how far the low ground reaches."
        )


def _deepen() -> None:
    experiment = state.current()
    state.jump(with_net(experiment, model=DEEP))
