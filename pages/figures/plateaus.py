"""The same function over several planes side by side, on one scale of heights."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

SCALE = [[0.0, "#5f7f9a"], [0.4, "#a9bcc4"], [0.75, "#dcdfd6"], [1.0, "#f5f2e8"]]  # low is dark, as in the scene


def plateaus(planes: Sequence[tuple[str, np.ndarray, np.ndarray, np.ndarray]], top: float, height: int = 360) -> go.Figure:
    """(title, xs (nx,), ys (ny,), values (ny, nx)) each. Colours and contours are the logarithm's, the same in all, and end at `top`.

    Holes stay empty.
    """
    figure = make_subplots(1, len(planes), subplot_titles=[title for title, *_ in planes], horizontal_spacing=0.03)
    with np.errstate(all="ignore"):
        logs = [np.where(values > 0, np.log10(values), np.nan) for *_, values in planes]
    finite = np.concatenate([log[np.isfinite(log)] for log in logs] or [np.zeros(1)])
    low, high = (float(finite.min()), min(float(finite.max()), float(np.log10(top)))) if finite.size else (0.0, 1.0)
    decades = np.arange(np.floor(low), np.ceil(high) + 1)
    bar = {"title": "loss", "tickvals": decades, "ticktext": [f"{10.0**k:g}" for k in decades], "thickness": 10}
    for column, ((_, xs, ys, _), log) in enumerate(zip(planes, logs, strict=True), start=1):
        figure.add_contour(x=xs, y=ys, z=log, colorscale=SCALE, zmin=low, zmax=high, colorbar=bar, showscale=column == len(planes),
                           contours={"start": low, "end": high, "size": (high - low) / 18 or 1.0}, line={"width": 0.6, "color": "#5d7076"},
                           hoverinfo="skip", connectgaps=False, row=1, col=column)  # fmt: skip
        if not np.isfinite(log).any():
            figure.add_annotation(text="nothing finite to draw", x=0.5 * (xs[0] + xs[-1]), y=0.5 * (ys[0] + ys[-1]), showarrow=False,
                                  row=1, col=column)  # fmt: skip
        figure.update_yaxes(scaleanchor=f"x{column if column > 1 else ''}", showticklabels=column == 1, nticks=5, row=1, col=column)
        figure.update_xaxes(nticks=5, row=1, col=column)
    figure.update_annotations(font_size=12)
    figure.update_layout(height=height, margin={"l": 10, "r": 10, "t": 80, "b": 10})
    return figure
