"""The scene as Streamlit sees it: what is sent, what comes back. No browser here; see the browser tests for the picture."""

import json

import pytest
from streamlit.testing.v1 import AppTest

from pages.scene import assets


def page() -> None:
    import numpy as np
    import streamlit as st

    from pages.scene import payload, scene

    heard = st.session_state.setdefault("heard", [])
    surface = payload.surface("bowl", "Bowl", (-1, 1), (-1, 1), np.ones((3, 3)))
    path = np.zeros((4, 2))
    racer = payload.racer("a", "Adam", "#1f6f8b", "circle", path, path[:, 0], path[:, 0])
    race = payload.race("bowl", (0.5, 0.5), 3, [racer])
    scene(
        surface,
        race,
        key="scene",
        on_start=lambda value: heard.append(("start", value["x"], value["y"], value["dragging"])),
        on_cursor=lambda tick: heard.append(("cursor", tick)),
        on_view=lambda view: heard.append(("view", dict(view))),
    )


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "STATIC", tmp_path)
    return AppTest.from_function(page, default_timeout=60)


@pytest.fixture(autouse=True)
def static_serving():
    from streamlit import config

    before = config.get_option("server.enableStaticServing")
    config.set_option("server.enableStaticServing", True)
    yield
    config.set_option("server.enableStaticServing", before)


def test_surface_and_race_travel_apart_and_the_script_stays_small(app):
    app.run()
    assert not app.exception
    surface, race = (element.proto for element in app.get("bidi_component"))
    assert json.loads(surface.json)["key"] == json.loads(race.json)["surface"] == "bowl"
    assert "z" not in json.loads(race.json)
    for proto in (surface, race):
        assert len(proto.js_content.encode()) < 500
        assert not proto.isolate_styles


def test_nothing_is_heard_before_the_viewer_does_something(app):
    app.run()
    assert app.session_state["heard"] == []


def test_without_static_serving_the_error_says_what_to_set():
    from streamlit import config

    from pages.scene import scene

    config.set_option("server.enableStaticServing", False)
    with pytest.raises(assets.AssetsError, match="enableStaticServing"):
        scene({}, {}, key="scene")
