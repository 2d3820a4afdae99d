"""Lines of several racers in panels side by side."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots


@dataclass(frozen=True, eq=False)
class Line:
    name: str
    color: str
    marker: str  # the symbol's name, the same as in the scene
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


SYMBOLS = {"plus": "cross-thin", "cross": "cross"}  # Plotly's names where they differ from the scene's


DECADES = 7  # that have a number each; beyond, every second one, every third
FAR = 2.0  # times the highest value: levels beyond that would flatten the curves


def lines(panels: Sequence[Panel], height: int = 300, within: tuple[float, float] | None = None) -> go.Figure:
    """A figure of the panels beside one another; holes stay holes.

    `within`: the range upwards (see `shared`); levels above it are marked at its edge.
    """
    figure = make_subplots(1, len(panels), subplot_titles=[panel.title for panel in panels], horizontal_spacing=0.09)
    for column, panel in enumerate(panels, start=1):
        for line in panel.lines:
            figure.add_trace(_trace(line), 1, column)
            if line.ringed is not None:
                figure.add_trace(_ring(line, line.ringed), 1, column)
        for level, name, color in panel.levels:
            if within and level > within[1]:
                _beyond(figure, name, color, column)
                continue
            figure.add_hline(level, line={"dash": "dot", "width": 1.5, "color": color}, annotation={"text": name, "font": {"size": 11}},
                             annotation_position="top left", row=1, col=column)  # fmt: skip
        if panel.cursor is not None:
            figure.add_vline(panel.cursor, line={"width": 1, "color": "#808a8a"}, row=1, col=column)
        figure.update_xaxes(title=panel.x, type=panel.x_scale, row=1, col=column)
        figure.update_yaxes(title=panel.y, type=panel.scale, row=1, col=column, **ticks(panel))
    if within:
        figure.update_yaxes(range=within)
    figure.update_layout(
        height=height, margin={"l": 10, "r": 10, "t": 34, "b": 10}, hovermode="x",
        legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"},  # below all, in as many lines as it takes
    )  # fmt: skip
    return figure


def shared(panels: Sequence[Panel]) -> tuple[float, float]:
    """A range for panels that are figures of their own: all values, zero, and the levels that are not far above."""
    top = max((float(line.y[np.isfinite(line.y)].max(initial=0.0)) for panel in panels for line in panel.lines), default=0.0)
    levels = [level for panel in panels for level, _, _ in panel.levels if level <= FAR * top]
    low = min((float(line.y[np.isfinite(line.y)].min(initial=0.0)) for panel in panels for line in panel.lines), default=0.0)
    high = max([top, *levels]) or 1.0
    room = 0.14 * (high - low)
    return (low - 0.3 * room if low < 0.0 else 0.0), high + room


def _beyond(figure: go.Figure, name: str, color: str, column: int) -> None:
    figure.add_annotation(text=f"↑ {name}", x=1, y=1, xref="x domain", yref="y domain", xanchor="right", yanchor="top", showarrow=False,
                          font={"size": 11, "color": color}, row=1, col=column)  # fmt: skip


def ticks(panel: Panel) -> dict[str, Any]:
    """Whole decades where there are two or more to be seen; digits between them would be read as numbers of their own."""
    values = np.concatenate([line.y[np.isfinite(line.y) & (line.y > 0)] for line in panel.lines] or [np.empty(0)])
    if panel.scale == "linear" or not values.size:
        return {"nticks": 6, "tickformat": "~g"}
    low, high = float(values.min()), float(values.max())
    cut = {}
    if panel.ceiling is not None and high > panel.ceiling:
        high = max(panel.ceiling, 10.0 * low)
        cut = {"range": (np.log10(low) - 0.05 * np.log10(high / low), np.log10(high))}
    decades = int(np.ceil(np.log10(high / low) / DECADES))
    return cut | {"dtick": max(1, decades) if high > 30 * low else "D2", "tickformat": "~g"}


def _ring(line: Line, at: int) -> go.Scatter:
    return go.Scatter(
        x=line.x[[at]], y=line.y[[at]], name=line.name, legendgroup=line.name, showlegend=False, mode="markers", hoverinfo="skip",
        marker={"symbol": "circle-open", "size": 15, "line": {"width": 2.5}, "color": line.color},
    )  # fmt: skip


def _trace(line: Line) -> go.Scatter:
    spread = None
    if line.low is not None and line.high is not None:
        spread = {"type": "data", "symmetric": False, "array": line.high - line.y, "arrayminus": line.y - line.low, "thickness": 1.2}
    many = len(line.x) > 12
    return go.Scatter(
        x=line.x, y=line.y, name=line.name, legendgroup=line.name, showlegend=line.legend, error_y=spread, mode="lines+markers",
        line={"color": line.color, "width": 2, "dash": "dot" if line.dashed else "solid"},
        marker={"symbol": SYMBOLS.get(line.marker, line.marker), "size": 7, "maxdisplayed": 6 if many else 0, "color": line.color},
    )  # fmt: skip
