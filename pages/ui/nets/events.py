"""What the scene sends back: a settled cursor, a changed view. Anything else is ignored."""

from typing import Any

from pages.ui.common import valid_view
from pages.ui.nets import state
from pages.ui.present import flat_camera


def on_cursor(sent: Any) -> None:
    last = state.current().snapshots
    if isinstance(sent, int) and 0 <= sent <= last:
        state.change(cursor=None if sent == last else sent)


def on_view(sent: Any) -> None:
    if isinstance(sent, dict) and "camera" in sent:
        sent = {**sent, "camera": flat_camera(sent["camera"])}
    state.change(view=valid_view(sent))
