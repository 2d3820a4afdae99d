"""What is descended: the menu of landscapes, the chosen one's parameters, its formula."""

import streamlit as st

from landscape import FUNCTIONS, Parameter
from pages.ui import controls, state
from pages.ui.experiment import moved_to
from pages.ui.gallery import gallery


def landscape() -> None:
    experiment = state.current()
    problem = experiment.problem
    with st.popover(problem.name, icon=":material/landscape:", width="stretch"):
        gallery("gallery", lambda key: state.jump(moved_to(state.current(), key)))
    st.markdown(problem.lesson)
    for declared, value in zip(FUNCTIONS[experiment.landscape].parameters, experiment.params, strict=True):
        _parameter(declared, value)
    st.latex(problem.latex)
    st.caption(problem.source)


def _parameter(declared: Parameter, value: float) -> None:
    def apply(new: float) -> None:
        experiment = state.current()
        keys = (p.key for p in FUNCTIONS[experiment.landscape].parameters)
        state.change(params=tuple(new if key == declared.key else old for key, old in zip(keys, experiment.params, strict=True)))

    controls.parameter(declared, value, f"param/{state.current().landscape}/{declared.key}", apply)
