"""The maps of a page as work for a job: coarse ones of all racers first, then each in full; finished ones are remembered."""

import threading
from collections import OrderedDict
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimizers.maps import Axis, Basins, Case, Sheet, refined_basins, refined_tuning
from optimizers.maps.lowest import lowest_at
from pages.ui.jobs import Report
from pages.ui.maps.cases import Plan
from pages.ui.maps.choice import MAX_RUNS, Range

REMEMBERED = 24  # maps of all sessions: 2 MB each at 256 x 256


@dataclass(frozen=True, eq=False)
class Made:
    """A map, and the lowest known loss at each of its cells: (), (nx,), (ny, 1) or (ny, nx); None where no minimum is known."""

    sheet: Sheet
    lowest: Any = None


class Memory:
    """The last finished maps of the process."""

    def __init__(self, room: int) -> None:
        self._room, self._kept, self._lock = room, OrderedDict[Hashable, Made](), threading.Lock()

    def get(self, key: Hashable) -> Made | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, made: Made) -> None:
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)


MEMORY = Memory(REMEMBERED)


def check_size(maps: int, side: int) -> None:
    """Raise ValueError for more runs than a page should ask for."""
    if maps * side**2 > MAX_RUNS:
        most = int((MAX_RUNS / maps) ** 0.5)
        raise ValueError(
            f"{maps} map{'s' if maps > 1 else ''} of {side:,} x {side:,} would be {maps * side**2:,} runs, and {MAX_RUNS:,} are the most "
            f"for one page: choose {most:,} or less a side, or zoom in."
        )


def tuning_work(plans: tuple[Plan, ...], side: int, report: Report) -> Iterator[dict[int, Made]]:
    """Yields the maps by slot, again whenever one got better."""
    check_size(len(plans), side)
    parts = {
        plan.slot: (("tuning", plan.case, plan.x, plan.y, side), _tuning(plan, side, report, share, len(plans)))
        for share, plan in enumerate(plans)
    }
    yield from _coarse_first(parts)


def _tuning(plan: Plan, side: int, report: Report, number: int, of: int) -> Iterator[Made]:
    sheets = refined_tuning(
        plan.case, plan.x, plan.y, side, side, progress=lambda f: report.progress((number + f) / of), cancelled=report.cancelled
    )
    for sheet in sheets:
        yield Made(sheet, lowest_of(plan.case, plan.x, plan.y, sheet))


def basins_work(cases: tuple[tuple[int, Case], ...], x: Range, y: Range, side: int, report: Report) -> Iterator[dict[int, Made]]:
    check_size(len(cases), side)

    def made(number: int, case: Case) -> Iterator[Made]:
        sheets: Iterator[Basins] = refined_basins(
            case, x, y, side, side, progress=lambda f: report.progress((number + f) / len(cases)), cancelled=report.cancelled
        )
        yield from (Made(sheet, case.problem.lowest) for sheet in sheets)

    yield from _coarse_first({slot: (("basins", case, x, y, side), made(n, case)) for n, (slot, case) in enumerate(cases)})


def _coarse_first(parts: Mapping[int, tuple[Hashable, Iterator[Made]]]) -> Iterator[dict[int, Made]]:
    """One step of every map before the second of any."""
    found = {slot: made for slot, (key, _) in parts.items() if (made := MEMORY.get(key))}
    yield dict(found)
    for slot, (_, steps) in parts.items():
        if slot not in found:
            found[slot] = next(steps)
            yield dict(found)
    for slot, (key, steps) in parts.items():
        if MEMORY.get(key) is not found[slot]:
            for made in steps:
                found[slot] = made
                yield dict(found)
            MEMORY.put(key, found[slot])


def lowest_of(case: Case, x: Axis, y: Axis, sheet: Sheet) -> Any:
    """The lowest known loss at each cell, in a shape that goes with (ny, nx)."""
    varying = {axis.key: values for axis, values in ((x, sheet.xs), (y, sheet.ys)) if axis.kind == "parameter"}
    if not varying:
        return case.problem.lowest
    if any(axis.kind == "parameter" and axis.common for axis in (x, y)):
        return _one_by_one(case, x, y, sheet)
    if len(varying) == 2:
        varying = {x.key: np.tile(sheet.xs, len(sheet.ys)), y.key: np.repeat(sheet.ys, len(sheet.xs))}
    lowest = lowest_at(case.problem, varying)
    return lowest if lowest is None else lowest.reshape((-1, len(sheet.xs)) if x.kind == "parameter" else (-1, 1))


def _one_by_one(case: Case, x: Axis, y: Axis, sheet: Sheet) -> Any:
    """For a parameter that shapes the data, where every value is another landscape."""

    def at(axis: Axis, value: float) -> Any:
        lowest = case.having(axis.kind, {axis.key: float(value)}).problem.lowest
        return np.nan if lowest is None else lowest

    if x.kind == "parameter":
        return np.array([at(x, value) for value in sheet.xs])[None, :]
    return np.array([at(y, value) for value in sheet.ys])[:, None]
