"""The experiment: everything that is on screen, in one frozen value.

Validated once, here; what lies behind trusts it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from landscape import FUNCTIONS, Problem
from optimizers import OPTIMIZERS, Optimizer
from pages.ui.marks import MARKS, Mark

MAX_RACERS = len(MARKS)
MAX_STEPS = 5000
DEFAULT_TOLERANCE = 1e-3


@dataclass(frozen=True)
class Racer:
    """One optimizer with its hyperparameters. `slot` fixes its colour and marker for as long as it races."""

    optimizer: str
    slot: int
    hypers: tuple[float, ...]  # in the declaration's order
    shown: bool = True

    @property
    def method(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def mark(self) -> Mark:
        return MARKS[self.slot]

    @property
    def values(self) -> dict[str, float]:
        return dict(zip(self.method.by_key, self.hypers, strict=True))

    @property
    def detail(self) -> str:
        """What tells this racer from another of its kind: the rate, and whatever is not at its default."""
        changed = (h for h in self.method.hypers if h.key == "lr" or self.values[h.key] != h.default)
        return ", ".join(f"{h.key} {h.options[int(self.values[h.key])] if h.options else f'{self.values[h.key]:.6g}'}" for h in changed)

    def with_value(self, key: str, value: float) -> "Racer":
        return replace(self, hypers=tuple((self.values | {key: value}).values()))


@dataclass(frozen=True)
class Experiment:
    landscape: str = "rosenbrock"
    params: tuple[float, ...] = ()
    start: tuple[float, float] = (0.0, 0.0)
    steps: int = 100
    tolerance: float = DEFAULT_TOLERANCE
    racers: tuple[Racer, ...] = ()
    selected: int = 0  # the slot whose controls are open
    cursor: int | None = None  # tick; None is the end
    view: Mapping[str, Any] = field(default_factory=dict)

    @property
    def problem(self) -> Problem:
        base = FUNCTIONS[self.landscape]
        return base.with_parameters(**dict(zip((p.key for p in base.parameters), self.params, strict=True)))

    @property
    def free_slots(self) -> tuple[int, ...]:
        used = {racer.slot for racer in self.racers}
        return tuple(slot for slot in range(MAX_RACERS) if slot not in used)

    def racer(self, slot: int) -> Racer | None:
        return next((racer for racer in self.racers if racer.slot == slot), None)

    def with_racer(self, racer: Racer) -> "Experiment":
        """The racer of that slot replaced, or added at the end."""
        if self.racer(racer.slot) is None:
            return replace(self, racers=(*self.racers, racer), selected=racer.slot)
        return replace(self, racers=tuple(racer if old.slot == racer.slot else old for old in self.racers))

    def without(self, slot: int) -> "Experiment":
        left = tuple(racer for racer in self.racers if racer.slot != slot)
        return replace(self, racers=left, selected=left[0].slot if left else 0)


def racer_on(problem: Problem, optimizer: str, slot: int, **given: float) -> Racer:
    """A racer with the landscape's recommendation where it has one, the declaration's defaults elsewhere."""
    method = OPTIMIZERS[optimizer]
    advice = {**problem.recommended.get(optimizer, {}), **given}
    return Racer(optimizer, slot, tuple(float(advice.get(h.key, h.default)) for h in method.hypers))


def default_experiment(landscape: str = "rosenbrock") -> Experiment:
    """The race that a landscape opens with: four racers, from the declared start."""
    problem = FUNCTIONS[landscape]
    racers = tuple(racer_on(problem, key, slot) for slot, key in enumerate(("sgd", "momentum", "rmsprop", "adam")))
    return Experiment(landscape, tuple(p.default for p in problem.parameters), problem.start, problem.steps, DEFAULT_TOLERANCE, racers)


def moved_to(experiment: Experiment, landscape: str) -> Experiment:
    """The same racers on another landscape: its start, its ticks, and the rates it recommends."""
    fresh = default_experiment(landscape)
    racers = tuple(replace(racer_on(FUNCTIONS[landscape], r.optimizer, r.slot), shown=r.shown) for r in experiment.racers)
    return replace(fresh, racers=racers, selected=experiment.selected, tolerance=experiment.tolerance, view=options_of(experiment.view))


def options_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a view that still makes sense on another landscape: choices, not the camera or the zoom."""
    return {key: value for key, value in view.items() if isinstance(value, (bool, str))}


def finite(text: str) -> float:
    """A finite float. Raises ValueError otherwise."""
    try:
        number = float(text)
    except ValueError:
        raise ValueError("not a number") from None
    if not math.isfinite(number):
        raise ValueError(f"{text} is not finite")
    return number
