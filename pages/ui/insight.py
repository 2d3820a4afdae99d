"""What the selected racer holds inside, as the scene draws it and as its card spells it out."""

import re

import numpy as np

from optimizers import Run
from optimizers.optimizer import latex_number
from optimizers.shown import KNOWN, UNDRAWN, Shown
from pages.figures.dust import brushed
from pages.scene.inside import Inside, inside, part
from pages.ui import compute
from pages.ui.experiment import Experiment
from pages.ui.words import figure

NUMBERED = {
    "number": 0,
    "curves": 0,
    "corridor": 0,
    "arrow": 2,
    "circle": 2,
}  # forms that are numbers, and where those begin: after the place

ROUNDING = 1e-13  # of the frame's size: shorter steps are errors of a few hundred roundings


def inside_data(experiment: Experiment) -> Inside | None:
    """What is drawn, and of the rest what is spoken of; None where nobody looks. Hyperparameters are filled in, numbers at the cursor are
    the browser's."""
    racer, seen = experiment.looked_into, compute.inside(experiment)
    if racer is None or seen is None:
        return None
    shows = racer.method.inside
    known = {shown.key for shown in shows}
    says = [re.sub(r"{(\w+)}", lambda found: found[0] if found[1] in known else figure(racer.values[found[1]]), clause)
            for clause in racer.method.says]  # fmt: skip
    named = set(re.findall(r"{(\w+)}", " ".join(says)))
    parts = [
        part(shown.key, seen[shown.key], name=shown.name, form=shown.form, panel=shown.panel, dashed=shown.dashed, plain=shown.plain,
             options=shown.options)
        for shown in shows if shown.form not in UNDRAWN or shown.key in named
    ]  # fmt: skip
    run = compute.outcome(experiment.setup, compute.anywhere(racer)).run
    return inside(str(racer.slot), says, parts, rest(run, experiment.problem.domain))


def rest(run: Run, domain: tuple[tuple[float, float], tuple[float, float]]) -> int | None:
    """The tick since which a single run neither moves nor asks elsewhere, but for rounding; None where it does so to its end."""
    if run.diverged_at is not None:
        return None
    room = max(map(abs, (*domain[0], *domain[1])))
    moves = np.abs(np.diff(run.path, axis=0)).max(axis=1)
    trials = np.abs(run.queries - run.path[:-1]).max(axis=1)
    moved = np.flatnonzero(np.maximum(moves, trials) > ROUNDING * room)
    last = int(moved[-1]) + 1 if len(moved) else 0
    return last if last < len(moves) else None


def at_cursor(experiment: Experiment) -> str:
    """The formula's symbols with their numbers at the cursor, as LaTeX; empty where nobody looks inside."""
    racer, seen = experiment.looked_into, compute.inside(experiment)
    if racer is None or seen is None:
        return ""
    tick = experiment.steps if experiment.cursor is None else experiment.cursor
    known = {shown.key: shown for shown in (*KNOWN, *racer.method.inside) if shown.symbol and shown.form in NUMBERED}
    rows = [
        (shown.symbol, _told(shown, np.atleast_1d(seen[key][tick])[NUMBERED[shown.form] :], experiment)) for key, shown in known.items()
    ]
    lines = [f"t &= {tick}", *(f"{symbol} &= {_numbers(row)}" for symbol, row in rows if np.all(np.isfinite(row)))]
    return "\n".join((r"\begin{aligned}", r" \\ ".join(lines), r"\end{aligned}"))


def _told(shown: Shown, row: np.ndarray, experiment: Experiment) -> np.ndarray:
    """Moments and the like keep their smallest numbers; in the plane what is rounding is 0."""
    return row if shown.form == "curves" else brushed(row, experiment.problem.domain)


def _numbers(row: np.ndarray) -> str:
    words = [latex_number(float(figure(value))) for value in row]
    return words[0] if len(words) == 1 else rf"({', '.join(words)})"
