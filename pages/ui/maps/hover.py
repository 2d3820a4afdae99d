"""The run under the pointer: which one it is, its path, and a sentence about it; and how it becomes a racer."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from pages.heat import hovered
from pages.heat.payload import Hovered
from pages.scene.payload import Surface, encode
from pages.ui import state
from pages.ui.compute import Outcome, outcome
from pages.ui.experiment import Experiment, Racer
from pages.ui.maps.cases import moved
from pages.ui.maps.present import Shown
from pages.ui.maps.session import OPENED, catch_up
from pages.ui.present import surface_data
from pages.ui.words import figure, sentence

SHOWN, CELL = "maps/shown", "maps/cell"


@dataclass(frozen=True)
class Cell:
    """A run on a map, by what it is rather than by where it is drawn: it outlives a finer map."""

    slot: int
    values: tuple[tuple[str, float], ...]  # by word: "hyper.lr", "start.x"
    n: int = 0


def put_shown(shown: tuple[Shown, ...]) -> None:
    """What the visitor has before the eyes: cells are read against it."""
    board = shown_board()
    board.clear()
    board.update({one.racer.slot: one for one in shown})


def shown_board() -> dict[int, Shown]:
    """The maps on screen, by slot: always the same object, so that a download's button gives what is there when it is pressed."""
    board: dict[int, Shown] = st.session_state.setdefault(SHOWN, {})
    return board


def cell_of(sent: Any) -> Cell | None:
    """What a browser pointed at; None for anything else: browsers send what they like, and maps change meanwhile."""
    known: Mapping[int, Shown] = st.session_state.get(SHOWN, {})
    try:
        one, i, j = known[int(sent["map"])], int(sent["i"]), int(sent["j"])
        xs, ys = one.made.sheet.xs, one.made.sheet.ys
        n = int(sent.get("n", 0))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    if not (0 <= i < sent.get("nx", 0) and 0 <= j < sent.get("ny", 0)):
        return None
    # a finer map may have come since: the same place on it
    i, j = i * len(xs) // sent["nx"], j * len(ys) // sent["ny"]
    return Cell(one.racer.slot, ((one.x.word, float(xs[i])), (one.y.word, float(ys[j]))), n)


def on_cell(sent: Any) -> None:
    if cell := cell_of(sent):
        st.session_state[CELL] = cell


def on_open(sent: Any) -> None:
    """A run becomes a racer, under its own conditions; the page then goes to the race."""
    cell = cell_of(sent)
    experiment = state.current()
    racer = experiment.racer(cell.slot) if cell else None
    if cell is None or racer is None:
        return
    there, changed = moved(experiment, racer, cell.values)
    if changed != racer and there.free_slots:
        changed = replace(changed, slot=there.free_slots[0])
    there = replace(there.with_racer(changed), selected=changed.slot, cursor=None)
    state.jump(there)
    st.session_state[OPENED] = experiment


@st.fragment
def hover() -> None:
    """The small plane, in a fragment of its own."""
    catch_up()
    experiment, cell = state.current(), st.session_state.get(CELL)
    known: Mapping[int, Shown] = st.session_state.get(SHOWN, {})
    run, ground = run_data(experiment, known, cell)
    hovered(run, ground, key="map", on_cell=on_cell)


def run_data(experiment: Experiment, known: Mapping[int, Shown], cell: Cell | None) -> tuple[Hovered, Surface]:
    """The runs of all racers at that cell, the one that was pointed at first."""
    one = known.get(cell.slot) if cell else None
    if cell is None or one is None or [word for word, _ in cell.values] != [one.x.word, one.y.word]:
        surface = surface_data(experiment)
        title, says = "The run under the pointer", "Point at a map, or move its cell with the arrow keys."
        return {"n": 0, "ground": surface["key"], "title": title, "says": says, "start": list(experiment.start), "runs": []}, surface
    there, racer = moved(experiment, one.racer, cell.values)
    surface = surface_data(there)
    words = [word for word, _ in cell.values]
    others = [other.racer for slot, other in known.items() if slot != cell.slot and [other.x.word, other.y.word] == words]
    racers = [racer, *(moved(experiment, other, cell.values)[1] for other in others)]
    outcomes = [run_at(there, each) for each in racers]
    names = {one.x.word: one.x.name, one.y.word: one.y.name}
    place = ", ".join(f"{names[word] or word} {value:.4g}" for word, value in cell.values)
    facts, loss = outcomes[0].facts, float(outcomes[0].run.loss[-1])
    says = f"{place}. {sentence(facts, there.problem, there.tolerance)}" + (f" Final loss {figure(loss)}." if math.isfinite(loss) else "")
    trails: Any = [
        {"color": each.mark.color, "marker": each.mark.marker, "path": encode(found.run.path)}
        for each, found in zip(racers, outcomes, strict=True)
    ]
    return {"n": cell.n, "ground": surface["key"], "title": racer.name, "says": says, "start": list(there.start), "runs": trails}, surface


def run_at(experiment: Experiment, racer: Racer) -> Outcome:
    return outcome(experiment.setup, replace(racer, slot=0, shown=True))
