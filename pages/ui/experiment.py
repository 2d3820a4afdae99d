"""The experiment: everything that is on screen, in one frozen value.

Validated once, where it is read (address.py, controls); what lies behind trusts it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any

from landscape import PROBLEMS, Problem
from landscape.ground import Numbers
from optimizers import OPTIMIZERS, Batches, Conditions
from optimizers.schedules import SCHEDULES, Schedule
from pages.lessons.race import LESSONS
from pages.ui.made import FORMULA, MADE, Made
from pages.ui.marks import MARKS
from pages.ui.racer import Chosen as Chosen
from pages.ui.racer import Declared as Declared
from pages.ui.racer import Racer as Racer
from pages.ui.racing import Racing

MAX_RACERS = len(MARKS)
MAX_STEPS = 10_000
MAX_SEEDS = 200
DEFAULT_TOLERANCE = 1e-3
USUAL = ("sgd", "momentum", "rmsprop", "adam")  # who opens a race
OWN = FORMULA.key  # the landscape that the visitor types


@dataclass(frozen=True)
class Experiment(Racing):
    landscape: str = "rosenbrock"
    text: str = ""  # of a landscape that is made from a text: see made.py
    params: tuple[float, ...] = ()
    start: tuple[float, float] = (0.0, 0.0)
    steps: int = 100
    tolerance: float = DEFAULT_TOLERANCE
    conditions: Conditions = Conditions()  # noqa: RUF009 - frozen
    other: bool = False  # whether each racer is seen in the landscape's other coordinates, too
    with_penalty: bool = False  # whether what is drawn and measured includes the L2 penalty
    schedule: Chosen | None = None
    batch: int = 0  # samples a tick, of a problem on data; 0 is all of them
    replacement: bool = True
    seed: int = 0
    seeds: int = 1  # runs a racer, of which the first is drawn and all make the band
    lesson: str = ""  # what it was opened for: a key of LESSONS
    racers: tuple[Racer, ...] = ()
    selected: int = 0  # the slot whose controls are open
    cursor: int | None = None  # tick; None is the end
    view: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def headline(self) -> str:
        return LESSONS[self.lesson].question if self.lesson else self.problem.question

    @property
    def made(self) -> Made | None:
        """How the landscape is made from its text; None for a declared one."""
        return MADE.get(self.landscape)

    @property
    def base(self) -> Problem:
        """The landscape at its default parameters."""
        return base_of(self.landscape, self.text)

    @property
    def problem(self) -> Problem:
        return problem_of(self.landscape, self.text, self.params)

    @property
    def weighed(self) -> float:
        """The weight of the L2 penalty in what is drawn and measured; 0: it is left out."""
        return float(self.conditions.l2) if self.with_penalty else 0.0

    @property
    def seen(self) -> Problem:
        """What is drawn and measured: the landscape, or the landscape with the penalty."""
        return seen_of(self.landscape, self.text, self.params, self.weighed)

    def unseen_penalty(self, racer: Racer) -> float:
        """The weight of the L2 penalty that the racer descends and the picture leaves out: the race's and its own."""
        own = racer.values.get(racer.method.l2, 0.0)
        return own + (0.0 if self.with_penalty else float(self.conditions.l2))

    def plan(self, racer: Racer) -> tuple[Schedule, dict[str, float]] | None:
        """The schedule that a racer follows, as `descend` takes it: its own, or else the race's."""
        chosen = racer.schedule or self.schedule
        return (SCHEDULES[chosen.key], chosen.values(SCHEDULES[chosen.key])) if chosen else None

    def batch_of(self, racer: Racer) -> int:
        """Samples a tick of a racer, its own or else the race's; 0: all of them."""
        return self.batch if racer.batch is None else racer.batch

    def batches(self, racer: Racer) -> Batches | None:
        """A racer's mini-batches, as `descend` takes them."""
        size = self.batch_of(racer)
        return Batches(size, self.replacement) if size else None

    def conditions_of(self, racer: Racer) -> Conditions:
        """The race's conditions, with the racer's own decay in the place of the race's."""
        return self.conditions if racer.decay is None else replace(self.conditions, decay=racer.decay)

    def terms(self, racer: Racer) -> dict[str, Any]:
        """What `descend` takes for a racer besides its hyperparameters and a seed."""
        return {
            "conditions": self.conditions_of(racer), "schedule": self.plan(racer), "around": racer.follower, "batches": self.batches(racer)
        }  # fmt: skip

    @property
    def clipping(self) -> bool:
        return math.isfinite(self.conditions.clip_norm) or math.isfinite(self.conditions.clip_value)

    def varies(self, racer: Racer) -> bool:
        """Whether another seed gives another run."""
        return bool(self.batch_of(racer)) or bool(self.conditions.noise)

    @property
    def random(self) -> bool:
        """Whether another seed gives another race."""
        return bool(self.batch) or bool(self.conditions.noise) or any(map(self.varies, self.racers))

    @property
    def setup(self) -> "Experiment":
        """What decides on a racer's run, besides the racer: equal setups give equal runs."""
        return replace(self, racers=(), lesson="", selected=0, cursor=None, view={})

    @property
    def free_slots(self) -> tuple[int, ...]:
        used = {racer.slot for racer in self.racers}
        return tuple(slot for slot in range(MAX_RACERS) if slot not in used)

    @property
    def looked_into(self) -> Racer | None:
        """The racer whose inside is shown: the selected one, if the viewer wants it, or if its method is a shape and nobody minds."""
        racer = self.racer(self.selected)
        if racer is None or not racer.shown:
            return None
        return racer if self.view.get("inside", any(shown.always for shown in racer.method.shows)) else None


