"""Sharpness: along training against the edge of stability, at the end in several measures, and against batch size."""

from functools import partial

import numpy as np
import streamlit as st

from landscape.nets.planes.curvature import Estimate
from landscape.nets.planes.sharpness import Rise
from pages.figures.lines import Line, Panel, lines, shared
from pages.ui.controls import log_grid
from pages.ui.nets import sharpness, state
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now, task
from pages.ui.nets.tabs.batches import by_batch
from pages.ui.nets.tabs.table import table
from pages.ui.nets.under import RADII
from pages.ui.words import figure

QUIET = {"displayModeBar": False}
WIDTH = 232  # pixels, of one racer's panel: four stand side by side


def sharp(experiment: NetsExperiment, work: Now) -> None:
    if not work.over:
        st.caption("Comes when the racers have trained.")
        return
    _along(experiment, work)
    _at_end(experiment, work)
    by_batch(experiment)


def _along(experiment: NetsExperiment, work: Now) -> None:
    result = task("along", experiment.trained, partial(sharpness.along, experiment, work.records), "Curvature along the paths")
    panels: list[Panel] = []
    for one in result or []:
        racer = experiment.racer(one.slot)
        if racer is None:
            continue
        mark = racer.mark
        drawn = [Line(name, mark.color, mark.marker, one.ticks, one.top[:, k], k > 0, legend=False)
                 for k, name in enumerate(("largest", "second")) if k < one.top.shape[1]]  # fmt: skip
        level = [(one.edge, f"unstable above {figure(one.edge)}", "#808a8a")] if one.edge else []
        panels.append(Panel(experiment.called(racer), "evaluations", "eigenvalue", drawn, levels=level))
    if panels:
        st.markdown("**How sharp the ground gets on the way down**")
        _side_by_side(panels, 290, "nets/along", shared(panels))
        st.caption(
            "The Hessian's two largest eigenvalues (solid, dotted) over all the training data. Where a method's steps are known to be "
            "unstable above some curvature (2/lr for gradient descent), the dotted level shows it: with full batches the largest "
            "eigenvalue rises to it and stays there (Cohen et al. 2021); an arrow stands for a level far above all that was met. "
            "Adaptive methods rescale each weight and have no such level."
        )


def _side_by_side(panels: list[Panel], height: int, key: str, within: tuple[float, float] | None = None) -> None:
    """Each panel a figure of its own: on a narrow screen they stand below one another."""
    with st.container(horizontal=True, gap="small"):
        for place, panel in enumerate(panels):
            st.plotly_chart(lines(panel, height, within), key=f"{key}/{place}", width=WIDTH, config=QUIET)


def _at_end(experiment: NetsExperiment, work: Now) -> None:
    result = task("end", experiment.trained, partial(sharpness.at_end, experiment, work.records), "Measures at the ends")
    found = [(experiment.racer(one.slot), one) for one in result or []]
    if not found:
        return
    st.markdown("**How sharp it is where they ended**")
    radius = _radius(experiment)
    high: dict[int, Rise] = task("rises", (experiment.trained, radius), partial(sharpness.rises, experiment, work.records, radius),
                                 "The loss around the ends") or {}  # fmt: skip
    table({
        "Racer": [experiment.called(racer) if racer else "" for racer, _ in found],
        "Largest eigenvalue": [figure(one.top) for _, one in found],
        "Trace of the Hessian": [_spread(one.trace) for _, one in found],
        f"Rise {figure(radius)} |w| away": [_spread(high[one.slot].random) if one.slot in high else "" for _, one in found],
        "The same, uphill": [figure(high[one.slot].uphill) if one.slot in high else "" for _, one in found],
        f"Width to a rise of {sharpness.RISE:g}": [_width(one.width) for _, one in found],
    })  # fmt: skip
    st.caption(
        "± is the standard error over random draws. The rise is measured so far away, in random directions and straight uphill. The width "
        "is how far one can go along filter-normalised random directions, in multiples of the filters' own lengths (median; Li et al. "
        "2018). These measures need not agree: doubling one layer and halving the next changes the first four, not the width."
    )


def _radius(experiment: NetsExperiment) -> float:
    radius = experiment.under.radius
    offered = tuple(sorted({*log_grid(*RADII), radius}))
    st.select_slider("How far away the rise of the loss is measured, in lengths of the weights", offered,
                     format_func=lambda value: f"{value:.10g}",
                     **state.shows("nets/sharp/radius", radius, lambda value: state.change_under(radius=float(value))))  # fmt: skip
    return radius


def _spread(estimate: Estimate) -> str:
    return f"{figure(estimate.value)} ± {figure(estimate.error)}"


def _width(widths: np.ndarray) -> str:
    middle = float(np.median(widths))
    return figure(middle) if np.isfinite(middle) else "beyond 4"
