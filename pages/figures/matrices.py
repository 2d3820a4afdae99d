"""Matrices as heat maps on one scale of colours, around zero."""

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

COLOURS = "RdBu_r"  # negative blue, zero white, positive red: told apart by those who do not tell red from green


def matrices(named: Sequence[tuple[str, np.ndarray]], height: int = 270, roots: bool = True) -> go.Figure:
    """Matrices (rows, columns) side by side, the first row on top.

    Colours follow the signed square root of the entries where `roots`: small entries beside large ones stay visible. Hovering tells the
    entries themselves.
    """
    shown = [np.sign(matrix) * np.sqrt(np.abs(matrix)) if roots else matrix for _, matrix in named]
    most = max((float(np.nanmax(np.abs(matrix))) for matrix in shown if matrix.size), default=0.0) or 1.0
    figure = make_subplots(1, len(named), subplot_titles=[name for name, _ in named], horizontal_spacing=0.03)
    for column, ((_, matrix), colours) in enumerate(zip(named, shown, strict=True), start=1):
        picture = go.Heatmap(
            z=colours, customdata=matrix, zmin=-most, zmax=most, colorscale=COLOURS, showscale=False, xgap=0.3, ygap=0.3,
            hovertemplate="row %{y}, column %{x}: %{customdata:.3g}<extra></extra>",
        )  # fmt: skip
        figure.add_trace(picture, 1, column)
        figure.update_xaxes(visible=False, constrain="domain", row=1, col=column)
        figure.update_yaxes(visible=False, autorange="reversed", scaleanchor=f"x{column if column > 1 else ''}", constrain="domain",
                            row=1, col=column)  # fmt: skip
    figure.update_layout(height=height, margin={"l": 6, "r": 6, "t": 30, "b": 6})
    return figure
