"""Zooming: the browser says a range, a factor or "whole"; the maps are computed anew there."""

import math
from typing import Any

from optimizers.maps import Axis
from pages.ui import state
from pages.ui.maps.cases import home, offered, sides
from pages.ui.maps.choice import Range, Side
from pages.ui.maps.session import choose, chosen

DIGITS = 6  # of the ends of a tuning map's axes; a frame of starts keeps all of them, for deep zooms


def on_zoom(sent: Any) -> None:
    if not isinstance(sent, dict):
        return
    tuning = chosen().kind == "tuning"
    if sent.get("whole"):
        _whole(tuning)
    elif isinstance(factor := sent.get("out"), (int, float)) and 1.0 < factor < 100.0:
        _out(float(factor), tuning)
    elif (x := _range(sent.get("x"))) and (y := _range(sent.get("y"))):
        _to(x, y, tuning)


def _range(value: Any) -> Range | None:
    try:
        low, high = (float(end) for end in value)
    except (TypeError, ValueError):
        return None
    return (low, high) if math.isfinite(low) and math.isfinite(high) and low < high else None


def _whole(tuning: bool) -> None:
    if tuning:
        across, up = home(state.current(), chosen())
        choose(across=across, up=up)
    else:
        choose(frame=None)


def _to(x: Range, y: Range, tuning: bool) -> None:
    if not tuning:
        choose(frame=(x, y))
        return
    across, up = sides(state.current(), chosen())
    known = offered(state.current())
    choose(across=_side(known[across], x), up=_side(known[up], y))


def _side(axis: Axis, range: Range) -> Side:
    """Rounded where that leaves a range; within what the axis takes."""
    low, high = (float(f"{value:.{DIGITS}g}") for value in range)
    low, high = (low, high) if low < high else range
    low, high = max(low, axis.low), min(high, axis.high)
    return Side(axis.word, low, high) if low < high else Side(axis.word)


def _out(factor: float, tuning: bool) -> None:
    choice, experiment = chosen(), state.current()
    if not tuning:
        frame = choice.frame or experiment.problem.domain
        (x0, x1), (y0, y1) = (_wider((float(a), float(b)), factor) for a, b in frame)
        choose(frame=((x0, x1), (y0, y1)))
        return
    known = offered(experiment)
    words = sides(experiment, choice)
    wider = []
    for word, side in zip(words, (choice.across, choice.up), strict=True):
        axis = known[word]
        low, high = side.range if side.range and side.word == word else (axis.low, axis.high)
        wider.append(_side(axis, _unwarped(_wider((_warp(axis, low), _warp(axis, high)), factor), axis)))
    choose(across=wider[0], up=wider[1])


def _wider(range: Range, factor: float) -> Range:
    middle, half = (range[0] + range[1]) / 2, (range[1] - range[0]) / 2
    return middle - half * factor, middle + half * factor


def _warp(axis: Axis, value: float) -> float:
    if axis.scale == "log":
        return math.log(value)
    return -math.log(1.0 - value) if axis.scale == "complement" else value


def _unwarped(range: Range, axis: Axis) -> Range:
    if axis.scale == "log":
        return math.exp(max(range[0], -700.0)), math.exp(min(range[1], 700.0))
    return (1.0 - math.exp(-range[0]), 1.0 - math.exp(-range[1])) if axis.scale == "complement" else range
