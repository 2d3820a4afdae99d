"""What is trained: the preset, its data with their parameters, its model with every field, its loss."""

from collections.abc import Callable
from dataclasses import fields, replace
from functools import partial
from typing import Any

import streamlit as st

from landscape import Parameter
from landscape.nets import ACTIVATIONS, DATASETS, INITS, LOSSES, MODELS, NORMS, RESCALED
from pages.ui import controls
from pages.ui.fields import within
from pages.ui.nets import state
from pages.ui.nets.address import sizes
from pages.ui.nets.experiment import (
    MOST_DROPOUT,
    MOST_LAYERS,
    MOST_UNITS,
    PRESETS,
    NetsExperiment,
    kind_of,
    left_behind,
    model_of,
    moved_to,
    with_net,
)
from pages.ui.words import times


def net() -> None:
    experiment = state.current()
    _pick(
        "Preset",
        "preset",
        experiment.preset,
        {key: preset.name for key, preset in PRESETS.items()},
        lambda key: _go(moved_to(experiment, key)),
    )
    if experiment.problem.lesson:
        st.markdown(experiment.problem.lesson)
    _data(experiment)
    _model(experiment)


def _go(moved: NetsExperiment) -> None:
    words = left_behind(state.current(), moved)
    state.jump(moved)
    if words:
        state.say(words)


def _pick(label: str, name: str, value: str, options: dict[str, str], apply: Callable[[str], None], help: str | None = None) -> None:
    st.selectbox(
        label, list(options), format_func=lambda one: options[one], help=help, **state.shows(f"nets/{name}", value, apply, options)
    )


def _data(experiment: NetsExperiment) -> None:
    st.markdown("**Data**")
    data = DATASETS[experiment.data]

    def choose(key: str) -> None:
        loss = experiment.loss if DATASETS[key].task == "classes" or LOSSES[experiment.loss].numbers else "squares"
        params = tuple(DATASETS[key].parameter_values.values())
        _go(with_net(experiment, data=key, params=params, loss=loss))

    _pick("Data set", "data", experiment.data, {key: one.name for key, one in DATASETS.items()}, choose)
    for place, (declared, value) in enumerate(zip(data.parameters, experiment.params, strict=True)):
        _parameter(declared, value, place)
    each = f" at each of {data.positions} positions" if data.positions > 1 else ""
    st.caption(f"{times(len(experiment.problem.split.train), 'sample')} of {experiment.problem.dataset.outputs} "
               f"{'classes' if data.task == 'classes' else 'numbers each'}{each}. {data.source}.")  # fmt: skip


def _parameter(declared: Parameter, value: float, place: int) -> None:
    def apply(new: float) -> None:
        experiment = state.current()
        params = tuple(declared.check(new) if i == place else old for i, old in enumerate(experiment.params))
        moved = with_net(experiment, params=params)
        state.put(moved)
        if moved.batch != experiment.batch:
            state.say(f"There are only {moved.batch} samples left, so a batch is now all of them.")

    controls.parameter(declared, value, f"nets/param/{state.current().data}/{declared.key}", apply)


def _model(experiment: NetsExperiment) -> None:
    st.markdown("**Model**")
    model = experiment.model

    def choose(key: str) -> None:
        _go(with_net(experiment, model=model_of(key, {})))

    def change(name: str, value: Any) -> None:
        _go(with_net(state.current(), model=replace(model, **{name: value})))

    _pick("Kind", "model", kind_of(model), {key: made.title for key, made in MODELS.items()}, choose)
    for declared in fields(model):
        CONTROLS[declared.name](declared.name, getattr(model, declared.name), partial(change, declared.name))
    losses = {key: loss.name for key, loss in LOSSES.items()}
    _pick("Loss", "loss", experiment.loss, losses, lambda key: _go(with_net(experiment, loss=key)))
    problem = experiment.problem
    st.caption(f"{problem.model.name}: {times(problem.n, 'weight')}. {NORMS[problem.model.norm].convention}")


