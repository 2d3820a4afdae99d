"""A size for each layer of a net, as bars on a logarithmic scale."""

import numpy as np
import plotly.graph_objects as go

from pages.figures.look import drawn

TICKS = 6


def layers(sizes: np.ndarray, title: str, color: str) -> go.Figure:
    """Sizes (L,), the first layer at the left. A size of zero, or one that is not finite, has no bar."""
    known = np.where(np.isfinite(sizes) & (sizes > 0), sizes, np.nan)
    bars = go.Bar(x=np.arange(1, len(sizes) + 1), y=known, marker={"color": color, "line": {"width": 0}},
                  hovertemplate="layer %{x}: %{y:.3g}<extra></extra>")  # fmt: skip
    low, high = (float(bound(np.log10(known))) for bound in (np.nanmin, np.nanmax)) if np.isfinite(known).any() else (0.0, 1.0)
    low, high = np.floor(low) - 1, np.ceil(high)  # the smallest one has a bar, too
    y = {"type": "log", "range": [low, high], "dtick": max(1, int(np.ceil((high - low) / TICKS))), "exponentformat": "power"}
    return drawn([bars], title, {"title": "layer, from the input on", "nticks": 8}, y, 260, 44)
