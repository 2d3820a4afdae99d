"""A menu of cards: grouped, searchable, a small picture each."""

import base64
from collections.abc import Callable
from functools import cache
from pathlib import Path

import streamlit as st

from landscape import PROBLEMS, Problem
from pages.figures.thumbnail import thumbnail
from pages.lessons.race import LESSONS
from pages.ui.address import lesson_of

HERE = Path(__file__).parent
_mount = st.components.v2.component(
    "ravine.gallery", js=(HERE / "gallery.js").read_text("utf-8"), css=(HERE / "gallery.css").read_text("utf-8"), isolate_styles=False
)
Entry = dict[str, str]


def gallery(key: str, what: str, entries: list[Entry], choose: Callable[[str], None], told: bool = False) -> None:
    """Show the menu; `choose` gets the key of the entry that is picked. `told`: what each is about stands beside it."""
    known = {entry["key"] for entry in entries}

    def picked() -> None:
        choice = st.session_state[key].get("choice")
        if choice in known:
            choose(choice)

    _mount(key=key, data={"what": what, "told": told, "entries": entries}, on_choice_change=picked)


@cache
def landscapes() -> list[Entry]:
    """One entry a landscape, in menu order."""
    return [_entry(p.key, p.name, p.group, p.lesson, p) for p in PROBLEMS.values()]


@cache
def lessons() -> list[Entry]:
    """One entry a lesson, in teaching order."""
    return [_entry(one.key, one.title, one.group, one.question, lesson_of(one.key).problem) for one in LESSONS.values()]


def _entry(key: str, name: str, group: str, about: str, problem: Problem) -> Entry:
    return {"key": key, "name": name, "group": group, "about": about, "picture": base64.b64encode(thumbnail(problem)).decode()}
