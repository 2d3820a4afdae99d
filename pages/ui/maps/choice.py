"""What is on the page of maps besides the experiment: one frozen value."""

from dataclasses import dataclass
from typing import Literal

from pages.ui.experiment import Experiment, Racer, base_of, racer_on

Kind = Literal["tuning", "basins", "seeds", "robustness"]
KINDS: dict[Kind, tuple[str, str]] = {  # the segment's name, the page's question
    "tuning": ("Tuning", "Which settings work?"),
    "basins": ("Basins", "Which start ends where?"),
    "seeds": ("Seeds", "What does chance decide?"),
    "robustness": ("Robustness", "Who works without being tuned?"),
}
SHOWS = {"loss": "Final loss", "evaluations": "Evaluations to tolerance", "status": "Status"}
SIDE = 256
MAX_SEEDS = 10_000
MAX_RUNS = 6_000_000  # on one page
Range = tuple[float, float]


@dataclass(frozen=True)
class Side:
    """One direction of a tuning map. Empty: what all racers have; without a range: the declarations'."""

    word: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def range(self) -> Range | None:
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Choice:
    kind: Kind = "tuning"
    across: Side = Side()
    up: Side = Side()
    shows: str = "loss"
    side: int = SIDE  # runs a side
    frame: tuple[Range, Range] | None = None  # of starts; None is the whole landscape
    tick: int | None = None  # of the animation; None is the end
    seeds: int = 1000
    scores: str = "here"  # "here": racers on this landscape; "all": on every landscape


def opening() -> tuple[Experiment, Choice]:
    """What the page opens with: momentum's and Nesterov's wedges of divergence in the ravine, and theory's edge on them."""
    ravine = base_of("ravine", "")
    racers: tuple[Racer, ...] = tuple(racer_on(ravine, key, slot) for slot, key in enumerate(("momentum", "nesterov")))
    params = tuple(p.default for p in ravine.parameters)
    experiment = Experiment("ravine", "", params, ravine.start, ravine.steps, racers=racers)
    return experiment, Choice(across=Side("hyper.lr", 1e-4, 0.2), up=Side("hyper.momentum", 0.0, 0.99))
