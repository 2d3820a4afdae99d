"""The question above a room that has no component of its own to say it."""

import streamlit as st

from pages.ui.maps.choice import KINDS, Kind


def question(kind: Kind) -> None:
    with st.container(key="question"):  # page.css gives it the size that headlines have elsewhere
        st.title(KINDS[kind][1], anchor=False)
