"""Facts in words: one sentence that says what happened to a racer, from computed figures only."""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np

from landscape import FormulaError, Problem
from optimizers import Conditions, Hyper, Optimizer
from optimizers.conditions import DECLARED, ON_GRADIENT
from optimizers.optimizer import latex_number
from optimizers.story import Facts, clearly_below
from pages.figures.dust import swept

OFF = vars(Conditions())
AROUND = 16  # characters of a formula on each side of a mistake: as much as the panel is wide


def figure(value: float) -> str:
    """Three significant digits, whole numbers of four and five as they are: as the scene writes them (format.js), but for the minus."""
    rounded = f"{value:.3g}"
    return f"{value:.0f}" if 1e3 <= abs(float(rounded)) < 1e5 else rounded


def shortly(hyper: Hyper, value: float) -> str:
    """Three significant digits; of a number near 1, of what it lacks to 1: 0.9995 is no 1."""
    if hyper.scale != "complement" or not 0 < 1 - value < 1:
        return f"{value:.0f}" if hyper.integer else figure(value)
    return f"{round(value, 2 - math.floor(math.log10(1 - value))):.12g}"


def duration(seconds: float) -> str:
    """Of a computation that is yet to come: no more digits than an estimate has."""
    return f"{max(1.0, seconds):.0f} s" if seconds < 100 else f"{seconds / 60:.0f} minutes"


def vector(values: Iterable[float]) -> str:
    """A vector in LaTeX, three significant digits."""
    return "(" + r",\; ".join(latex_number(float(figure(value)) + 0.0) for value in values) + ")"


def times(count: int, noun: str, several: str = "") -> str:
    return f"{count:,} {noun if count == 1 else several or noun + 's'}"


def sentence(facts: Facts, problem: Problem, tolerance: float) -> str:
    """What happened, and the figure that explains it."""
    if facts.ticks == 0 and facts.diverged_at is None:
        return "Has not moved yet: the race has no ticks."
    return " ".join(part for part in (_outcome(facts, problem, tolerance), _floor(facts, problem, tolerance), _reason(facts)) if part)


def pointed(error: ValueError) -> str:
    """What is wrong with a formula, in Markdown: the sentence, and below it the part of the formula that it points at."""
    if not (isinstance(error, FormulaError) and error.text):
        return str(error)
    first = max(0, min(error.start - AROUND, len(error.text) - 2 * AROUND))
    part = error.text[first : first + 2 * AROUND]
    marks = "^" * min(error.end - error.start, first + 2 * AROUND - error.start)
    before, after = "..." if first else "", "..." if first + len(part) < len(error.text) else ""
    return f"{error.message}\n```\n{before}{part}{after}\n{' ' * (len(before) + error.start - first)}{marks}\n```"


def over_seeds(seeds: int, arrived: int | None, diverged: int, median: float) -> str:
    """What became of a racer's runs over many seeds: "12 of 20 seeds arrived, median final loss 0.01"."""
    parts = [
        f"{arrived:,} of {seeds:,} seeds arrived" if arrived is not None else "",
        f"{diverged:,} of {seeds:,} diverged" if diverged else "",
        f"median final loss {figure(median)}" + ("" if arrived is not None else f" over {seeds:,} seeds") if np.isfinite(median) else "",
    ]
    return ", ".join(filter(None, parts))


def cost(method: Optimizer) -> str:
    """What a step asks of the problem."""
    asked = "the loss" if method.gradient_free else "loss and gradient"
    matrix = f", each with the {method.curvature.replace('_', ' ')} matrix" if method.curvature else ""
    least = "at least " if method.more else ""
    return f"{least}{times(method.evaluations, 'evaluation')} of {asked}{matrix}" + (f": {method.more}." if method.more else ".")


