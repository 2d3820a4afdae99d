"""What methods compute and hold by themselves, against the number of weights: counted where n is small, then by the declared power."""

from collections.abc import Sequence

import numpy as np

from optimizers.arithmetic import operations
from pages.figures.lines import Line, Panel
from pages.ui.experiment import Racer

COUNTED = (2, 4, 8)
SIZES = np.array([8.0, 1e2, 1e4, 1e6])  # beyond what is counted
POWERS = {1: "n", 2: "n²", 3: "n³"}


def panels(racers: Sequence[Racer]) -> list[list[Panel]]:
    """Arithmetic of an evaluation, and numbers held; each method once, in its first racer's colour."""
    first = list({racer.optimizer: racer for racer in reversed(racers)}.values())[::-1]
    work, numbers = ([line for racer in first for line in make(racer)] for make in (_work, _held))
    return [
        [Panel("Arithmetic", "", "operations", work, "log", "log")],
        [Panel("Memory", "weights n", "numbers", numbers, "log", "log")],
    ]


def words(racers: Sequence[Racer]) -> str:
    """What is drawn, and what cannot be."""
    nothing = [racer.method.name for racer in {racer.optimizer: racer for racer in racers}.values() if not held(racer, 2)]
    without = f" Nothing is held by {', '.join(nothing)}, which a logarithm cannot show." if nothing else ""
    return (
        "**Arithmetic**: additions, multiplications, divisions and roots of one evaluation, those of loss, gradient and curvature not "
        f"among them. Counted at n = {', '.join(map(str, COUNTED))} by running the rule on numbers that count; dotted from there on, and "
        "growing like the power of n that the method declares. **Memory**: the numbers that it keeps, and the curvature matrix that it is "
        f"handed.{without}"
    )


def held(racer: Racer, n: float) -> float:
    """Numbers for n weights: those kept from one evaluation to the next, lone ones left out, and the curvature matrix."""
    method = racer.method
    return len(method.memory(racer.values)) * n + (len(method.matrices) + bool(method.curvature)) * n**2


def _name(racer: Racer) -> str:
    return f"{racer.method.name}, {POWERS[racer.method.power]}"


def _work(racer: Racer) -> list[Line]:
    mark, name = racer.mark, _name(racer)
    counted = np.array([operations(racer.method, n) for n in COUNTED])
    beyond = counted[-1] * (SIZES / COUNTED[-1]) ** racer.method.power
    return [Line(name, mark.color, mark.marker, np.array(COUNTED, dtype=float), counted),
            Line(name, mark.color, mark.marker, SIZES, beyond, True, legend=False)]  # fmt: skip


def _held(racer: Racer) -> list[Line]:
    sizes = np.array([*COUNTED, *SIZES[1:]], dtype=float)
    numbers = np.array([held(racer, n) for n in sizes])
    return [Line(_name(racer), racer.mark.color, racer.mark.marker, sizes, numbers, legend=False)] if numbers.all() else []
