"""What can vary across a map: hyperparameters, conditions, the landscape's parameters, a schedule's, the batch."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from landscape import Parameter
from optimizers.around import AROUNDS
from optimizers.conditions import DECLARED
from optimizers.maps.case import Case
from optimizers.optimizer import Hyper
from optimizers.schedules import SCHEDULES

Kind = Literal["hyper", "condition", "parameter", "schedule", "around", "batch"]
AxisScale = Literal["linear", "log", "complement"]
NARROWEST = 1e-12  # of the ends' size: a shorter range has no values in between to speak of


@dataclass(frozen=True)
class Axis:
    """One direction of a map, from `low` to `high`. `complement` is logarithmic in 1 - value, for betas near 1.

    Raises ValueError for a range that is empty, reversed or not finite, and for a logarithm of what is not above 0.
    """

    kind: Kind
    key: str
    low: float
    high: float
    scale: AxisScale = "linear"
    name: str = ""
    symbol: str = ""  # LaTeX
    integer: bool = False
    common: bool = False  # all lanes of a descent share it: a map computes one value after another

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            raise ValueError(f"{self.key} from {self.low} to {self.high}: give two finite numbers.")
        if not self.high - self.low > NARROWEST * max(abs(self.low), abs(self.high)):
            raise ValueError(f"{self.key} from {self.low:g} to {self.high:g}: the second number must be the larger one.")
        if self.scale == "log" and self.low <= 0.0:
            raise ValueError(f"{self.key} from {self.low:g}: a logarithmic axis begins above 0; choose a larger number.")
        if self.scale == "complement" and self.high >= 1.0:
            raise ValueError(f"{self.key} to {self.high:g}: an axis that is logarithmic in 1 - {self.key} ends below 1.")
        if self.integer and math.floor(self.high) < math.ceil(self.low):
            raise ValueError(f"{self.key} from {self.low:g} to {self.high:g}: there is no whole number in between.")

    @property
    def word(self) -> str:
        """Its name in an address or on a command line, unlike any other's: "hyper.lr"."""
        return f"{self.kind}.{self.key}"

    def over(self, low: float | None = None, high: float | None = None) -> "Axis":
        """The same over another range."""
        return replace(self, low=self.low if low is None else float(low), high=self.high if high is None else float(high))

    def values(self, count: int) -> np.ndarray:
        """`count` values, (count,), both ends among them; of an integer axis the distinct whole numbers, which may be fewer."""
        if count < 2:
            raise ValueError(f"{count} values of {self.key}: a map needs 2 or more each way.")
        if self.scale == "log":
            values = np.geomspace(self.low, self.high, count)
        elif self.scale == "complement":
            values = 1.0 - np.geomspace(1.0 - self.low, 1.0 - self.high, count)
        else:
            values = np.linspace(self.low, self.high, count)
        values[0], values[-1] = self.low, self.high  # to the last digit: a bound may be just there
        if not self.integer:
            return values
        return np.unique(np.clip(np.round(values), math.ceil(self.low), math.floor(self.high)))


def axes(case: Case) -> tuple[Axis, ...]:
    """Everything that can vary for this case, with the declarations' ranges; what is likely to be asked for comes first."""
    problem = case.problem
    found = [_of_hyper("hyper", hyper) for hyper in case.method.hypers if hyper.scale != "switch"]
    found += [_of_parameter(each, common=each.key not in problem.formula.parameters) for each in problem.parameters]
    found += [_of_hyper("condition", hyper) for hyper in DECLARED]
    if case.schedule:
        longest = float(case.steps)
        found += [_of_hyper("schedule", h, longest, True) for h in SCHEDULES[case.schedule[0]].hypers if h.scale != "switch"]
    if case.around:
        found += [_of_hyper("around", hyper, float(case.steps)) for hyper in AROUNDS[case.around[0]].hypers]
    if (samples := problem.samples) > 1:
        found.append(Axis("batch", "batch", 1.0, float(samples), "log", "Batch size", "B", integer=True, common=True))
    return tuple(axis for axis in found if axis is not None)


def axis_of(case: Case, key: str, low: float | None = None, high: float | None = None) -> Axis:
    """The axis of that key ("lr", or with its kind where two have one key: "condition.noise"), over a range of one's own where given.

    Raises ValueError for a key that this case does not have.
    """
    known = {axis.key: axis for axis in reversed(axes(case))}  # of two with one key the first one counts
    known |= {axis.word: axis for axis in axes(case)}
    if key not in known:
        raise ValueError(f"{key[:40]!r} cannot vary here: choose one of {', '.join(axis.word for axis in axes(case))}.")
    return known[key].over(low, high)


def _of_hyper(kind: Kind, hyper: Hyper, longest: float = math.inf, common: bool = False) -> Axis | None:
    """A slider's range; that of whole ticks goes no further than the run."""
    high = min(hyper.high, longest) if hyper.integer else hyper.high
    if not high > hyper.low:
        return None
    scale: AxisScale = "linear" if hyper.scale == "switch" else hyper.scale
    return Axis(kind, hyper.key, hyper.low, high, scale, hyper.name, hyper.symbol, hyper.integer, common)


def _of_parameter(each: Parameter, common: bool) -> Axis | None:
    if not each.high > each.low:
        return None
    return Axis("parameter", each.key, each.low, each.high, each.scale, each.name, each.symbol or each.key, each.integer, common)
