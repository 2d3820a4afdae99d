"""What the addresses of a race and of nets in training share: who runs, under which conditions, and how it is looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from landscape import Problem
from optimizers import OPTIMIZERS, Conditions
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui.experiment import MAX_RACERS, Chosen, Declared, Racer, racer_on
from pages.ui.fields import choice, finite, joined, numbers, read_pairs, short, switch, whole, within, written
from pages.ui.racer import DECAY
from pages.ui.reading import Reader, note, read_each

OFF = vars(Conditions())  # a condition that is not there


class Common(Protocol):
    """The fields that both experiments have."""

    @property
    def conditions(self) -> Conditions: ...
    @property
    def schedule(self) -> Chosen | None: ...
    @property
    def racers(self) -> tuple[Racer, ...]: ...
    @property
    def selected(self) -> int: ...
    @property
    def cursor(self) -> int | None: ...
    @property
    def view(self) -> Mapping[str, Any]: ...


# What the scene may remember of how it is looked at, and how each entry is read back.
VIEW: dict[str, Callable[[str], Any]] = {
    "levels": choice("log", "linear"),
    "curve": choice("loss", "gradient", "distance"),
    "curve_log": switch,
    "axis": choice("ticks", "samples"),
    "surface": switch,
    "queries": switch,
    "inside": switch,
    "speed": finite,
    "camera": numbers(9),
    "x": numbers(2),
    "y": numbers(2),
}


def common(experiment: Common) -> dict[str, str | list[str]]:
    """The part of the query that both kinds of experiment have."""
    query: dict[str, str | list[str]] = {}
    if experiment.conditions != Conditions():
        query["conditions"] = joined({key: value for key, value in vars(experiment.conditions).items() if value != OFF[key]})
    if experiment.schedule:
        query["schedule"] = _chosen_text(experiment.schedule, SCHEDULES[experiment.schedule.key])
    query["racer"] = [_racer_text(racer) for racer in experiment.racers] or "none"
    query["selected"] = str(experiment.selected)
    if experiment.cursor is not None:
        query["cursor"] = str(experiment.cursor)
    if experiment.view:
        query["view"] = joined(experiment.view)
    return query


def read_conditions(reader: Reader) -> Conditions:
    known = dict.fromkeys(OFF, lambda text: within(finite(text), 0.0, 1e12))
    return Conditions(**read_each(reader.read("conditions", {}, read_pairs), known, "condition", reader.notes))


def read_schedule(reader: Reader) -> Chosen | None:
    chosen: Chosen | None = reader.read("schedule", None, lambda text: _read_chosen(text, SCHEDULES, "schedule"))
    return chosen


def _chosen_text(chosen: Chosen, declared: Declared) -> str:
    return "~".join([chosen.key, *filter(None, [joined(chosen.values(declared))])])


def _read_chosen(text: str, registry: Mapping[str, Any], what: str) -> Chosen:
    key, *rest = text.split("~")
    if key not in registry:
        raise ValueError(f"there is no {what} {short(key)}")
    declared = registry[key]
    values = Chosen.default(key, declared).values(declared)
    hypers = {hyper.key: hyper for hyper in declared.hypers}
    for name, value in read_pairs("~".join(rest)).items() if rest else ():
        if name not in hypers:
            raise ValueError(f"{declared.name} has no {short(name)}")
        values[name] = float(hypers[name].check(finite(value)))
    return Chosen(key, tuple(values.values()))


def _racer_text(racer: Racer) -> str:
    around = ["around", _chosen_text(racer.around, AROUNDS[racer.around.key])] if racer.around else []
    schedule = ["schedule", _chosen_text(racer.schedule, SCHEDULES[racer.schedule.key])] if racer.schedule else []
    values = {key: value for key, value in racer.values.items() if value or key != racer.method.l2}  # as short as without it
    values |= {key: value for key in OWN if (value := getattr(racer, key)) is not None}
    return "~".join(
        [racer.optimizer, str(racer.slot), *filter(None, [joined(values)]), *([] if racer.shown else ["hidden"]), *schedule, *around]
    )


def nobody_meant(texts: Sequence[str]) -> bool:
    """Whether a query asks for an empty track, rather than for racers of whom nobody could be read."""
    return all(text in ("none", "") for text in texts)


def read_racers(texts: Sequence[str], problem: Problem, notes: list[str], own: bool = False) -> tuple[Racer, ...]:
    """`own`: whether they may have a batch size and a decay of their own."""
    racers: list[Racer] = []
    for text in texts:
        if text in ("none", ""):
            continue
        if len(racers) == MAX_RACERS:
            notes.append(f"Only {MAX_RACERS} racers fit; the rest was left out.")
            break
        try:
            racers.append(_read_racer(text, problem, {r.slot for r in racers}, notes, own))
        except ValueError as error:
            notes.append(f"Racer {short(text)} was left out: {error}.")
    return tuple(racers)


def _read_racer(text: str, problem: Problem, used: set[int], notes: list[str], own: bool) -> Racer:
    text, _, around_text = text.partition("~around~")
    text, _, schedule_text = text.partition("~schedule~")
    key, *fields = text.split("~")
    if key not in OPTIMIZERS:
        raise ValueError(f"there is no optimizer {short(key)}")
    if lacking := OPTIMIZERS[key].unfit(problem):
        raise ValueError(f"on {problem.name} it cannot run: {lacking.rstrip('.')}")
    shown = not (fields and fields[-1] == "hidden")
    fields = fields if shown else fields[:-1]
    slot = int(fields.pop(0)) if len(fields) % 2 and fields[0].isdecimal() else -1
    if slot in used or not 0 <= slot < MAX_RACERS:
        slot = min(set(range(MAX_RACERS)) - used)
    racer = racer_on(problem, key, slot)
    for name, value in zip(fields[::2], fields[1::2], strict=False):
        if own and name in OWN:
            racer = replace(
                racer, **read_each({name: value}, {name: partial(OWN[name], problem)}, "setting", notes, f"{racer.method.name}: ")
            )
            continue
        if name not in racer.method.by_key:
            notes.append(f"{racer.method.name} has no {short(name)}; it was left out.")
            continue
        try:
            racer = racer.with_value(name, float(racer.method.by_key[name].check(finite(value))))
        except ValueError as error:
            notes.append(note(f"{racer.method.name}: {name}", value, error))
    extras: dict[str, Any] = {}
    for name, extra, registry in (("around", around_text, AROUNDS), ("schedule", schedule_text, SCHEDULES)):
        try:
            extras[name] = _read_chosen(extra, registry, "follower" if name == "around" else name) if extra else None
        except ValueError as error:
            notes.append(note(name, extra, error))
    return replace(racer, shown=shown, **extras)


def _own_batch(problem: Problem, text: str) -> int:
    return read_batch(text, problem.samples)[0]


def _own_decay(problem: Problem, text: str) -> float:
    return float(DECAY.check(finite(text)))


OWN = {"batch": _own_batch, "decay": _own_decay}  # what a racer may have in place of the race's


def read_batch(text: str, samples: int) -> tuple[int, bool]:
    size, _, replacement = text.partition("~")
    if not samples:
        raise ValueError("this landscape has no data to take batches of")
    return whole(0, samples)(size), switch(replacement or "1")


def read_view(reader: Reader) -> dict[str, Any]:
    return read_each(reader.read("view", {}, read_pairs), VIEW, "option", reader.notes, "view: ")


def valid_view(view: Any) -> dict[str, Any]:
    """What a browser sent as its view, reduced to entries that can be written and read back."""
    if not isinstance(view, Mapping):
        return {}
    return read_each({key: written(value) for key, value in view.items() if key in VIEW}, VIEW, "option", [])
