"""What an optimizer declares: its rule, its hyperparameters, its state, its formula and its paper.

Sliders, formula, card, URL words and parity tests all follow from the declaration; no page names a method.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np

from landscape.kernel import Kernel
from optimizers.shown import KNOWN, RATE, STEP, Shown

if TYPE_CHECKING:
    from landscape import Problem

Scale = Literal["linear", "log", "complement", "switch"]  # complement: logarithmic in 1 - value, for betas near 1
LARGEST_MATRIX = 600  # weights up to which a method may keep an n x n matrix of them
MEMORY = 20  # the most old vectors that a history can hold


@dataclass(frozen=True)
class Hyper:
    """One hyperparameter: a slider from `low` to `high`, valid anywhere within `bounds`.

    A switch has `forms`: one LaTeX fragment for each of its values 0, 1, ...; `options` names them.
    """

    key: str
    name: str
    symbol: str  # LaTeX
    default: float
    low: float
    high: float
    scale: Scale = "linear"
    bounds: tuple[float, float] = (0.0, math.inf)
    help: str = ""
    options: tuple[str, ...] = ()
    forms: tuple[str, ...] = ()
    integer: bool = False
    short: str = ""  # in the labels of racers, where the name is long or ends in a digit

    def check(self, value: object) -> np.ndarray:
        """The value as float64, scalar or (B,). Raises ValueError where it is not a number within `bounds`."""
        try:
            number = np.asarray(value, dtype=np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"{self.key} must be a number, not {value!r}.") from None
        low, high = self.bounds
        if not np.all((number >= low) & (number <= high) & np.isfinite(number)):
            raise ValueError(f"{self.key} = {value} is outside [{low:g}, {high:g}]: choose a value within.")
        if self.integer and not np.all(number == np.round(number)):
            raise ValueError(f"{self.key} = {value} is no whole number: round it.")
        if self.scale == "switch" and not np.all(np.isin(number, range(len(self.options)))):
            raise ValueError(f"{self.key} = {value} is no option: choose one of 0 to {len(self.options) - 1}.")
        return number


@dataclass(frozen=True)
class Optimizer:
    """A method, as a declaration.

    `rule(x, f, g, h, state, hypers, t)` sees loss, gradient and curvature AT x and moves x in place to the next query point.
    The state's rows, in this order: `vectors` of length n, `histories` (vectors of which the last ones are kept, as many as the
    hyperparameter "memory" says; there is room for MEMORY), `matrices` of n * n rows, row after row, and `scalars`, one number a run.
    A method that asks for gradients elsewhere than at its iterate keeps the iterate in its first vector and sets `looks_ahead`. A rule
    may use g and h as scratch: each tick writes them anew. Below its hyperparameters `hypers` has two more rows: the last but one is 1
    where all lanes share every value but the first and nobody watches the state (a rule may then read and keep one number, in the first
    lane, in place of a row), the last the schedule's factor.

    A step takes `evaluations` ticks. A method whose steps take now more and now fewer counts them in its last scalar, "steps": those it has
    made, and half a one while one is under way. At 0 it begins at x, its iterate: at first, or since something around it has moved it.
    """

    key: str
    name: str
    summary: str  # one line: what it does to the path
    rule: Kernel
    hypers: tuple[Hyper, ...]
    formula: tuple[str, ...]  # LaTeX, a line an equation; <lr> stands for the hyperparameter of that key
    paper: str
    strengths: str
    weaknesses: str
    honest: str  # what of it two dimensions show, what they flatter, and what they cannot show
    evaluations: int = 1  # of loss and gradient, that a step takes at least
    power: int = 1  # what it computes besides grows with the number n of weights like n to this: see `optimizers.arithmetic`
    more: str = ""  # what makes a step take more; empty: nothing does
    plain: bool = False  # a step is minus the rate times the gradient: what theorems on gradient descent are about
    gradient_free: bool = False  # asks for the loss alone: what is done to the gradient does not reach it
    vectors: tuple[str, ...] = ()
    histories: tuple[str, ...] = ()
    matrices: tuple[str, ...] = ()
    scalars: tuple[str, ...] = ()
    optional: tuple[tuple[str, str], ...] = ()  # (vector, hyperparameter): not needed where that one is 0
    looks_ahead: bool = False
    curvature: str = ""  # the curvature matrix that the rule is handed as h: "hessian", "fisher", ...; see Problem.curvature
    shows: tuple[Shown, ...] = ()  # what of the state is worth drawing; a part of that key in place of the general step or rate
    says: tuple[str, ...] = ()  # clauses on the numbers at the cursor: {key} of what it shows or of a hyperparameter
    # on a quadratic it diverges where lr times the largest curvature is above this
    edge: Callable[[Mapping[str, float]], float] | None = None
    edge_text: str = ""  # the largest stable rate as a formula, L being the largest curvature
    # (smallest, largest curvature of a quadratic) -> the hyperparameters that a theorem calls best for it, and where that stands
    optimal: Callable[[float, float], Mapping[str, float]] | None = None
    optimal_paper: str = ""
    by_key: Mapping[str, Hyper] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {hyper.key: hyper for hyper in self.hypers})

    @property
    def inside(self) -> tuple[Shown, ...]:
        """All that there is to look at: what the method declares; of one with a rate, its step, and that over the gradient it asked for."""
        own = {shown.key for shown in self.shows}
        general = (*((STEP,) if "lr" in self.by_key else ()), *((RATE,) if "lr" in self.by_key and not self.looks_ahead else ()), *KNOWN)
        return (*self.shows, *(shown for shown in general if shown.key not in own))

    @property
    def stride(self) -> int:
        """Ticks a step; 0 where the method counts its steps."""
        return 0 if self.scalars[-1:] == ("steps",) else self.evaluations

    @property
    def watchable(self) -> tuple[str, ...]:
        """The names of all parts of the state."""
        return (*self.vectors, *self.histories, *self.matrices, *self.scalars)

    def rows(self, n: int) -> int:
        """Rows of state for n parameters."""
        vectors = len(self.vectors) + MEMORY * len(self.histories) + n * len(self.matrices)
        return vectors * n + len(self.scalars)

    def places(self, n: int) -> dict[str, tuple[int, int]]:
        """Where each part of the state is: its first row and how many it has. Of a history, all that it has room for."""
        parts = [*((name, n) for name in self.vectors), *((name, MEMORY * n) for name in self.histories)]
        parts += [*((name, n * n) for name in self.matrices), *((name, 1) for name in self.scalars)]
        places, first = {}, 0
        for name, rows in parts:
            places[name] = (first, rows)
            first += rows
        return places

    def rows_of(self, names: Sequence[str], n: int) -> np.ndarray:
        """The rows of these parts of the state, one after the other. Raises ValueError for a name that the method does not have."""
        places = self.places(n)
        if unknown := [name for name in names if name not in places]:
            raise ValueError(f"{self.name} holds no {', '.join(unknown)}: it holds {', '.join(places) or 'nothing'}.")
        return np.array([row for name in names for row in range(places[name][0], sum(places[name]))], dtype=np.int64)

    def watched(self, names: Sequence[str], seen: np.ndarray, n: int, single: bool) -> dict[str, np.ndarray]:
        """The rows that were watched, by name: vectors (steps, n[, B]), histories (steps, k, n[, B]), matrices (steps, n, n[, B]),
        scalars (steps[, B]).
        """
        parts, first, places = {}, 0, self.places(n)
        for name in names:
            rows = places[name][1]
            part = seen[:, first : first + rows, 0] if single else seen[:, first : first + rows]
            shape = (n, n) if name in self.matrices else (-1, n) if name in self.histories else (n,) if name in self.vectors else ()
            parts[name] = part.reshape(len(seen), *shape, *part.shape[2:])
            first += rows
        return parts

    @property
    def l2(self) -> str:
        """The hyperparameter that adds a penalty of this racer's own to the gradient before the rule sees it; empty where it has none."""
        return PENALTY.key if self.by_key.get(PENALTY.key) is PENALTY else ""

    def memory(self, values: Mapping[str, float]) -> tuple[str, ...]:
        """The vectors that a run with these values needs: what a parameter costs in memory, besides `matrices`."""
        unused = {vector for vector, key in self.optional if not values.get(key, self.by_key[key].default)}
        kept = int(values.get("memory", self.by_key["memory"].default)) if self.histories else 0
        old = (f"{name}_{k + 1}" for name in self.histories for k in range(kept))
        return (*(vector for vector in self.vectors if vector not in unused), *old)

    def unfit(self, problem: "Problem") -> str:
        """Why this method cannot run on the problem; empty where it can."""
        if self.matrices and problem.n > LARGEST_MATRIX:
            return f"it keeps a matrix of {problem.n:,} x {problem.n:,} numbers; it is offered up to {LARGEST_MATRIX} weights."
        if self.more and problem.restless:
            return f"it compares losses within a step, and {problem.restless}."
        return problem.lacks(self.curvature) if self.curvature else ""

    def values(self, given: Mapping[str, object]) -> dict[str, np.ndarray]:
        """Every hyperparameter's checked value, in declared order, defaults filled in.

        Raises ValueError for a name that the method does not have and for a value out of bounds.
        """
        unknown = sorted(set(given) - set(self.by_key))
        if unknown:
            raise ValueError(f"{self.name} has no {', '.join(unknown)}: it takes {', '.join(self.by_key)}.")
        return {hyper.key: hyper.check(given.get(hyper.key, hyper.default)) for hyper in self.hypers}

    def latex(self, values: Mapping[str, float] | None = None) -> tuple[str, ...]:
        """The formula's lines: with symbols, or with the given values in the symbols' places."""
        lines = (PENALISED, *self.formula) if self.l2 and values and values.get(self.l2) else self.formula
        return tuple(filled(line, self.by_key, values or {}) for line in lines)


