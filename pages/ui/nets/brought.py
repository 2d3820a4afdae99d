"""Weights from files: those that a visitor has brought, read once, kept in this session alone, let go with the net that they are of; and
the shipped ones that the address names."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from landscape.nets import files
from pages.scene import payload
from pages.ui.nets import judged, state
from pages.ui.nets.compute import Drawn
from pages.ui.nets.experiment import NetsExperiment, Spec
from pages.ui.nets.judged import Weighed, shipped

BROUGHT, REFUSED, TURN = "nets/brought", "nets/refused", "nets/brought/turn"


@dataclass(frozen=True, eq=False)
class Brought:
    name: str  # of the file, as it came
    net: tuple[Spec, str]  # the model and the data
    weights: np.ndarray  # (n,)

    @property
    def weighed(self) -> Weighed:
        return Weighed("Your file", "your file", self.weights)


def brought() -> Brought | None:
    found: Brought | None = st.session_state.get(BROUGHT)
    return found


def refused(experiment: NetsExperiment) -> str:
    """Why the last file could not be used for this net; empty where it could."""
    net, reason = st.session_state.get(REFUSED, (None, ""))
    return reason if net == _net(experiment) else ""


def key() -> str:
    """Of the uploader: a new one after each file, so that the old one's content need not be kept."""
    return f"nets/file/{st.session_state.get(TURN, 0)}"


def take() -> None:
    """Read the file that has just come. Nothing in it is run: see `landscape.nets.files`."""
    file: UploadedFile | None = st.session_state.get(key())
    if file is None:
        return
    experiment = state.current()
    put_away()
    try:
        weights = files.load(file.getvalue(), experiment.problem.layout)
        st.session_state[BROUGHT] = Brought(file.name, _net(experiment), weights)
    except ValueError as reason:
        st.session_state[REFUSED] = _net(experiment), str(reason)
    _forget(file)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def put_away() -> None:
    for name in (BROUGHT, REFUSED):
        st.session_state.pop(name, None)


def let_go_of_another_nets(experiment: NetsExperiment) -> None:
    """Say so where the file is of a net that is no longer on screen."""
    found = brought()
    if found and found.net != _net(experiment):
        put_away()
        state.say("Your file of weights was of the net before this one and is put away: bring one that is of this net.")


def marks(experiment: NetsExperiment, drawn: Drawn) -> Sequence[payload.Point]:
    """Where the visitor's file and the shipped net are seen on the plane."""
    some = [shipped(experiment.example)] if experiment.example else []
    if found := brought():
        some.append(found.weighed)
    return judged.marks(experiment, drawn, some)


def _net(experiment: NetsExperiment) -> tuple[Spec, str]:
    return experiment.model, experiment.data


def _forget(file: UploadedFile) -> None:
    """Streamlit would keep its bytes until the session ends."""
    context = get_script_run_ctx()
    if context and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)
