"""What all figures have in common; colours of text and grid come from Streamlit's theme."""

import math
from typing import Any

import numpy as np
import plotly.graph_objects as go

TOP, LINE, FEW_LINES = 84, 19, 2  # px above the data: a title and as many lines of a legend; a further one
WIDTH, LETTER, SIGN = 290, 7, 45  # px of a phone's figure, a letter, what stands before a name


def drawn(traces: list[Any], title: str, x: dict[str, Any], y: dict[str, Any], height: int = 320, top: int | None = None) -> go.Figure:
    """A figure in the house's style: its title says what is seen, and nothing covers the data. `top`: else as the legend needs."""
    figure = go.Figure(traces)
    if top is None:
        more = LINE * (max(_legend_lines(traces), FEW_LINES) - FEW_LINES)
        height, top = height + more, TOP + more
    figure.update_layout(
        title={"text": title, "font": {"size": 15}, "x": 0, "xref": "container", "y": 1, "yref": "container", "pad": {"l": 8, "t": 16}},
        height=height, margin={"l": 8, "r": 12, "t": top, "b": 8},
        legend={"orientation": "h", "y": 1.02, "x": 0, "yanchor": "bottom", "traceorder": "normal"},
        hovermode="closest", bargap=0.1,
    )  # fmt: skip
    figure.update_xaxes(automargin=True, showline=True, **x)
    figure.update_yaxes(automargin=True, **y)
    return figure


def _legend_lines(traces: list[Any]) -> int:
    """How many lines a legend takes on a phone: its columns are as wide as its longest name."""
    named = [len(trace.name) for trace in traces if trace.name and trace.showlegend is not False]
    return math.ceil(len(named) / max(1, WIDTH // (LETTER * max(named) + SIGN))) if named else 0


def faded(color: str, alpha: float) -> str:
    """#rrggbb with an opacity."""
    r, g, b = (int(color[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({r},{g},{b},{alpha})"


LOG = {"type": "log", "exponentformat": "e", "dtick": 1}  # a tick a decade: what a slider's log scale says too

MOST_DECADES = 6  # with a number of their own
FEW_DECADES = 2  # below which twos and fives have one, too


def decades(*values: Any) -> dict[str, Any]:
    """A logarithmic axis over these values, its numbers written as everywhere else: 1e-05. Ones, twos and fives under two decades."""
    found = np.concatenate([np.ravel(np.asarray(each, dtype=float)) for each in values]) if values else np.empty(0)
    found = found[np.isfinite(found) & (found > 0.0)]
    if not found.size:
        return dict(LOG)
    low, high = math.floor(math.log10(found.min())), math.ceil(math.log10(found.max()))
    leads = (1.0, 2.0, 5.0) if np.log10(found.max() / found.min()) < FEW_DECADES else (1.0,)
    ticks = [lead * 10.0**k for k in range(high, low - 1, -max(1, math.ceil((high - low) / MOST_DECADES))) for lead in leads]
    return {"type": "log", "tickvals": ticks, "ticktext": [f"{tick:.3g}" for tick in ticks]}


SYMBOLS = {"cross": "x", "plus": "cross"}  # Plotly's names where they differ from the scene's


def symbol(marker: str) -> str:
    """The scene's marker in Plotly's words."""
    return SYMBOLS.get(marker, marker)
