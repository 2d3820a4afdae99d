"""What is folded away below the picture: the selected racer's step at the cursor in numbers, and mini-batches it could have met there."""

from functools import lru_cache

import numpy as np
import streamlit as st

from landscape import Problem
from optimizers import Batches
from optimizers.minibatches import DRAWS, Cloud, cloud, law, sizes, spreads
from pages.figures.dust import brushed
from pages.ui import controls, state
from pages.ui.compute import anywhere, outcome, slopes
from pages.ui.experiment import Experiment, Racer
from pages.ui.words import figure
from pages.ui.words import vector as in_latex

MEANINGS = {
    "Arrived": "its loss came to within the tolerance of the lowest known minimum, and stayed there. The tolerance is under Race.",
    "… in distance": "the evaluations after which the racer itself, not its loss, stayed within the tolerance of a lowest minimum.",
    "Ended near": "the minimum at which it stood in the end; a dash where it stood at none.",
    "Climbs": "its loss has risen over the last three ticks: it went past something, or noise or a penalty pushes it.",
    "Zig-zags": "it jumps from one wall of a valley to the other: the slope across the valley changes sign at more than a quarter "
    "of its steps.",
    "Rate times the largest curvature": "how far a step goes where the ground is most curved. 1 lands at the bottom of a parabola, "
    "2 just as high on its other wall.",
    "Stability edge": "the most that this product may be: beyond it each jump ends higher than the one before, until the racer has left "
    "the valley or diverged. It is 2 for gradient descent, 2(1 + momentum) with momentum.",
}
UNSET = 16  # samples a batch, where the race takes all of them


def at_the_cursor() -> None:
    experiment = state.current()
    with controls.fold("What the words in the table mean", "fold/words", ":material/help:") as open:
        if open:
            st.markdown("\n".join(f"- **{word}**: {meaning}" for word, meaning in MEANINGS.items()))
    racer = experiment.racer(experiment.selected)
    if racer is None:
        return
    with controls.fold(f"{racer.name}: this step in numbers", "fold/step", ":material/calculate:") as open:
        if open:
            _step(experiment, racer)
    if experiment.problem.samples and not racer.method.gradient_free:
        with controls.fold("Mini-batch gradients here", "fold/batches", ":material/scatter_plot:") as open:
            if open:
                _batches(experiment, racer)


def _step(experiment: Experiment, racer: Racer) -> None:
    """Where it stands, what it was told there, where it goes."""
    run = outcome(experiment.setup, anywhere(racer)).run
    if not experiment.steps:
        st.caption("The race has no ticks.")
        return
    tick = min(_tick(experiment), experiment.steps - 1)
    if not np.isfinite(run.path[tick : tick + 2]).all():
        st.caption(f"It has diverged by tick {tick:,}: there are no numbers to show.")
        return
    domain = experiment.problem.domain

    def vector(values: np.ndarray) -> str:
        return in_latex(brushed(values, domain))

    lines = [rf"\theta_{{{tick}}} = {vector(run.path[tick])}"]
    if not np.array_equal(run.queries[tick], run.path[tick]):
        lines.append(rf"\text{{asked at }} {vector(run.queries[tick])}")
    if not racer.method.gradient_free:
        raw, clipped = slopes(experiment.setup, anywhere(racer))
        lines.append(rf"g_{{{tick}}} = {vector(raw[tick])}")
        if not np.array_equal(raw[tick], clipped[tick]):
            lines.append(rf"\text{{clipped to }} {vector(clipped[tick])}")
    moved = run.path[tick + 1] - run.path[tick]
    lines.append(rf"\theta_{{{tick + 1}}} = {vector(run.path[tick])} + {vector(moved)} = {vector(run.path[tick + 1])}")
    controls.formula(racer.method.latex(racer.values)[-1], *lines)


def _batches(experiment: Experiment, racer: Racer) -> None:
    from pages.figures import minibatches  # Plotly's Python side takes a quarter of a second, which only who opens this waits for

    point = outcome(experiment.setup, anywhere(racer)).run.path[_tick(experiment)]
    if not np.isfinite(point).all():
        st.caption("It has diverged: move the cursor to an earlier tick.")
        return
    problem, size = experiment.problem, experiment.batch_of(racer) or min(UNSET, experiment.problem.samples)
    here, measured, expected = _clouds(experiment.setup, (float(point[0]), float(point[1])), size)
    color = racer.mark.color
    figures = (
        minibatches.cloud_figure(here, problem.coordinates, color),
        minibatches.mean_figure(here, color),
        minibatches.variance_figure(sizes(problem), measured, expected, size, experiment.replacement, color),
    )
    for place, (column, drawn) in enumerate(zip(st.columns(3), figures, strict=True)):
        column.plotly_chart(drawn, key=f"batches/{place}", config={"displayModeBar": False})
    drawn_how = f"{DRAWS} batches of {size} {'with' if experiment.replacement else 'without'} replacement"
    instead = "" if experiment.batch_of(racer) else " (the race itself takes all the data)"
    st.caption(
        f"At ({figure(point[0])}, {figure(point[1])}), tick {_tick(experiment):,}: {drawn_how}{instead}. Their mean is "
        f"{figure(here.error[-1])} standard errors from the full gradient. Variance measured {figure(here.measured)}, by the law "
        f"{figure(here.variance)}; {_slope(problem, measured, experiment.replacement)}."
    )


def _tick(experiment: Experiment) -> int:
    return experiment.steps if experiment.cursor is None else experiment.cursor


def _slope(problem: Problem, measured: list[float], replacement: bool) -> str:
    """The slope of the logarithms; without replacement over batches small enough that nearly all samples are left."""
    most = problem.samples // (1 if replacement else 8)
    small = [(size, value) for size, value in zip(sizes(problem), measured, strict=True) if size <= most and value > 0]
    if len(small) < 2:
        return "there are too few samples for a slope"
    x, y = np.log(np.array(small).T)
    slope = float(np.polyfit(x, y, 1)[0])
    return f"against the batch size, both logarithmic, it falls with slope {figure(slope)} (up to {small[-1][0]} samples)"


@lru_cache(maxsize=32)
def _clouds(setup: Experiment, point: tuple[float, float], size: int) -> tuple[Cloud, list[float], np.ndarray]:
    """The cloud of the chosen size, the variance measured for some sizes, and the law for all."""
    problem, x = setup.problem, np.array(point)
    measured = spreads(problem, x, setup.replacement, setup.seed)
    return cloud(problem, x, Batches(size, setup.replacement), setup.seed), measured, law(problem, x, setup.replacement)
