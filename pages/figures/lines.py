"""Lines of several racers in a panel."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from pages.figures.look import symbol
from pages.figures.spec import Spec, packed


@dataclass(frozen=True, eq=False)
class Line:
    name: str
    color: str
    marker: str  # the symbol's name, the same as in the scene; empty: the line is no racer's and has none
    x: np.ndarray
    y: np.ndarray
    dashed: bool = False
    low: np.ndarray | None = None  # of an error bar
    high: np.ndarray | None = None
    legend: bool = True
    ringed: int | None = None  # the point that stands out


@dataclass(frozen=True, eq=False)
class Panel:
    title: str
    x: str
    y: str
    lines: Sequence[Line]
    scale: Literal["log", "linear"] = "linear"
    x_scale: Literal["log", "linear"] = "linear"
    levels: Sequence[tuple[float, str, str]] = field(default_factory=tuple)  # height, its name, its colour
    cursor: float | None = None
    ceiling: float | None = None  # the axis ends there where values go beyond


DECADES = 7  # that have a number each; beyond, every second one, every third
FAR = 2.0  # times the highest value: levels beyond that would flatten the curves


def lines(panel: Panel, height: int = 300, within: tuple[float, float] | None = None) -> Spec:
    """A figure of the panel; holes stay holes.

    `within`: the range upwards (see `shared`); levels above it are marked at its edge.
    """
    notes = [{"text": panel.title, "xref": "paper", "x": 0.5, "yref": "paper", "y": 1, "yanchor": "bottom", "font": {"size": 16}}]
    shapes: list[dict[str, Any]] = []
    for level, name, color in panel.levels:
        if within and level > within[1]:
            notes.append({"text": f"↑ {name}", **_corner(1, "right", "y domain", 1, "top", color)})
            continue
        place = math.log10(level) if panel.scale == "log" else level  # an annotation's place on a logarithmic axis is its exponent
        notes.append({"text": name, **_corner(0, "left", "y", place, "bottom")})
        shapes.append({"type": "line", "xref": "x domain", "x0": 0, "x1": 1, "yref": "y", "y0": level, "y1": level,
                       "line": {"dash": "dot", "width": 1.5, "color": color}})  # fmt: skip
    if panel.cursor is not None:
        shapes.append({"type": "line", "xref": "x", "x0": panel.cursor, "x1": panel.cursor, "yref": "y domain", "y0": 0, "y1": 1,
                       "line": {"width": 1, "color": "#808a8a"}})  # fmt: skip
    upwards = ticks(panel) | ({"range": within} if within else {})
    layout = {
        "height": height, "margin": {"l": 10, "r": 10, "t": 34, "b": 10}, "hovermode": "x", "shapes": shapes,
        "annotations": [{"showarrow": False} | note for note in notes],
        "legend": {"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},  # below all, in as many lines as it takes
        "xaxis": {"title": {"text": panel.x}, "type": panel.x_scale},
        "yaxis": {"title": {"text": panel.y}, "type": panel.scale, **upwards},
    }  # fmt: skip
    return Spec([trace for line in panel.lines for trace in _traces(line)], layout)


def shared(panels: Sequence[Panel]) -> tuple[float, float]:
    """A range for panels that are figures of their own: all values, zero, and the levels that are not far above."""
    top = max((float(line.y[np.isfinite(line.y)].max(initial=0.0)) for panel in panels for line in panel.lines), default=0.0)
    levels = [level for panel in panels for level, _, _ in panel.levels if level <= FAR * top]
    low = min((float(line.y[np.isfinite(line.y)].min(initial=0.0)) for panel in panels for line in panel.lines), default=0.0)
    high = max([top, *levels]) or 1.0
    room = 0.14 * (high - low)
    return (low - 0.3 * room if low < 0.0 else 0.0), high + room


def _corner(x: float, xanchor: str, yref: str, y: float, yanchor: str, color: str | None = None) -> dict[str, Any]:
    """Where small words stand."""
    font = {"size": 11} | ({"color": color} if color else {})
    return {"xref": "x domain", "x": x, "xanchor": xanchor, "yref": yref, "y": y, "yanchor": yanchor, "font": font}


def ticks(panel: Panel) -> dict[str, Any]:
    """Whole decades where there are two or more to be seen; digits between them would be read as numbers of their own.

    Where not even two of 1, 2 and 5 lie between the ends, even steps: an axis without a number says nothing.
    """
    values = np.concatenate([line.y[np.isfinite(line.y) & (line.y > 0)] for line in panel.lines] or [np.empty(0)])
    if panel.scale == "linear" or not values.size:
        return {"nticks": 6, "tickformat": "~g"}
    low, high = float(values.min()), float(values.max())
    cut = {}
    if panel.ceiling is not None and high > panel.ceiling:
        high = max(panel.ceiling, 10.0 * low)
        cut = {"range": (np.log10(low) - 0.05 * np.log10(high / low), np.log10(high))}
    near = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    if high > low * (1 + 1e-9) and sum(low <= lead * 10.0**k <= high for k in near for lead in (1, 2, 5)) < 2:
        return cut | {"tickmode": "array", "tickvals": evenly(low, high), "tickformat": "~g"}
    decades = int(np.ceil(np.log10(high / low) / DECADES))
    return cut | {"dtick": max(1, decades) if high > 30 * low else "D2", "tickformat": "~g"}


def evenly(low: float, high: float) -> list[float]:
    """Multiples of a nice step from low to high, about four."""
    power = 10.0 ** math.floor(math.log10((high - low) / 4))
    step = next(lead * power for lead in (1, 2, 5, 10) if lead * power >= (high - low) / 4 * (1 - 1e-9))
    return [float(f"{k * step:.12g}") for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _traces(line: Line) -> list[dict[str, Any]]:
    spread = None
    if line.low is not None and line.high is not None:
        up, down = packed(line.high - line.y), packed(line.y - line.low)
        spread = {"type": "data", "symmetric": False, "array": up, "arrayminus": down, "thickness": 1.2}
    common = {"type": "scatter", "name": line.name, "legendgroup": line.name}
    traces = [{
        **common, "x": packed(line.x), "y": packed(line.y), "showlegend": line.legend, "error_y": spread,
        "mode": "lines+markers" if line.marker else "lines",
        "line": {"color": line.color, "width": 2, "dash": "dot" if line.dashed else "solid"},
        "marker": {"symbol": symbol(line.marker or "circle"), "size": 7, "maxdisplayed": 6 if len(line.x) > 12 else 0,
                   "color": line.color},
    }]  # fmt: skip
    if (at := line.ringed) is not None:
        ring = {"symbol": "circle-open", "size": 15, "line": {"width": 2.5}, "color": line.color}
        traces.append({**common, "x": packed(line.x[[at]]), "y": packed(line.y[[at]]), "showlegend": False, "mode": "markers",
                       "hoverinfo": "skip", "marker": ring})  # fmt: skip
    return traces
