"""Where many starts end, as histograms: a row for each net, training beside validation, one logarithmic scale of losses for all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from pages.figures.look import faded

BINS = 40
LEAST = 1e-12  # losses this low and lower are drawn here: a logarithm has no zero
ROW = 132  # px
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


@dataclass(frozen=True, eq=False)
class Some:
    """One racer's ends on one net."""

    label: str
    color: str
    slot: int
    train: np.ndarray  # (k,)
    validation: np.ndarray  # (k,)


@dataclass(frozen=True, eq=False)
class Row:
    """One net."""

    label: str
    level: float  # above it an end is called stuck
    some: Sequence[Some]


def starts_figure(rows: Sequence[Row]) -> go.Figure:
    """How many starts end at which loss. Those that diverged have none, and are missing."""
    figure = make_subplots(len(rows), 2, shared_xaxes="all", horizontal_spacing=0.1, vertical_spacing=0.3 / max(2, len(rows)))  # fmt: skip
    edges, most = _edges(rows), 1
    named: set[str] = set()
    for place, row in enumerate(rows, start=1):
        for one in row.some:
            for column, losses in enumerate((one.train, one.validation), start=1):
                counts, _ = np.histogram(np.log10(np.maximum(losses[np.isfinite(losses)], LEAST)), edges)
                most = max(most, int(counts.max()))
                figure.add_trace(
                    go.Scatter(
                        x=10.0**edges, y=np.append(counts, 0), name=one.label, legendgroup=one.label, showlegend=one.label not in named,
                        mode="lines", fill="tozeroy", fillcolor=faded(one.color, 0.18), hovertemplate="%{y} near %{x:.3g}",
                        line={"color": one.color, "width": 2, "shape": "hv", "dash": DASHES[one.slot % len(DASHES)]},
                    ), place, column,
                )  # fmt: skip
                named.add(one.label)
        figure.add_vline(row.level, line={"dash": "dot", "width": 1.5, "color": "#808a8a"}, row=place, col=1)
        figure.add_annotation(text=f"<b>{row.label}</b>", x=0, y=1.02, xref="x domain", yref="y domain", row=place, col=1,
                              xanchor="left", yanchor="bottom", showarrow=False)  # fmt: skip
        figure.update_yaxes(title="starts", row=place, col=1)
    figure.update_yaxes(nticks=4, range=[0, 1.05 * most])
    for column, words in enumerate(("training loss", "validation loss"), start=1):
        figure.update_xaxes(title=words, row=len(rows), col=column)
    span = float(edges[-1] - edges[0])
    figure.update_xaxes(type="log", range=[float(edges[0]) - 0.01 * span, float(edges[-1]) + 0.01 * span], nticks=6, tickformat="~g",
                        dtick=max(1, round(span / 5)) if span > 1.4 else "D2")  # fmt: skip
    figure.update_layout(height=100 + ROW * len(rows), margin={"l": 8, "r": 8, "t": 28, "b": 64}, hovermode="closest",
                         legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom", "x": 0})  # fmt: skip
    return figure


def _edges(rows: Sequence[Row]) -> np.ndarray:
    """Of the bins, of the losses' logarithms; the levels are within."""
    all_of_them = [losses for row in rows for one in row.some for losses in (one.train, one.validation)]
    losses = np.concatenate([*all_of_them, [row.level for row in rows]])
    height = np.log10(np.maximum(losses[np.isfinite(losses)], LEAST))
    low, high = float(height.min()), float(height.max())
    return np.linspace(low, high if high > low + 1e-9 else low + 1.0, BINS + 1)
