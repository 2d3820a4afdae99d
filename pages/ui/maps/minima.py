"""Minima in words."""

from landscape import Problem
from optimizers.maps.basins import valley
from pages.ui.words import spot


def minimum_words(number: int, x: float, y: float, problem: Problem) -> str:
    """A minimum by its number and where it is; a valley's minima are one."""
    floor = valley(problem)
    return f"{number + 1} {'the valley' if number < len(floor) and floor[number] else f'at {spot(x, y, problem)}'}"
