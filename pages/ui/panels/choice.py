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

    names = [None, *registry]
    place = {"index": names.index(chosen.key if chosen else None)}  # None is an option here
    st.selectbox(label, names, format_func=lambda name: registry[name].name if name else nothing,
                 **state.shows(key, chosen.key if chosen else None, pick, names) | place)  # fmt: skip
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
