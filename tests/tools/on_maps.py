"""The maps page in AppTest: open it, wait for its jobs, find its parts, play its events."""

import json
import time

from streamlit.testing.v1 import AppTest

from tests.tools.serve import ROOT

# AppTest runs no callback of a component, so the script calls it first thing, as Streamlit does.
SCRIPT = f"""
import streamlit as st
st.session_state["warm"] = True
from pages.ui.maps import hover, zoom, canvas
for name, value in st.session_state.pop("played", {{}}).items():
    {{"open": hover.on_open, "cell": hover.on_cell, "zoom": zoom.on_zoom, "tick": canvas.on_tick}}[name](value)
switched = {{}}
st.switch_page = lambda page, query_params: st.session_state.__setitem__("switched", (page, query_params))
path = {str(ROOT / "pages" / "maps.py")!r}
exec(compile(open(path).read(), path, "exec"), {{"__file__": path}})
"""

SMALL = {"side": "32"}


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=180)
    for key, value in query.items():
        app.query_params[key] = value
    return finished(app.run())


def finished(app):
    """What the browser does while a job goes on: it looks again."""
    for _ in range(600):
        assert not app.exception, app.exception[0].message
        if not any(message(app, name)["wait"] for name in ("ravine_pulse",) if has(app, name)):
            return app
        time.sleep(0.05)
        app.run()
    raise AssertionError("the job does not end")


def has(app, name):
    return any(one.proto.component_name == name for one in app.get("bidi_component"))


def messages(app, name):
    return [json.loads(one.proto.json) for one in app.get("bidi_component") if one.proto.component_name == name]


def message(app, name="ravine_mountHeat"):
    return messages(app, name)[0]


def experiment(app):
    return app.session_state["experiment"]


def play(app, **event):
    app.session_state["played"] = event
    return finished(app.run())
