"""The three panels beside the picture."""

from pages.ui.panels.conditions import conditions
from pages.ui.panels.landscape import landscape
from pages.ui.panels.racers import racers

__all__ = ["conditions", "landscape", "racers"]
