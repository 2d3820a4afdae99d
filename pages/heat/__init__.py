"""The browser component that shows maps: one canvas a racer, and the run under the pointer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.heat.payload import Hovered, Maps, SheetData
from pages.scene import assets, bundle
from pages.scene.payload import Surface

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

HERE = Path(__file__).parent
BUNDLE = bundle.Bundle(
    HERE / "js" / "main.js",
    (bundle.HERE / "scene.css", HERE / "heat.css"),
    ("mountHeat", "mountSheet", "mountGround", "mountRun", "mountEars"),
)
_WAITING = '<div class="rv-loading" role="status">Computing the maps…</div>\n<!-- -->'


@cache
def publish() -> str:
    """The URL of the folder with the component's script."""
    return assets.put({"maps.js": bundle.module(BUNDLE)}, assets.STATIC)


@cache
def _component(door: str, html: str | None = None) -> ComponentRenderer:
    js = f"""export default async function (component) {{
return (await import(new URL("{publish()}/maps.js", document.baseURI).href)).{door}(component);
}}"""
    return st.components.v2.component(f"ravine_{door}", html=html, js=js, isolate_styles=False)


def maps(data: Maps, sheets: Iterable[SheetData], *, key: str) -> None:
    """Shows maps side by side; `ears` hears what the viewer does with them, `hovered` draws the run under the pointer.

    Every map's numbers go in an element of their own: Streamlit replaces a message that did not change by its hash.

    Args:
        data: from `present`; each map names its sheet.
        sheets: from `payload.sheet`, in the order of the maps.
        key: names this component among the page's widgets.
    """
    with st.container(key=f"{key}-sheets-quiet"):  # page.css hides it
        for sheet, one in zip(sheets, data["maps"], strict=True):
            _component("mountSheet")(key=f"{key}-sheet-{one['id']}", data=sheet)
    _component("mountHeat", _WAITING)(key=key, data=data)


def ears(*, key: str, on: Mapping[str, Callable[[Any], None]]) -> None:
    """Reports what the viewer does: "open" {"map", "i", "j", "nx", "ny"}, "zoom" {"x", "y"} or {"out"} or {"whole"}, and "tick".

    Apart from the maps, so that they can stand in a fragment of their own, which runs again while they are computed.
    """
    callbacks: dict[str, Any] = {f"on_{name}_change": _told(f"{key}-ears", name, listener) for name, listener in on.items()}
    with st.container(key=f"{key}-ears-quiet"):
        _component("mountEars")(key=f"{key}-ears", data={}, **callbacks)


def hovered(run: Hovered, ground: Surface, *, key: str, on_cell: Callable[[Any], None]) -> None:
    """The run under the pointer and the landscape below it, in a fragment of their own: pointing at a map sends no map again.

    `on_cell` gets {"map", "i", "j", "nx", "ny"}, ten times a second at most.
    """
    with st.container(key=f"{key}-run-quiet"):
        _component("mountGround")(key=f"{key}-ground", data=ground)
        _component("mountRun")(key=f"{key}-run", data=run, on_cell_change=_told(f"{key}-run", "cell", on_cell))


def _told(key: str, name: str, listener: Callable[[Any], None]) -> Callable[[], None]:
    def call() -> None:
        value = st.session_state[key].get(name)
        if value is not None:
            listener(value)

    return call


__all__ = ["ears", "hovered", "maps"]
