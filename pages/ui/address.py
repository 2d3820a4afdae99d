"""Experiment <-> the page's query string, to the last digit.

    ?landscape=ravine&params=condition~100~rotation~30&start=-1.5~2&steps=300&racer=adam~0~lr~0.1~...&racer=...

Fields are joined by "~", which no browser escapes. What is missing takes its default; what is wrong falls back, with a word about it.
Written through st.query_params rather than `bind="query-params"`: bound widgets replace the history entry (Streamlit 1.67), so the back
button would do nothing, and they drop bad values without a word.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from landscape import PROBLEMS, Problem
from optimizers import OPTIMIZERS, Conditions
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui.experiment import (
    DEFAULT_TOLERANCE,
    MAX_RACERS,
    MAX_SEEDS,
    MAX_STEPS,
    Chosen,
    Declared,
    Experiment,
    Racer,
    base_of,
    default_experiment,
    problem_of,
    racer_on,
)
from pages.ui.fields import choice, finite, joined, numbers, read_pairs, read_point, short, switch, whole, within, written
from pages.ui.made import MADE

Query = Mapping[str, Sequence[str]]
OFF = vars(Conditions())  # a condition that is not there


# What the scene may remember of how it is looked at, and how each entry is read back.
VIEW: dict[str, Callable[[str], Any]] = {
    "levels": choice("log", "linear"),
    "curve": choice("loss", "gradient", "distance"),
    "curve_log": switch,
    "surface": switch,
    "queries": switch,
    "inside": switch,
    "speed": finite,
    "camera": numbers(9),
    "x": numbers(2),
    "y": numbers(2),
}


def encode(experiment: Experiment) -> dict[str, str | list[str]]:
    problem = experiment.base
    query: dict[str, str | list[str]] = {"landscape": experiment.landscape}
    if experiment.made:
        query[experiment.made.field] = experiment.text
    if problem.parameters:
        query["params"] = joined({p.key: v for p, v in zip(problem.parameters, experiment.params, strict=True)})
    query["start"] = f"{experiment.start[0]!r}~{experiment.start[1]!r}"
    query["steps"] = str(experiment.steps)
    query["tolerance"] = repr(experiment.tolerance)
    if experiment.conditions != Conditions():
        query["conditions"] = joined({key: value for key, value in vars(experiment.conditions).items() if value != OFF[key]})
    if experiment.with_penalty:
        query["penalty"] = "1"
    if experiment.schedule:
        query["schedule"] = chosen_text(experiment.schedule, SCHEDULES[experiment.schedule.key])
    if experiment.batch:
        query["batch"] = f"{experiment.batch}~{int(experiment.replacement)}"
    if experiment.seed:
        query["seed"] = str(experiment.seed)
    if experiment.seeds > 1:
        query["seeds"] = str(experiment.seeds)
    query["racer"] = [racer_text(racer) for racer in experiment.racers] or "none"
    query["selected"] = str(experiment.selected)
    if experiment.cursor is not None:
        query["cursor"] = str(experiment.cursor)
    if experiment.view:
        query["view"] = joined(experiment.view)
    return query


def decode(query: Query) -> tuple[Experiment, tuple[str, ...]]:
    """The experiment that a query describes, and a note for each part that could not be used as it stands."""
    notes: list[str] = []

    def read(key: str, default: Any, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(query[key][-1]) if key in query else default
        except (ValueError, KeyError, OverflowError) as error:
            notes.append(note(key, query[key][-1], error))
            return default

    landscape, text = read("landscape", "rosenbrock", choice(*PROBLEMS, *MADE)), ""
    if landscape in MADE:
        text = read(MADE[landscape].field, "", lambda text: _usable(landscape, text))
        landscape = landscape if text else "rosenbrock"
    base = default_experiment(landscape, text)
    problem = base.base
    steps = read("steps", base.steps, whole(0, MAX_STEPS))
    racers = read_racers(query["racer"], problem, notes) if "racer" in query else base.racers
    selected = read("selected", racers[0].slot if racers else 0, whole(0, MAX_RACERS - 1))
    params = _read_params(read("params", {}, read_pairs), problem, notes)
    samples = problem_of(landscape, text, params).samples
    batch, replacement = read("batch", (0, True), lambda text: read_batch(text, samples))
    return Experiment(
        landscape=landscape,
        text=text,
        params=params,
        start=read("start", base.start, read_point),
        steps=steps,
        tolerance=read("tolerance", DEFAULT_TOLERANCE, lambda text: within(finite(text), 1e-12, 1e6)),
        conditions=read_conditions(read("conditions", {}, read_pairs), notes),
        with_penalty=read("penalty", False, lambda text: _read_penalty(text, problem)),
        schedule=read("schedule", None, lambda text: read_chosen(text, SCHEDULES, "schedule")),
        batch=batch,
        replacement=replacement,
        seed=read("seed", 0, whole(0, 10**9)),
        seeds=read("seeds", 1, whole(1, MAX_SEEDS)),
        racers=racers,
        selected=selected if any(r.slot == selected for r in racers) else (racers[0].slot if racers else 0),
        cursor=read("cursor", None, whole(0, steps)),
        view=read_view(read("view", {}, read_pairs), notes),
    ), tuple(notes)


def note(what: str, text: str, error: Exception) -> str:
    return f"{what} = {short(text)} was not used: {str(error).rstrip('.')}. The default stands in."


def _usable(landscape: str, text: str) -> str:
    base_of(landscape, text)  # raises a ValueError that says what is wrong
    return text


def _read_params(pairs: Mapping[str, str], problem: Problem, notes: list[str]) -> tuple[float, ...]:
    known = {p.key: p for p in problem.parameters}
    values = {key: float(p.default) for key, p in known.items()}
    for key, text in pairs.items():
        if key not in known:
            notes.append(f"{short(key)} is no parameter of {problem.name}; it was left out.")
            continue
        try:
            values[key] = within(finite(text), known[key].low, known[key].high)
        except ValueError as error:
            notes.append(note(key, text, error))
    return tuple(values.values())


def read_conditions(pairs: Mapping[str, str], notes: list[str]) -> Conditions:
    values: dict[str, float] = {}
    for key, text in pairs.items():
        if key not in OFF:
            notes.append(f"{short(key)} is no condition; it was left out.")
            continue
        try:
            values[key] = within(finite(text), 0.0, 1e12)
        except ValueError as error:
            notes.append(note(key, text, error))
    return Conditions(**values)


def chosen_text(chosen: Chosen, declared: Declared) -> str:
    return "~".join([chosen.key, *filter(None, [joined(chosen.values(declared))])])


def read_chosen(text: str, registry: Mapping[str, Any], what: str) -> Chosen:
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


def racer_text(racer: Racer) -> str:
    around = ["around", chosen_text(racer.around, AROUNDS[racer.around.key])] if racer.around else []
    schedule = ["schedule", chosen_text(racer.schedule, SCHEDULES[racer.schedule.key])] if racer.schedule else []
    return "~".join([racer.optimizer, str(racer.slot), joined(racer.values), *([] if racer.shown else ["hidden"]), *schedule, *around])


def read_racers(texts: Sequence[str], problem: Problem, notes: list[str]) -> tuple[Racer, ...]:
    racers: list[Racer] = []
    for text in texts:
        if text in ("none", ""):
            continue
        if len(racers) == MAX_RACERS:
            notes.append(f"Only {MAX_RACERS} racers fit; the rest was left out.")
            break
        try:
            racers.append(_read_racer(text, problem, {r.slot for r in racers}, notes))
        except ValueError as error:
            notes.append(f"Racer {short(text)} was left out: {error}.")
    return tuple(racers)


def _read_racer(text: str, problem: Problem, used: set[int], notes: list[str]) -> Racer:
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
        if name not in racer.method.by_key:
            notes.append(f"{racer.method.name} has no {short(name)}; it was left out.")
            continue
        try:
            racer = racer.with_value(name, float(racer.method.by_key[name].check(finite(value))))
        except ValueError as error:
            notes.append(note(f"{racer.method.name}: {name}", value, error))
    extras: dict[str, Chosen | None] = {}
    for name, extra, registry in (("around", around_text, AROUNDS), ("schedule", schedule_text, SCHEDULES)):
        try:
            extras[name] = read_chosen(extra, registry, "follower" if name == "around" else name) if extra else None
        except ValueError as error:
            notes.append(note(name, extra, error))
    return Racer(key, slot, racer.hypers, shown, **extras)


def read_batch(text: str, samples: int) -> tuple[int, bool]:
    size, _, replacement = text.partition("~")
    if not samples:
        raise ValueError("this landscape has no data to take batches of")
    return whole(0, samples)(size), switch(replacement or "1")


def _read_penalty(text: str, problem: Problem) -> bool:
    if switch(text):
        problem.penalised(1.0).hessian((0.0, 0.0))  # raises a FormulaError where the formula becomes too long
    return switch(text)


def read_view(pairs: Mapping[str, str], notes: list[str]) -> dict[str, Any]:
    view: dict[str, Any] = {}
    for key, text in pairs.items():
        try:
            view[key] = VIEW[key](text)
        except (KeyError, ValueError):
            notes.append(f"view: {short(key)} = {short(text)} was not used.")
    return view


def valid_view(view: Any) -> dict[str, Any]:
    """What a browser sent as its view, reduced to entries that can be written and read back."""
    if not isinstance(view, Mapping):
        return {}
    return read_view({key: written(value) for key, value in view.items() if key in VIEW}, [])
