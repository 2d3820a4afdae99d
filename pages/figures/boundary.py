"""What a net says of every point of the plane that its data lie in, or of the line."""

from typing import Any

import numpy as np

from pages.figures.spec import Spec, packed

CLASSES = ("#2f7ed8", "#d9480f", "#0a8f5b", "#c2418e", "#a97500", "#1493a8", "#8259e0", "#a0522d", "#d6263d", "#4d8b00")
MARKERS = ("circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "star", "hexagon", "x", "pentagon")
EDGE = {"width": 0.7, "color": "white"}  # of a sample


def boundary(
    xs: np.ndarray, ys: np.ndarray, chances: np.ndarray, points: np.ndarray, labels: np.ndarray, title: str, color: str, size: int = 212
) -> Spec:
    """The class with the largest chance at each point of the grid, paler where the net is less sure; the samples over it.

    chances is (k, ny, nx), points (N, 2), labels (N,). A net that is not finite leaves its plane empty.
    """
    winner, sure = chances.argmax(axis=0), chances.max(axis=0)
    areas, samples = [], []
    for number in range(len(chances)):
        tint, mine = CLASSES[number % len(CLASSES)], points[labels == number]
        shade = packed(np.where((winner == number) & np.isfinite(sure), sure, np.nan).astype(np.float32))
        areas.append({"type": "heatmap", "x": packed(xs), "y": packed(ys), "z": shade, "zmin": 1 / len(chances), "zmax": 1.0,
                      "showscale": False, "hoverinfo": "skip", "colorscale": [[0, _pale(tint, 0.12)], [1, _pale(tint, 0.62)]]})  # fmt: skip
        samples.append(_points(mine[:, 0], mine[:, 1], color=tint, symbol=MARKERS[number % len(MARKERS)], line=EDGE))
    return _framed([*areas, *samples], xs, ys, title, color, size)


def fit(xs: np.ndarray, predicted: np.ndarray, points: np.ndarray, targets: np.ndarray, title: str, color: str, size: int = 212) -> Spec:
    """The number predicted along the line, (nx,), over the samples."""
    line = {"type": "scatter", "x": packed(xs), "y": packed(predicted), "mode": "lines", "hoverinfo": "skip", "showlegend": False,
            "line": {"color": color, "width": 2.4}}  # fmt: skip
    low, high = float(np.min(targets)), float(np.max(targets))
    margin = 0.3 * (high - low or 1.0)
    traces = [_points(points, targets, color="#808a8a"), line]
    return _framed(traces, xs, np.array([low - margin, high + margin]), title, color, size)


def _points(x: np.ndarray, y: np.ndarray, **marker: Any) -> dict[str, Any]:
    return {"type": "scatter", "x": packed(x), "y": packed(y), "mode": "markers", "hoverinfo": "skip", "showlegend": False,
            "marker": {"size": 4.5, **marker}}  # fmt: skip


def _pale(color: str, share: float) -> str:
    r, g, b = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({r},{g},{b},{share})"


def _framed(traces: list[dict[str, Any]], xs: np.ndarray, ys: np.ndarray, title: str, color: str, size: int) -> Spec:
    rim = {"type": "rect", "xref": "paper", "yref": "paper", "x0": 0, "y0": 0, "x1": 1, "y1": 1, "line": {"color": color, "width": 3}}
    x, y = ({"range": [float(along[0]), float(along[-1])], "visible": False} for along in (xs, ys))
    words = {"text": title, "font": {"size": 13}, "x": 0, "xanchor": "left", "pad": {"l": 0}}
    margin = {"l": 2, "r": 2, "t": 28, "b": 2, "pad": 0}
    return Spec(traces, {"width": size, "height": size + 26, "margin": margin, "title": words, "shapes": [rim], "xaxis": x, "yaxis": y})
