"""Landscapes that an address carries as text, beside those that are declared: the visitor's own formula, a slice of a trained net."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

from landscape import FormulaError, Parameter, Problem, formula
from landscape.expression import ARITY, CONSTANTS, COORDINATES, names_typed
from landscape.search import standing
from pages.ui import slices
from pages.ui.jobs import Work


@dataclass(frozen=True)
class Made:
    """One way to make a landscape from a text."""

    key: str  # of the landscape
    field: str  # what the text is called in an address
    make: Callable[[str], Problem]  # or a ground like it; raises ValueError with what is wrong with the text; remembers what took long
    typed: bool = False  # whether visitors write the text
    work: Callable[[str], Work | None] = lambda text: None  # what takes a while, for a job, after which `make` does not; None: nothing
    refuse: Callable[[str, str], None] = lambda text, reason: None  # remembers why the job failed, for `make` to say
    doing: str = ""  # what the job does, in words
    source: tuple[str, Callable[[str], dict[str, list[str]]]] | None = None  # the page that the text is from, and its query there


def of_formula(text: str) -> Problem:
    """The visitor's own. Raises FormulaError for a text that cannot be read."""
    free = tuple(Parameter(name, name, 1.0, -10.0, 10.0) for name in free_names(text))
    made = replace(formula(text, parameters=free), key="formula", question="Who finds the lowest point of your landscape?")
    return replace(made, start=standing(made))


def free_names(text: str) -> tuple[str, ...]:
    """The names in a formula that mean nothing yet: they become parameters with a slider each. At most six."""
    known = (*COORDINATES, *CONSTANTS, *ARITY)
    free = tuple(
        name for name in names_typed(text) if name not in known and not set(name) <= set(COORDINATES)
    )  # xy is no name: see `parse`
    if len(free) > 6:
        raise FormulaError(f"{len(free)} parameters ({', '.join(free[:8])}) are too many: six have room.")
    return free


FORMULA = Made("formula", "formula", of_formula, typed=True)
SLICE = Made(
    "slice", "slice", lambda text: cast(Problem, slices.made(text)), work=slices.work, refuse=slices.refuse,
    doing="Training the net and computing the loss over its plane", source=("pages/nets.py", slices.query),
)  # fmt: skip
MADE = {made.key: made for made in (FORMULA, SLICE)}
