"""Who trains when a preset opens."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Entrant:
    """A method by its key, at the preset's recommended rates but for `hypers`; with `schedule`, at rates of its own making."""

    method: str
    hypers: Mapping[str, float] = field(default_factory=dict, hash=False)
    schedule: str = ""
    settings: Mapping[str, float] = field(default_factory=dict, hash=False)  # the schedule's


FOUR = tuple(Entrant(method) for method in ("sgd", "momentum", "rmsprop", "adam"))
