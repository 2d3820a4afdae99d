"""Maps as what the component draws: codes on common colours, and facts about each map in words."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from optimizers.maps import Axis, Basins
from pages.heat import payload
from pages.heat.payload import Area, AxisData, MapData, Maps, Scale, SheetData
from pages.ui.experiment import Experiment, Racer
from pages.ui.maps.cases import Plan, own_value
from pages.ui.maps.choice import KINDS, Choice
from pages.ui.maps.theory import edges
from pages.ui.maps.work import Made
from pages.ui.words import figure, times

TABLE = 8  # basins that the table names; the rest is summed up
BEYOND = 3  # decades of colour below the tolerance


@dataclass(frozen=True)
class Shown:
    """One map on the page."""

    racer: Racer
    x: Axis
    y: Axis
    made: Made


def shown_of(experiment: Experiment, plans: Sequence[Plan], found: Mapping[int, Made]) -> tuple[Shown, ...]:
    """What there is so far, in the racers' order."""
    racers = ((experiment.racer(plan.slot), plan) for plan in plans if plan.slot in found)
    return tuple(Shown(racer, plan.x, plan.y, found[plan.slot]) for racer, plan in racers if racer is not None)


# --- tuning


def tuning_data(
    experiment: Experiment, choice: Choice, shown: Sequence[Shown], navigations: int, lacking: str
) -> tuple[Maps, list[SheetData]]:
    floor = _floor(shown)
    sheets = [tuning_sheet(one.made, choice.shows, floor if one.made.lowest is None else None) for one in shown]
    maps = [
        _map(experiment, one, sheet, tuning_note(one.made), words_over(experiment, one.made))
        for one, sheet in zip(shown, sheets, strict=True)
    ]
    data = _page(experiment, choice, navigations, "tuning", tuning_summary(shown, lacking), _scale(experiment, choice, shown, floor), maps)
    return {**data, "zoomed": choice.across.range is not None or choice.up.range is not None}, sheets


@lru_cache(maxsize=64)
def tuning_sheet(made: Made, shows: str, floor: float | None) -> SheetData:
    sheet = made.sheet
    if shows == "evaluations":
        codes = payload.arrival_codes(sheet.arrived, sheet.status)
    elif shows == "status":
        codes = payload.status_codes(sheet.arrived, sheet.status)
    else:
        with np.errstate(all="ignore"):
            codes = payload.loss_codes(sheet.loss - (made.lowest if floor is None else floor), sheet.status)
    return payload.sheet(sheet.xs, sheet.ys, codes)


def _floor(shown: Sequence[Shown]) -> float:
    """The lowest loss on any of the maps: what heights are above where no minimum is known."""
    losses = [one.made.sheet.loss[np.isfinite(one.made.sheet.loss)] for one in shown if one.made.lowest is None]
    return min((float(loss.min()) for loss in losses if loss.size), default=0.0)


def _scale(experiment: Experiment, choice: Choice, shown: Sequence[Shown], floor: float) -> Scale:
    lowest = experiment.problem.lowest
    if choice.shows == "evaluations":
        title = f"evaluations until the loss stays within {figure(experiment.tolerance)} of the lowest"
        low, high = _spread(shown, experiment.steps)
        return {"kind": "evaluations", "lo": low, "hi": high, "title": title, "note": "", "floor": ""}
    if choice.shows == "status":
        return {"kind": "status", "lo": 0.0, "hi": 1.0, "title": "", "note": "", "floor": ""}
    height = float(experiment.problem.value(np.array(experiment.start))) - (floor if lowest is None else lowest)
    low = math.floor(math.log10(experiment.tolerance)) - BEYOND
    high = max(low + 4, math.ceil(math.log10(height))) if height > 0 and math.isfinite(height) else low + 6
    above = "the lowest loss on these maps" if lowest is None else "the lowest loss"
    note = "Brighter is better. What lies beyond an end of the bar has that end's colour."
    title = f"final loss above {above}, after {times(experiment.steps, 'evaluation')}"
    return {"kind": "loss", "lo": float(low), "hi": float(high), "title": title, "note": note, "floor": above}


def _spread(shown: Sequence[Shown], steps: int) -> tuple[float, float]:
    """log10 of the evaluations that colours tell apart: from the quickest to the slowest but a few, alike for all maps."""
    arrived = np.concatenate([one.made.sheet.arrived[one.made.sheet.arrived > 0] for one in shown])
    if not arrived.size:
        return 0.0, math.log10(max(steps, 10))
    low, high = (math.log10(value) for value in np.quantile(arrived, (0.02, 0.98)))
    return math.floor(20 * low) / 20, max(math.ceil(20 * high) / 20, math.floor(20 * low) / 20 + 0.3)


def tuning_note(made: Made) -> str:
    sheet = made.sheet
    parts = [f"{_percent(np.mean(sheet.arrived >= 0))} arrive" if made.lowest is not None else ""]
    parts += [
        f"{_percent(sheet.share(status))} {word}" for status, word in (("diverged", "diverge"), ("left", "leave")) if sheet.share(status)
    ]
    return ", ".join(part for part in parts if part)


def tuning_summary(shown: Sequence[Shown], lacking: str) -> str:
    if not shown:
        return lacking
    first = shown[0]
    nx, ny = len(first.made.sheet.xs), len(first.made.sheet.ys)
    what = f"{nx} x {ny} runs a map, {first.x.name} across, {first.y.name} up: point at one to see its path, click to race it."
    return f"{what} {lacking}".strip()


