"""Widgets that show what the experiment holds: what counts as a hand's doing."""

from streamlit.testing.v1 import AppTest

from tests.tools.racing import widget


def script():
    import streamlit as st

    from pages.ui import state

    said = st.session_state.setdefault("said", [])

    def apply(value):
        said.append(value)
        st.session_state["holds"] = value

    made = state.shows("a", st.session_state.get("holds", 3), apply)
    st.number_input("A", 0, 9, **made)
    if st.session_state.get("late"):
        made["on_change"]()  # what Streamlit does when a browser tells the value of a widget that it has forgotten


def run(app, **values):
    for key, value in values.items():
        app.session_state[key] = value
    return app.run()


def test_a_hand_is_heard_each_time():
    app = AppTest.from_function(script).run()
    for value in (5, 3, 5):
        widget(app.number_input, "a").set_value(value).run()
    assert app.session_state["said"] == [5, 3, 5] and app.number_input[0].key == "a"


def test_what_was_known_is_no_hands_doing():
    app = AppTest.from_function(script).run()
    assert run(app, late=True).session_state["said"] == []


def test_where_code_changes_the_value_there_is_another_widget():
    app = run(AppTest.from_function(script).run(), holds=7)
    (box,) = app.number_input
    assert box.value == 7 and box.key == "a#1" and app.session_state["said"] == []
    assert run(app, holds=7).number_input[0].key == "a#1"
