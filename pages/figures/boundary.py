"""What a net says of every point of the plane that its data lie in, or of the line."""

import numpy as np
import plotly.graph_objects as go

CLASSES = ("#2f7ed8", "#d9480f", "#0a8f5b", "#c2418e", "#a97500", "#1493a8", "#8259e0", "#a0522d", "#d6263d", "#4d8b00")
MARKERS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "star", "hexagon", "x", "pentagon")


def boundary(
    xs: np.ndarray, ys: np.ndarray, chances: np.ndarray, points: np.ndarray, labels: np.ndarray, title: str, color: str, size: int = 212
) -> go.Figure:
    """The class with the largest chance at each point of the grid, paler where the net is less sure; the samples over it.

    chances is (k, ny, nx), points (N, 2), labels (N,). A net that is not finite leaves its plane empty.
    """
    figure = go.Figure()
    winner, sure = chances.argmax(axis=0), chances.max(axis=0)
    for number in range(len(chances)):
        shade = np.where((winner == number) & np.isfinite(sure), sure, np.nan)
        tint = CLASSES[number % len(CLASSES)]
        figure.add_heatmap(x=xs, y=ys, z=shade.astype(np.float32), zmin=1 / len(chances), zmax=1.0, showscale=False, hoverinfo="skip",
                           colorscale=[[0, _pale(tint, 0.12)], [1, _pale(tint, 0.62)]])  # fmt: skip
    for number in range(len(chances)):
        mine = points[labels == number]
        figure.add_scatter(x=mine[:, 0], y=mine[:, 1], mode="markers", hoverinfo="skip", showlegend=False,
                           marker={"size": 4.5, "symbol": MARKERS[number % len(MARKERS)], "color": CLASSES[number % len(CLASSES)],
                                   "line": {"width": 0.7, "color": "white"}})  # fmt: skip
    return _framed(figure, xs, ys, title, color, size)


def fit(
    xs: np.ndarray, predicted: np.ndarray, points: np.ndarray, targets: np.ndarray, title: str, color: str, size: int = 212
) -> go.Figure:
    """The number predicted along the line, (nx,), over the samples."""
    figure = go.Figure()
    figure.add_scatter(x=points, y=targets, mode="markers", hoverinfo="skip", showlegend=False, marker={"size": 4.5, "color": "#808a8a"})
    figure.add_scatter(x=xs, y=predicted, mode="lines", hoverinfo="skip", showlegend=False, line={"color": color, "width": 2.4})
    low, high = float(np.min(targets)), float(np.max(targets))
    margin = 0.3 * (high - low or 1.0)
    return _framed(figure, xs, np.array([low - margin, high + margin]), title, color, size)


def _pale(color: str, share: float) -> str:
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{share})"


def _framed(figure: go.Figure, xs: np.ndarray, ys: np.ndarray, title: str, color: str, size: int) -> go.Figure:
    figure.update_xaxes(range=[xs[0], xs[-1]], visible=False)
    figure.update_yaxes(range=[ys[0], ys[-1]], visible=False)
    figure.add_shape(type="rect", xref="paper", yref="paper", x0=0, y0=0, x1=1, y1=1, line={"color": color, "width": 3})
    words = {"text": title, "font": {"size": 13}, "x": 0, "xanchor": "left", "pad": {"l": 0}}
    return figure.update_layout(width=size, height=size + 26, margin={"l": 2, "r": 2, "t": 28, "b": 2, "pad": 0}, title=words)