def state_held(method: Optimizer, values: Mapping[str, float]) -> str:
    """What it keeps from step to step, in vectors of the size of the weights and in matrices."""
    vectors = method.memory(values)
    held = [f"{times(len(vectors), 'vector')} of the size of the weights ({', '.join(vectors)})"] if vectors else []
    matrices = [f"{len(method.matrices)} of its square ({', '.join(method.matrices)})"] if method.matrices else []
    return ", and ".join(held + matrices) + "." if held or matrices else "nothing."


def unreached(method: Optimizer, conditions: Conditions) -> str:
    """What is done to the gradient and does not reach this method; empty where it asks for gradients, or nothing is."""
    done = [
        declared.name.lower()
        for declared in DECLARED
        if declared.key in ON_GRADIENT and getattr(conditions, declared.key) != OFF[declared.key]
    ]
    return f"It asks for no gradient: {' and '.join(done)} cannot reach it." if done and method.gradient_free else ""


def place(facts: Facts, problem: Problem) -> str:
    """The minimum that it ended at; empty where it ended elsewhere."""
    if facts.nearest is None or not facts.near or facts.diverged_at is not None:
        return ""
    where = spot(facts.nearest.x, facts.nearest.y, problem)
    return f"{where}, {facts.nearest.label}" if facts.nearest == problem.edge else where


def spot(x: float, y: float, problem: Problem) -> str:
    """A point in words; what is 0 but for rounding is 0."""
    return "({}, {})".format(*(figure(value + 0.0) for value in swept(np.array([x, y]), problem.domain)))


def fate(facts: Facts, problem: Problem) -> str:
    """What ended it before its time, in a word or three."""
    return {"": "", "diverged": "diverged", "left": f"left {problem.ends}", "hole": f"met a hole in {problem.ends}",
            "void": "found no value"}[facts.fate]  # fmt: skip


def _outcome(facts: Facts, problem: Problem, tolerance: float) -> str:
    if facts.diverged_at is not None:
        if facts.fate in ("void", "hole") and facts.diverged_at == 0:
            return "The start has no value: drag it onto the coloured part of the plane."
        known = {"left": " Beyond its frame nothing is known.", "void": " Its step led to where the formula has none."}.get(facts.fate, "")
        return f"{fate(facts, problem).capitalize()} at tick {facts.diverged_at:,}.{known}"
    if facts.reached is not None and facts.reached == facts.ticks:
        return (
            f"Within {figure(tolerance)} of the lowest loss at its last evaluation, number {facts.ticks:,}: nobody sees whether it stays."
        )
    if facts.reached is not None:
        near = f"; as near to the minimum itself after {facts.close:,}" if facts.close is not None else ""
        return f"Within {figure(tolerance)} of the lowest loss after {times(facts.reached, 'evaluation')}, and stayed{near}."
    elsewhere = facts.gap is None or facts.gap > tolerance
    if facts.nearest_gap is not None and facts.near and abs(facts.nearest_gap) <= tolerance and elsewhere:
        return f"Settled in a local minimum{_above(facts)}."
    if facts.wanders:
        return f"Wanders: there is no slope to follow, and its last steps, {figure(facts.last_step)} long, lead hither and thither."
    if facts.stands_still:
        return _at_rest(facts)
    if facts.level:
        return f"Met no slope in {times(facts.ticks, 'evaluation')}: only noise or decay has moved it."
    if facts.growth:
        first, last = map(figure, facts.growth)
        return f"Its loss grows: {first} at the start, {last} after {times(facts.ticks, 'evaluation')}."
    if facts.gap is None:
        floor = "the landscape has no floor" if problem.stationary is not None else "no lowest point is known"
        return f"On its way down after {times(facts.ticks, 'evaluation')}: {floor}."
    return f"Still {figure(facts.gap)} above the lowest loss after {times(facts.ticks, 'evaluation')}."


