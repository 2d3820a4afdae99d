"""Facts in words: one sentence that says what happened to a racer, from computed figures only."""

from landscape import Problem
from optimizers.story import Facts


def figure(value: float) -> str:
    """Three significant digits."""
    return f"{value:.3g}"


def times(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + ("" if count == 1 else "s")


def sentence(facts: Facts, problem: Problem, tolerance: float) -> str:
    """What happened, and the figure that explains it."""
    if facts.ticks == 0 and facts.diverged_at is None:
        return "Has not moved yet: the race has no ticks."
    return " ".join(part for part in (_outcome(facts, problem, tolerance), _reason(facts)) if part)


def place(facts: Facts, problem: Problem) -> str:
    """The minimum that it ended nearest to."""
    if facts.nearest is None or facts.diverged_at is not None:
        return ""
    x, y = problem.minima[:, facts.nearest]
    return f"({figure(x + 0.0)}, {figure(y + 0.0)})"


def fate(facts: Facts, problem: Problem) -> str:
    """What ended it before its time, in a word or three."""
    return {"": "", "diverged": "diverged", "left": f"left {problem.ends}", "hole": f"met a hole in {problem.ends}"}[facts.fate]


def _outcome(facts: Facts, problem: Problem, tolerance: float) -> str:
    if facts.diverged_at is not None:
        known = " Beyond its frame nothing is known." if facts.fate == "left" else ""
        return f"{fate(facts, problem).capitalize()} at tick {facts.diverged_at:,}.{known}"
    if facts.reached is not None:
        return f"Within {figure(tolerance)} of the lowest loss after {times(facts.reached, 'evaluation')}, and stayed."
    if facts.nearest_gap is not None and facts.gap is not None and facts.nearest_gap <= tolerance < facts.gap:
        return f"Settled in a local minimum, {figure(facts.gap)} above the lowest loss."
    if facts.stands_still or facts.gradient < 1e-8:
        return _at_rest(facts)
    if facts.gap is None:
        return f"On its way down after {times(facts.ticks, 'evaluation')}: the landscape has no floor."
    return f"Still {figure(facts.gap)} above the lowest loss after {times(facts.ticks, 'evaluation')}."


def _at_rest(facts: Facts) -> str:
    low, high = (figure(value) for value in facts.curvatures)
    above = f", {figure(facts.gap)} above the lowest loss" if facts.gap is not None else ""
    if facts.gradient > 1e-3:
        return f"Has all but stopped on a slope of {figure(facts.gradient)}{above}: its steps are {figure(facts.last_step)} long."
    kinds = {
        "saddle": f"Stuck at a saddle: the Hessian's eigenvalues there, {low} and {high}, have opposite signs",
        "maximum": f"Stuck at a maximum: no curvature is positive ({low} and {high})",
        "flat": f"Stuck on a flat: gradient {figure(facts.gradient)}, no curvature",
        "minimum": f"At rest in a local minimum (curvatures {low} and {high})",
    }
    return kinds[facts.rest] + above + "."


def _reason(facts: Facts) -> str:
    if facts.steepness is not None and facts.edge is not None and facts.diverged_at is not None:
        return _against_edge(facts).strip()
    if facts.diverged_at is not None:
        return "Its steps grew without bound." if facts.fate == "diverged" else ""
    if facts.crossings > max(0.25 * facts.ticks, 2):
        return f"It zig-zags: the slope along the sharp direction changed sign {times(facts.crossings, 'time')}." + _against_edge(facts)
    if facts.nearest_gap is not None and facts.gap is not None and facts.nearest_gap < facts.gap / 10:
        return ""
    if facts.reached is None and facts.left_at is not None:
        return f"It left the frame at tick {facts.left_at:,}."
    if facts.reached is None and facts.distance is not None and not facts.stands_still:
        return (
            f"Its last step was {figure(facts.last_step)} long, with {figure(facts.distance)} left to the nearest minimum."
            + _against_edge(facts)
        )
    return ""


def _against_edge(facts: Facts) -> str:
    if facts.edge is None or facts.steepness is None:
        return ""
    share = facts.steepness / facts.edge
    relation = "past" if share > 1 else "close to" if share > 0.8 else "below" if share > 0.25 else "far below"
    where = "met" if facts.diverged_at is not None else "here"
    return f" Rate times the largest curvature {where} is {figure(facts.steepness)}, {relation} the stability edge of {figure(facts.edge)}."