def words_over(experiment: Experiment, made: Made) -> str:
    """What to say over a map on which there is nothing to see."""
    sheet = made.sheet
    failed = (sheet.status == 2) | (sheet.status == 3)
    if failed.all():
        return "Every run diverged or left the frame: choose smaller values."
    if experiment.steps == 0:
        return "Nobody moves: the race has no ticks."
    start = np.array(experiment.start)[:, None, None]
    with np.errstate(all="ignore"):
        size = float(np.ptp(np.array(experiment.problem.domain)))
        still = np.hypot(*(sheet.end - start)) <= 1e-9 * size
    if not isinstance(made.sheet, Basins) and still.all():
        return "Nothing moves: every run ends where it started. Choose larger values or another start."
    return ""


# --- basins


def basins_data(experiment: Experiment, choice: Choice, shown: Sequence[Shown], navigations: int) -> tuple[Maps, list[SheetData]]:
    minima = united([one.made.sheet for one in shown if isinstance(one.made.sheet, Basins)])
    sheets = [basins_sheet(one.made, minima) for one in shown]
    maps = [
        _map(experiment, one, sheet, basins_note(experiment, one.made), words_over(experiment, one.made))
        for one, sheet in zip(shown, sheets, strict=True)
    ]
    title = "evaluations to come within reach of the minimum; darker took longer"
    low, high = _spread(shown, experiment.steps)
    scale: Scale = {"kind": "basins", "lo": low, "hi": high, "title": title, "note": "", "floor": ""}
    summary = "Every point is a start, in the colour of the minimum that it reaches. Drag a box to look closer at a border."
    data = _page(experiment, choice, navigations, "basins", summary, scale, maps)
    areas = _areas(shown, minima)
    return {
        **data,
        "minima": [list(point) for point in minima],
        "areas": areas,
        "equal": experiment.problem.equal_scales,
        "zoomed": choice.frame is not None,
    }, sheets


Points = tuple[tuple[float, float], ...]


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
        reach = f"{_percent(share)} reach the lowest loss"
    rest = {"diverged": "diverge", "left": "leave", "unfinished": "are not there yet"}
    return ", ".join([reach, *(f"{_percent(share)} {rest[name]}" for name, share in sheet.shares.items() if share)])


def _areas(shown: Sequence[Shown], minima: Points) -> list[Area]:
    """Shares of the frame: the largest basins, the other ones together, and who reached none."""
    sheets = [one.made.sheet for one in shown if isinstance(one.made.sheet, Basins)]
    shares = np.zeros((len(minima), len(sheets)))
    for k, sheet in enumerate(sheets):
        which = renumbered(sheet, minima)
        shares[:, k] = np.bincount(which[which >= 0], minlength=len(minima))[: len(minima)] / which.size if len(minima) else 0.0
    order = np.argsort(-shares.max(axis=1, initial=0.0), kind="stable")
    largest = sorted(int(k) for k in order[:TABLE] if shares[k].any())
    areas: list[Area] = [
        {"label": f"{k + 1} at ({figure(minima[k][0] + 0.0)}, {figure(minima[k][1] + 0.0)})", "basin": k, "shares": shares[k].tolist()}
        for k in largest
    ]
    others = [int(k) for k in order if int(k) not in largest and shares[k].any()]
    if others:
        areas.append({"label": f"{len(others)} others", "basin": None, "shares": shares[others].sum(axis=0).tolist()})
    for name, words in (("unfinished", "not there yet"), ("left", "left the frame"), ("diverged", "diverged")):
        if any(sheet.shares[name] for sheet in sheets):
            areas.append({"label": words, "basin": None, "shares": [sheet.shares[name] for sheet in sheets]})
    return areas


# --- both


def _map(experiment: Experiment, one: Shown, sheet: SheetData, note: str, says: str) -> MapData:
    racer, basins = one.racer, isinstance(one.made.sheet, Basins)
    own: list[float | None] = list(experiment.start) if basins else [own_value(experiment, racer, axis) for axis in (one.x, one.y)]
    inside = [value for value, axis in zip(own, (one.x, one.y), strict=True) if value is not None and axis.low <= value <= axis.high]
    return {
        "id": str(racer.slot), "label": racer.name, "detail": racer.detail, "color": racer.mark.color, "marker": racer.mark.marker,
        "sheet": sheet["key"], "x": axis_data(one.x), "y": axis_data(one.y), "note": note, "says": says,
        "own": inside if len(inside) == 2 else None, "curves": [] if basins else list(_edges(experiment, one)),
    }  # fmt: skip


def _edges(experiment: Experiment, one: Shown) -> Any:
    from pages.ui.maps.cases import case_of

    return _edges_of(case_of(experiment, one.racer), one.x, one.y)


_edges_of = lru_cache(maxsize=64)(edges)


def axis_data(axis: Axis) -> AxisData:
    return {
        "word": axis.word, "name": axis.name or axis.key, "scale": axis.scale, "integer": axis.integer, "low": axis.low, "high": axis.high,
    }  # fmt: skip


def _page(experiment: Experiment, choice: Choice, navigations: int, kind: Any, summary: str, scale: Scale, maps: list[MapData]) -> Maps:
    return {
        "kind": kind, "state": "whole", "headline": KINDS[choice.kind][1], "summary": summary, "nav": navigations,
        "steps": experiment.steps, "tick": choice.tick, "equal": False, "zoomed": False, "minima": None, "areas": None,
        "scale": scale, "maps": maps,
    }  # fmt: skip


def _percent(share: Any) -> str:
    return "less than 0.1 %" if 0.0 < share < 0.001 else f"{100 * share:.3g} %"