def _at_rest(facts: Facts) -> str:
    low, high = (figure(value) for value in facts.curvatures)
    above = _above(facts)
    if facts.held and facts.gradient > 1e-3:
        return f"At rest where the pull of {facts.held} balances a slope of {figure(facts.gradient)}{above}."
    if facts.gradient > 1e-3:
        why = f", for the schedule has taken its rate down to {figure(facts.slowed)}" if facts.slowed is not None else ""
        return f"Has all but stopped on a slope of {figure(facts.gradient)}{above}: its steps are {figure(facts.last_step)} long{why}."
    kinds = {
        "saddle": f"Stuck at a saddle: the Hessian's eigenvalues there, {low} and {high}, have opposite signs",
        "maximum": f"Stuck at a maximum: no curvature is positive ({low} and {high})",
        "flat": f"Stuck on a flat: gradient {figure(facts.gradient)}, no curvature",
        "minimum": f"At rest in a local minimum (curvatures {low} and {high})",
    }
    return kinds[facts.rest] + above + "."


def _above(facts: Facts) -> str:
    return f", {figure(facts.gap)} above the lowest loss" if facts.gap is not None else ""


def _floor(facts: Facts, problem: Problem, tolerance: float) -> str:
    """That the lowest minimum known is not the lowest point, and who has shown it."""
    if facts.lower is None or problem.lowest is None:
        return ""
    if clearly_below(facts.best, problem, tolerance):
        return f"It went below the lowest minimum known ({figure(problem.lowest)}), so that is not the lowest point, and nobody arrives."
    return f"Nobody arrives: there are lower points ({figure(facts.lower)}) than the lowest minimum known ({figure(problem.lowest)})."


def _reason(facts: Facts) -> str:
    if facts.fate in ("void", "hole"):
        return ""
    if facts.steepness is not None and facts.edge is not None and facts.diverged_at is not None:
        return _against_edge(facts).strip()
    if facts.diverged_at is not None:
        return "Its steps grew without bound." if facts.fate == "diverged" else ""
    if facts.jumps > max(0.25 * facts.travelled, 2):
        changed = f"{times(facts.crossings, 'time')} in {times(facts.travelled, 'evaluation')}"
        how = "Noise or its own jumps turn it" if facts.shaken else "It zig-zags"
        return f"{how}: the slope along the sharp direction changed sign {changed}." + _against_edge(facts)
    if facts.nearest_gap is not None and facts.gap is not None and facts.nearest_gap < facts.gap / 10:
        return ""
    if facts.reached is None and facts.left_at is not None:
        return f"It has been outside the frame since tick {facts.left_at:,}."
    if facts.reached is None and facts.distance is not None and not facts.stands_still:
        return f"Its last step was {figure(facts.last_step)} long, with {figure(facts.distance)} left to {_goal(facts)}." + _against_edge(
            facts
        )
    return ""


def _goal(facts: Facts) -> str:
    label = facts.nearest.label if facts.nearest else ""
    return f"the {label}" if label.startswith("lowest of the frame") else "the nearest minimum"


def _against_edge(facts: Facts) -> str:
    if facts.edge is None or facts.steepness is None:
        return ""
    share = facts.steepness / facts.edge
    relation = "past" if share > 1 else "close to" if share > 0.8 else "below" if share > 0.25 else "far below"
    where = "met" if facts.diverged_at is not None else "here"
    curvature = "largest curvature" + (f", to which the L2 penalty adds {figure(facts.penalty)}," if facts.penalty else "")
    return f" Rate times the {curvature} {where} is {figure(facts.steepness)}, {relation} the stability edge of {figure(facts.edge)}."


def plain(symbol: str) -> str:
    """A coordinate's name without LaTeX, for pictures, which cannot set it: mu and sigma as letters, w_{1} with a small 1."""
    letters = re.sub(r"\\([a-z]+)", lambda found: unicodedata.lookup(f"GREEK SMALL LETTER {found[1]}"), symbol)
    return re.sub(r"_\{?(\d+)\}?", lambda found: found[1].translate(SUBSCRIPTS), letters)


SUBSCRIPTS = str.maketrans("0123456789", "\u2080\u2081\u2082\u2083\u2084\u2085\u2086\u2087\u2088\u2089")
