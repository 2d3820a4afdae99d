"""The rooms of the page that show maps: tuning and basins."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from functools import partial
from typing import Any, cast

import streamlit as st

from optimizers.maps import Axis
from pages.heat import ears, maps
from pages.heat.payload import Maps, SheetData
from pages.ui import state, waiting
from pages.ui.experiment import Experiment
from pages.ui.jobs import Report
from pages.ui.maps.cases import Plan, case_of, plans, shown
from pages.ui.maps.choice import Choice, Range
from pages.ui.maps.hover import CELL, hover, on_open, put_shown
from pages.ui.maps.present import Shown, shown_of
from pages.ui.maps.present_basins import basins_data
from pages.ui.maps.present_tuning import tuning_data
from pages.ui.maps.session import catch_up, choose, chosen, look_only_at
from pages.ui.maps.work import Made, basins_work, tuning_work
from pages.ui.maps.zoom import on_zoom

AT_ONCE = 0.15  # s that a run of the page waits for its coarse maps; those that take longer come with the next look
LAST = "maps/last"

Data = tuple[Maps, list[SheetData]]


def tuning(experiment: Experiment, choice: Choice) -> None:
    """One map a racer over two axes."""
    planned, lacking = plans(experiment, choice)
    if not planned:
        st.info(lacking or "Nobody races: add an optimizer under Racers.")
        return
    key, work = ("tuning", planned, choice.side), partial(tuning_work, planned, choice.side)
    _room(experiment, key, work, planned, lambda ready: tuning_data(experiment, choice, ready, state.navigations(), lacking))


def basins(experiment: Experiment, choice: Choice) -> None:
    """One map of starts a racer."""
    cases = tuple((racer.slot, case_of(experiment, racer)) for racer in shown(experiment))
    if not cases:
        st.info("Nobody races: add an optimizer under Racers.")
        return
    x, y = frame_of(experiment, choice)
    planned = tuple(Plan(slot, case, start_axis(experiment, 0, x), start_axis(experiment, 1, y)) for slot, case in cases)
    key, work = ("basins", cases, x, y, choice.side), partial(basins_work, cases, x, y, choice.side)
    _room(experiment, key, work, planned, lambda ready: basins_data(experiment, choice, ready, state.navigations()))


def frame_of(experiment: Experiment, choice: Choice) -> tuple[Range, Range]:
    """The frame of starts: what was zoomed to, or the landscape's."""
    (x0, x1), (y0, y1) = choice.frame or experiment.problem.domain
    return (float(x0), float(x1)), (float(y0), float(y1))


def start_axis(experiment: Experiment, number: int, range: Range) -> Axis:
    """A coordinate of the start as an axis."""
    name = experiment.problem.coordinates[number]
    return Axis(cast(Any, "start"), "xy"[number], *range, "linear", f"start {name}")


Work = Callable[[Report], Iterator[dict[int, Made]]]


def _room(experiment: Experiment, key: Hashable, work: Work, planned: tuple[Plan, ...], data: Callable[[tuple[Shown, ...]], Data]) -> None:
    """The maps, what hears their viewer, and the run under the pointer."""
    look_only_at("map")
    ears(key="map", on={"open": on_open, "zoom": on_zoom, "tick": on_tick})
    _picture(experiment, key, work, planned, data)
    hover()


@st.fragment
def _picture(
    experiment: Experiment, key: Hashable, work: Work, planned: tuple[Plan, ...], data: Callable[[tuple[Shown, ...]], Data]
) -> None:
    """The maps that there are; until the first of them is made, the ones from before, faded. Runs again by itself until all are whole."""
    catch_up()
    job = waiting.jobs().start("map", key, work)
    job.wait(AT_ONCE, lambda found: len(found) == len(planned))
    busy = job.busy  # asked before the result is taken: what ends in between is whole with the next look
    found: Mapping[int, Made] = job.result or {}
    ready = shown_of(experiment, planned, found)
    if whole := len(ready) == len(planned):
        put_shown(ready)
        st.session_state[LAST] = data(ready)
    waiting.progress(job, "map", "Maps")
    if LAST in st.session_state:
        page, sheets = st.session_state[LAST]
        page["state"] = "waiting" if not whole else "coarse" if busy else "whole"
        maps(page, sheets, key="map")
    waiting.look_again(job)


def on_tick(sent: Any) -> None:
    steps = state.current().steps
    if isinstance(sent, int) and 0 <= sent <= steps and chosen().tick != sent:
        choose(tick=None if sent == steps else sent)


def forget() -> None:
    """Another kind of map: nothing of the last one is worth keeping on screen."""
    for key in (LAST, CELL):
        st.session_state.pop(key, None)
