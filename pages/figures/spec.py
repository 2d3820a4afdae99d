"""Figures that are drawn anew while somebody watches: as the dictionaries that Plotly.js takes, without a check of every property.

`go.Figure` looks each property up, several times: 10 to 25 ms for a small figure, during which no other session gets an answer. Nothing
is lost by leaving it out where a test puts the same dictionaries through it.
"""

import base64
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import plotly.io
from plotly.basedatatypes import BaseFigure


class Spec(BaseFigure):  # type: ignore[misc]  # Plotly's class, so that Streamlit takes it for a figure; no more of it is used
    """A figure of these traces and this layout, in the theme's template."""

    def __init__(self, data: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> None:
        template: dict[str, Any] = {"template": _template(plotly.io.templates.default)}
        self._spec = {"data": list(data), "layout": template | dict(layout)}

    def to_dict(self) -> dict[str, Any]:
        return self._spec


@cache
def _template(name: str) -> dict[str, Any]:
    template: dict[str, Any] = plotly.io.templates[name].to_plotly_json()
    return template


def packed(values: np.ndarray) -> dict[str, str]:
    """An array, of one or two dimensions, in base64: float32 where it is that, else float64. NaN stays NaN."""
    array = np.ascontiguousarray(values, dtype="<f4" if values.dtype == np.float32 else "<f8")
    shape = {"shape": ", ".join(map(str, array.shape))} if array.ndim > 1 else {}
    return {"dtype": array.dtype.str[1:], "bdata": base64.b64encode(array.tobytes()).decode("ascii")} | shape
