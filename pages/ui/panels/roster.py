"""The list of who runs on a page, and the controls of the one that is selected: the same for a race and for nets in training."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from landscape import Problem
from optimizers import FAMILIES, OPTIMIZERS, Hyper
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui import controls, state
from pages.ui.experiment import Racer
from pages.ui.panels.choice import choose
from pages.ui.racer import DECAY

FAMILY = {method.key: family for family, methods in FAMILIES.items() for method in methods}


@dataclass(frozen=True)
class Roster:
    """A page's racers. `current` and `put` are its experiment's, whose fields and methods for racers have the same names on each page."""

    current: Callable[[], Any]
    put: Callable[[Any], None]
    most: int
    prefix: str = ""  # of the widgets' keys
    own: bool = False  # whether a racer may have a batch size and a decay of its own

    def pick(self) -> None:
        """Who runs; the selected one's controls are open."""
        experiment = self.current()
        by_slot = {racer.slot: racer for racer in experiment.racers}
        st.radio("Racers", list(by_slot), format_func=lambda slot: label(by_slot[slot]),
                 captions=[caption(racer, experiment.racers) for racer in experiment.racers],
                 **state.shows(f"{self.prefix}selected", experiment.selected,
                               lambda slot: self.put(replace(self.current(), selected=slot)), by_slot))  # fmt: skip

    def add(self, problem: Problem, make: Callable[[str, int], Racer]) -> None:
        """A menu of all methods; `make` takes a method's key and a free slot."""
        experiment = self.current()
        full = len(experiment.racers) >= self.most

        def add(chosen: str | None) -> None:
            if chosen is None:
                return
            if reason := OPTIMIZERS[chosen].unfit(problem):
                raise ValueError(f"{OPTIMIZERS[chosen].name} cannot run on {problem.name}: {reason}")
            self.put(experiment.with_racer(make(chosen, experiment.free_slots[0])))

        absent = unavailable(problem)

        def name(key: str) -> str:
            return f"{FAMILY[key]}: {OPTIMIZERS[key].name}{' (not here)' if key in absent else ''}"

        words = f"All {self.most} places are taken" if full else "Add a racer"
        st.selectbox(words, list(OPTIMIZERS), disabled=full, format_func=name, placeholder=words, label_visibility="collapsed",
                     **state.shows(f"{self.prefix}add", None, add, OPTIMIZERS))  # fmt: skip
        if absent:
            st.caption(f"Not here: {'; '.join(_by_reason(absent))}.")

    def tune(self, racer: Racer, note: str = "") -> None:
        """All that can be done to one racer; the note stands below its hyperparameters."""
        self._actions(racer)
        self._hypers(racer)
        if note:
            st.caption(note)
        self._extras(racer)

    def _actions(self, racer: Racer) -> None:
        experiment = self.current()
        with st.container(horizontal=True, gap="small"):
            st.toggle("Show", **state.shows(f"{self.prefix}shown/{racer.slot}", racer.shown,
                                            lambda on: self._put(replace(racer, shown=bool(on)))))  # fmt: skip
            st.button("Duplicate", icon=":material/content_copy:", key=f"{self.prefix}duplicate", disabled=not experiment.free_slots,
                      on_click=lambda: self.put(experiment.with_racer(replace(racer, slot=experiment.free_slots[0]))))  # fmt: skip
            st.button("Remove", icon=":material/delete:", key=f"{self.prefix}remove",
                      on_click=lambda: self.put(experiment.without(racer.slot)))  # fmt: skip

    def _hypers(self, racer: Racer) -> None:
        for hyper in (hyper for hyper in racer.method.hypers if not hyper.options):
            self._hyper(racer, hyper)
        if switches := [hyper for hyper in racer.method.hypers if hyper.options]:
            with controls.fold("Conventions", f"{self.prefix}fold/conventions") as open:
                for hyper in switches if open else ():
                    self._hyper(racer, hyper)

    def _hyper(self, racer: Racer, hyper: Hyper) -> None:
        def apply(value: float) -> None:
            fresh = self.current().racer(racer.slot)
            if fresh is not None:
                self._put(fresh.with_value(hyper.key, float(hyper.check(value))))

        controls.hyper(hyper, racer.values[hyper.key], f"{self.prefix}racer/{racer.slot}/{racer.optimizer}/{hyper.key}", apply)

    def _extras(self, racer: Racer) -> None:
        """What follows its iterate, and a schedule of its own."""
        own = any(each is not None for each in (racer.around, racer.schedule, racer.batch, racer.decay))
        label = f"Lookahead, means, own schedule{', batch, decay' if self.own else ''}"
        with controls.fold(label, f"{self.prefix}fold/extras", expanded=own) as open:
            if open:
                choose("Around it", "Nothing follows the iterate", AROUNDS, racer.around, f"{self.prefix}around/{racer.slot}",
                       lambda chosen: self._put(replace(racer, around=chosen)))  # fmt: skip
                choose("Its own schedule", "The one of the race", SCHEDULES, racer.schedule, f"{self.prefix}plan/{racer.slot}",
                       lambda chosen: self._put(replace(racer, schedule=chosen)))  # fmt: skip
                if self.own:
                    self._own_batch(racer)
                    self._own_decay(racer)

    def _own_batch(self, racer: Racer) -> None:
        samples, key = self.current().problem.samples, f"{self.prefix}batch/{racer.slot}"
        if not samples:
            return

        def switch(on: Any) -> None:
            self._put(replace(racer, batch=self.current().batch if on else None))

        st.toggle("A batch size of its own", help="In place of the one of the race.", **state.shows(key, racer.batch is not None, switch))
        if racer.batch is not None:
            st.number_input("Its batch size (0: all the data)", 0, samples, **state.shows(
                f"{key}/value", racer.batch, lambda size: self._put(replace(racer, batch=int(size)))))  # fmt: skip

    def _own_decay(self, racer: Racer) -> None:
        key = f"{self.prefix}decay/{racer.slot}"

        def switch(on: Any) -> None:
            self._put(replace(racer, decay=DECAY.default if on else None))

        st.toggle("A decoupled decay of its own", help=DECAY.help, **state.shows(key, racer.decay is not None, switch))
        if racer.decay is not None:
            controls.number(DECAY, racer.decay, f"{key}/value", lambda new: self._put(replace(racer, decay=float(DECAY.check(new)))),
                            DECAY.bounds, DECAY.symbol)  # fmt: skip

    def _put(self, racer: Racer) -> None:
        self.put(self.current().with_racer(racer))


def unavailable(problem: Problem) -> dict[str, str]:
    """The methods that cannot run on the problem, by key, and why."""
    reasons = {key: method.unfit(problem) for key, method in OPTIMIZERS.items()}
    return {key: reason for key, reason in reasons.items() if reason}


def _by_reason(absent: Mapping[str, str]) -> Iterator[str]:
    for reason in dict.fromkeys(absent.values()):
        names = [OPTIMIZERS[key].name for key, why in absent.items() if why == reason]
        yield f"{', '.join(names)} ({reason.removeprefix('it ').rstrip('.')})"


def label(racer: Racer) -> str:
    """The racer's marker in its colour and its name. Streamlit knows an option by its label, so nothing in it may change with a slider."""
    return f"{racer.mark.coloured} {racer.method.name}"


def caption(racer: Racer, racers: Iterable[Racer]) -> str:
    around = f" + {AROUNDS[racer.around.key].name}" if racer.around else ""
    return racer.detail_among(racers) + around + ("" if racer.shown else " (hidden)")
