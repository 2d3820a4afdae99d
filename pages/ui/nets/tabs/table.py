"""A small table of words."""

from collections.abc import Mapping, Sequence

import streamlit as st


def table(columns: Mapping[str, Sequence[str]]) -> None:
    """Columns by their headings; the first one names the rows."""
    heads = list(columns)
    rows = [heads, ["---", *["---:"] * (len(heads) - 1)], *zip(*columns.values(), strict=True)]
    st.markdown("\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows))
