"""Panels in rows that have one scale of heights each: small multiples beside one another, several quantities below one another."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.figures.lines import Line, Panel, ticks
from pages.figures.look import faded, symbol

GREY = "#808a8a"


def grid(rows: Sequence[Sequence[Panel]], height: int = 190) -> go.Figure:
    """A row is about `height` px high and has one scale of each kind; its left panel's `y` says what it shows. Holes stay holes."""
    columns = max(len(row) for row in rows)
    titles = [broken(panel.title) for row in rows for panel in [*row, *[Panel("", "", "", [])] * (columns - len(row))]]
    figure = make_subplots(len(rows), columns, shared_yaxes=True, subplot_titles=titles, horizontal_spacing=0.2 / columns,
                           vertical_spacing=0.32 / len(rows) if len(rows) > 1 else 0.0)  # fmt: skip
    named: set[str] = set()
    for place, row in enumerate(rows, start=1):
        together = Panel("", "", "", [line for panel in row for line in panel.lines], row[0].scale)
        span = _span(together.lines, row[0].x_scale)
        for column, panel in enumerate(row, start=1):
            for line in panel.lines:
                if line.low is not None and line.high is not None:
                    figure.add_traces(_band(line, line.low, line.high), place, column)
                figure.add_trace(_trace(line, line.legend and line.name not in named), place, column)
                named.add(line.name)
            if panel.cursor is not None:
                figure.add_vline(panel.cursor, line={"width": 1, "color": GREY}, row=place, col=column)
            figure.update_xaxes(type=panel.x_scale, range=span, nticks=max(3, 8 // columns), tickformat="~s", tickangle=0,
                                tickfont_size=10, row=place, col=column)  # fmt: skip
            figure.update_yaxes(type=panel.scale, row=place, col=column, **ticks(together))
        figure.update_yaxes(title=row[0].y, row=place, col=1)
        if row[0].x:  # once a row: panels are narrow on a phone
            under = figure.get_subplot(place, 1).yaxis.plotly_name.replace("axis", "")
            figure.add_annotation(text=row[0].x, xref="paper", x=0.5, yref=f"{under} domain", y=0, yshift=-20, yanchor="top",
                                  showarrow=False)  # fmt: skip
    figure.update_layout(height=70 + height * len(rows), margin={"l": 10, "r": 10, "t": 44, "b": 60}, hovermode="x",
                         legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0})  # fmt: skip
    figure.update_annotations(font_size=12)
    return figure


def _span(lines: Sequence[Line], scale: str) -> list[float] | None:
    """One stretch of the clock for all panels of a row, with a margin for the markers."""
    x = np.concatenate([line.x for line in lines] or [np.empty(0)]).astype(float)
    x = np.log10(x[x > 0]) if scale == "log" else x[np.isfinite(x)]
    if not x.size:
        return None
    low, high = float(x.min()), float(x.max())
    margin = 0.04 * (high - low or 1.0)
    return [low - margin, high + margin]


def broken(title: str) -> str:
    """In two lines where it has several words: panels are narrow on a phone."""
    if " " not in title or "<br>" in title:
        return title
    middle = min((place for place, char in enumerate(title) if char == " "), key=lambda place: abs(place - len(title) / 2))
    return f"{title[:middle]}<br>{title[middle + 1 :]}"


def _trace(line: Line, legend: bool) -> go.Scatter:
    return go.Scatter(
        x=line.x, y=line.y, name=line.name, legendgroup=line.name, showlegend=legend, mode="lines+markers",
        line={"color": line.color, "width": 2, "dash": "dot" if line.dashed else "solid"},
        marker={"symbol": symbol(line.marker), "size": 6, "color": line.color,
                "maxdisplayed": 4 if len(line.x) > 8 else 0, "opacity": 0 if line.dashed else 1},
    )  # fmt: skip


def _band(line: Line, low: np.ndarray, high: np.ndarray) -> list[go.Scatter]:
    """Between the lowest and the highest."""
    edge = {"mode": "lines", "line": {"width": 0}, "legendgroup": line.name, "showlegend": False, "hoverinfo": "skip"}
    return [go.Scatter(x=line.x, y=low, **edge), go.Scatter(x=line.x, y=high, fill="tonexty", fillcolor=faded(line.color, 0.16), **edge)]
