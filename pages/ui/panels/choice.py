"""Something chosen from a registry, with its hyperparameters: a schedule, or what is put around a method."""

from collections.abc import Callable, Mapping

import streamlit as st

from optimizers import Hyper
from pages.ui import controls, state
from pages.ui.experiment import Chosen, Declared


def choose(
    label: str, nothing: str, registry: Mapping[str, Declared], chosen: Chosen | None, key: str, put: Callable[[Chosen | None], None]
) -> None:
    """The menu, and below it what was chosen: its sliders, its formula with their values, its paper."""

    def pick(name: str | None) -> None:
        put(Chosen.default(name, registry[name]) if name else None)

    state.hold(key, chosen.key if chosen else None)
    st.selectbox(label, [None, *registry], key=key, on_change=state.on_change(key, pick),
                 format_func=lambda name: registry[name].name if name else nothing)  # fmt: skip
    if chosen is None:
        return
    declared = registry[chosen.key]
    st.caption(declared.summary)
    values = chosen.values(declared)
    for hyper in declared.hypers:
        _hyper(hyper, declared, chosen, key, put)
    controls.formula(*declared.latex(values))
    st.caption(declared.paper)


def _hyper(hyper: Hyper, declared: Declared, chosen: Chosen, key: str, put: Callable[[Chosen | None], None]) -> None:
    def apply(value: float) -> None:
        put(chosen.with_value(declared, hyper.key, float(hyper.check(value))))

    controls.hyper(hyper, chosen.values(declared)[hyper.key], f"{key}/{chosen.key}/{hyper.key}", apply)
