"""Boot: imports and kernels before the first visitor needs them, with a word about it where that takes long."""

import gc
import importlib
import sys
import threading

import streamlit as st

from landscape import PROBLEMS
from optimizers import OPTIMIZERS, descend
from pages.ui.compute import race
from pages.ui.experiment import default_experiment
from pages.ui.panels import racers  # noqa: F401 - with all that a page imports


def enter(page: str) -> None:
    """Begin anew through app.py where it was passed by: the first thing that a page other than the default one does.

    Streamlit takes scripts in pages/ for pages of its own until st.navigation has run once in the process (1.67), so the very first visit
    to /maps would run the page alone: no styles, no menu, nothing warm.
    """
    if not st.session_state.get("warm"):
        st.navigation([st.Page(_home, default=True), st.Page(_elsewhere, url_path=page)], position="hidden")
        st.rerun()


def _home() -> None:
    """Stands for the default page while the real ones are not known yet."""


def _elsewhere() -> None:
    """Stands for the page that was asked for."""


def warm_up() -> None:
    """Make the first race ready; kernels of the rest are compiled (or loaded) behind the visitor's back, once a process."""
    if not st.session_state.get("warm"):
        _first_race()
        _all_others()
        st.session_state["warm"] = True


@st.cache_resource(show_spinner="Compiling the race: once on this machine, then it is remembered.")
def _first_race() -> None:
    race(default_experiment())
    # A script and the loop that sends its messages take turns: by default each waits up to 5 ms for the other, forty times a run.
    sys.setswitchinterval(0.0005)
    settle()


@st.cache_resource(show_spinner=False)
def _all_others() -> threading.Thread:
    thread = threading.Thread(target=_compile_all, name="warm-up", daemon=True)
    thread.start()
    return thread


def _compile_all() -> None:
    bowl = next(iter(PROBLEMS.values()))
    for method in OPTIMIZERS.values():
        if not method.unfit(bowl):
            descend(bowl, method, bowl.start, steps=1)
    for problem in PROBLEMS.values():
        race(default_experiment(problem.key))
    importlib.import_module("pages.ui.maps.canvas")  # the next page that a visitor may open
    settle()


@st.cache_resource(show_spinner=False)
def settle_once(loaded: str) -> None:
    """`settle`, the first time that this was loaded in the process."""
    del loaded
    settle()


def settle() -> None:
    """What is loaded by now will never be garbage and need not be looked through: a collection holds up every session.

    PyTorch brings so many objects that a collection over them takes .2 s.
    """
    gc.collect()
    gc.freeze()
