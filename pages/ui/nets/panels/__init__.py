"""The four panels beside the picture."""

from pages.ui.nets.panels.net import net
from pages.ui.nets.panels.plane import plane
from pages.ui.nets.panels.racers import racers
from pages.ui.nets.panels.training import training

__all__ = ["net", "plane", "racers", "training"]
