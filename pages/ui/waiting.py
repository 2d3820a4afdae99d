"""What a page shows while a job goes on: it looks again by itself, says how far the work is, and offers to stop it."""

from functools import cache
from typing import TYPE_CHECKING

import streamlit as st

from pages.ui.jobs import Job, Jobs

if TYPE_CHECKING:
    from streamlit.components.v2.types import ComponentRenderer

SOON, LATER = 90, 1000  # ms between two looks: often at first, then less and less, and least where many visitors wait
SPEAK = 0.5  # s before anything is said: what comes at once needs no words

# Asks the server to run the fragment again, once for each message. A timer of Streamlit's (run_every) could not be stopped from within
# its fragment, and this one waits for the answer before it counts.
_PULSE = """export default function ({ data, parentElement, setTriggerValue }) {
clearTimeout(parentElement.pulse);
if (data.wait) parentElement.pulse = setTimeout(() => setTriggerValue("due", data.n), data.wait);
return () => { if (!parentElement.isConnected) clearTimeout(parentElement.pulse); };
}"""


@cache
def _component() -> "ComponentRenderer":
    return st.components.v2.component("ravine_pulse", js=_PULSE)


def jobs() -> Jobs:
    """The session's jobs."""
    if "jobs" not in st.session_state:
        st.session_state["jobs"] = Jobs()
    mine: Jobs = st.session_state["jobs"]
    return mine


def look_again(*watched: Job, key: str = "pulse") -> None:
    """Run this fragment again in a moment while any of these jobs goes on. Call it once a fragment, whether or not there is a job.

    The fragment should hold what the job paints and no controls: a widget that the browser is still loading when it is sent a second time
    forgets the value that code had set, and tells its default as if a hand had chosen it (Streamlit 1.67).
    """
    busy = [job for job in watched if job.news]
    age = min((job.seconds for job in busy), default=0.0)
    wait = round(min(LATER, max(SOON, min(200 * age, 300 + 50 * age)))) if busy else 0
    turn = st.session_state[f"{key}/turn"] = st.session_state.get(f"{key}/turn", 0) + bool(busy)
    with st.container(key=f"{key}-quiet"):  # page.css hides it
        _component()(key=key, data={"n": turn, "wait": wait}, on_due_change=_nothing)


def _nothing() -> None:
    """A trigger needs a listener; the run that it causes is all that is wanted."""


def progress(job: Job, name: str, what: str) -> None:
    """How far a job is and a button that stops it; why it failed; a button that resumes it. Nothing for the first half second."""
    if job.busy and job.seconds > SPEAK:
        words = f"{what}: {job.fraction:.0%}" if job.state == "running" else f"{what}: waits until other visitors' computations are done"
        bar, button = st.columns([0.78, 0.22], vertical_alignment="center", gap="small")
        bar.progress(job.fraction, words)
        button.button("Cancel", icon=":material/close:", key=f"cancel/{name}", on_click=job.cancel, width="stretch")
    elif job.state == "failed":
        st.error(job.error)
    elif job.state == "cancelled" and not job.abandoned:
        said, button = st.columns([0.78, 0.22], vertical_alignment="center", gap="small")
        said.info(f"{what}: cancelled at {job.fraction:.0%}.")
        button.button("Go on", icon=":material/refresh:", key=f"again/{name}", on_click=lambda: jobs().again(name), width="stretch")
