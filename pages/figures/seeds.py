"""Many seeds of a noisy run in four pictures: the fan of losses, where they end, when they escape, what they reach."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from optimizers.maps import Escape, Fan
from pages.figures.dust import swept
from pages.figures.look import decades, drawn, faded

BINS = 60
MOST_DOTS = 2000  # a racer
RINGS = (0.02, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98)  # shares at which theory's line has one
MEANS = ("circle", "square", "triangle-up", "diamond", "star", "hexagon")
NAMED = 6  # minima with bars of their own: those that draw most
WIDER = 1.0  # frames on every side: what the plane of ends shows at most
SHARE = {"tickformat": ".0%"}
HEIGHT = 1e-12  # losses this close to the lowest are drawn here: a logarithm has no zero


@dataclass(frozen=True)
class Runs:
    """One racer's seeds."""

    label: str
    color: str
    dash: str  # of its lines, so that colour is not the only cue
    fan: Fan


def fan_figure(runs: Sequence[Runs], floor: float) -> go.Figure:
    """Quantiles of the loss above `floor` over the ticks: median, and the bands of half and of nine tenths of the runs."""
    traces: list[Any] = []
    for each in runs:
        ticks, height = each.fan.ticks, floored(each.fan.quantiles, floor)
        for low, high, alpha in ((0, 4, 0.13), (1, 3, 0.22)):
            traces += [
                go.Scatter(x=ticks, y=height[low], mode="lines", line={"width": 0}, showlegend=False, hoverinfo="skip"),
                go.Scatter(x=ticks, y=height[high], mode="lines", line={"width": 0}, fill="tonexty", fillcolor=faded(each.color, alpha),
                           showlegend=False, hoverinfo="skip"),
            ]  # fmt: skip
        traces.append(
            go.Scatter(x=ticks, y=height[2], mode="lines", line={"color": each.color, "width": 2.5, "dash": each.dash}, name=each.label)
        )
    heights = decades(*(floored(each.fan.quantiles, floor) for each in runs))
    title = "Loss: median, 50 % and 90 % of the runs"
    return drawn(
        traces,
        title,
        {"title": "tick"},
        {"title": "loss above the lowest", **heights},
    )


def floored(loss: np.ndarray, floor: float) -> np.ndarray:
    """Heights above `floor` that a logarithm can show; holes where runs have diverged."""
    return np.maximum(np.where(np.isfinite(loss), loss - floor, np.nan), HEIGHT)


def ends_figure(runs: Sequence[Runs], floor: float) -> go.Figure:
    """How many runs end at which loss; diverged ones are named in the legend, for they have none."""
    heights = [np.log10(np.maximum(each.fan.ends[np.isfinite(each.fan.ends)] - floor, HEIGHT)) for each in runs]
    together = np.concatenate(heights) if heights else np.empty(0)
    low, high = (float(together.min()), float(together.max())) if together.size else (0.0, 1.0)
    edges = np.linspace(low, high if high > low else low + 1.0, BINS + 1)
    traces = []
    for each, found in zip(runs, heights, strict=True):
        counts, _ = np.histogram(found, edges)
        lost = len(each.fan.ends) - len(found)
        name = each.label + (f" ({100 * lost / len(each.fan.ends):.3g} % diverged)" if lost else "")
        traces.append(
            go.Scatter(x=10.0 ** edges, y=np.append(counts, 0) / len(each.fan.ends), mode="lines", name=name, fill="tozeroy",
                       line={"color": each.color, "width": 2, "shape": "hv", "dash": each.dash}, fillcolor=faded(each.color, 0.18))
        )  # fmt: skip
    x = {"title": "loss above the lowest, at the end", **decades(10.0**edges)}
    return drawn(traces, "Where the runs end", x, {"title": "share of the runs", "tickformat": ".0%", "rangemode": "tozero"})


def escape_figure(runs: Sequence[Runs], steps: int, region: str, laws: Mapping[str, Escape] | None = None) -> go.Figure:
    """The share of runs that have left their region by each tick; theory's, by the racers' labels, as rings."""
    traces = []
    for each in runs:
        times = np.sort(each.fan.escape[each.fan.escape >= 0])
        share = np.arange(1, len(times) + 1) / len(each.fan.escape)
        x, y = np.concatenate([[0], times, [steps]]), np.concatenate([[0.0], share, share[-1:] if len(share) else [0.0]])
        traces.append(
            go.Scatter(x=x, y=y, mode="lines", name=each.label, line={"color": each.color, "width": 2.5, "shape": "hv", "dash": each.dash})
        )
    for label, color, law in ((each.label, each.color, laws[each.label]) for each in runs if laws and each.label in laws):
        at = np.unique(np.searchsorted(law.outside, RINGS))
        at = at[at < len(law.outside)]
        traces.append(
            go.Scatter(x=at, y=law.outside[at], mode="markers", name=f"theory: {label}", showlegend=False, cliponaxis=False,
                       hovertemplate="theory, tick %{x}: %{y:.3p}<extra></extra>",
                       marker={"symbol": "circle-open", "size": 9, "color": color, "line": {"width": 1.8}})
        )  # fmt: skip
    title = f"Escape from {region}" + (", and theory (rings)" if laws else "")
    return drawn(traces, title, {"title": "tick"}, {"title": "share that has escaped", **SHARE, "range": [0, 1.02]})


