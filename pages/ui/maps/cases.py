"""From racers to cases and axes, and from a cell of a map back to a racer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from optimizers.around import AROUNDS
from optimizers.maps import Axis, Case, axes, axis_of
from optimizers.optimizer import PENALTY
from optimizers.schedules import SCHEDULES
from pages.ui.experiment import Chosen, Declared, Experiment, Racer
from pages.ui.maps.choice import Choice, Side, opening

RATE, DECAY = "hyper.lr", f"hyper.{PENALTY.key}"  # the second is off unless somebody asks for it


@dataclass(frozen=True)
class Plan:
    """One racer's map: what to compute."""

    slot: int
    case: Case
    x: Axis
    y: Axis


def case_of(experiment: Experiment, racer: Racer) -> Case:
    """One racer's run in the engine's terms."""
    schedule = racer.schedule or experiment.schedule
    land = experiment.base if experiment.made and not experiment.made.typed else None
    return Case(
        experiment.landscape, racer.optimizer, experiment.start, experiment.steps, experiment.tolerance, experiment.text,
        tuple((p.key, v) for p, v in zip(experiment.base.parameters, experiment.params, strict=True)),
        tuple(racer.values.items()), experiment.conditions_of(racer),
        _named(schedule, SCHEDULES[schedule.key]) if schedule else None,
        _named(racer.around, AROUNDS[racer.around.key]) if racer.around else None,
        experiment.batch_of(racer), experiment.replacement, experiment.seed, land,
    )  # fmt: skip


def _named(chosen: Chosen, declared: Declared) -> tuple[str, tuple[tuple[str, float], ...]]:
    return chosen.key, tuple(chosen.values(declared).items())


def shown(experiment: Experiment) -> tuple[Racer, ...]:
    return tuple(racer for racer in experiment.racers if racer.shown)


def names(racers: Sequence[Racer]) -> list[str]:
    """What tells these racers apart: the name, and the settings of those that share it."""
    alike = [racer.name for racer in racers]
    return [f"{racer.name} ({racer.detail_among(racers)})" if alike.count(racer.name) > 1 else racer.name for racer in racers]


def offered(experiment: Experiment) -> dict[str, Axis]:
    """Everything that can vary for at least one of the racers, by word; over the widest of their ranges.

    Where one has a logarithmic axis and another a linear one, as a decay that may be 0, all get the linear one.
    """
    found: dict[str, Axis] = {}
    for racer in shown(experiment):
        for axis in axes(case_of(experiment, racer)):
            known = found.get(axis.word, axis)
            scale = axis.scale if axis.scale == known.scale else "linear"
            found[axis.word] = replace(known, scale=scale, low=min(known.low, axis.low), high=max(known.high, axis.high))
    return found


def common(experiment: Experiment) -> list[str]:
    """The words of what can vary for all racers, likely ones first."""
    racers = shown(experiment)
    words = [{axis.word for axis in axes(case_of(experiment, racer))} for racer in racers]
    return [word for word in offered(experiment) if all(word in own for own in words)]


def sides(experiment: Experiment, choice: Choice) -> tuple[str, str]:
    """The words of the two axes: what was chosen, or else what all racers have, the learning rate first."""
    known, shared = offered(experiment), common(experiment)
    across = choice.across.word if choice.across.word in known else next((w for w in (RATE, *shared) if w in shared), "")
    wanted = [choice.up.word] if choice.up.word in known else []
    hypers = [word for word in shared if word.startswith("hyper.") and word != DECAY]
    shared.sort(
        key=lambda word: (word == DECAY, not (word.startswith("parameter.") and known[word].scale == "log"))
    )  # the condition number
    up = next((word for word in (*wanted, *hypers, *shared) if word != across), "")
    return across, up


def showing(experiment: Experiment, choice: Choice) -> str:
    """What the colours of a tuning map mean. Racers without a rate in common are compared over landscapes, and there most of them arrive:
    how soon tells them apart, the loss that is left does not.
    """
    rated = RATE in common(experiment) or experiment.problem.lowest is None
    return choice.shows or ("loss" if rated else "evaluations")


