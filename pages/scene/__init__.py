"""The browser component that shows a race: plane, surface and curves under one clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

import streamlit as st

from pages.scene import assets
from pages.scene.payload import Race, Surface

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

_NAME = "ravine_scene"
_WAITING = '<div class="rv-loading" role="status">Drawing the landscape…</div>\n<!-- -->'


def _stub(door: str) -> str:
    # This text travels with every message, so it only fetches the real script, from the app's base whatever page is open.
    return f"""export default async function (component) {{
const at = (name) => new URL("{assets.publish(assets.STATIC)}/" + name, document.baseURI).href;
return (await import(at("scene.js"))).{door}(component, at("plotly.js"));
}}"""


@cache
def _preloader() -> ComponentRenderer:
    return st.components.v2.component(f"{_NAME}_preload", js=_stub("preload"), isolate_styles=False)


def preload() -> None:
    """Lets the browser fetch and parse Plotly, which takes it a second, while the server still gets ready."""
    with st.container(key="preload"):  # page.css hides it
        _preloader()(key="preloaded", data={})


@cache
def _components() -> tuple[ComponentRenderer, ComponentRenderer]:
    """The two elements: the surface, which is invisible, and the scene. Registered once for the process."""
    component = st.components.v2.component
    return (
        component(f"{_NAME}_surface", js=_stub("mountSurface"), isolate_styles=False),
        component(_NAME, html=_WAITING, js=_stub("mountScene"), isolate_styles=False),
    )


def scene(
    surface: Surface,
    race: Race,
    *,
    key: str,
    on_start: Callable[[dict[str, Any]], None] | None = None,
    on_cursor: Callable[[int], None] | None = None,
    on_view: Callable[[dict[str, Any]], None] | None = None,
) -> None:
    """Shows the race on its surface and reports what the viewer does with it.

    The surface goes in an element of its own: Streamlit replaces a message that did not change by its hash, so a slider that moves only
    racers sends only racers.

    Args:
        surface: from `payload.surface`.
        race: from `payload.race`; its `surface` is the surface's key.
        key: names this scene among the page's widgets.
        on_start: called with {"x", "y", "dragging", "n"} when the start point moved; n rises with every message.
        on_cursor: called with the tick when the cursor has come to rest; never during playback.
        on_view: called with the entries of the view that differ from the defaults.
    """
    if not st.get_option("server.enableStaticServing"):
        raise assets.AssetsError("The scene needs server.enableStaticServing = true in .streamlit/config.toml.")

    def told(name: str, callback: Callable[[Any], None] | None) -> Callable[[], None]:
        def call() -> None:
            value = st.session_state[key].get(name)
            if callback is not None and value is not None:
                callback(value)

        return call

    hidden, shown = _components()
    with st.container(gap=None):  # the surface's element is empty and should not push the scene down
        hidden(key=f"{key}-surface", data=surface)
        shown(
            key=key,
            data=race,
            on_start_change=told("start", on_start),
            on_cursor_change=told("cursor", on_cursor),
            on_view_change=told("view", on_view),
        )


__all__ = ["preload", "scene"]
