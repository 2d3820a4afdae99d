"""Basin maps as what the component draws: minima under common numbers, and the area of each basin."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from landscape import Problem
from optimizers.maps import Basins
from optimizers.maps.basins import valley
from pages.heat import payload
from pages.heat.payload import Area, Maps, Scale, SheetData
from pages.ui.experiment import Experiment
from pages.ui.maps.choice import Choice
from pages.ui.maps.minima import minimum_words
from pages.ui.maps.present import Shown, map_data, page_data, percent, spread, words_over
from pages.ui.maps.work import Made
from pages.ui.words import figure

ALIKE = 1e-6  # of a loss: minima that differ by less are as low
TABLE = 8  # basins that the table names; the rest is summed up


def basins_data(experiment: Experiment, choice: Choice, shown: Sequence[Shown], navigations: int) -> tuple[Maps, list[SheetData]]:
    minima = united([one.made.sheet for one in shown if isinstance(one.made.sheet, Basins)])
    sheets = [basins_sheet(one.made, minima) for one in shown]
    maps = [
        map_data(experiment, one, sheet, basins_note(experiment, one.made), words_over(experiment, one.made))
        for one, sheet in zip(shown, sheets, strict=True)
    ]
    reaches = {figure(one.made.sheet.reach) for one in shown if isinstance(one.made.sheet, Basins)}
    near = f"within {reaches.pop()} of" if len(reaches) == 1 else "within reach of"
    title = f"evaluations to come {near} the minimum and stay; darker took longer"
    low, high = spread(shown, experiment.steps)
    scale: Scale = {"kind": "basins", "lo": low, "hi": high, "title": title, "note": "", "floor": near}
    what = "Every point is a start, in the colour of the minimum that it reaches."
    summary = f"{what} Drag a box, or point and press +, to look closer at a border."
    data = page_data(experiment, choice, navigations, "basins", summary, scale, maps)
    areas = _areas(experiment, shown, minima)
    return {
        **data,
        "minima": marked(experiment.problem, minima),
        "areas": areas,
        "equal": experiment.problem.equal_scales,
        "zoomed": choice.frame is not None,
    }, sheets


Points = tuple[tuple[float, float], ...]


def marked(problem: Problem, minima: Points) -> list[list[float]]:
    """x, y, and how it is marked: 1 for one of a valley's, 2 for a lowest one, 0 for any other."""
    floor, values = valley(problem), problem.value(np.array(minima).T) if minima else np.empty(0)
    alike = [value - values.min() <= ALIKE * (1.0 + abs(values.min())) for value in values]
    kinds = [1 if k < len(floor) and floor[k] else 2 if lowest else 0 for k, lowest in enumerate(alike)]
    return [[*point, float(kind)] for point, kind in zip(minima, kinds, strict=True)]


def united(sheets: Sequence[Basins]) -> Points:
    """The minima of all maps under common numbers: a minimum that was found for one of them is the same one for another."""
    found: list[tuple[float, float]] = []
    for sheet in sheets:
        for x, y in sheet.minima.T:
            if not any(math.hypot(x - u, y - v) <= 0.1 * sheet.reach for u, v in found):
                found.append((float(x), float(y)))
    return tuple(found)


def renumbered(sheet: Basins, minima: Points) -> np.ndarray:
    """`which` under the common numbers."""
    if not minima or not sheet.minima.size:
        return np.asarray(sheet.which)
    places = np.array(minima).T
    number = np.array([int(np.argmin(np.hypot(places[0] - x, places[1] - y))) for x, y in sheet.minima.T])
    return np.where(sheet.which >= 0, number[np.maximum(sheet.which, 0)], -1)


@lru_cache(maxsize=64)
def basins_sheet(made: Made, minima: Points) -> SheetData:
    sheet = made.sheet
    assert isinstance(sheet, Basins)
    which, codes = payload.basin_codes(renumbered(sheet, minima), sheet.arrived, sheet.diverged_at, sheet.status)
    return payload.sheet(sheet.xs, sheet.ys, codes, which)


def basins_note(experiment: Experiment, made: Made) -> str:
    sheet, problem = made.sheet, experiment.problem
    assert isinstance(sheet, Basins)
    if not len(sheet.areas):
        reach = "no minimum is known or found"
    else:
        values = problem.value(np.ascontiguousarray(sheet.minima))
        share = sheet.areas[values - values.min() <= experiment.tolerance].sum()
        reach = f"{percent(share)} reach the lowest loss"
    rest = {"diverged": "diverge", "left": "leave", "resting": "come to rest elsewhere", "unfinished": "are not there yet"}
    return ", ".join([reach, *(f"{percent(share)} {rest[name]}" for name, share in sheet.shares.items() if share)])


def _areas(experiment: Experiment, shown: Sequence[Shown], minima: Points) -> list[Area]:
    """Shares of the frame: the largest basins, the other ones together, and who reached none."""
    sheets = [one.made.sheet for one in shown if isinstance(one.made.sheet, Basins)]
    shares = np.zeros((len(minima), len(sheets)))
    for k, sheet in enumerate(sheets):
        which = renumbered(sheet, minima)
        shares[:, k] = np.bincount(which[which >= 0], minlength=len(minima))[: len(minima)] / which.size if len(minima) else 0.0
    order = np.argsort(-shares.max(axis=1, initial=0.0), kind="stable")
    largest = sorted(int(k) for k in order[:TABLE] if shares[k].any())
    areas: list[Area] = [
        {"label": minimum_words(k, *minima[k], experiment.problem), "basin": k, "shares": shares[k].tolist()} for k in largest
    ]
    others = [int(k) for k in order if int(k) not in largest and shares[k].any()]
    if others:
        areas.append({"label": f"{len(others)} others", "basin": None, "shares": shares[others].sum(axis=0).tolist()})
    for name, words in (
        ("resting", "at rest elsewhere"),
        ("unfinished", "not there yet"),
        ("left", "left the frame"),
        ("diverged", "diverged"),
    ):
        if any(sheet.shares[name] for sheet in sheets):
            areas.append({"label": words, "basin": None, "shares": [sheet.shares[name] for sheet in sheets]})
    return areas
