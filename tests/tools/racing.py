"""The race page in AppTest: open it, find its parts, play its events."""

import json

from streamlit.testing.v1 import AppTest

from tests.tools.serve import ROOT

# AppTest runs no callback of a component, so the script calls it first thing, as Streamlit does.
SCRIPT = f"""
import streamlit as st
from pages.ui import events
for name, value in st.session_state.pop("played", {{}}).items():
    getattr(events, "on_" + name)(value)
exec(compile(open({str(ROOT / "app.py")!r}).read(), {str(ROOT / "app.py")!r}, "exec"), {{"__file__": {str(ROOT / "app.py")!r}}})
"""

FOLDS = ("fold/conventions", "fold/extras", "fold/schedule", "fold/conditions", "menu/fairness", "menu/landscapes")


def opened(**query):
    app = AppTest.from_string(SCRIPT, default_timeout=120)
    for key, value in query.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


def message(app, name="ravine_scene"):
    return json.loads(next(one.proto.json for one in app.get("bidi_component") if one.proto.component_name == name))


def experiment(app):
    return app.session_state["experiment"]


def widget(kind, key):
    """The widget of that key, however often code has made it anew: see `state.shows`."""
    return next(one for one in kind if one.key and one.key.split("#")[0] == key)


def slider(app, ending):
    return next(one for one in app.select_slider if one.key.split("#")[0].endswith(ending))


def tab(app, name):
    """Open a tab, and all that is folded away in it."""
    app.session_state["panel"] = name
    for key in FOLDS:
        app.session_state[key] = True
    return app.run()


def play(app, **event):
    """An event of the scene."""
    app.session_state["played"] = event
    return app.run()
