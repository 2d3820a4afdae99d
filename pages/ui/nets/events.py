"""What the scene sends back: a settled cursor, a changed view. Anything else is ignored."""

from typing import Any

from pages.ui.common import valid_view
from pages.ui.nets import state
from pages.ui.present import flat_camera


def on_cursor(sent: Any, last: int) -> None:
    """`last`: where the clock of the picture ends."""
    if isinstance(sent, int) and 0 <= sent <= last:
        state.change(cursor=None if sent == last else sent)


def on_view(sent: Any) -> None:
    if isinstance(sent, dict) and "camera" in sent:
        sent = {**sent, "camera": flat_camera(sent["camera"])}
    state.change(view=valid_view(sent))


def on_view_underway(sent: Any) -> None:
    """While racers train: a zoom into the plane of that moment means nothing in the next."""
    if isinstance(sent, dict):
        kept = {key: value for key, value in state.current().view.items() if key in ("x", "y")}
        on_view({key: value for key, value in sent.items() if key not in ("x", "y")} | kept)
