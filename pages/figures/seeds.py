"""Many seeds of a noisy run in four pictures: the fan of losses, where they end, when they escape, what they reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import plotly.graph_objects as go

from optimizers.maps import Fan
from pages.figures.look import LOG, drawn, faded

BINS = 60
MOST_DOTS = 2000  # a racer
MEANS = ("circle", "square", "triangle-up", "diamond", "star", "hexagon")
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
    title = "Loss: the median, and 50 % and 90 % of the runs"
    return drawn(traces, title, {"title": "tick"}, {"title": "loss above the lowest", **LOG, "dtick": _stride(runs, floor)})


def floored(loss: np.ndarray, floor: float) -> np.ndarray:
    """Heights above `floor` that a logarithm can show; holes where runs have diverged."""
    return np.maximum(np.where(np.isfinite(loss), loss - floor, np.nan), HEIGHT)


def _stride(runs: Sequence[Runs], floor: float) -> int:
    """Decades between two ticks: about five of them."""
    height = np.concatenate([each.fan.quantiles.ravel() for each in runs]) - floor
    height = height[np.isfinite(height) & (height > HEIGHT)]
    return max(1, round(float(np.ptp(np.log10(height))) / 5)) if height.size else 1


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
    x = {"title": "loss above the lowest, at the end", **LOG, "dtick": max(1, round((edges[-1] - edges[0]) / 6))}
    return drawn(traces, "Where the runs end", x, {"title": "share of the runs", "tickformat": ".0%", "rangemode": "tozero"})


def escape_figure(runs: Sequence[Runs], steps: int) -> go.Figure:
    """The share of runs that have left their region by each tick."""
    traces = []
    for each in runs:
        times = np.sort(each.fan.escape[each.fan.escape >= 0])
        share = np.arange(1, len(times) + 1) / len(each.fan.escape)
        x, y = np.concatenate([[0], times, [steps]]), np.concatenate([[0.0], share, share[-1:] if len(share) else [0.0]])
        traces.append(
            go.Scatter(x=x, y=y, mode="lines", name=each.label, line={"color": each.color, "width": 2.5, "shape": "hv", "dash": each.dash})
        )
    region = runs[0].fan.region
    title = f"Escape from within {region.radius:.3g} of ({region.x:.3g}, {region.y:.3g})"
    return drawn(traces, title, {"title": "tick"}, {"title": "share that has escaped", "tickformat": ".0%", "range": [0, 1.02]})


def places_figure(runs: Sequence[Runs], start: tuple[float, float], axes: Sequence[str]) -> go.Figure:
    """Where the runs end on the plane, and their means as large marks."""
    traces: list[Any] = []
    for each in runs:
        x, y = each.fan.end[:, :MOST_DOTS]
        traces.append(
            go.Scatter(
                x=x, y=y, mode="markers", marker={"size": 3, "color": each.color, "opacity": 0.35}, showlegend=False, hoverinfo="skip"
            )
        )
    for k, each in enumerate(runs):
        mean = each.fan.middle
        traces.append(
            go.Scatter(x=mean[:1], y=mean[1:], mode="markers", name=f"{each.label}: mean ({mean[0]:.3g}, {mean[1]:.3g})",
                       marker={"size": 15, "color": each.color, "symbol": MEANS[k % len(MEANS)], "line": {"width": 2, "color": "#ffffff"}})
        )  # fmt: skip
    traces.append(
        go.Scatter(x=[start[0]], y=[start[1]], mode="markers", name="start", marker={"size": 12, "color": "#808a8a", "symbol": "x"})
    )
    return drawn(traces, "Where the runs end, and their mean", {"title": axes[0]}, {"title": axes[1]}, 360)


def minima_figure(runs: Sequence[Runs], names: Sequence[str]) -> go.Figure:
    """The share of runs that end at each minimum, and the share that end at none."""
    words = [*names, "none of them"]
    traces = []
    for each in runs:
        shares = [*each.fan.fractions[: len(names)], 1.0 - float(each.fan.fractions.sum())]
        traces.append(
            go.Bar(
                x=words,
                y=shares,
                name=each.label,
                marker_color=each.color,
                text=[f"{100 * share:.3g} %" for share in shares],
                textposition="outside",
                textangle=0,
                cliponaxis=False,
            )
        )
    return drawn(
        traces,
        "Which minimum they end at",
        {},
        {"title": "share of the runs", "tickformat": ".0%", "range": [0, 1.14], "tickvals": [0, 0.25, 0.5, 0.75, 1]},
    )
