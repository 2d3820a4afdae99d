"""What all runs of a map have in common, by names and numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from landscape import PROBLEMS, Parameter, Problem, formula
from optimizers import OPTIMIZERS, Batches, Conditions, Optimizer, Run, descend
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES

OWN = "formula"  # the landscape that the visitor types
Numbers = tuple[tuple[str, float], ...]  # values by key


@dataclass(frozen=True)
class Case:
    """One racer's run: hashable and picklable, so that a map of it can be remembered and its parts computed anywhere.

    `tolerance`: a run has arrived where its loss is within this of the lowest known minimum.
    """

    landscape: str  # a key of PROBLEMS, or "formula", or whatever `land` is called
    optimizer: str
    start: tuple[float, float]
    steps: int
    tolerance: float = 1e-3
    text: str = ""  # of the visitor's own formula, whose parameters are those in `params`
    params: Numbers = ()
    hypers: Numbers = ()
    conditions: Conditions = Conditions()  # noqa: RUF009 - frozen
    schedule: tuple[str, Numbers] | None = None
    around: tuple[str, Numbers] | None = None
    batch: int = 0  # samples a tick, of a problem on data; 0 is all of them
    replacement: bool = True
    seed: int = 0
    land: Problem | None = None  # the landscape itself, where no key and no text gives it: a slice

    def __post_init__(self) -> None:
        if self.optimizer not in OPTIMIZERS:
            raise ValueError(f"There is no method {self.optimizer[:40]!r}: choose one of {', '.join(OPTIMIZERS)}.")
        if self.land is None and self.landscape != OWN and self.landscape not in PROBLEMS:
            raise ValueError(f"There is no landscape {self.landscape[:40]!r}: choose one of {', '.join(PROBLEMS)}, or {OWN} with a text.")

    @property
    def problem(self) -> Problem:
        """The landscape at the case's parameters. Raises FormulaError for a text that cannot be read."""
        if self.land is not None:
            return self.land
        if self.landscape != OWN:
            return PROBLEMS[self.landscape].with_parameters(**dict(self.params))
        free = tuple(Parameter(key, key, 1.0, -10.0, 10.0) for key, _ in self.params)
        return formula(self.text, parameters=free).with_parameters(**dict(self.params))

    @property
    def method(self) -> Optimizer:
        return OPTIMIZERS[self.optimizer]

    @property
    def arguments(self) -> dict[str, Any]:
        """What `descend` takes besides problem, method, start and steps."""
        return {
            "conditions": self.conditions,
            "schedule": (SCHEDULES[self.schedule[0]], dict(self.schedule[1])) if self.schedule else None,
            "around": (AROUNDS[self.around[0]], dict(self.around[1])) if self.around else None,
            "batches": Batches(self.batch, self.replacement) if self.batch else None,
            "seed": self.seed,
            **dict(self.hypers),
        }

    def run(self, **overrides: Any) -> Run:
        """The run itself, with its path; `overrides` are arguments of `descend`."""
        given: dict[str, Any] = {"start": self.start, "steps": self.steps} | self.arguments | overrides
        return descend(self.problem, self.method, **given)

    def having(self, kind: str, values: Mapping[str, Any]) -> "Case":
        """This case with other values of one kind: "hyper", "condition", "parameter", "schedule", "around" or "batch"."""
        if kind == "hyper":
            return replace(self, hypers=_joined(self.hypers, values))
        if kind == "parameter":
            return replace(self, params=_joined(self.params, values))
        if kind == "condition":
            return replace(self, conditions=replace(self.conditions, **values))
        if kind == "batch":
            return replace(self, batch=int(values["batch"]))
        key, given = getattr(self, kind)
        chosen: dict[str, Any] = {kind: (key, _joined(given, values))}
        return replace(self, **chosen)


def _joined(given: Numbers, values: Mapping[str, Any]) -> Numbers:
    return tuple((dict(given) | dict(values)).items())
