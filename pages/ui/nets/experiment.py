"""What is on screen on the nets page, in one frozen value: a net and its data, who trains it, and the plane it is seen on.

Validated once, where it is read (address.py, panels); what lies behind trusts it. Imports PyTorch, by way of the models.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, cast

from landscape import Problem
from landscape.nets import CNN, DATASETS, MLP, MODELS, RNN, Entrant, NetProblem, ResNet, Transformer
from landscape.nets import PRESETS as ALL
from optimizers import Batches, Conditions
from optimizers.examples import EXAMPLES
from optimizers.schedules import SCHEDULES, Schedule
from pages.ui.experiment import Chosen, Racer, racer_on
from pages.ui.nets.under import TITLES, Under
from pages.ui.racing import Racing

Spec = MLP | CNN | ResNet | RNN | Transformer
PRESETS = {key: preset for key, preset in ALL.items() if preset.steps}  # the others are not for training
MAX_STEPS = 20_000
MAX_RACERS = 6  # who train side by side
FEW = 31  # points a side of a plane of images' nets: each point takes them some 10 ms
MOST_UNITS, MOST_LAYERS, MOST_DROPOUT = 512, 32, 0.95


@dataclass(frozen=True)
class PlaneChoice:
    """Which plane through weight space is drawn, and what of it."""

    kind: str = "pca_all"  # a key of pages.ui.nets.kinds.KINDS
    of: int = 0  # the slot of the racer in whose end the plane is centred
    scale: str = "filter"
    vectors: str = "zero"  # biases and norm parameters
    seed: int = 0
    span: float = 1.0
    points: int = 61
    measure: str = "train"  # a key of pages.ui.nets.measures.MEASURES
    ends: tuple[int, ...] = (0, 1, 2)  # slots of the racers through whose ends a plane of three solutions goes


@dataclass(frozen=True)
class NetsExperiment(Racing):
    preset: str
    data: str
    params: tuple[float, ...]
    model: Spec
    loss: str
    steps: int
    batch: int = 0  # samples a tick; 0 is all of them
    replacement: bool = True
    seed: int = 0  # of the initial weights, the mini-batches and the noise
    conditions: Conditions = Conditions()  # noqa: RUF009 - frozen
    schedule: Chosen | None = None
    racers: tuple[Racer, ...] = ()
    plane: PlaneChoice = PlaneChoice()
    line: tuple[int, int] = (0, 1)  # slots between whose ends a line is drawn
    example: str = ""  # a key of EXAMPLES: trained weights beside the racers; empty: none
    under: Under = Under()  # noqa: RUF009 - frozen; the tabs under the picture
    selected: int = 0
    cursor: int | None = None  # snapshot; None is the last
    view: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def problem(self) -> NetProblem:
        """The net on its data, with the preset's name, words and advice. Raises ValueError where they do not fit together."""
        return problem_of(self.preset, self.data, self.params, self.model, self.loss, self.seed)

    @property
    def landscape(self) -> Problem:
        """The same, for what works on any problem."""
        return cast(Problem, self.problem)

    @property
    def every(self) -> int:
        """Evaluations between two snapshots."""
        return max(1, self.steps // 50)

    @property
    def snapshots(self) -> int:
        """How many follow the one at the start."""
        return -(-self.steps // self.every)

    def plan(self, racer: Racer) -> tuple[Schedule, dict[str, float]] | None:
        chosen = racer.schedule or self.schedule
        return (SCHEDULES[chosen.key], chosen.values(SCHEDULES[chosen.key])) if chosen else None

    def terms(self, racer: Racer) -> dict[str, Any]:
        """What `train` takes for a racer besides its hyperparameters."""
        return {
            "conditions": self.conditions, "schedule": self.plan(racer), "around": racer.follower, "seed": self.seed,
            "batches": Batches(self.batch, self.replacement) if self.batch else None, "every": self.every,
        }  # fmt: skip

    @property
    def setup(self) -> "NetsExperiment":
        """What decides on a racer's training, besides the racer: equal setups give equal weights."""
        return replace(self, racers=(), selected=0, cursor=None, view={}, plane=PlaneChoice(), line=(0, 1), example="", under=Under())

    @property
    def trained(self) -> "NetsExperiment":
        """What decides on all the training: equal ones give the same paths."""
        return replace(self.setup, racers=tuple(replace(racer, shown=True) for racer in self.racers))

    @property
    def drawn(self) -> "NetsExperiment":
        """What decides on the plane, besides how it is looked at."""
        return replace(self.trained, plane=self.plane)

    @property
    def free_slots(self) -> tuple[int, ...]:
        used = {racer.slot for racer in self.racers}
        return tuple(slot for slot in range(MAX_RACERS) if slot not in used)


@lru_cache(maxsize=64)
def problem_of(preset: str, data: str, params: tuple[float, ...], model: Spec, loss: str, seed: int) -> NetProblem:
    dataset = DATASETS[data]
    bound = dataset.with_parameters(**dict(zip((p.key for p in dataset.parameters), params, strict=True)))
    base = PRESETS[preset]
    return replace(base, dataset=bound, model=model, loss=loss, seed=seed)


def net_racer(problem: NetProblem, optimizer: str, slot: int) -> Racer:
    """A racer with the preset's advice where it has some."""
    return racer_on(cast(Problem, problem), optimizer, slot)


def entered(problem: NetProblem, entrant: Entrant, slot: int) -> Racer:
    """A racer as a preset declares it."""
    racer = racer_on(cast(Problem, problem), entrant.method, slot, **entrant.hypers)
    if not entrant.schedule:
        return racer
    declared = SCHEDULES[entrant.schedule]
    return replace(racer, schedule=Chosen(entrant.schedule, tuple(map(float, declared.values(entrant.settings).values()))))


def default_nets(preset: str = "") -> NetsExperiment:
    """What a preset opens with."""
    base = PRESETS[preset or next(iter(PRESETS))]
    racers = tuple(entered(base, entrant, slot) for slot, entrant in enumerate(base.racers))
    params = tuple(base.dataset.parameter_values.values())
    model = cast(Spec, base.model)
    plane = PlaneChoice(points=PlaneChoice.points if isinstance(model, MLP) else FEW)
    return NetsExperiment(
        base.key, base.dataset.key, params, model, base.loss, base.steps, base.batch or 0, base.replacement, base.seed,
        racers=racers, plane=plane,
    )  # fmt: skip


def moved_to(experiment: NetsExperiment, preset: str) -> NetsExperiment:
    """The same racers on another preset's net, with its rates; who cannot run there is left out: see `left_behind`.

    Racers that nobody has chosen make room for those that the preset opens with.
    """
    fresh = default_nets(preset)
    racers = fresh.racers if _unchosen(experiment) else tuple(
        replace(net_racer(fresh.problem, r.optimizer, r.slot), shown=r.shown, around=r.around, schedule=r.schedule)
        for r in experiment.racers if not r.method.unfit(fresh.landscape)
    )  # fmt: skip
    view = {key: value for key, value in experiment.view.items() if isinstance(value, (bool, str))}
    under = replace(experiment.under, tab="" if fresh.problem.opens else opened(experiment), starts=0, widths=None)
    plane = replace(experiment.plane, points=fresh.plane.points)
    moved = replace(fresh, racers=racers, plane=plane, under=under, selected=experiment.selected, view=view)
    return fitted(moved)


def _unchosen(experiment: NetsExperiment) -> bool:
    """Nobody has chosen these racers: they are those that the preset opens with."""
    return experiment.racers == default_nets(experiment.preset).racers


def with_net(experiment: NetsExperiment, **changes: Any) -> NetsExperiment:
    """Other data, another model or loss under the same racers. Raises ValueError where they do not fit together."""
    moved = replace(experiment, **changes)
    samples = len(moved.problem.split.train)  # draws the data, which may be impossible
    racers = tuple(r for r in moved.racers if not r.method.unfit(moved.landscape))
    return fitted(replace(moved, racers=racers, batch=min(moved.batch, samples)))


def fitted(experiment: NetsExperiment) -> NetsExperiment:
    """With a selected racer, a plane's centre and ends that exist, and no example of another net.

    Where there are too few racers for a plane's ends, these stay.
    """
    slots = [racer.slot for racer in experiment.racers] or [0]
    selected = experiment.selected if experiment.selected in slots else slots[0]
    of = experiment.plane.of if experiment.plane.of in slots else slots[0]
    first, second = (slot if slot in slots else slots[min(i, len(slots) - 1)] for i, slot in enumerate(experiment.line))
    ends = tuple(dict.fromkeys([*(slot for slot in experiment.plane.ends if slot in slots), *slots]))[:3]
    plane = replace(experiment.plane, of=of, ends=ends if len(ends) == 3 else experiment.plane.ends)
    example = experiment.example if shows(experiment, experiment.example) else ""
    return replace(experiment, selected=selected, plane=plane, line=(first, second), example=example)


def opened(experiment: NetsExperiment) -> str:
    """The key of the tab that is open."""
    return experiment.under.tab or experiment.problem.opens or next(iter(TITLES))


def shows(experiment: NetsExperiment, example: str) -> bool:
    """Whether the shipped net of that key is one of those on screen: the same model, for the same kind of data."""
    if example not in EXAMPLES:
        return False
    shipped = EXAMPLES[example].problem
    return (shipped.model, shipped.dataset.key) == (experiment.model, experiment.data)


def with_example(experiment: NetsExperiment, key: str) -> NetsExperiment:
    """With the shipped net of that key beside the racers, on its own preset where another net is on screen; empty: without."""
    if key and not shows(experiment, key):
        experiment = moved_to(experiment, EXAMPLES[key].preset)
    return replace(experiment, example=key)


def left_behind(before: NetsExperiment, after: NetsExperiment) -> str:
    """Who could not come along to another net, and why; empty where all could."""
    replaced = before.preset != after.preset and _unchosen(before) and _unchosen(after)  # a preset brings racers of its own
    gone = [] if replaced else [racer.method for racer in before.racers if after.racer(racer.slot) is None]
    stayed = [method for method in gone if method.unfit(after.landscape)]
    words = [f"{method.name} cannot train this net and was left out: {method.unfit(after.landscape)}" for method in stayed]
    if before.example and not after.example:
        words.append(f"“{EXAMPLES[before.example].name}” is of the net before this one and is put away.")
    return " ".join(words)


def model_of(kind: str, values: Mapping[str, Any]) -> Spec:
    """A specification from some of its fields. Raises ValueError where one is out of range."""
    return MODELS[kind](**{f.name: values[f.name] for f in fields(MODELS[kind]) if f.name in values})


def kind_of(model: Spec) -> str:
    """The key of MODELS that made it."""
    return next(key for key, made in MODELS.items() if isinstance(model, made))
