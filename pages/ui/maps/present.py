"""What tuning and basin maps have in common on their way to the component."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from optimizers import Conditions
from optimizers.conditions import DECLARED
from optimizers.maps import Axis, Basins, Case
from pages.heat.payload import AxisData, MapData, Maps, Scale, SheetData
from pages.ui.experiment import Experiment, Racer
from pages.ui.maps.cases import Plan, own_value
from pages.ui.maps.choice import KINDS, Choice
from pages.ui.maps.theory import edges
from pages.ui.maps.work import Made
from pages.ui.words import figure, times


@dataclass(frozen=True)
class Shown:
    """One map on the page."""

    racer: Racer
    x: Axis
    y: Axis
    made: Made
    case: Case


def shown_of(experiment: Experiment, plans: Sequence[Plan], found: Mapping[int, Made]) -> tuple[Shown, ...]:
    """What there is so far, in the racers' order."""
    racers = ((experiment.racer(plan.slot), plan) for plan in plans if plan.slot in found)
    return tuple(Shown(racer, plan.x, plan.y, found[plan.slot], plan.case) for racer, plan in racers if racer is not None)


def map_data(experiment: Experiment, one: Shown, sheet: SheetData, note: str, says: str) -> MapData:
    racer, basins = one.racer, isinstance(one.made.sheet, Basins)
    own: list[float | None] = list(experiment.start) if basins else [own_value(experiment, racer, axis) for axis in (one.x, one.y)]
    inside = [value for value, axis in zip(own, (one.x, one.y), strict=True) if value is not None and axis.low <= value <= axis.high]
    return {
        "id": str(racer.slot), "label": racer.name, "detail": racer.detail_among(experiment.racers),
        "color": racer.mark.color, "marker": racer.mark.marker,
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


def page_data(experiment: Experiment, choice: Choice, navigations: int, kind: Any, summary: str, scale: Scale, maps: list[MapData]) -> Maps:
    return {
        "kind": kind, "state": "whole", "headline": KINDS[choice.kind][1], "summary": summary,
        "about": about(experiment), "nav": navigations,
        "steps": experiment.steps, "tick": choice.tick, "equal": False, "zoomed": False, "minima": None, "areas": None,
        "scale": scale, "maps": maps,
    }  # fmt: skip


def about(experiment: Experiment) -> str:
    """The landscape with its parameters, the budget, the start and what else all runs share."""
    parameters = ", ".join(f"{p.name} {figure(v)}" for p, v in zip(experiment.base.parameters, experiment.params, strict=True))
    usual = vars(Conditions())
    disturbed = [
        f"{hyper.name} {figure(value)}" for hyper in DECLARED if (value := getattr(experiment.conditions, hyper.key)) != usual[hyper.key]
    ]
    start = f"race's start ({figure(experiment.start[0])}, {figure(experiment.start[1])})"
    batch = [f"batches of {experiment.batch}"] * bool(experiment.batch)
    name = experiment.problem.name + (f" ({parameters})" if parameters else "") + (f" {experiment.text}" if experiment.text else "")
    return ", ".join([name, times(experiment.steps, "evaluation"), start, *disturbed, *batch]) + "."


def percent(share: Any) -> str:
    return "less than 0.1 %" if 0.0 < share < 0.001 else f"{100 * share:.3g} %"


def spread(shown: Sequence[Shown], steps: int) -> tuple[float, float]:
    """log10 of the evaluations that colours tell apart: from the quickest to the slowest but a few, alike for all maps."""
    arrived = np.concatenate([one.made.sheet.arrived for one in shown], axis=None)
    return between(arrived) if (arrived > 0).any() else (0.0, math.log10(max(steps, 10)))


def between(values: np.ndarray) -> tuple[float, float]:
    """log10 of what lies between all but a few of the values above 0."""
    above = values[values > 0]
    low, high = (math.log10(value) for value in np.quantile(above, (0.02, 0.98))) if above.size else (0.0, 1.0)
    return math.floor(20 * low) / 20, max(math.ceil(20 * high) / 20, math.floor(20 * low) / 20 + 0.3)


def words_over(experiment: Experiment, made: Made) -> str:
    """What to say over a map on which there is nothing to see."""
    sheet = made.sheet
    failed = (sheet.status == 2) | (sheet.status == 3)
    if failed.all() and isinstance(sheet, Basins):
        if not sheet.minima.size and (sheet.status == 3).all():
            return "Every run leaves the frame: no minimum is known or found here."
        return "Every run diverged or left the frame: choose milder settings, under Racers."
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
    if (
        not isinstance(sheet, Basins)
        and np.isfinite(sheet.end).all()
        and not np.ptp(sheet.end, axis=(1, 2)).any()
        and not np.ptp(sheet.loss)
    ):
        return "All runs are alike: what varies here does not reach this method."
    return ""
