"""Tuning maps as what the component draws: codes on common colours, and facts about each map in words."""

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from optimizers.maps.sheet import STATUS
from pages.heat import payload
from pages.heat.payload import Maps, Scale, SheetData
from pages.ui.experiment import Experiment
from pages.ui.maps.cases import showing, zoomed
from pages.ui.maps.choice import Choice
from pages.ui.maps.present import Shown, between, map_data, page_data, percent, spread, words_over
from pages.ui.maps.work import Made
from pages.ui.words import figure, times

BEYOND = 3  # decades of colour below the tolerance


def tuning_data(
    experiment: Experiment, choice: Choice, shown: Sequence[Shown], navigations: int, lacking: str
) -> tuple[Maps, list[SheetData]]:
    floor, shows = _floor(shown), showing(experiment, choice)
    sheets = [tuning_sheet(one.made, shows, floor if one.made.lowest is None else None) for one in shown]
    maps = [
        map_data(experiment, one, sheet, tuning_note(one.made), words_over(experiment, one.made))
        for one, sheet in zip(shown, sheets, strict=True)
    ]
    data = page_data(
        experiment, choice, navigations, "tuning", tuning_summary(shown, lacking), _scale(experiment, shows, shown, floor), maps
    )
    return {**data, "zoomed": zoomed(experiment, choice)}, sheets


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
    """The lowest loss that has a colour on any of the maps: what heights are above where no minimum is known."""
    losses = _colored(shown)
    return float(losses.min()) if losses.size else 0.0


def _colored(shown: Sequence[Shown]) -> np.ndarray:
    """The losses that have a colour, of the maps on which no minimum is known."""
    sheets = [one.made.sheet for one in shown if one.made.lowest is None]
    losses = [sheet.loss[np.isfinite(sheet.loss) & (sheet.status < STATUS.index("diverged"))] for sheet in sheets]
    return np.concatenate(losses) if losses else np.empty(0)


def _scale(experiment: Experiment, shows: str, shown: Sequence[Shown], floor: float) -> Scale:
    lowest = experiment.problem.lowest
    if shows == "evaluations":
        title = f"evaluations until the loss stays within {figure(experiment.tolerance)} of the lowest"
        low, high = spread(shown, experiment.steps)
        return {"kind": "evaluations", "lo": low, "hi": high, "title": title, "note": "", "floor": ""}
    if shows == "status":
        return {"kind": "status", "lo": 0.0, "hi": 1.0, "title": "", "note": "", "floor": ""}
    low, high = between(_colored(shown) - floor) if lowest is None else _decades(experiment, lowest)
    above = "the lowest on these maps" if lowest is None else "the lowest loss"
    note = "Brighter is better. What lies beyond an end of the bar has that end's colour."
    title = f"final loss above {above}, after {times(experiment.steps, 'evaluation')}"
    return {"kind": "loss", "lo": float(low), "hi": float(high), "title": title, "note": note, "floor": above}


def _decades(experiment: Experiment, lowest: float) -> tuple[float, float]:
    """log10 of the heights that colours tell apart: from some way below the tolerance to the start's."""
    height = float(experiment.problem.value(np.array(experiment.start))) - lowest
    low = math.floor(math.log10(experiment.tolerance)) - BEYOND
    return low, max(low + 4, math.ceil(math.log10(height))) if height > 0 and math.isfinite(height) else low + 6


def tuning_note(made: Made) -> str:
    sheet = made.sheet
    parts = [f"{percent(np.mean(sheet.arrived >= 0))} arrive" if made.lowest is not None else ""]
    parts += [
        f"{percent(sheet.share(status))} {word}" for status, word in (("diverged", "diverge"), ("left", "leave")) if sheet.share(status)
    ]
    return ", ".join(part for part in parts if part)


def lower(name: str) -> str:
    """As within a sentence; L2 stays as it is."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def tuning_summary(shown: Sequence[Shown], lacking: str) -> str:
    if not shown:
        return lacking
    first = shown[0]
    nx, ny = len(first.made.sheet.xs), len(first.made.sheet.ys)
    what = f"{nx} x {ny} runs a map, {lower(first.x.name)} across, {lower(first.y.name)} up: point at one to see its path, click to race."
    return f"{what} {lacking}".strip()
