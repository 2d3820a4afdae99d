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
        title = f"Mean of {k[-1]}: {cloud.error[-1]:.2g} standard errors off"
    figure.update_xaxes(type="log", dtick=1)
    return _laid_out(figure, title, "batches averaged, k", "distance from the full gradient")


def variance_figure(sizes: Sequence[int], measured: Sequence[float], law: Sequence[float], chosen: int, color: str) -> go.Figure:
    """Variance of a batch's gradient against its size, both logarithmic; the law as a line, the chosen size marked."""
    shown = [i for i, value in enumerate(law) if value > 0]  # all of the data without replacement has none
    at = [sizes[i] for i in shown]
    figure = go.Figure(
        [
            go.Scatter(x=at, y=[law[i] for i in shown], mode="lines", name="law", line={"color": EXPECTED, "dash": "dash"}),
            go.Scatter(x=at, y=[measured[i] for i in shown], mode="markers", name="measured", marker={"size": 9, "color": color}),
        ]
    )
    figure.add_vline(x=chosen, line={"color": EXPECTED, "width": 1})
    figure.update_xaxes(type="log", dtick=1)
    figure.update_yaxes(type="log", exponentformat="power", dtick=1)
    return _laid_out(figure, "Variance falls as 1 / batch size", "batch size", "variance")


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
