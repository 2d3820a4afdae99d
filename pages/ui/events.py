"""What the scene sends back: a moved start, a settled cursor, a changed view."""

import math
from typing import Any

import streamlit as st

from pages.ui import state
from pages.ui.address import valid_view

SCENE = "scene"


def on_start() -> None:
    """The start marker was dragged, clicked or typed somewhere else."""
    sent = _sent("start")
    try:
        x, y = float(sent["x"]), float(sent["y"])
    except (TypeError, KeyError, ValueError):
        return
    if math.isfinite(x) and math.isfinite(y):
        state.change(start=(x, y), settled=not sent.get("dragging", False))


def on_cursor() -> None:
    sent = _sent("cursor")
    if isinstance(sent, int) and 0 <= sent <= state.current().steps:
        state.change(cursor=None if sent == state.current().steps else sent)


def on_view() -> None:
    state.change(view=valid_view(_sent("view")))


def _sent(name: str) -> Any:
    return st.session_state[SCENE].get(name)
