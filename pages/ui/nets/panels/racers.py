"""Who trains: the list, the controls of the one that is selected, and its card."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from pages.ui import controls
from pages.ui.experiment import Racer
from pages.ui.nets import state
from pages.ui.nets.experiment import MAX_RACERS, net_racer
from pages.ui.panels.racers import card, cost_against_n
from pages.ui.panels.roster import Roster

ROSTER = Roster(state.current, state.put, MAX_RACERS, "nets/")


def racers() -> None:
    experiment = state.current()
    if experiment.racers:
        ROSTER.pick()
    else:
        st.info("Nobody trains yet. Add an optimizer below.")
    ROSTER.add(experiment.landscape, lambda key, slot: net_racer(experiment.problem, key, slot))
    selected = experiment.racer(experiment.selected)
    if selected is not None:
        ROSTER.tune(selected)
        _rates(selected)
        card(selected)
        cost_against_n(experiment.racers, "nets/menu/costs")


def _rates(selected: Racer) -> None:
    """One learning rate for all, or each its own."""
    with controls.menu("Learning rates for all", "nets/menu/rates", ":material/balance:") as open:
        if open:
            st.button("The same for all", key="nets/rates/same", width="stretch", disabled="lr" not in selected.values,
                      help="Every racer gets the selected racer's learning rate.",
                      on_click=lambda: _rate_all(lambda racer: selected.values["lr"]))  # fmt: skip
            st.button("Recommended", key="nets/rates/own", width="stretch",
                      help="Every racer gets the rate that this preset recommends for it.",
                      on_click=lambda: _rate_all(lambda racer: _advised(racer).values["lr"]))  # fmt: skip


def _advised(racer: Racer) -> Racer:
    return net_racer(state.current().problem, racer.optimizer, racer.slot)


def _rate_all(rate: Callable[[Racer], float]) -> None:
    experiment = state.current()
    racers = tuple(racer.with_value("lr", rate(racer)) if "lr" in racer.values else racer for racer in experiment.racers)
    state.put(replace(experiment, racers=racers))