def home(experiment: Experiment, choice: Choice) -> tuple[Side, Side]:
    """The axes over their whole ranges: those that the page opens with on its opening's landscape, elsewhere the declarations'."""
    opened = opening("tuning")
    known = {side.word: side for side in (opened[1].across, opened[1].up)} if opened[0].landscape == experiment.landscape else {}
    across, up = (known.get(word, Side(word)) for word in sides(experiment, choice))
    return across, up


def zoomed(experiment: Experiment, choice: Choice) -> bool:
    """Whether a range differs from the whole one."""
    pairs = zip((choice.across, choice.up), home(experiment, choice), strict=True)
    return any(side.range not in (None, whole.range) for side, whole in pairs)


def plans(experiment: Experiment, choice: Choice) -> tuple[tuple[Plan, ...], str]:
    """What to compute for a tuning map, and a word about those that have no such axis. Raises ValueError for ranges that cannot be."""
    across, up = sides(experiment, choice)
    known = offered(experiment)
    found, lacking = [], []
    unknown = [side.word for side in (choice.across, choice.up) if side.word and side.word not in known]
    for racer in shown(experiment):
        case = case_of(experiment, racer)
        own = {axis.word for axis in axes(case)}
        if across not in own or up not in own:
            lacking.append(f"{racer.name} has no {' and no '.join(known[w].name for w in (across, up) if w not in own)}")
            continue
        found.append(Plan(racer.slot, case, ranged(case, across, choice.across, known), ranged(case, up, choice.up, known)))
    words = [f"{', '.join(word[:40] for word in unknown)} cannot vary here: something else stands on that axis."] if unknown else []
    words += [f"{'; '.join(lacking)}: not on these maps."] if lacking else []
    return tuple(found), " ".join(words)


def ranged(case: Case, word: str, side: Side, known: dict[str, Axis]) -> Axis:
    """The axis over the range that was chosen for it, or over the widest declared one."""
    low, high = side.range if side.range and side.word == word else (known[word].low, known[word].high)
    return replace(axis_of(case, word), scale=known[word].scale, low=low, high=high)


def own_value(experiment: Experiment, racer: Racer, axis: Axis) -> float | None:
    """Where the racer stands on an axis; None where it is off the axis or switched off."""
    plan = experiment.plan(racer)
    value: dict[str, float] = {
        "hyper": racer.values,
        "parameter": dict(zip((p.key for p in experiment.base.parameters), experiment.params, strict=True)),
        "condition": vars(experiment.conditions_of(racer)),
        "schedule": plan[1] if plan else {},
        "around": racer.follower[1] if racer.follower else {},
        "batch": {"batch": float(experiment.batch_of(racer) or experiment.problem.samples)},
    }[axis.kind]
    number = float(value[axis.key])
    return number if axis.low <= number <= axis.high else None


def moved(experiment: Experiment, racer: Racer, values: Iterable[tuple[str, float]]) -> tuple[Experiment, Racer]:
    """The experiment and the racer with other values of what two axes name: "hyper.lr", "parameter.condition", "start.x"."""
    for word, value in values:
        kind, _, key = word.partition(".")
        if kind == "hyper":
            racer = racer.with_value(key, value)
        elif kind == "around" and racer.around:
            racer = replace(racer, around=racer.around.with_value(AROUNDS[racer.around.key], key, value))
        elif kind == "schedule" and racer.schedule:
            racer = replace(racer, schedule=racer.schedule.with_value(SCHEDULES[racer.schedule.key], key, value))
        elif kind == "batch" and racer.batch is not None:
            racer = replace(racer, batch=int(value))
        elif word == "condition.decay" and racer.decay is not None:
            racer = replace(racer, decay=value)
        else:
            experiment = _set(experiment, kind, key, value)
    return experiment, racer


def _set(experiment: Experiment, kind: str, key: str, value: float) -> Experiment:
    """What all racers share."""
    if kind == "schedule" and experiment.schedule:
        return replace(experiment, schedule=experiment.schedule.with_value(SCHEDULES[experiment.schedule.key], key, value))
    if kind == "parameter":
        keys = (p.key for p in experiment.base.parameters)
        return replace(experiment, params=tuple(value if k == key else old for k, old in zip(keys, experiment.params, strict=True)))
    if kind == "condition":
        return replace(experiment, conditions=replace(experiment.conditions, **{key: value}))
    if kind == "batch":
        return replace(experiment, batch=int(value))
    x, y = experiment.start
    return replace(experiment, start=(value, y) if key == "x" else (x, value))
