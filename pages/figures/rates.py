"""How forgiving methods are: the learning rates that work, and what tuning brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from optimizers.maps import Robustness
from pages.figures.look import decades, drawn, symbol

NEUTRAL, RED = "#8a9599", "#d0342c"


@dataclass(frozen=True)
class Edge:
    """The largest stable rate: exact for a quadratic, elsewhere that of its lowest minimum."""

    rate: float
    text: str  # as a formula
    quadratic: bool


@dataclass(frozen=True)
class Tried:
    """One racer's learning rates."""

    label: str
    color: str
    marker: str
    found: Robustness
    edge: Edge | None = None


def rates_figure(tried: Sequence[Tried]) -> go.Figure:
    """A row a method: squares are rates that work, small dots do not arrive, crosses diverge; theory's edge is a red line."""
    traces: list[Any] = []
    rows = [_row(each) for each in tried]
    for row, each in enumerate(tried):
        found = each.found
        for which, mark, name in (
            (found.works, {"symbol": "square", "size": 9, "color": each.color}, "works"),
            (~found.works & ~found.diverged, {"symbol": "circle", "size": 4, "color": NEUTRAL}, "does not arrive"),
            (found.diverged, {"symbol": "x-thin", "size": 7, "line": {"width": 1.4, "color": NEUTRAL}}, "diverges"),
        ):
            rates = found.rates[which]
            traces.append(
                go.Scatter(x=rates, y=[row] * len(rates), mode="markers", marker=mark, showlegend=False,
                           hovertemplate=f"{each.label}: %{{x:.3g}} {name}<extra></extra>")
            )  # fmt: skip
        if found.default.lr is not None:
            traces.append(
                go.Scatter(x=[found.default.lr], y=[row], mode="markers", showlegend=False,
                           hovertemplate="default: %{x:.3g}<extra></extra>",
                           marker={"symbol": "circle-open", "size": 17, "line": {"width": 2.2}, "color": each.color})
            )  # fmt: skip
    edges = [_edge_line(each.edge, row, each.found.rates) for row, each in enumerate(tried) if each.edge]
    x = {"title": "learning rate", **decades(*(each.found.rates for each in tried))}
    y = {"tickvals": list(range(len(rows))), "ticktext": rows, "range": [len(rows) - 0.4, -0.6], "zeroline": False}
    height = 110 + (52 if edges else 44) * len(tried)
    return drawn([*traces, *edges], "Learning rates that work", x, y, height, 44)


def rates_words(tried: Sequence[Tried]) -> str:
    """What the marks of `rates_figure` are."""
    words = "Squares arrive and stay, dots do not within the budget, crosses diverge, a ring is the default."
    edges = [each.edge for each in tried if each.edge]
    if not edges:
        return words
    exact = all(edge.quadratic for edge in edges)
    where = "" if exact else " at the lowest minimum; a run elsewhere, or one that other curvatures throw about, may differ"
    return f"{words} Red, dashed: the edge of stability, L being the largest curvature{where}."


def _edge_line(edge: Edge, row: int, rates: np.ndarray) -> go.Scatter:
    """Across its row; its formula, in the colour of text so that it is read on any ground, in the gap above, where there is more room."""
    side = "right" if edge.rate**2 < rates[0] * rates[-1] else "left"
    return go.Scatter(
        x=[edge.rate] * 2, y=[row - 0.4, row + 0.4], mode="lines+text", text=[f" {edge.text} = {edge.rate:.3g} ", ""],
        textposition=f"middle {side}", textfont={"size": 11}, line={"color": RED, "width": 2, "dash": "dash"},
        showlegend=False, cliponaxis=False, hovertemplate=f"edge of stability, {edge.text} = {edge.rate:.3g}<extra></extra>",
    )  # fmt: skip


def _row(each: Tried) -> str:
    return f"{each.label}: {100 * each.found.share:.0f} %"


def _roomy(at: float, edge: float) -> str:
    """Where words go beside a mark: what stands far right has room on its left."""
    return "left" if at > edge**0.5 else "center"


def tuning_figure(tried: Sequence[Tried], steps: int) -> go.Figure:
    """Evaluations to the tolerance with the default rate (hollow) and the best one (filled); who does not arrive stands at the edge."""
    edge = steps * 1.25
    rows = [each.label for each in tried]
    traces: list[Any] = []
    for each in tried:
        ends = [edge if result.arrived is None else max(result.arrived, 1) for result in (each.found.default, each.found.tuned)]
        words = ["never" if result.arrived is None else f"{result.arrived:,}" for result in (each.found.default, each.found.tuned)]
        rate = "" if each.found.tuned.lr is None or each.found.tuned.arrived is None else f" (rate {each.found.tuned.lr:.3g})"
        traces += [
            go.Scatter(x=ends, y=[each.label] * 2, mode="lines", line={"color": each.color, "width": 2}, showlegend=False,
                       hoverinfo="skip"),
            go.Scatter(x=ends, y=[each.label] * 2, mode="markers+text", showlegend=False, hoverinfo="skip",
                       text=[f"default: {words[0]}", f"tuned: {words[1]}{rate}"],
                       textposition=[f"{side} {_roomy(at, edge)}" for side, at in zip(("top", "bottom"), ends, strict=True)],
                       cliponaxis=False,
                       marker={"size": 13, "color": each.color, "line": {"width": 2.2, "color": each.color},
                               "symbol": [f"{symbol(each.marker)}-open", symbol(each.marker)]}),
        ]  # fmt: skip
    ticks = [value for k in range(5) for value in (10**k, 3 * 10**k) if value <= steps]
    x = {
        "title": "evaluations to the tolerance", "type": "log", "tickvals": [*ticks, edge],
        "ticktext": [*(f"{t:,}" for t in ticks), "never"],
        "range": [float(np.log10(0.8)), float(np.log10(edge * 2))],
    }  # fmt: skip
    y = {"categoryorder": "array", "categoryarray": rows[::-1], "range": [-0.5, len(rows) - 0.5]}  # room for words
    return drawn(traces, "Default against tuned, same budget", x, y, 120 + 62 * len(tried), 44)


def tuning_words(tried: Sequence[Tried]) -> str:
    """What was tried, for what."""
    return f"Budget of each: {tried[0].found.budget}. Objective: {tried[0].found.objective}."
