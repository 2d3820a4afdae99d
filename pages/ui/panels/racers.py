"""Who races: the list, the controls of the one that is selected, and its card."""

from dataclasses import replace

import streamlit as st

from optimizers import OPTIMIZERS, Hyper
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui import controls, fairness, state
from pages.ui.experiment import MAX_RACERS, Racer, racer_on
from pages.ui.insight import at_cursor
from pages.ui.panels.choice import choose
from pages.ui.words import cost, state_held


def racers() -> None:
    experiment = state.current()
    if experiment.racers:
        _list()
    else:
        st.info("Nobody races yet. Add an optimizer below.")
    _add()
    selected = experiment.racer(experiment.selected)
    if selected is not None:
        _actions(selected)
        _hypers(selected)
        _extras(selected)
        _fairness()
        card(selected, at_cursor(state.current()))


def label(racer: Racer) -> str:
    """The racer's marker in its colour and its name. Streamlit knows an option by its label, so nothing in it may change with a slider."""
    return f':color[{racer.mark.glyph}]{{foreground="{racer.mark.color}"}} {racer.method.name}'


def _list() -> None:
    experiment = state.current()
    state.hold("selected", experiment.selected)
    by_slot = {racer.slot: racer for racer in experiment.racers}
    st.radio("Racers", list(by_slot), format_func=lambda slot: label(by_slot[slot]), key="selected",
             captions=[caption(racer) for racer in experiment.racers],
             on_change=state.on_change("selected", lambda slot: state.change(selected=slot)))  # fmt: skip


def caption(racer: Racer) -> str:
    around = f" + {AROUNDS[racer.around.key].name}" if racer.around else ""
    plan = f", {SCHEDULES[racer.schedule.key].name}" if racer.schedule else ""
    return racer.detail + plan + around + ("" if racer.shown else " (hidden)")


def _add() -> None:
    experiment = state.current()
    full = len(experiment.racers) >= MAX_RACERS

    def add(key: str | None) -> None:
        st.session_state["add"] = None
        if key is None:
            return
        if reason := OPTIMIZERS[key].unfit(experiment.problem):
            raise ValueError(f"{OPTIMIZERS[key].name} cannot run on {experiment.problem.name}: {reason}")
        state.put(experiment.with_racer(racer_on(experiment.problem, key, experiment.free_slots[0])))

    def name(key: str) -> str:
        method = OPTIMIZERS[key]
        return f"{method.name} (not here: {method.unfit(experiment.problem)})" if method.unfit(experiment.problem) else method.name

    st.selectbox(f"All {MAX_RACERS} places are taken" if full else "Add a racer", list(OPTIMIZERS), index=None, key="add", disabled=full,
                 format_func=name, placeholder="Add a racer", label_visibility="collapsed",
                 on_change=state.on_change("add", add))  # fmt: skip


def _actions(racer: Racer) -> None:
    experiment = state.current()
    with st.container(horizontal=True, gap="small"):
        shown = f"shown/{racer.slot}"
        state.hold(shown, racer.shown)
        st.toggle("Show", key=shown, on_change=state.on_change(shown, lambda on: _put(replace(racer, shown=bool(on)))))
        st.button("Duplicate", icon=":material/content_copy:", key="duplicate", disabled=not experiment.free_slots,
                  on_click=lambda: state.put(experiment.with_racer(replace(racer, slot=experiment.free_slots[0]))))  # fmt: skip
        st.button("Remove", icon=":material/delete:", key="remove", on_click=lambda: state.put(experiment.without(racer.slot)))


def _hypers(racer: Racer) -> None:
    numbers = [hyper for hyper in racer.method.hypers if not hyper.options]
    switches = [hyper for hyper in racer.method.hypers if hyper.options]
    for hyper in numbers:
        _hyper(racer, hyper)
    if switches:
        with controls.fold("Conventions", "fold/conventions") as open:
            for hyper in switches if open else ():
                _hyper(racer, hyper)


def _hyper(racer: Racer, hyper: Hyper) -> None:
    def apply(value: float) -> None:
        fresh = state.current().racer(racer.slot)
        if fresh is not None:
            _put(fresh.with_value(hyper.key, float(hyper.check(value))))

    controls.hyper(hyper, racer.values[hyper.key], f"racer/{racer.slot}/{racer.optimizer}/{hyper.key}", apply)


def _extras(racer: Racer) -> None:
    """What follows its iterate, and a schedule of its own."""
    own = racer.around is not None or racer.schedule is not None
    with controls.fold("Lookahead, means, own schedule", "fold/extras", expanded=own) as open:
        if open:
            choose("Around it", "Nothing follows the iterate", AROUNDS, racer.around, f"around/{racer.slot}",
                   lambda chosen: _put(replace(racer, around=chosen)))  # fmt: skip
            choose("Its own schedule", "The one of the race", SCHEDULES, racer.schedule, f"plan/{racer.slot}",
                   lambda chosen: _put(replace(racer, schedule=chosen)))  # fmt: skip


def _fairness() -> None:
    with controls.menu("Learning rates for all", "menu/fairness", ":material/balance:") as open:
        for name, (help, action) in fairness.ACTIONS.items() if open else ():
            st.button(name, key=f"fair/{name}", help=help, width="stretch", on_click=fairness.run, args=(action,))


def _put(racer: Racer) -> None:
    state.put(state.current().with_racer(racer))


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