@lru_cache(maxsize=64)
def base_of(landscape: str, text: str) -> Problem:
    """A landscape by its key, or made from its text. Raises ValueError for a text that cannot be used."""
    return MADE[landscape].make(text) if landscape in MADE else PROBLEMS[landscape]


@lru_cache(maxsize=256)
def problem_of(landscape: str, text: str, params: tuple[float, ...]) -> Problem:
    base = base_of(landscape, text)
    return base.with_parameters(**dict(zip((p.key for p in base.parameters), params, strict=True)))


@lru_cache(maxsize=256)
def seen_of(landscape: str, text: str, params: tuple[float, ...], weight: float) -> Problem:
    problem = problem_of(landscape, text, params)
    return problem.penalised(weight) if weight else problem


def racer_on(problem: Problem, optimizer: str, slot: int, **given: float) -> Racer:
    """A racer with the landscape's recommendation where it has one, the declaration's defaults elsewhere."""
    method = OPTIMIZERS[optimizer]
    advice = {**problem.recommended.get(optimizer, {}), **given}
    return Racer(optimizer, slot, tuple(float(advice.get(h.key, h.default)) for h in method.hypers))


def default_experiment(landscape: str = "rosenbrock", text: str = "") -> Experiment:
    """The race that a landscape opens with: four racers, or those it declares, from the declared start."""
    problem = base_of(landscape, text)
    usual: tuple[tuple[str, Numbers], ...] = tuple((key, ()) for key in USUAL)
    racers = tuple(racer_on(problem, key, slot, **dict(given)) for slot, (key, given) in enumerate(problem.race or usual))
    defaults = tuple(p.default for p in problem.parameters)
    fresh = Experiment(landscape, text, defaults, problem.start, problem.steps, racers=racers)
    return replace(fresh, batch=problem.batch, replacement=problem.replacement)


def moved_to(experiment: Experiment, landscape: str, text: str = "") -> Experiment:
    """The same racers under the same conditions on another landscape: its start, its ticks, and the rates it recommends.

    Racers that cannot run there are left out: see `left_behind`.
    """
    fresh = default_experiment(landscape, text)
    racers = tuple(
        replace(
            racer_on(fresh.base, r.optimizer, r.slot), shown=r.shown, around=r.around, schedule=r.schedule, decay=r.decay, batch=r.batch
        )
        for r in experiment.racers
        if not r.method.unfit(fresh.base)
    )
    kept = {f.name: getattr(experiment, f.name) for f in fields(Experiment) if f.name in KEPT}
    moved = within_data(replace(fresh, racers=racers, view=options_of(experiment.view), **kept))
    return moved if moved.racer(moved.selected) or not racers else replace(moved, selected=racers[0].slot)


def within_data(experiment: Experiment) -> Experiment:
    """The experiment with no batch larger than its data, and none where there are no data."""
    samples = experiment.problem.samples
    racers = tuple(
        racer if racer.batch is None else replace(racer, batch=min(racer.batch, samples) if samples else None)
        for racer in experiment.racers
    )
    return replace(experiment, batch=min(experiment.batch, samples), racers=racers)


def left_behind(before: Experiment, after: Experiment) -> str:
    """Who could not come along to another landscape, and why; empty where all could."""
    stayed = [racer.method for racer in before.racers if after.racer(racer.slot) is None]
    return " ".join(f"{method.name} cannot run on {after.base.name} and was left out: {method.unfit(after.base)}" for method in stayed)


KEPT = ("tolerance", "conditions", "with_penalty", "schedule", "seed", "seeds", "selected")


def options_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a view that still makes sense on another landscape: choices, not the camera or the zoom."""
    return {key: value for key, value in view.items() if isinstance(value, (bool, str))}
