"""K-FAC's picture of a net's curvature: the exact Fisher matrix, its blocks, the Kronecker products that stand for them, the difference."""

from functools import lru_cache

import numpy as np
import streamlit as st

from landscape.nets import FisherMaps, NetProblem, fisher_maps
from pages.figures.matrices import matrices
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now
from pages.ui.words import figure

QUIET = {"displayModeBar": False}


def factors(experiment: NetsExperiment, work: Now) -> None:
    problem = experiment.problem
    if reason := problem.lacks("fisher") or problem.lacks("kronecker"):
        st.info(f"Not for this net: {reason} The preset “A 2-4-3 net” is small enough to look at.")
        return
    racer = experiment.racer(experiment.selected)
    record = work.records.get(experiment.selected)
    if racer is None or record is None:
        return
    training = record.training
    last = len(training.ticks) - 1
    at = last if experiment.cursor is None else min(experiment.cursor, last)
    if not np.isfinite(training.weights[at]).all():
        st.info(f"{experiment.called(racer)} has diverged here: move the cursor back.")
        return
    found = _maps(problem, training.weights[at].astype(np.float64).tobytes())
    st.plotly_chart(matrices(
        [("exact Fisher F", found.fisher), ("its blocks, layer by layer", found.blocks), ("K-FAC: A ⊗ G", found.kronecker),
         ("blocks − A ⊗ G", found.difference)],
    ), key="nets/fisher", config=QUIET)  # fmt: skip
    pairs = [
        (f"{name} of layer {k}", matrix) for k, layer in enumerate(found.layers, 1) for name, matrix in (("A", layer.A), ("G", layer.G))
    ]
    st.plotly_chart(matrices(pairs, 180), key="nets/factors", config=QUIET)
    st.caption(_words(found, experiment.called(racer), int(training.ticks[at])))


def _words(found: FisherMaps, name: str, ticks: int) -> str:
    kept = sum(layer.A.size + layer.G.size for layer in found.layers)
    off = float(np.linalg.norm(found.fisher - found.blocks) / np.linalg.norm(found.fisher))
    wrong = float(np.linalg.norm(found.difference) / np.linalg.norm(found.blocks))
    return (
        f"At the weights of {name} after {ticks:,} evaluations; {found.fisher.shape[0]:,} weights. What lies between the layers, which "
        f"K-FAC leaves out, is {figure(off)} of the Fisher matrix; within the blocks A ⊗ G is off by {figure(wrong)} (Frobenius norms). "
        f"The factors are {kept:,} numbers in place of {found.fisher.size:,}. Red is positive, blue negative, white zero; colours follow "
        "the square root, and the pointer reads the entries."
    )


@lru_cache(maxsize=32)
def _maps(problem: NetProblem, weights: bytes) -> FisherMaps:
    return fisher_maps(problem, np.frombuffer(weights))