def within_figure(runs: Sequence[Runs], region: str) -> go.Figure:
    """The share of runs that is within the region at each tick: for a start outside of it."""
    traces = [
        go.Scatter(y=each.fan.within, mode="lines", name=f"{each.label}: {100 * each.fan.within[-1]:.3g} % at the end",
                   line={"color": each.color, "width": 2.5, "dash": each.dash})
        for each in runs
    ]  # fmt: skip
    return drawn(traces, f"Share in the region {region}", {"title": "tick"}, {"title": "share of the runs", **SHARE, "range": [0, 1.02]})


def places_figure(
    runs: Sequence[Runs], start: tuple[float, float], axes: Sequence[str], domain: tuple[tuple[float, float], tuple[float, float]]
) -> go.Figure:
    """Where the runs end on the plane, and their means as large marks; runs that left the frame far behind are counted."""
    traces: list[Any] = []
    (x0, x1), (y0, y1) = ((low - WIDER * (high - low), high + WIDER * (high - low)) for low, high in domain)
    told = []
    for each in runs:
        x, y = each.fan.end
        seen = (x >= x0) & (x <= x1) & (y >= y0) & (y <= y1)
        told.append("" if seen.all() else f", {100 * (1 - seen.mean()):.3g} % far outside")
        x, y = x[seen][:MOST_DOTS], y[seen][:MOST_DOTS]
        traces.append(
            go.Scatter(
                x=x, y=y, mode="markers", marker={"size": 3, "color": each.color, "opacity": 0.35}, showlegend=False, hoverinfo="skip"
            )
        )
    for k, each in enumerate(runs):
        mean = swept(each.fan.middle, domain)
        near = x0 <= mean[0] <= x1 and y0 <= mean[1] <= y1
        where = f": mean ({mean[0]:.3g}, {mean[1]:.3g})" if near else ""
        traces.append(
            go.Scatter(x=mean[:1] if near else [None], y=mean[1:] if near else [None], mode="markers",
                       name=f"{each.label}{where}{told[k]}",
                       marker={"size": 15, "color": each.color, "symbol": MEANS[k % len(MEANS)], "line": {"width": 2, "color": "#ffffff"}})
        )  # fmt: skip
    traces.append(
        go.Scatter(x=[start[0]], y=[start[1]], mode="markers", name="start", marker={"size": 12, "color": "#808a8a", "symbol": "x"})
    )
    return drawn(traces, "Where the runs end, and their mean", {"title": axes[0]}, {"title": axes[1]}, 360)


def minima_figure(runs: Sequence[Runs], names: Sequence[str]) -> go.Figure:
    """The share of runs whose end leads to each minimum; what of it lies within reach is full. The rest: others, none, diverged."""
    shares = np.array([each.fan.fractions for each in runs])  # (runs, minima)
    named = np.sort(np.argsort(-shares.max(axis=0), kind="stable")[:NAMED])
    others = np.setdiff1d(np.arange(len(names)), named)
    lost = np.array([1.0 - np.isfinite(each.fan.ends).mean() for each in runs])
    words = [*(names[k] for k in named), *["others"] * bool(shares[:, others].any()), "none of them", *["diverged"] * bool(lost.any())]
    traces = []
    for k, each in enumerate(runs):
        near, whole = each.fan.near, shares[k]
        rest = 1.0 - float(whole.sum()) - lost[k]
        parts = {"others": (whole[others].sum(), near[others].sum()), "none of them": (max(rest, 0.0), 0.0), "diverged": (lost[k], 0.0)}
        pairs = np.array([*((whole[j], near[j]) for j in named), *(parts[word] for word in words[len(named) :])])
        told = [_percent(share) for share in pairs[:, 0]]
        common = {"x": words, "offsetgroup": str(k), "legendgroup": str(k), "name": each.label, "customdata": pairs[:, 1]}
        hover = "%{x}: %{text}, %{customdata:.3p} within reach<extra>" + each.label + "</extra>"
        bars = {"text": told, "textposition": "outside", "textangle": 0, "cliponaxis": False, "showlegend": False, "hovertemplate": hover}
        light = {"color": faded(each.color, 0.3), "line": {"color": each.color, "width": 1.5}}
        traces += [
            go.Bar(y=pairs[:, 0], marker=light, **bars, **common),
            go.Bar(y=pairs[:, 1], marker={"color": each.color}, hoverinfo="skip", **common),
        ]
    y = {"title": "share of the runs", **SHARE, "range": [0, 1.14], "tickvals": [0, 0.25, 0.5, 0.75, 1]}
    return drawn(traces, "Which minimum they lead to", {}, y)


def _percent(share: float) -> str:
    """Short: three bars stand side by side; of what is rare, enough to see that it is there."""
    return f"{100 * share:.0f} %" if share == 0.0 or share >= 0.01 else f"{100 * share:.1g} %"
