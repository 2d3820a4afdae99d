"""Vanishing and exploding gradients: what reaches the first layer of a deep net, by its depth and by how its weights were drawn."""

from functools import partial

import streamlit as st

from landscape.nets import NORMS, Signals
from pages.figures.layers import layers
from pages.ui.nets import state
from pages.ui.nets.depth import LEAST, MOST, WAYS, WIDTH, Deep, a_layer, fares
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.running import Now
from pages.ui.nets.tabs.menu import menu
from pages.ui.nets.tabs.table import table
from pages.ui.words import figure

GONE, GONE_WILD = 1e-3, 1e3  # of the last layer's gradient: below and above, nobody trains the first layer at the last one's rate
QUIET = {"displayModeBar": False}


def depth(experiment: NetsExperiment, work: Now) -> None:
    """Knows nothing of the net on screen but its seed."""
    under = experiment.under
    st.markdown(f"**How much of the gradient reaches the first layer?** A net of its own that nobody has trained: layers of {WIDTH} units "
                "with ReLUs and no biases, the samples Gaussian noise, and every output pulled alike.")  # fmt: skip
    left, right = st.columns(2, vertical_alignment="bottom")
    left.slider("Layers", LEAST, MOST, **state.shows("nets/depth/layers", under.layers,
                                                     lambda count: state.change_under(layers=int(count))))  # fmt: skip
    with right:
        menu("Initial weights", {key: way.name for key, way in WAYS.items()}, under.drawn, "nets/depth/drawn", partial(_change, "drawn"))
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        menu("Normalisation", {key: norm.name for key, norm in NORMS.items()}, under.norm, "nets/depth/norm", partial(_change, "norm"))
    right.toggle("Skip connections", **state.shows("nets/depth/skip", under.skip, partial(_change, "skip")))
    deep = Deep(under.layers, under.norm, under.skip, experiment.seed)
    found = fares(deep)
    _draw(found[under.drawn])
    st.markdown(told(deep, WAYS[under.drawn].name, found[under.drawn]))
    _table(deep, found)


def _change(field: str, value: object) -> None:
    state.change_under(**{field: value})


def _draw(found: Signals) -> None:
    backward, forward = st.columns(2)
    backward.plotly_chart(
        layers(found.gradients, "Gradient in a layer's outputs (backwards)", "#d9480f"), key="nets/depth/back", config=QUIET
    )
    forward.plotly_chart(layers(found.outputs, "A layer's outputs (forwards)", "#0f766e"), key="nets/depth/forth", config=QUIET)


def told(deep: Deep, name: str, found: Signals) -> str:
    """What became of the gradient, in words."""
    ratio, each = found.first_over_last, a_layer(found)
    fate = "It has vanished." if ratio < GONE else "It has exploded." if ratio > GONE_WILD else "It arrives."
    return (
        f"**{name}**: the gradient at the first of {deep.layers} layers is {figure(ratio)} times that at the last. {fate} "
        f"Each layer multiplies it by {figure(each)} on the way back, and a factor that is not 1 is raised to the power {deep.layers - 1}."
    )


def _table(deep: Deep, found: dict[str, Signals]) -> None:
    columns = {
        "Initial weights": [WAYS[key].name for key in found],
        "Gradient, first / last layer": [figure(one.first_over_last) for one in found.values()],
        "Factor a layer": [figure(a_layer(one)) for one in found.values()],
    }
    if deep.plain:
        columns["In theory"] = [figure(WAYS[key].factor()) for key in found]
    table(columns)
    st.caption(
        "Lengths are Euclidean, over all samples and units. "
        + ("In theory: a weight's deviation times the square root of half of the width, since a ReLU lets half of the squares pass "
           "(He et al. 2015); He's weights make it 1. " if deep.plain else "With normalisation or skips there is no such simple law. ")
        + f"Seed {deep.seed}: that under Training."
    )  # fmt: skip
