"""What stands in a page's place while the landscape that its address names is made: how far that is, and a way to stop it."""

import streamlit as st

from pages.ui.jobs import Work
from pages.ui.made import MADE, Made
from pages.ui.waiting import jobs, look_again, progress

FIRST = 0.4  # s that the page waits without a word
JOB = "made"
LEFT = "made/left"  # what the visitor goes on without: kept in the session, since a look-again may interrupt the run of a click


def prepared() -> bool:
    """Whether the page can open. What takes a while to make of what its address names is made here first; then the page follows."""
    named = [made for key, made in MADE.items() if st.query_params.get("landscape") == key]
    for made in named:
        text = st.query_params.get(made.field, "")
        if text and text == st.session_state.pop(LEFT, None):
            st.query_params.clear()
        elif text and (work := made.work(text)):
            _making(made, text, work)
            return False
    jobs().drop(JOB)
    return True


@st.fragment
def _making(made: Made, text: str, work: Work) -> None:
    if st.session_state.get(LEFT) == text:
        st.rerun()
    job = jobs().start(JOB, (made.key, text), work)
    job.finish(FIRST)
    if job.state == "failed":
        made.refuse(text, job.error)
    if job.state in ("done", "failed"):
        st.rerun()
    st.subheader("This landscape is being made")
    st.caption(f"{made.doing}. Afterwards it is remembered, and whoever opens the link on this server has it at once.")
    progress(job, JOB, made.doing)
    st.button("Open the page without it", icon=":material/flag:", key="made/without", on_click=_leave, args=(text,))
    look_again(job, key="made-pulse")


def _leave(text: str) -> None:
    st.session_state[LEFT] = text
