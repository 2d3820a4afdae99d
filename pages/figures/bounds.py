"""The mean over the seeds, beside what theory says of it."""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
import plotly.graph_objects as go

from optimizers.maps import Bound
from pages.figures.look import decades, drawn
from pages.figures.seeds import HEIGHT, MEANS, Runs, floored

MOST = 400  # points of a line, spread evenly over its decades
MARKS = 8  # on a mean, so that colour is not the only cue: dashes say what is theory


def mean_figure(runs: Sequence[Runs], bounds: Mapping[str, Bound], floor: float) -> go.Figure:
    """Means of the loss above `floor`; theory, by the racers' labels, dashed; dotted where a theorem is about the average so far."""
    traces: list[Any] = []
    for each, marker in zip(runs, cycle(MEANS)):
        height, bound = floored(each.fan.mean, floor), bounds.get(each.label)
        at = _spread(len(height) - 1)
        traces.append(_line(at, height[at], each.label, each.color, "solid").update(**_marked(marker)))
        if bound is None:
            continue
        if bound.theorem.of == "average":
            traces.append(_line(at, bound.measured(height)[at - 1], "its average so far", each.color, "dot"))
        kind = "law" if bound.theorem.exact else "upper bound"
        traces.append(_line(at, bound.values[at - 1], f"{kind}: {bound.theorem.short}", each.color, "dash"))
    title = "Loss: the mean over the seeds" + (", and theory (dashed)" if bounds else "")
    x: dict[str, Any] = {"title": "tick", **decades(*(trace.x for trace in traces))} if bounds else {"title": "tick"}
    return drawn(traces, title, x, {"title": "mean loss above the lowest", **decades(*(trace.y for trace in traces))})


def _marked(symbol: str) -> dict[str, Any]:
    return {"mode": "lines+markers", "marker": {"symbol": symbol, "size": 8, "maxdisplayed": MARKS}}


def _spread(steps: int) -> np.ndarray:
    """Ticks from 1 to the last: all of them, or as many as a line needs."""
    return np.unique(np.round(np.geomspace(1, steps, MOST)).astype(int)) if steps > MOST else np.arange(1, steps + 1)


def _line(x: np.ndarray, y: np.ndarray, name: str, color: str, dash: str) -> go.Scatter:
    shown = np.where(np.isfinite(y), np.maximum(y, HEIGHT), np.nan)
    width = 2.5 if dash == "solid" else 1.8
    return go.Scatter(x=x, y=shown, mode="lines", name=name, line={"color": color, "width": width, "dash": dash})