def filled(line: str, hypers: Mapping[str, Hyper], values: Mapping[str, float]) -> str:
    """A line of LaTeX whose <key>s have become the hyperparameters' symbols, or their values where given."""

    def word(match: re.Match[str]) -> str:
        hyper = hypers[match[1]]
        if hyper.forms:
            return filled(hyper.forms[int(values.get(hyper.key, hyper.default))], hypers, values)
        return f"{latex_number(values[hyper.key])}" if hyper.key in values else hyper.symbol

    return re.sub(r"<(\w+)>", word, line)


def latex_number(value: float) -> str:
    """A number as a person writes it: 0.999 stays 0.999, 1e-08 becomes a power of ten."""
    text = f"{value:.12g}"
    if "e" not in text:
        return text
    mantissa, exponent = text.split("e")
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


# Torch's weight_decay, except AdamW's: to the rule it is part of the gradient, so the loop adds it, where conditions add theirs.
PENALTY = Hyper("weight_decay", "L2 penalty of its own", r"\lambda", 0.0, 0.0, 1.0,
                help="PyTorch's weight_decay: this times the weights joins the gradient, and is rescaled like the rest of it.",
                short="L2 penalty")  # fmt: skip
PENALISED = r"\nabla L \leftarrow \nabla L + <weight_decay>\, \theta"


