"""A menu within the part of the page that runs again by itself."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui.nets import state


def menu(label: str, options: Mapping[Any, str], value: Any, key: str, apply: Callable[[Any], None], help: str | None = None) -> None:
    """Of the options, which have names; shows `value`, and hands another choice to `apply`."""
    place = list(options).index(value) if state.stands(key, value) else 0
    st.selectbox(label, list(options), place, key=key, format_func=lambda one: options[one], on_change=state.on_change(key, apply),
                 help=help)  # fmt: skip
