"""Minima in words."""

import numpy as np

from landscape import Problem
from optimizers.maps.basins import valley
from pages.figures.seeds import ZERO
from pages.ui.words import figure


def place(x: float, y: float, problem: Problem) -> str:
    """A point in words; what is 0 but for rounding is 0."""
    size = float(np.ptp(np.array(problem.domain)))
    return "({}, {})".format(*(figure(0.0 if abs(value) < ZERO * size else value) for value in (x, y)))


def minimum_words(number: int, x: float, y: float, problem: Problem) -> str:
    """A minimum by its number and where it is; a valley's minima are one."""
    floor = valley(problem)
    return f"{number + 1} {'the valley' if number < len(floor) and floor[number] else f'at {place(x, y, problem)}'}"
