"""Words about what was just done, or about an address that could not be used as it stands: in small boxes, that can be closed."""

import re
from collections.abc import Callable, Sequence

import streamlit as st


def show(notes: Sequence[str], close: Callable[[], None], done: Sequence[str] = ()) -> None:
    """Of `notes` something did not go as asked; what is `done` went well."""
    if not notes and not done:
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="small", key="notes"):
        for box, icon, words in ((st.warning, ":material/warning:", notes), (st.info, ":material/check:", done)):
            if words:
                box("\n\n".join(map(plain_text, words)), icon=icon)
        st.button("Close", icon=":material/close:", key="notes/close", type="tertiary", on_click=close)


def plain_text(note: str) -> str:
    """Markdown that reads as the note does. A formula's error points at its place, on lines of its own, which must not be reflowed."""
    head, _, rest = note.partition("\n")
    return re.sub(r"([\\`*_~$\[\]<>#|]|:(?=\w))", r"\\\1", head) + (f"\n```\n{rest}\n```" if rest else "")
