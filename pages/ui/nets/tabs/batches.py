"""Batch size against speed, stability and generalisation: small multiples, one scale a row, and which differences are more than luck."""

from functools import partial

import numpy as np
import streamlit as st

from pages.figures.grid import grid
from pages.figures.lines import Line, Panel
from pages.ui.nets import batches
from pages.ui.nets.batches import SEEDS, ByBatch, Compared
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import task
from pages.ui.nets.sharpness import edge_of
from pages.ui.nets.tabs.table import table
from pages.ui.words import duration, figure

NEAR = 10.0  # times the largest eigenvalue: a level farther off would flatten everything else
ASKED = "nets/asked/batches"  # the experiment for which somebody asked


def by_batch(experiment: NetsExperiment) -> None:
    st.markdown("**What the batch size does to speed, stability and generalisation**")
    sizes = ", ".join(str(size or "all the data") for size in batches.sizes(experiment))
    if st.session_state.get(ASKED) != experiment.trained:
        st.caption(f"Trains every racer anew with batches of {sizes}, {SEEDS} seeds each: about {duration(batches.expected(experiment))} "
                   "here while nobody else computes.")  # fmt: skip
        st.button("Train at every batch size", icon=":material/grid_view:", key="nets/ask/batches",
                  on_click=lambda: st.session_state.update({ASKED: experiment.trained}))  # fmt: skip
        return
    found: list[ByBatch] = task("batches", experiment.trained, partial(batches.by_batch, experiment), "Training at every batch size") or []
    if not found:
        return
    st.plotly_chart(grid(_rows(experiment, found), 170), key="nets/batches", config={"displayModeBar": False})
    st.caption(
        f"From above: **speed** by evaluation and by sample, **stability**, **generalisation**. Lines are the median of {SEEDS} seeds of "
        f"weights and batches, shades reach from the lowest to the highest; the eigenvalue is the first seed's. {experiment.steps:,} "
        "evaluations each, at the racer's own rate: larger batches see more samples. Dotted: the curvature above which a racer's "
        "full-batch steps are unstable, 2/lr for gradient descent; adaptive methods have no such level."
        + _beyond(experiment, found)
        + _lost(experiment, found)
    )
    _told(experiment, found)


def _rows(experiment: NetsExperiment, found: list[ByBatch]) -> list[list[Panel]]:
    sizes = sorted({one.size for one in found})
    samples = len(experiment.problem.split.train)
    rows: list[list[Panel]] = [[], [], [], []]
    highest = _highest(found)
    for size in sizes:
        some = [one for one in found if one.size == size]
        title = f"batches of {size}" if size < samples else f"all {size}"
        rows[0].append(Panel(title, "evaluations", "training loss", [_seeds(experiment, one, one.ticks, one.train) for one in some], "log"))
        spent = [_seeds(experiment, one, one.ticks[1:] * size, one.train[:, 1:]) for one in some]  # none seen has no logarithm
        rows[1].append(Panel("", "samples seen", "training loss", spent, "log", "log"))
        rows[2].append(Panel("", "evaluations", "eigenvalue", _sharp(experiment, some, highest), "log"))
        held = [_seeds(experiment, one, one.ticks, one.validation) for one in some]
        rows[3].append(Panel("", "evaluations", "validation loss", held, "log"))
    return rows


def _seeds(experiment: NetsExperiment, one: ByBatch, x: np.ndarray, losses: np.ndarray) -> Line:
    name, color, marker = _mark(experiment, one.slot)
    known = ~np.isnan(losses).all(axis=0)
    low, middle, high = np.nanquantile(losses[:, known], (0.0, 0.5, 1.0), axis=0) if known.any() else np.empty((3, 0))
    return Line(name, color, marker, x[known], middle, low=low, high=high)


def _highest(found: list[ByBatch]) -> float:
    return max(float(one.along.max()) for one in found)


def _sharp(experiment: NetsExperiment, some: list[ByBatch], highest: float) -> list[Line]:
    lines = []
    for one in some:
        name, color, marker = _mark(experiment, one.slot)
        lines.append(Line(name, color, marker, one.at, one.along))
        racer = experiment.racer(one.slot)
        if racer and (edge := edge_of(racer)) and edge <= NEAR * highest:
            lines.append(Line(name, color, marker, one.ticks[[0, -1]], np.full(2, edge), dashed=True))
    return lines


def _mark(experiment: NetsExperiment, slot: int) -> tuple[str, str, str]:
    racer = experiment.racer(slot)
    return (experiment.called(racer), racer.mark.color, racer.mark.marker) if racer else ("", "#808a8a", "circle")


def _beyond(experiment: NetsExperiment, found: list[ByBatch]) -> str:
    """Levels too far off to be drawn."""
    edges = {experiment.called(racer): edge for racer in experiment.racers if (edge := edge_of(racer)) and edge > NEAR * _highest(found)}
    return f" Far above the picture: {', '.join(f'{name} {figure(edge)}' for name, edge in edges.items())}." if edges else ""


def _lost(experiment: NetsExperiment, found: list[ByBatch]) -> str:
    lost = [f"{_mark(experiment, one.slot)[0]} at {one.size} ({one.diverged} of {SEEDS})" for one in found if one.diverged]
    return f" Diverged, and drawn up to there: {', '.join(lost)}." if lost else ""


def _told(experiment: NetsExperiment, found: list[ByBatch]) -> None:
    """The smallest batch against all the data, racer by racer, as soon as both are there."""
    last = len(batches.sizes(experiment))
    whole = [some for slot in dict.fromkeys(one.slot for one in found) if len(some := [x for x in found if x.slot == slot]) == last]
    if not whole or last < 2:
        return
    rows = [(_mark(experiment, some[0].slot)[0], batches.level(some), batches.compared(some)) for some in whole]
    table({
        f"Batches of {whole[0][0].size} → all": [name for name, _, _ in rows],
        "Evaluations to a training loss of": [f"{figure(down)}: {words(two['evaluations'])}" for _, down, two in rows],
        "Samples to the same": [words(two["samples"]) for _, _, two in rows],
        "Largest eigenvalue at the end": [words(two["eigenvalue"]) for _, _, two in rows],
        "Validation loss at the end": [words(two["validation"]) for _, _, two in rows],
    })  # fmt: skip
    st.caption(
        "Medians over the seeds. The training loss is one that every size and seed of this racer came down to, seen at snapshots "
        f"{experiment.every:,} evaluations apart. *Inside the noise*: a seed of the one lies among the seeds of the other, so {SEEDS} "
        "seeds do not tell the two apart. Where they do, chance alone would have done so once in 35 times, for each entry of the table."
    )


def words(two: Compared) -> str:
    """Both medians, and whether more than luck lies between them."""
    if not len(two.small) or not len(two.large):
        return "diverged"
    small, large = float(np.median(two.small)), float(np.median(two.large))
    both = f"{_short(small)} → {_short(large)}"
    if min(len(two.small), len(two.large)) < SEEDS:
        return f"{both}, some diverged"
    return f"**{both}**" if two.told else f"{both}, inside the noise"


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 else figure(value)
