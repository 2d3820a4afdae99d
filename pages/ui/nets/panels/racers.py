"""Who trains: the list, the controls of the one that is selected, and its card."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from optimizers import OPTIMIZERS, Hyper
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui import controls
from pages.ui.experiment import Racer
from pages.ui.nets import state
from pages.ui.nets.experiment import MAX_RACERS, net_racer
from pages.ui.panels.choice import choose
from pages.ui.panels.racers import caption, card, label


def racers() -> None:
    experiment = state.current()
    if experiment.racers:
        _list()
    else:
        st.info("Nobody trains yet. Add an optimizer below.")
    _add()
    selected = experiment.racer(experiment.selected)
    if selected is not None:
        _actions(selected)
        _hypers(selected)
        _extras(selected)
        _rates(selected)
        card(selected)


def _list() -> None:
    experiment = state.current()
    state.hold("nets/selected", experiment.selected)
    by_slot = {racer.slot: racer for racer in experiment.racers}
    st.radio("Racers", list(by_slot), format_func=lambda slot: label(by_slot[slot]), key="nets/selected",
             captions=[caption(racer) for racer in experiment.racers],
             on_change=state.on_change("nets/selected", lambda slot: state.change(selected=slot)))  # fmt: skip


def _add() -> None:
    experiment = state.current()
    full = len(experiment.racers) >= MAX_RACERS

    def add(key: str | None) -> None:
        st.session_state["nets/add"] = None
        if key is None:
            return
        if reason := OPTIMIZERS[key].unfit(experiment.landscape):
            raise ValueError(f"{OPTIMIZERS[key].name} cannot train this net: {reason}")
        state.put(experiment.with_racer(net_racer(experiment.problem, key, experiment.free_slots[0])))

    def name(key: str) -> str:
        method, reason = OPTIMIZERS[key], OPTIMIZERS[key].unfit(experiment.landscape)
        return f"{method.name} (not here: {reason})" if reason else method.name

    st.selectbox(f"All {MAX_RACERS} places are taken" if full else "Add a racer", list(OPTIMIZERS), index=None, key="nets/add",
                 disabled=full, format_func=name, placeholder=f"All {MAX_RACERS} places are taken" if full else "Add a racer",
                 label_visibility="collapsed", on_change=state.on_change("nets/add", add))  # fmt: skip


def _actions(racer: Racer) -> None:
    experiment = state.current()
    with st.container(horizontal=True, gap="small"):
        shown = f"nets/shown/{racer.slot}"
        state.hold(shown, racer.shown)
        st.toggle("Show", key=shown, on_change=state.on_change(shown, lambda on: _put(replace(racer, shown=bool(on)))))
        st.button("Duplicate", icon=":material/content_copy:", key="nets/duplicate", disabled=not experiment.free_slots,
                  on_click=lambda: state.put(experiment.with_racer(replace(racer, slot=experiment.free_slots[0]))))  # fmt: skip
        st.button("Remove", icon=":material/delete:", key="nets/remove", on_click=lambda: state.put(experiment.without(racer.slot)))


def _hypers(racer: Racer) -> None:
    for hyper in (hyper for hyper in racer.method.hypers if not hyper.options):
        _hyper(racer, hyper)
    if switches := [hyper for hyper in racer.method.hypers if hyper.options]:
        with controls.fold("Conventions", "nets/fold/conventions") as open:
            for hyper in switches if open else ():
                _hyper(racer, hyper)


def _hyper(racer: Racer, hyper: Hyper) -> None:
    def apply(value: float) -> None:
        fresh = state.current().racer(racer.slot)
        if fresh is not None:
            _put(fresh.with_value(hyper.key, float(hyper.check(value))))

    controls.hyper(hyper, racer.values[hyper.key], f"nets/racer/{racer.slot}/{racer.optimizer}/{hyper.key}", apply)


def _extras(racer: Racer) -> None:
    own = racer.around is not None or racer.schedule is not None
    with controls.fold("Lookahead, means, own schedule", "nets/fold/extras", expanded=own) as open:
        if open:
            choose("Around it", "Nothing follows the iterate", AROUNDS, racer.around, f"nets/around/{racer.slot}",
                   lambda chosen: _put(replace(racer, around=chosen)))  # fmt: skip
            choose("Its own schedule", "The one of the race", SCHEDULES, racer.schedule, f"nets/plan/{racer.slot}",
                   lambda chosen: _put(replace(racer, schedule=chosen)))  # fmt: skip


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


def _put(racer: Racer) -> None:
    state.put(state.current().with_racer(racer))
