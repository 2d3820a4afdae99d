"""What methods compute and keep by themselves, against the number of weights: counted where n is small, then by the declared power."""

from collections.abc import Sequence

import numpy as np

from optimizers import Optimizer
from optimizers.arithmetic import operations
from pages.figures.grid import GREY
from pages.figures.lines import Line, Panel
from pages.ui.experiment import Racer

COUNTED = (2, 4, 8)
SIZES = np.array([8.0, 1e2, 1e4, 1e6])  # beyond what is counted


def panels(racers: Sequence[Racer]) -> list[list[Panel]]:
    """Arithmetic of an evaluation, and numbers kept; each method once, in its first racer's colour."""
    first = list({racer.optimizer: racer for racer in reversed(racers)}.values())[::-1]
    work = [line for racer in first for line in _work(racer)]
    held = [line for racer in first for line in _held(racer)]
    return [
        [Panel("", "weights n", "operations", [*_powers(), *work], "log", "log")],
        [Panel("", "weights n", "numbers kept", held, "log", "log")],
    ]


def words(racers: Sequence[Racer]) -> str:
    """What is drawn, and what cannot be."""
    methods = {racer.method.key: racer for racer in racers}
    nothing = [racer.method.name for racer in methods.values() if not kept(racer.method, racer.values, 2)]
    without = f" {', '.join(nothing)} keeps nothing, which a logarithm cannot show." if nothing else ""
    return (
        f"Additions, multiplications, divisions and roots of one evaluation, those of loss and gradient not among them: counted at n = "
        f"{', '.join(map(str, COUNTED))} by running the rule on numbers that count; dotted from there on, growing like the power of n that "
        f"the method declares.{without}"
    )


def kept(method: Optimizer, values: dict[str, float], n: float) -> float:
    """Numbers that it keeps from one evaluation to the next, for n weights; single ones left out."""
    return len(method.memory(values)) * n + len(method.matrices) * n**2


def _work(racer: Racer) -> list[Line]:
    method, mark = racer.method, racer.mark
    counted = np.array([operations(method, n) for n in COUNTED])
    beyond = counted[-1] * (SIZES / COUNTED[-1]) ** method.power
    return [Line(method.name, mark.color, mark.marker, np.array(COUNTED, dtype=float), counted),
            Line(method.name, mark.color, mark.marker, SIZES, beyond, True, legend=False)]  # fmt: skip


def _held(racer: Racer) -> list[Line]:
    sizes = np.array([*COUNTED, *SIZES[1:]], dtype=float)
    numbers = np.array([kept(racer.method, racer.values, n) for n in sizes])
    return [Line(racer.method.name, racer.mark.color, racer.mark.marker, sizes, numbers, legend=False)] if numbers.all() else []


def _powers() -> list[Line]:
    """n, n^2 and n^3, to compare slopes with."""
    ends = np.array([COUNTED[0], SIZES[-1]], dtype=float)
    return [Line(name, GREY, "circle", ends, ends**power, True) for power, name in ((1, "n"), (2, "n²"), (3, "n³"))]
