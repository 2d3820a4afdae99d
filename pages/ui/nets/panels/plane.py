"""Which plane through weight space is drawn, and what of it."""

from functools import partial
from typing import Any

import streamlit as st

from landscape import Parameter
from pages.ui import controls
from pages.ui.nets import state
from pages.ui.nets.kinds import KINDS
from pages.ui.nets.measures import MEASURES
from pages.ui.panels.roster import label

SCALES = {"filter": "each filter as long as the net's (Li et al.)", "layer": "each layer as long as the net's", "none": "not scaled"}
VECTORS = {"zero": "do not move", "scale": "move, scaled like a layer", "copy": "move along themselves"}
SPAN = Parameter(
    "span", "Size of the frame", 1.0, 0.05, 20.0, "log", help="1 shows the paths, or random directions up to the net's own lengths."
)
POINTS = Parameter("points", "Points a side", 61, 11, 151, integer=True, help="The loss is evaluated at up to its square.")
SEED = Parameter("seed", "Seed of the directions", 0, 0, 99, integer=True)


def plane() -> None:
    experiment = state.current()
    choice, kind = experiment.plane, KINDS[experiment.plane.kind]
    _radio("Directions", "kind", {key: one.name for key, one in KINDS.items()}, kind.help)
    if kind.racers > 1:
        _ends({racer.slot: f"{racer.mark.glyph} {experiment.called(racer)}" for racer in experiment.racers})
    elif len(experiment.racers) > 1:
        _radio("Through the end of", "of", {racer.slot: label(racer) for racer in experiment.racers}, horizontal=True)
    if kind.scaled:
        _number(SEED, choice.seed)
        _radio("Length of the directions", "scale", SCALES)
        _radio("Biases and norm parameters", "vectors", VECTORS)
    _radio("Height", "measure", {key: one.name for key, one in MEASURES.items()})
    if choice.measure == "penalised" and not experiment.conditions.l2:
        st.caption("There is no L2 penalty yet: switch it on under Training.")
    _number(SPAN, choice.span)
    _number(POINTS, choice.points)


def _ends(names: dict[int, str]) -> None:
    """Through whose ends: three menus; who is chosen in two of them changes places."""
    ends = state.current().plane.ends
    if len(names) < len(ends):
        st.info(f"This plane needs {len(ends)} racers; there are {len(names)}. Add one under Racers.")
        return
    for place in range(len(ends)):
        words = ("From the end of, at (0, 0)", "to the end of", "and to the end of")[place]
        st.selectbox(words, list(names), format_func=lambda slot: names[slot],
                     **state.shows(f"nets/plane/end/{place}", ends[place], partial(_through, place), names))  # fmt: skip


def _through(place: int, slot: int) -> None:
    ends = list(state.current().plane.ends)
    if slot in ends:
        ends[ends.index(slot)] = ends[place]
    ends[place] = slot
    state.change_plane(ends=tuple(ends))


def _radio(name: str, field: str, options: dict[Any, str], help: str | None = None, horizontal: bool = False) -> None:
    now = getattr(state.current().plane, field)
    st.radio(name, list(options), format_func=lambda one: options[one], help=help, horizontal=horizontal,
             **state.shows(f"nets/plane/{field}", now, lambda value: state.change_plane(**{field: value}), options))  # fmt: skip


def _number(declared: Parameter, value: float) -> None:
    def apply(new: float) -> None:
        number = declared.check(new)
        state.change_plane(**{declared.key: int(number) if declared.integer else number})

    controls.parameter(declared, value, f"nets/plane/{declared.key}", apply)
