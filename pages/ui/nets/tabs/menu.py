"""A menu within the part of the page that runs again by itself."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages.ui.nets import state


def menu(label: str, options: Mapping[Any, str], value: Any, key: str, apply: Callable[[Any], None], help: str | None = None) -> None:
    """Of the options, which have names; shows `value`, and hands another choice to `apply`."""
    st.selectbox(label, list(options), format_func=lambda one: options[one], help=help, **state.shows(key, value, apply, options))
