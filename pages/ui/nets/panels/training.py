"""How they train: evaluations, batch, seed, schedule, what disturbs them."""

from dataclasses import replace
from typing import Any

import streamlit as st

from optimizers import Conditions, Hyper
from optimizers.conditions import DECLARED
from optimizers.schedules import SCHEDULES
from pages.ui import controls
from pages.ui.common import OFF
from pages.ui.nets import state
from pages.ui.nets.experiment import MAX_STEPS, default_nets
from pages.ui.panels.choice import choose
from pages.ui.words import times


def training() -> None:
    experiment = state.current()
    samples = len(experiment.problem.split.train)
    _whole("Evaluations", "steps", 1, MAX_STEPS, 50, "One evaluation is one loss and gradient, on a batch. Each racer gets as many.")
    st.caption(f"The picture has a snapshot of the weights every {times(experiment.every, 'evaluation')}.")
    _whole("Batch size (0: all the data)", "batch", 0, samples, 1, f"Samples that one evaluation looks at, of {samples:,}.")
    if experiment.batch:
        st.toggle("Drawn with replacement", **state.shows("nets/replacement", experiment.replacement,
                                                          lambda on: state.change(replacement=bool(on))))  # fmt: skip
    _whole("Seed", "seed", 0, 10**6, 1, "Of the initial weights, the batches and the noise: the same for all racers.")
    with controls.fold("Learning-rate schedule", "nets/fold/schedule", ":material/show_chart:", experiment.schedule is not None) as open:
        if open:
            choose("Schedule of all racers without one of their own", "None: the rate stays as it is", SCHEDULES, experiment.schedule,
                   "nets/schedule", lambda chosen: state.change(schedule=chosen))  # fmt: skip
    with controls.fold("Noise, clipping, decay", "nets/fold/conditions", ":material/tune:", experiment.conditions != Conditions()) as open:
        for declared in DECLARED if open else ():
            _condition(declared)
    st.button("Reset to the preset", icon=":material/restart_alt:", key="nets/reset", width="stretch",
              help="The net, racers, plane and settings that this preset opens with. Back in the browser undoes it.",
              on_click=lambda: state.jump(default_nets(state.current().preset)))  # fmt: skip


def _whole(name: str, field: str, low: int, high: int, step: int, help: str) -> None:
    def apply(value: float) -> None:
        changes: dict[str, Any] = {field: int(value)}
        state.change(cursor=None, **changes)

    st.number_input(name, low, high, step=step, help=help, **state.shows(f"nets/{field}", getattr(state.current(), field), apply))


def _condition(declared: Hyper) -> None:
    value = getattr(state.current().conditions, declared.key)
    switch = f"nets/condition/{declared.key}"

    def put(new: Any) -> None:
        state.change(conditions=replace(state.current().conditions, **{declared.key: new}))

    st.toggle(declared.name, help=declared.help,
              **state.shows(switch, value != OFF[declared.key], lambda on: put(declared.default if on else OFF[declared.key])))  # fmt: skip
    if value != OFF[declared.key]:
        controls.number(declared, value, f"{switch}/value", lambda new: put(float(declared.check(new))), declared.bounds, declared.symbol)
