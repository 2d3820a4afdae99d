"""What the room of seeds runs: every racer, once or at each value of what is compared."""

from dataclasses import dataclass

from optimizers.maps import Axis, Case, axes
from pages.ui.experiment import Experiment
from pages.ui.maps.cases import case_of, names, offered, shown
from pages.ui.maps.choice import Choice
from pages.ui.marks import MARKS
from pages.ui.words import figure

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
MOST = 12  # lots: more lines than these nobody reads


@dataclass(frozen=True)
class Lot:
    """Many seeds of one case, and how they are drawn."""

    label: str
    color: str
    dash: str  # of its lines, so that colour is not the only cue
    case: Case

    @property
    def random(self) -> bool:
        return bool(self.case.batch or self.case.conditions.noise)


def lots(experiment: Experiment, choice: Choice) -> tuple[Lot, ...]:
    """The lots, in the racers' order. Raises ValueError for values that cannot be, or for too many."""
    racers = shown(experiment)
    labels = dict(zip((racer.slot for racer in racers), names(racers), strict=True))
    compared = choice.compared
    axis = offered(experiment).get(compared.word)
    if compared.word and axis is None:
        raise ValueError(f"{compared.word[:40]} cannot vary for any of the racers: compare something else.")
    if axis is None:
        return tuple(
            Lot(labels[racer.slot], racer.mark.color, DASHES[k % len(DASHES)], case_of(experiment, racer)) for k, racer in enumerate(racers)
        )
    values = compared.values
    if len(racers) * len(values) > MOST:
        raise ValueError(f"{len(racers)} racers at {len(values)} values are {len(racers) * len(values)} lines: compare {MOST} or fewer.")
    return tuple(
        Lot(
            _name(axis, value) if len(racers) == 1 else f"{labels[racer.slot]}, {_name(axis, value)}",
            MARKS[k % len(MARKS)].color if len(racers) == 1 else racer.mark.color,
            DASHES[k % len(DASHES)],
            _at(case_of(experiment, racer), axis, value),
        )
        for racer in racers
        for k, value in enumerate(values)
    )  # fmt: skip


def _name(axis: Axis, value: float) -> str:
    return f"{(axis.name or axis.key).lower()} {figure(value)}"


def _at(case: Case, axis: Axis, value: float) -> Case:
    """Raises ValueError where the method, the landscape or the conditions do not take the value."""
    if axis.word not in {each.word for each in axes(case)}:
        raise ValueError(f"{case.method.name} has no {axis.name or axis.key}: compare something that all racers have.")
    if axis.integer and value != int(value):
        raise ValueError(f"{axis.name or axis.key} {value:g}: give whole numbers.")
    found = case.having(axis.kind, {axis.key: int(value) if axis.kind == "batch" else value})
    if axis.kind == "hyper":
        found.method.values(dict(found.hypers))
    found.conditions.rows()
    return found
