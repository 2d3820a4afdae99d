"""Mini-batch gradients at one point, as three figures: the cloud, its running mean, its variance against the batch size."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from optimizers.minibatches import Cloud

HEIGHT = 300
MARGIN = {"l": 8, "r": 12, "t": 34, "b": 8}
EXPECTED, FULL = "#7d93a1", "#111111"  # beside the racer's own colour; the dark one has a light rim, to be seen on dark


def cloud_figure(cloud: Cloud, axes: Sequence[str], color: str) -> go.Figure:
    """Every batch's gradient as a dot round the full gradient. `axes` are the weights' names."""
    x, y = cloud.each
    figure = go.Figure(
        [
            go.Scatter(x=x, y=y, mode="markers", name="one batch", marker={"size": 5, "color": color, "opacity": 0.45}),
            go.Scatter(
                x=cloud.mean[0, -1:],
                y=cloud.mean[1, -1:],
                mode="markers",
                name="their mean",
                marker={"size": 20, "color": EXPECTED, "symbol": "circle-open", "line": {"width": 2.5}},  # seen round the cross
            ),
            go.Scatter(
                x=cloud.full[:1],
                y=cloud.full[1:],
                mode="markers",
                name="all the data",
                marker={"size": 13, "color": FULL, "symbol": "x", "line": {"width": 1.5, "color": "#ffffff"}},
            ),
        ]
    )
    return _laid_out(figure, "Gradients of single batches", *(f"slope along {name}" for name in axes))


def mean_figure(cloud: Cloud, color: str) -> go.Figure:
    """How far the mean of the first k batches is from the full gradient, beside its standard error sqrt(variance / k)."""
    k = np.arange(1, cloud.each.shape[1] + 1)
    figure = go.Figure(
        [
            go.Scatter(x=k, y=cloud.away, mode="lines", name="distance", line={"color": color, "width": 2}),
            go.Scatter(
                x=k, y=np.sqrt(cloud.variance / k), mode="lines", name="expected, 1 / \u221ak", line={"color": EXPECTED, "dash": "dash"}
            ),
        ]
    )
    title = "Every batch has the full gradient"
    if cloud.variance > 0:
        figure.update_yaxes(type="log", exponentformat="power", dtick=1)
        title = f"The mean: {cloud.error[-1]:.2g} standard errors off"
    figure.update_xaxes(type="log", dtick=1)
    return _laid_out(figure, title, "batches averaged, k", "distance")


def variance_figure(
    sizes: Sequence[int], measured: Sequence[float], law: np.ndarray, chosen: int, replacement: bool, color: str
) -> go.Figure:
    """Variance of a batch's gradient against its size, both logarithmic; the chosen size marked.

    `law` is for all sizes from 1 on, (N,). All of the data without replacement has no variance, and no place on the axis.
    """
    at, known = np.arange(1, len(law) + 1), law > 0
    shown = [i for i, size in enumerate(sizes) if law[size - 1] > 0]
    name, title = "\u03c3\u00b2 / B", "Variance falls as 1 / B"
    if not replacement:
        name, title = f"{name} \u00b7 (N \u2212 B) / (N \u2212 1)", "Variance falls faster than 1 / B"
    figure = go.Figure(
        [
            go.Scatter(x=at[known], y=law[known], mode="lines", name=name, line={"color": EXPECTED, "dash": "dash"}),
            go.Scatter(
                x=[sizes[i] for i in shown],
                y=[measured[i] for i in shown],
                mode="markers",
                name="measured",
                marker={"size": 9, "color": color},
            ),
        ]
    )
    figure.add_vline(x=chosen, line={"color": EXPECTED, "width": 1})
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", exponentformat="power", dtick=1)
    if shown and not replacement:  # the law goes on down to nothing
        seen = np.log10([measured[i] for i in shown])
        figure.update_yaxes(range=[float(seen.min()) - 0.4, float(seen.max()) + 0.3])
    return _laid_out(figure, title, "batch size, B", "variance")


def _laid_out(figure: go.Figure, title: str, x: str, y: str) -> go.Figure:
    figure.update_layout(
        title={"text": title, "font": {"size": 14}, "x": 0, "xref": "container"},
        height=HEIGHT,
        margin=MARGIN,
        legend={"orientation": "h", "yanchor": "top", "y": -0.25, "x": 0},
        hovermode="closest",
    )
    figure.update_xaxes(title={"text": x, "standoff": 4}, automargin=True)
    figure.update_yaxes(title={"text": y, "standoff": 4}, automargin=True)
    return figure
