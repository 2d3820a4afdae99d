"""The three panels beside the picture, and what is folded away below it."""

from pages.ui.panels.conditions import conditions
from pages.ui.panels.cursor import at_the_cursor
from pages.ui.panels.landscape import landscape
from pages.ui.panels.lesson import lesson, lesson_above
from pages.ui.panels.racers import racers

__all__ = ["at_the_cursor", "conditions", "landscape", "lesson", "lesson_above", "racers"]
