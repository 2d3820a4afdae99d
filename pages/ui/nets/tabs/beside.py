"""Panels beside one another, each a figure of its own: on a narrow screen they stand below one another."""

from collections.abc import Sequence

import streamlit as st

from pages.figures.lines import Panel, lines

QUIET = {"displayModeBar": False}


def beside(panels: Sequence[Panel], key: str) -> None:
    for place, (column, panel) in enumerate(zip(st.columns(len(panels)), panels, strict=True)):
        column.plotly_chart(lines(panel), key=f"{key}/{place}", config=QUIET)
