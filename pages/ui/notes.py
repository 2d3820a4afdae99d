"""Words about what was just done, or about an address that could not be used as it stands: one small box, that can be closed."""

import re
from collections.abc import Callable, Sequence

import streamlit as st


def show(notes: Sequence[str], close: Callable[[], None]) -> None:
    if not notes:
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="notes"):
        st.warning("\n\n".join(map(plain_text, notes)))
        st.button("Close", icon=":material/close:", key="notes/close", type="tertiary", on_click=close)


def plain_text(note: str) -> str:
    """Markdown that reads as the note does. A formula's error points at its place, on lines of its own, which must not be reflowed."""
    head, _, rest = note.partition("\n")
    return re.sub(r"([\\`*_~$\[\]<>#|]|:(?=\w))", r"\\\1", head) + (f"\n```\n{rest}\n```" if rest else "")
