"""The conditions of the race: where it starts, how long it lasts, what counts as arrived; downloads and reset."""

import secrets

import streamlit as st

from pages.scene.export import standalone_html
from pages.ui import state
from pages.ui.compute import race
from pages.ui.experiment import MAX_STEPS, default_experiment
from pages.ui.present import paths_csv, race_data, surface_data


def conditions() -> None:
    _start()
    _length()
    _downloads()
    st.button("Reset everything", icon=":material/restart_alt:", key="reset", width="stretch",
              on_click=lambda: state.jump(default_experiment(state.current().landscape)))  # fmt: skip


def _start() -> None:
    start = state.current().start
    for axis, (column, name) in enumerate(zip(st.columns(2), ("Start x", "Start y"), strict=True)):
        key = f"start/{axis}"

        def apply(value: float, axis: int = axis) -> None:
            x, y = state.current().start
            state.change(start=(value, y) if axis == 0 else (x, value))

        with column:
            state.hold(key, start[axis])
            st.number_input(name, key=key, step=0.1, format="%.10g", on_change=state.on_change(key, apply))
    st.button("Random start", icon=":material/casino:", key="random", width="stretch", on_click=_random_start)


def _random_start() -> None:
    (x0, x1), (y0, y1) = state.current().problem.domain
    draw = secrets.SystemRandom()
    state.change(start=(round(draw.uniform(x0, x1), 3), round(draw.uniform(y0, y1), 3)))


def _length() -> None:
    experiment = state.current()
    state.hold("steps", experiment.steps)
    st.number_input("Ticks (one tick is one evaluation of loss and gradient)", 0, MAX_STEPS, step=50, key="steps",
                    on_change=state.on_change("steps", lambda steps: state.change(steps=int(steps))))  # fmt: skip
    state.hold("tolerance", experiment.tolerance)
    st.number_input("Tolerance: arrived when the loss stays this close to the lowest", 1e-12, 1e6, step=experiment.tolerance / 2,
                    format="%.3g", key="tolerance",
                    on_change=state.on_change("tolerance", lambda value: state.change(tolerance=float(value))))  # fmt: skip


def _downloads() -> None:
    experiment = state.current()  # the callables run when the button is clicked, on the experiment that was on screen
    name = f"ravine-{experiment.landscape}"
    st.download_button("Paths as CSV", lambda: paths_csv(experiment), f"{name}.csv", "text/csv", on_click="ignore",
                       icon=":material/table:", key="csv", width="stretch")  # fmt: skip
    st.download_button("Interactive HTML", lambda: standalone_html(surface_data(experiment), race_data(experiment, race(experiment), 0)),
                       f"{name}.html", "text/html", on_click="ignore", icon=":material/html:", key="html", width="stretch")  # fmt: skip
