"""What is descended: the menu of landscapes, the chosen one's parameters, its formula, or the visitor's own."""

from dataclasses import replace

import streamlit as st

from landscape import Parameter
from landscape.search import MOST
from pages.ui import claims, controls, state, tuning
from pages.ui.compute import race
from pages.ui.elsewhere import coordinates
from pages.ui.experiment import OWN, Experiment, base_of, left_behind, moved_to, within_data
from pages.ui.gallery import gallery, landscapes
from pages.ui.words import pointed, times

MISTYPED = "own/mistyped"  # what was typed, what is wrong with it, and the landscape that was there


def landscape() -> None:
    experiment = state.current()
    problem = experiment.problem
    with controls.menu(problem.name, "menu/landscapes", ":material/landscape:") as open:
        if open:
            gallery("gallery", "landscapes", landscapes(), _choose)
    _own()
    if problem.lesson:
        st.markdown(problem.lesson)
    _claims(experiment)
    for declared, value in zip(experiment.base.parameters, experiment.params, strict=True):
        _parameter(declared, value)
    _other(experiment)
    controls.formula(experiment.seen.latex)
    _found(experiment)
    if problem.source:
        st.caption(problem.source)
    _home(experiment)


def _claims(experiment: Experiment) -> None:
    """What is said of the racers that the landscape opens with; tested when somebody asks."""
    if experiment.base.claims:
        with controls.menu("What is said, tested", "menu/claims", ":material/fact_check:") as open:
            if open:
                st.markdown("\n".join(claims.lines(experiment)))
                st.caption(claims.method(experiment))


def _home(experiment: Experiment) -> None:
    """The way back to where a landscape was made."""
    if experiment.made and experiment.made.source:
        page, query = experiment.made.source
        st.page_link(page, label="The net behind it", icon=":material/hub:", query_params=query(experiment.text))


def _other(experiment: Experiment) -> None:
    """Whether the racers are also seen in the landscape's other coordinates."""
    if not experiment.base.other:
        return
    st.toggle(f"Also descend in {coordinates(experiment)}",
              help="Every racer runs there too, from the same place with the same settings; its way is carried back and drawn dashed over "
                   "the one here.", **state.shows("other", experiment.other, lambda on: state.change(other=bool(on))))  # fmt: skip


def _found(experiment: Experiment) -> None:
    """What a search for minima has come to, where none are declared."""
    if experiment.seen.stationary is not None:
        return
    points = experiment.seen.stationary_points()
    minima = [point for point in points if point.kind == "minimum"]
    valley = sum(point.valley for point in minima)
    if not minima:
        st.caption("No minimum was found numerically within the frame; there may be some, here or outside.")
        return
    found = times(len(minima) - valley, "minimum", "minima") if valley < len(minima) else ""
    along = f"A valley of minima ({valley} points along it)" if valley else ""
    most = " (no more are marked)" if len(minima) == MOST else ""
    st.caption(
        f"{', and '.join(filter(None, (along, found)))} found numerically within the frame{most}; there may be others, here or outside."
    )
    if any(each.facts.lower is not None for each in race(experiment).values()):
        st.caption("There are lower points than that: none of these is the lowest, and nobody arrives.")


def _choose(key: str) -> None:
    _move(moved_to(state.current(), key))
    st.session_state["menu/landscapes"] = False


def _move(moved: Experiment) -> None:
    words = left_behind(state.current(), moved)
    state.jump(moved)
    if words:
        state.say(words)


def _own() -> None:
    where = (state.current().landscape, state.current().text)
    mistyped, wrong, there = st.session_state.get(MISTYPED, ("", "", where))
    if there != where:  # another landscape was chosen since
        mistyped = wrong = ""
    made = state.current().made

    def apply(text: str) -> None:
        st.session_state.pop(MISTYPED, None)
        if not text.strip():
            return
        try:
            base_of(OWN, text)  # says what is wrong; the old landscape stays, and so does what was typed
        except ValueError as error:
            st.session_state[MISTYPED] = (text, pointed(error), where)
        else:
            _move(tuning.tuned(moved_to(state.current(), OWN, text))[0])  # nobody can recommend rates for it, so they are tried out

    st.text_input("Or your own formula in x and y", placeholder="x^2 + a*sin(3y)^2", max_chars=1000,
                  help="Powers as x^2 or x**2, products as 3y or 3*y. Other letters become parameters with a slider. "
                       "Each racer gets the best of 61 learning rates. "
                       "Functions: sin, cos, exp, log, sqrt, abs, tanh, min, max, where, ...",
                  **state.shows("own", mistyped or (where[1] if made and made.typed else ""), apply))  # fmt: skip
    if wrong:
        st.error(wrong)


def _parameter(declared: Parameter, value: float) -> None:
    def apply(new: float) -> None:
        experiment = state.current()
        keys = (p.key for p in experiment.base.parameters)
        params = tuple(new if key == declared.key else old for key, old in zip(keys, experiment.params, strict=True))
        moved = replace(experiment, params=params)
        fitted = within_data(moved)
        state.put(fitted)
        if fitted != moved:
            state.say(f"There are only {moved.problem.samples} samples left, so a larger batch is now all of them.")

    where = state.current().landscape
    controls.parameter(declared, value, f"param/{where}/{declared.key}", apply)
