"""The menu of landscapes: grouped, searchable, a small picture each."""

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

from landscape import PROBLEMS
from pages.figures.thumbnail import thumbnail

HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "ravine.gallery", js=(HERE / "gallery.js").read_text("utf-8"), css=(HERE / "gallery.css").read_text("utf-8"), isolate_styles=False
)


def gallery(key: str, choose: Callable[[str], None]) -> None:
    """Show the menu; `choose` gets the key of the landscape that is picked."""

    def picked() -> None:
        choice = st.session_state[key].get("choice")
        if choice in PROBLEMS:
            choose(choice)

    _mount(key=key, data={"landscapes": entries()}, on_choice_change=picked)


@cache
def entries() -> list[dict[str, str]]:
    """One entry a landscape, in menu order."""
    return [
        {"key": p.key, "name": p.name, "group": p.group, "lesson": p.lesson, "picture": base64.b64encode(thumbnail(p)).decode()}
        for p in PROBLEMS.values()
    ]