def learning_rate(default: float, low: float = 1e-5, high: float = 10.0) -> Hyper:
    return Hyper("lr", "learning rate", r"\eta", default, low, high, "log", (0.0, 1e6), help="How far one step goes.", short="lr")


def betas(first: float = 0.9, second: float = 0.999) -> tuple[Hyper, Hyper]:
    """The decays of Adam's two means and of its relatives'."""
    return (
        Hyper("beta1", "beta 1", r"\beta_1", first, 0.0, 0.999, "complement", (0.0, 1.0 - 1e-9),
              help="The share of the old mean of gradients that is kept.", short="beta1"),
        Hyper("beta2", "beta 2", r"\beta_2", second, 0.0, 0.99999, "complement", (0.0, 1.0 - 1e-9),
              help="The share of the old mean of squares that is kept.", short="beta2"),
    )  # fmt: skip


def guard(default: float, low: float = 1e-12) -> Hyper:
    """eps, where there is no doubt about its place."""
    return Hyper("eps", "epsilon", r"\epsilon", default, low, 1e-1, "log", help="Keeps the division finite where gradients vanish.")


def epsilon(default: float, root: str) -> tuple[Hyper, Hyper]:
    """eps and the switch that puts it outside (torch's convention) or inside the square root of `root`."""
    return (
        guard(default),
        Hyper(
            "eps_inside", "epsilon's place", "", 0, 0, 1, "switch", (0, 1),
            help="Sources disagree: outside the root (PyTorch) or inside it.",
            options=("outside the root", "inside the root"),
            forms=(rf"\sqrt{{{root}}} + <eps>", rf"\sqrt{{{root} + <eps>}}"),
        ),
    )  # fmt: skip
