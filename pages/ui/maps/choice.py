"""What is on the page of maps besides the experiment: one frozen value."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from optimizers import Conditions
from optimizers.maps import Region
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
MAX_COMPARED = 6  # values side by side
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
class Compared:
    """Values of one thing that varies, side by side in the room of seeds; empty: every racer once, as it is."""

    word: str = ""
    values: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if len(self.values) > MAX_COMPARED:
            raise ValueError(f"{len(self.values)} values to compare: {MAX_COMPARED} are the most that can be told apart.")


@dataclass(frozen=True)
class Choice:
    kind: Kind = "tuning"
    across: Side = Side()
    up: Side = Side()
    shows: str = ""  # a key of SHOWS; empty: what is clearest, see `cases.showing`
    side: int = SIDE  # runs a side
    frame: tuple[Range, Range] | None = None  # of starts; None is the whole landscape
    tick: int | None = None  # of the animation; None is the end
    seeds: int = 1000
    region: Region | None = None  # what runs escape from; None is the start's neighbourhood
    compared: Compared = Compared()
    scores: str = "here"  # "here": racers on this landscape; "all": on every landscape


@dataclass(frozen=True)
class Opening:
    """What a kind of map shows who has not chosen anything: a case in which there is something to see."""

    landscape: str
    racers: tuple[str, ...]
    choice: Choice = Choice()
    changes: Mapping[str, Any] = field(default_factory=dict)  # fields of the experiment


OPENINGS: dict[Kind, Opening] = {
    # the two wedges of divergence, and theory's edge on them
    "tuning": Opening("ravine", ("momentum", "nesterov"), Choice(across=Side("hyper.lr", 1e-4, 0.2), up=Side("hyper.momentum", 0.0, 0.99))),
    "basins": Opening("himmelblau", ("sgd", "momentum")),  # four minima: whole basins against frayed ones
    # from the very saddle a little noise decides on the well, evenly, and how long it takes depends on the method
    "seeds": Opening("double_well_saddle", ("sgd", "momentum", "adam"),
                     changes={"start": (0.0, 0.0), "conditions": Conditions(noise=0.03)}),
    "robustness": Opening("himmelblau", ("sgd", "momentum", "rmsprop", "adam")),
}  # fmt: skip


def opening(kind: Kind = "tuning") -> tuple[Experiment, Choice]:
    """What the page opens with."""
    of = OPENINGS[kind]
    base = base_of(of.landscape, "")
    racers: tuple[Racer, ...] = tuple(racer_on(base, key, slot) for slot, key in enumerate(of.racers))
    params = tuple(p.default for p in base.parameters)
    experiment = Experiment(of.landscape, "", params, base.start, base.steps, racers=racers)
    return replace(experiment, **of.changes), replace(of.choice, kind=kind)


def untouched(experiment: Experiment, choice: Choice) -> bool:
    """Whether nobody has chosen anything yet."""
    return (experiment, choice) == opening(choice.kind)
