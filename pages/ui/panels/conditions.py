"""The conditions of the race: where it starts, how long it lasts, what disturbs it; downloads and reset."""

import secrets
from dataclasses import replace
from typing import Any

import streamlit as st

from optimizers import Conditions, Hyper
from optimizers.conditions import DECLARED, ON_GRADIENT
from optimizers.schedules import SCHEDULES
from pages.scene.export import standalone_html
from pages.ui import controls, state
from pages.ui.compute import race
from pages.ui.experiment import MAX_SEEDS, MAX_STEPS, default_experiment
from pages.ui.panels.choice import choose
from pages.ui.present import paths_csv, race_data, seeds_told, surface_data

OFF = vars(Conditions())


def conditions() -> None:
    _start()
    _length()
    scheduled, disturbed = state.current().schedule is not None, state.current().conditions != Conditions()
    with controls.fold("Learning-rate schedule", "fold/schedule", ":material/show_chart:", scheduled) as open:
        if open:
            choose("Schedule of all racers without one of their own", "None: the rate stays as it is", SCHEDULES, state.current().schedule,
                   "schedule", lambda chosen: state.change(schedule=chosen))  # fmt: skip
    with controls.fold("Noise, clipping, decay", "fold/conditions", ":material/tune:", disturbed) as open:
        for declared in DECLARED if open else ():
            _condition(declared)
            if declared.key == "l2":
                _penalty()
    if state.current().problem.samples:
        _batches()
    if state.current().random:
        _seeds()
    _downloads()
    name = state.current().base.name
    st.button(f"Reset this race on {name}", icon=":material/restart_alt:", key="reset", width="stretch", on_click=_reset,
              help=f"The racers, rates, parameters, start and conditions that {name} opens with, seen as at first. A lesson is closed. "
                   "Back in the browser undoes it.")  # fmt: skip
    st.button("Start over", icon=":material/home:", key="over", width="stretch", on_click=lambda: state.jump(default_experiment()),
              help="The race that Ravine opens with, on its own landscape. Back in the browser undoes it.")  # fmt: skip


def _reset() -> None:
    current = state.current()
    state.jump(default_experiment(current.landscape, current.text))


def _start() -> None:
    start = state.current().start
    for axis, (column, name) in enumerate(zip(st.columns(2), ("Start x", "Start y"), strict=True)):

        def apply(value: float, axis: int = axis) -> None:
            x, y = state.current().start
            state.change(start=(value, y) if axis == 0 else (x, value))

        with column:
            st.number_input(name, step=0.1, format="%.10g", **state.shows(f"start/{axis}", start[axis], apply))
    st.button("Random start", icon=":material/casino:", key="random", width="stretch", on_click=_random_start)


def _random_start() -> None:
    (x0, x1), (y0, y1) = state.current().problem.domain
    draw = secrets.SystemRandom()
    state.change(start=(round(draw.uniform(x0, x1), 3), round(draw.uniform(y0, y1), 3)))


def _length() -> None:
    _whole("Ticks", "steps", 0, MAX_STEPS, 50, "One tick is one evaluation of loss and gradient.")
    tolerance = state.current().tolerance
    st.number_input("Tolerance", 1e-12, 1e6, step=tolerance / 2, format="%.3g",
                    help="A racer has arrived when its loss stays this close to the lowest.",
                    **state.shows("tolerance", tolerance, lambda value: state.change(tolerance=float(value))))  # fmt: skip


def _whole(name: str, field: str, low: int, high: int, step: int, help: str) -> None:
    def apply(value: float) -> None:
        fields: dict[str, Any] = {field: int(value)}
        state.change(**fields)

    st.number_input(name, low, high, step=step, help=help, **state.shows(field, getattr(state.current(), field), apply))


def _condition(declared: Hyper) -> None:
    value = getattr(state.current().conditions, declared.key)
    switch = f"condition/{declared.key}"

    def put(new: Any) -> None:
        state.change(conditions=replace(state.current().conditions, **{declared.key: new}))

    st.toggle(declared.name, help=declared.help,
              **state.shows(switch, value != OFF[declared.key], lambda on: put(declared.default if on else OFF[declared.key])))  # fmt: skip
    if value != OFF[declared.key]:
        controls.number(declared, value, f"{switch}/value", lambda new: put(float(declared.check(new))), declared.bounds, declared.symbol)
        if free := [racer.name for racer in state.current().racers if racer.method.gradient_free and declared.key in ON_GRADIENT]:
            st.caption(f"Does not reach {', '.join(free)}: no gradient is asked for.")


def _penalty() -> None:
    """Whether the picture is that of the loss alone."""
    if not state.current().conditions.l2:
        return

    def apply(on: Any) -> None:
        drawn = replace(state.current(), with_penalty=bool(on))
        _ = drawn.seen.lowest  # a formula that becomes too long says so here, and the old picture stays
        state.put(drawn)

    st.toggle("Contours include the penalty", **state.shows("penalty", state.current().with_penalty, apply),
              help="Landscape, minima, loss curve and distances are then those of the loss with the penalty, which is what the methods "
                   "descend.")  # fmt: skip


def _batches() -> None:
    experiment = state.current()
    samples = experiment.problem.samples
    _whole("Batch size (0: all the data)", "batch", 0, samples, 1, f"Samples that one tick looks at, of {samples:,}.")
    if experiment.batch:
        st.toggle("Drawn with replacement", **state.shows("replacement", experiment.replacement,
                                                          lambda on: state.change(replacement=bool(on))))  # fmt: skip


def _seeds() -> None:
    _whole("Seed of the noise", "seed", 0, 10**9, 1, "The same seed gives every racer the same noise, and everybody who opens the link.")
    _whole(
        "Runs a racer",
        "seeds",
        1,
        MAX_SEEDS,
        10,
        "The first is drawn everywhere; from two on, the loss curve has the median of all as dashes, shaded from quartile to quartile.",
    )

    outcomes = race(state.current())
    for racer in state.current().racers:
        if told := seeds_told(state.current(), outcomes[racer.slot]):
            st.caption(f"{racer.name}: {told}.")


def _downloads() -> None:
    experiment = state.current()  # the callables run when the button is clicked, on the experiment that was on screen
    name = f"ravine-{experiment.landscape}"
    st.download_button("Paths as CSV", lambda: paths_csv(experiment), f"{name}.csv", "text/csv", on_click="ignore",
                       icon=":material/table:", key="csv", width="stretch")  # fmt: skip
    st.download_button("Interactive HTML", lambda: standalone_html(surface_data(experiment), race_data(experiment, race(experiment), 0)),
                       f"{name}.html", "text/html", on_click="ignore", icon=":material/html:", key="html", width="stretch")  # fmt: skip
