"""What the scene sends back: a moved start, a settled cursor, a changed view. Anything else is ignored: browsers send what they like."""

import math
from typing import Any

from pages.ui import state
from pages.ui.common import valid_view
from pages.ui.present import flat_camera


def on_start(sent: Any) -> None:
    """The start marker was dragged, clicked or keyed somewhere else."""
    try:
        x, y = float(sent["x"]), float(sent["y"])
    except (TypeError, KeyError, ValueError):
        return
    if math.isfinite(x) and math.isfinite(y):
        state.change(start=(x, y), settled=not sent.get("dragging"))


def on_cursor(sent: Any) -> None:
    steps = state.current().steps
    if isinstance(sent, int) and 0 <= sent <= steps:
        state.change(cursor=None if sent == steps else sent)


def on_view(sent: Any) -> None:
    if isinstance(sent, dict) and "camera" in sent:
        sent = {**sent, "camera": flat_camera(sent["camera"])}
    state.change(view=valid_view(sent))
