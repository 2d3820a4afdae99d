"""Who races: one optimizer, its settings, and what is its own in place of the race's."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from optimizers import OPTIMIZERS, Hyper, Optimizer
from optimizers.around import AROUNDS, Around
from optimizers.conditions import DECLARED
from optimizers.schedules import SCHEDULES
from pages.ui.marks import MARKS, Mark
from pages.ui.words import shortly

TERMS = ("batch", "decay")  # what a racer may have of its own in place of the race's, which always has some
DECAY = next(condition for condition in DECLARED if condition.key == "decay")


class Declared(Protocol):
    """What schedules and followers have in common."""

    @property
    def name(self) -> str: ...
    @property
    def summary(self) -> str: ...
    @property
    def hypers(self) -> tuple[Hyper, ...]: ...
    @property
    def paper(self) -> str: ...
    def latex(self, values: Mapping[str, float] | None = None) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Chosen:
    """A schedule, or what is put around a method, with its hyperparameters in the declaration's order."""

    key: str
    hypers: tuple[float, ...]

    @classmethod
    def default(cls, key: str, declared: Declared) -> "Chosen":
        return cls(key, tuple(float(hyper.default) for hyper in declared.hypers))

    def values(self, declared: Declared) -> dict[str, float]:
        return {hyper.key: value for hyper, value in zip(declared.hypers, self.hypers, strict=True)}

    def with_value(self, declared: Declared, key: str, value: float) -> "Chosen":
        return replace(self, hypers=tuple((self.values(declared) | {key: value}).values()))


def _changed(declared: Declared, chosen: Chosen) -> tuple[str, ...]:
    """Its name, and what is not at its default."""
    values = chosen.values(declared)
    return (declared.name.lower(), *(f"{h.name} {values[h.key]:.6g}" for h in declared.hypers if values[h.key] != h.default))


@dataclass(frozen=True)
class Racer:
    """One optimizer with its hyperparameters. `slot` fixes its colour and marker for as long as it races."""

    optimizer: str
    slot: int
    hypers: tuple[float, ...]  # in the declaration's order
    shown: bool = True
    around: Chosen | None = None
    schedule: Chosen | None = None  # its own, in place of the race's; so the next two
    batch: int | None = None  # samples a tick; 0 is all of them
    decay: float | None = None  # decoupled

    @property
    def method(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def mark(self) -> Mark:
        return MARKS[self.slot]

    @property
    def name(self) -> str:
        return self.method.name + (f" + {AROUNDS[self.around.key].name}" if self.around else "")

    @property
    def values(self) -> dict[str, float]:
        return dict(zip(self.method.by_key, self.hypers, strict=True))

    @property
    def follower(self) -> tuple[Around, dict[str, float]] | None:
        """What is around the method, as `descend` takes it."""
        return (AROUNDS[self.around.key], self.around.values(AROUNDS[self.around.key])) if self.around else None

    @property
    def detail(self) -> str:
        """What tells this racer from another of its kind, in three digits: the rate, what is not at its default, what is its own."""
        return self._settings(shortly)

    def detail_among(self, racers: Iterable["Racer"]) -> str:
        """The same, and what others of its name have set otherwise, even where this one has the default, or what the race has."""
        others = [racer for racer in racers if racer.name == self.name]
        wanted = {key for key, value in self.values.items() if any(other.values[key] != value for other in others)}
        shared = (term for term in TERMS if getattr(self, term) is None and any(getattr(other, term) is not None for other in others))
        return ", ".join(filter(None, (self._settings(shortly, wanted), *(f"the race's {term}" for term in shared))))

    @property
    def settings(self) -> str:
        """The same with all digits."""
        return self._settings(lambda hyper, value: repr(value))

    def _settings(self, number: Callable[[Hyper, float], str], wanted: Collection[str] = ()) -> str:
        told = (h for h in self.method.hypers if h.key == "lr" or h.key in wanted or self.values[h.key] != h.default)
        own = _changed(SCHEDULES[self.schedule.key], self.schedule) if self.schedule else ()
        words = (
            f"{h.short or h.name}{f': {h.options[int(v)]}' if h.options else f' {number(h, v)}'}"
            for h in told
            for v in [self.values[h.key]]
        )
        batch = "" if self.batch is None else f"batch {self.batch}" if self.batch else "full batch"
        decay = "" if self.decay is None else f"{DECAY.name.lower()} {number(DECAY, self.decay)}"
        return ", ".join((*words, *own, *filter(None, (batch, decay))))

    def with_value(self, key: str, value: float) -> "Racer":
        return replace(self, hypers=tuple((self.values | {key: value}).values()))
