"""Who races: the list, the controls of the one that is selected, and its card."""

from dataclasses import replace

import streamlit as st

from optimizers import OPTIMIZERS, Hyper
from optimizers.around import AROUNDS
from pages.ui import controls, fairness, state
from pages.ui.experiment import MAX_RACERS, Chosen, Racer, racer_on
from pages.ui.words import times


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
        _around(selected)
        _fairness()
        _card(selected)


def label(racer: Racer) -> str:
    """The racer's marker in its colour and its name. Streamlit knows an option by its label, so nothing in it may change with a slider."""
    return f':color[{racer.mark.glyph}]{{foreground="{racer.mark.color}"}} {racer.method.name}'


def _list() -> None:
    experiment = state.current()
    state.hold("selected", experiment.selected)
    by_slot = {racer.slot: racer for racer in experiment.racers}
    st.radio("Racers", list(by_slot), format_func=lambda slot: label(by_slot[slot]), key="selected",
             captions=[_caption(racer) for racer in experiment.racers],
             on_change=state.on_change("selected", lambda slot: state.change(selected=slot)))  # fmt: skip


def _caption(racer: Racer) -> str:
    around = f" + {AROUNDS[racer.around.key].name}" if racer.around else ""
    return racer.detail + around + ("" if racer.shown else " (hidden)")


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


def _around(racer: Racer) -> None:
    with controls.fold("Around it: Lookahead, means of the iterates", "fold/around", expanded=racer.around is not None) as open:
        if not open:
            return
        key = f"around/{racer.slot}"
        state.hold(key, racer.around.key if racer.around else None)

        def choose(name: str | None) -> None:
            _put(replace(racer, around=Chosen.default(name, AROUNDS[name]) if name else None))

        st.selectbox("What follows the iterate", [None, *AROUNDS], key=key, on_change=state.on_change(key, choose),
                     format_func=lambda name: AROUNDS[name].name if name else "Nothing")  # fmt: skip
        if racer.around is None:
            return
        declared = AROUNDS[racer.around.key]
        st.caption(f"{declared.summary} The thick path is the follower's, its evaluations are the method's own.")
        for hyper in declared.hypers:
            _around_hyper(racer, racer.around, hyper)
        st.caption(declared.paper)


def _around_hyper(racer: Racer, around: Chosen, hyper: Hyper) -> None:
    declared = AROUNDS[around.key]

    def apply(value: float) -> None:
        _put(replace(racer, around=around.with_value(declared, hyper.key, float(hyper.check(value)))))

    controls.hyper(hyper, around.values(declared)[hyper.key], f"around/{racer.slot}/{around.key}/{hyper.key}", apply)


def _fairness() -> None:
    with controls.menu("Learning rates for all", "menu/fairness", ":material/balance:") as open:
        for name, (help, action) in fairness.ACTIONS.items() if open else ():
            st.button(name, key=f"fair/{name}", help=help, width="stretch", on_click=fairness.run, args=(action,))


def _put(racer: Racer) -> None:
    state.put(state.current().with_racer(racer))


def _card(racer: Racer) -> None:
    method = racer.method
    with st.expander(f"{method.name}: formula and paper", expanded=True):
        st.markdown(method.summary)
        for line in method.latex(racer.values):
            st.latex(line)
        st.markdown(f"**Good at:** {method.strengths}\n\n**Bad at:** {method.weaknesses}")
        memory = method.memory(racer.values)
        st.caption(f"{method.paper}. State: {', '.join(memory) or 'none'} ({times(len(memory), 'vector')} of the size of the weights).")
