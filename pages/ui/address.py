"""Experiment <-> the page's query string, to the last digit.

    ?landscape=ravine&params=condition~100~rotation~30&start=-1.5~2&steps=300&racer=adam~0~lr~0.1~...&racer=...

Fields are joined by "~", which no browser escapes. What is missing takes its default; what is wrong falls back, with a word about it.
Written through st.query_params rather than `bind="query-params"`: bound widgets replace the history entry (Streamlit 1.67), so the back
button would do nothing, and they drop bad values without a word.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial

from landscape import PROBLEMS, Problem
from landscape.reparametrised import other_of
from pages.lessons.race import LESSONS
from pages.ui.common import common, nobody_meant, read_batch, read_conditions, read_racers, read_schedule, read_view
from pages.ui.experiment import (
    DEFAULT_TOLERANCE,
    MAX_RACERS,
    MAX_SEEDS,
    MAX_STEPS,
    Experiment,
    Racer,
    base_of,
    default_experiment,
    problem_of,
)
from pages.ui.fields import choice, finite, joined, read_pairs, read_point, switch, whole, within
from pages.ui.made import MADE
from pages.ui.reading import Query, Reader, read_each


def encode(experiment: Experiment) -> dict[str, str | list[str]]:
    if experiment.lesson and experiment == lesson_of(experiment.lesson):
        return {"lesson": experiment.lesson}
    problem = experiment.base
    query: dict[str, str | list[str]] = {"landscape": experiment.landscape}
    if experiment.lesson:
        query["lesson"] = experiment.lesson
    if experiment.made:
        query[experiment.made.field] = experiment.text
    if problem.parameters:
        query["params"] = joined({p.key: v for p, v in zip(problem.parameters, experiment.params, strict=True)})
    query["start"] = f"{experiment.start[0]!r}~{experiment.start[1]!r}"
    query["steps"] = str(experiment.steps)
    query["tolerance"] = repr(experiment.tolerance)
    if experiment.other:
        query["other"] = "1"
    if experiment.with_penalty:
        query["penalty"] = "1"
    if (experiment.batch, experiment.replacement) != (problem.batch, problem.replacement):
        query["batch"] = f"{experiment.batch}~{int(experiment.replacement)}"
    if experiment.seed:
        query["seed"] = str(experiment.seed)
    if experiment.seeds > 1:
        query["seeds"] = str(experiment.seeds)
    return query | common(experiment)


def decode(query: Query) -> tuple[Experiment, tuple[str, ...]]:
    """The experiment that a query describes, and a note for each part that could not be used as it stands.

    A lesson without a landscape stands for all that it opens with, besides what the query has itself.
    """
    lesson = query["lesson"][-1] if "lesson" in query else ""
    if lesson in LESSONS and "landscape" not in query:
        query = {**LESSONS[lesson].query, **query}
    reader = Reader(query)
    read, notes = reader.read, reader.notes
    landscape, text = read("landscape", "rosenbrock", choice(*PROBLEMS, *MADE)), ""
    if landscape in MADE:
        text = read(MADE[landscape].field, "", lambda text: _usable(landscape, text))
        landscape = landscape if text else "rosenbrock"
    base = default_experiment(landscape, text)
    problem = base.base
    steps = read("steps", base.steps, whole(0, MAX_STEPS))
    params = _read_params(read("params", {}, read_pairs), problem, notes)
    there = problem_of(landscape, text, params)
    racers = _read_racers(query["racer"], base, there, notes) if "racer" in query else base.racers
    selected = read("selected", racers[0].slot if racers else 0, whole(0, MAX_RACERS - 1))
    batch, replacement = read("batch", (base.batch, base.replacement), lambda text: read_batch(text, there.samples))
    return Experiment(
        landscape=landscape,
        text=text,
        lesson=read("lesson", "", choice(*LESSONS)),
        params=params,
        start=read("start", base.start, read_point),
        steps=steps,
        tolerance=read("tolerance", DEFAULT_TOLERANCE, lambda text: within(finite(text), 1e-12, 1e6)),
        conditions=read_conditions(reader),
        other=read("other", False, lambda text: _read_other(text, problem)),
        with_penalty=read("penalty", False, lambda text: _read_penalty(text, problem)),
        schedule=read_schedule(reader),
        batch=batch,
        replacement=replacement,
        seed=read("seed", 0, whole(0, 10**9)),
        seeds=read("seeds", 1, whole(1, MAX_SEEDS)),
        racers=racers,
        selected=selected if any(r.slot == selected for r in racers) else (racers[0].slot if racers else 0),
        cursor=read("cursor", None, whole(0, steps)),
        view=read_view(reader),
    ), tuple(notes)


@lru_cache(maxsize=64)
def lesson_of(key: str) -> Experiment:
    """The race that a lesson opens with."""
    return decode({"lesson": [key]})[0]


def _read_racers(texts: Sequence[str], base: Experiment, problem: Problem, notes: list[str]) -> tuple[Racer, ...]:
    """Those of a query; where somebody was meant to race and nobody can be read, those that the landscape opens with."""
    racers = read_racers(texts, problem, notes, own=True)
    if racers or nobody_meant(texts):
        return racers
    notes.append("The landscape's own racers stand in.")
    return base.racers


def _usable(landscape: str, text: str) -> str:
    base_of(landscape, text)  # raises a ValueError that says what is wrong
    return text


def _read_params(pairs: Mapping[str, str], problem: Problem, notes: list[str]) -> tuple[float, ...]:
    known = {p.key: partial(_between, p.low, p.high) for p in problem.parameters}
    values = {p.key: float(p.default) for p in problem.parameters}
    return tuple((values | read_each(pairs, known, f"parameter of {problem.name}", notes)).values())


def _between(low: float, high: float, text: str) -> float:
    return within(finite(text), low, high)


def _read_penalty(text: str, problem: Problem) -> bool:
    if switch(text):
        problem.penalised(1.0).hessian((0.0, 0.0))  # raises a FormulaError where the formula becomes too long
    return switch(text)


def _read_other(text: str, problem: Problem) -> bool:
    if switch(text):
        other_of(problem)  # raises a ValueError where there are no other coordinates
    return switch(text)
