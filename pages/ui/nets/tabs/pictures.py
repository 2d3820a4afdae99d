"""Images that no net was trained on, the hardest first, with what every shown net says of them at the cursor."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import streamlit as st

from landscape.nets import NetProblem, hardest
from landscape.nets import answers as say
from landscape.nets.mistakes import Hardest
from pages.figures.tiles import tiles
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.words import times

MOST, ROW = 16, 4  # images in all, and in a figure: two stand side by side, or one above the other on a phone


def pictures(experiment: NetsExperiment, present: Sequence[tuple[Racer, np.ndarray]]) -> None:
    """For racers with their weights (n,). Data must be images of classes."""
    problem, part = experiment.problem, experiment.problem.split.validation
    said = np.stack([_said(problem, weights.astype(np.float64).tobytes()) for _, weights in present], axis=-1)
    found = hardest(said, part.y, MOST)
    racers = [racer for racer, _ in present]
    if found.able.any():
        names = [*problem.dataset.class_names, "–"]  # the last one for who is SILENT
        truths = [names[part.y[at]] for at in found.samples]
        answers = [[names[number] for number in found.classes[at]] for at in found.samples]
        marks = [(racer.mark.glyph, racer.mark.color) for racer in racers]
        with st.container(key="nets-images"):  # page.css gives its letters the colour of the page's text
            for first in range(0, len(found.samples), 2 * ROW):
                for column, begin in zip(st.columns(2), (first, first + ROW), strict=True):
                    these = slice(begin, begin + ROW)
                    if truths[these]:
                        picture = tiles(part.x[found.samples[these]], truths[these], answers[these], marks, ROW)
                        column.plotly_chart(picture, key=f"nets/images/{begin}", config={"staticPlot": True})
        with st.container(key="nets-images-spoken"):  # page.css keeps it for those who listen
            st.markdown("\n".join(spoken(truths, answers, [experiment.called(racer) for racer in racers])))
    st.caption(chosen(found, part.y, [experiment.called(racer) for racer in racers]))


def chosen(found: Hardest, labels: np.ndarray, names: Sequence[str]) -> str:
    """By which rule, of how many, and who says nothing."""
    silent = [name for name, able in zip(names, found.able, strict=True) if not able]
    gone = f"What {' and '.join(silent)} came to is not finite here: no answers. " if silent else ""
    if len(silent) == len(names):
        return f"{gone}Move the cursor to an earlier tick."
    amount, nets = times(len(labels), "validation image"), int(found.able.sum())
    who = {1: "the net gets", 2: "both nets get"}.get(nets, f"all {nets} nets get")
    order = "what most nets get wrong" if nets > 1 else "what it gets wrong"
    return (
        f"{gone}Of {amount}, which no net is trained on, {who} {found.all_right:,} right at the cursor. Shown are the {len(found.samples)} "
        f"hardest: first {order}, and among equals those to whose true class the least is given. Below each image what it is, and what "
        "each racer takes it for; × marks a wrong answer."
    )


def spoken(truths: Sequence[str], answers: Sequence[Sequence[str]], names: Sequence[str]) -> list[str]:
    """The tiles in words, a line each."""
    return [
        f"- Image {number} is {truth}. "
        + "; ".join(
            f"{name}: {'no answer' if a == '–' else a if a == truth else a + ', wrong'}" for name, a in zip(names, row, strict=True)
        )
        for number, (truth, row) in enumerate(zip(truths, answers, strict=True), start=1)
    ]


@lru_cache(maxsize=64)
def _said(problem: NetProblem, weights: bytes) -> np.ndarray:
    return say(problem, np.frombuffer(weights), problem.split.validation.x).astype(np.float32)
