"""Who races: the list, the controls of the one that is selected, and its card."""

from collections.abc import Sequence

import streamlit as st

from pages.figures.grid import grid
from pages.ui import controls, costs, fairness, state
from pages.ui.experiment import MAX_RACERS, Racer
from pages.ui.insight import at_cursor
from pages.ui.panels.roster import Roster
from pages.ui.words import cost, state_held

ROSTER = Roster(state.current, state.put, MAX_RACERS, own=True)
FOUND = "rate"  # in the session: a rate that was tried out, and how


def racers() -> None:
    experiment = state.current()
    if experiment.racers:
        ROSTER.pick()
    else:
        st.info("Nobody races yet. Add an optimizer below.")
    ROSTER.add(experiment.problem, _joining)
    selected = experiment.racer(experiment.selected)
    if selected is not None:
        _fairness()  # above the sliders: further down there is no room below it for what it opens
        lr, words = st.session_state.get(f"{FOUND}/{selected.slot}/{selected.optimizer}", (None, ""))
        ROSTER.tune(selected, words if words and selected.values["lr"] == lr else "")
        card(selected, at_cursor(state.current()))
        cost_against_n(experiment.racers, "menu/costs")


def _joining(key: str, slot: int) -> Racer:
    racer, words = fairness.joining(state.current(), key, slot)
    st.session_state[f"{FOUND}/{slot}/{key}"] = (racer.values.get("lr"), words)
    return racer


def _fairness() -> None:
    with controls.menu("Learning rates for all", "menu/fairness", ":material/balance:") as open:
        for name, (help, action, why_not) in fairness.ACTIONS.items() if open else ():
            reason = why_not(state.current())
            st.button(name, key=f"fair/{name}", help=help, width="stretch", disabled=bool(reason), on_click=fairness.run, args=(action,))
            if reason:
                st.caption(reason)


def card(racer: Racer, numbers: str = "") -> None:
    """What a method is; `numbers` (LaTeX) are its symbols' values at the cursor."""
    method = racer.method
    with st.expander(f"{method.name}: formula and paper", expanded=True):
        st.markdown(method.summary)
        controls.formula(*method.latex(racer.values))
        if numbers:
            st.latex(numbers)
        st.markdown(f"**Good at:** {method.strengths}\n\n**Bad at:** {method.weaknesses}\n\n**Honest in two dimensions?** {method.honest}")
        st.markdown(f"**A step costs** {cost(method)}\n\n**It remembers** {state_held(method, racer.values)}")
        st.caption(f"{method.paper}.")


def cost_against_n(racers: Sequence[Racer], key: str) -> None:
    """What these methods compute and keep, against the number of weights; counted when somebody asks."""
    with controls.menu("Cost against n", key, ":material/timeline:") as open:
        if open:
            st.plotly_chart(grid(costs.panels(racers)), key=f"{key}/figure", config={"displayModeBar": False})
            st.caption(costs.words(racers))