Control = Callable[[str, Any, Callable[[Any], None]], None]


def _layers(label: str, unit: str) -> Control:
    def show(name: str, value: tuple[int, ...], apply: Callable[[Any], None]) -> None:
        """How many and how large, where all are equal; beside it the exact list."""
        part = f"nets/model/{name}"
        usual = value[0] if value else 16

        def resize(count: int, units: int) -> None:
            apply((units,) * count)

        left, middle, right = st.columns([0.28, 0.3, 0.42], gap="small", vertical_alignment="bottom")
        listed = ", ".join(map(str, value))
        left.number_input(label, 0, MOST_LAYERS, **state.shows(f"{part}/depth", len(value), lambda count: resize(int(count), usual)))
        middle.number_input(unit, 1, MOST_UNITS, **state.shows(f"{part}/size", usual, lambda units: resize(len(value), int(units))))
        right.text_input("One by one", **state.shows(f"{part}/exact", listed, lambda text: apply(_listed(text))))

    return show


def _listed(text: str) -> tuple[int, ...]:
    return sizes("_".join(text.replace(",", " ").split()))


def _table(label: str, options: dict[str, str]) -> Control:
    return lambda name, value, apply: _pick(label, f"model/{name}", value, options, apply)


def _toggle(label: str) -> Control:
    def show(name: str, value: bool, apply: Callable[[Any], None]) -> None:
        st.toggle(label, **state.shows(f"nets/model/{name}", value, lambda on: apply(bool(on))))

    return show


def _number(label: str, low: float, high: float, step: float) -> Control:
    def show(name: str, value: float, apply: Callable[[Any], None]) -> None:
        kind = type(step)
        st.number_input(label, kind(low), kind(high), step=step,
                        **state.shows(f"nets/model/{name}", kind(value), lambda new: apply(kind(within(new, low, high)))))  # fmt: skip

    return show


def _slider(label: str, low: float, high: float, step: float, help: str) -> Control:
    def show(name: str, value: float, apply: Callable[[Any], None]) -> None:
        st.slider(label, low, high, step=step, help=help,
                  **state.shows(f"nets/model/{name}", value, lambda new: apply(within(new, low, high))))  # fmt: skip

    return show


WHOLE = (
    "The share of each hidden layer's units that a training step leaves out, others at every step. Scores, answers, planes and curvature "
    "are of the whole net."
)

# Every field of every model, by name.
CONTROLS: dict[str, Control] = {
    "widths": _layers("Layers", "Units each"),
    "channels": _layers("Layers", "Channels"),
    "blocks": _layers("Stages", "Blocks each"),
    "width": _number("Channels of the first stage", 1, 64, 1),
    "units": _number("Units", 1, MOST_UNITS, 1),
    "layers": _number("Layers", 1, MOST_LAYERS, 1),
    "embedding": _number("Width", 1, 128, 1),
    "heads": _number("Heads of attention, which share the width", 1, 32, 1),
    "hidden": _number("Hidden units of the perceptron at each position", 1, MOST_UNITS, 1),
    "pre": _toggle("Layer norms before the sums (pre-LN)"),
    "activation": _table("Activation", {key: one.name for key, one in ACTIVATIONS.items()}),
    "norm": _table("Normalisation", {key: one.name for key, one in NORMS.items()}),
    "skip": _toggle("Skip connections"),
    "bias": _toggle("Biases"),
    "dropout": _slider("Dropout", 0.0, MOST_DROPOUT, 0.05, WHOLE),
    "rescale": _table("What dropout takes away is made up for", {key: words for key, (words, _) in RESCALED.items()}),
    "init": _table("Initial weights", {key: one.name for key, one in INITS.items()}),
    "scale": _number("Times this (of a normal: its deviation)", 0.0, 100.0, 0.1),
}
