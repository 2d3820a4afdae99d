"""A formula as the whole source of a landscape: read once, then differentiated, compiled, drawn and typeset from one tree."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from landscape.algebra import NUMPY, fold
from landscape.expression import COORDINATES, FormulaError, Node, check_name, names_in, parse, substitute
from landscape.problem import Interval, Parameter, Problem, Stationary, evaluate_kernel, hessian_kernel

Array = npt.NDArray[np.float64]

__all__ = ["Formula", "FormulaError", "formula"]


@dataclass(frozen=True)
class Formula:
    """`text` in x, y, the parameters, and the names that `where` defines, each from those before it.

    A definition without x and y is a constant: it is worked out once per run and enters the kernel as one more row of
    parameters, so that a rotation costs no sine per evaluation. The others are written out in place.
    """

    text: str
    parameters: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        names = (*self.parameters, *(name for name, _ in self.where))
        for name in names:
            check_name(name)
        if len(set(names)) < len(names):
            raise FormulaError("Two parameters have the same name: rename one.")
        _ = self.tree  # refuses a formula that cannot be read, here and not at its first use

    @cached_property
    def definitions(self) -> tuple[tuple[str, Node], ...]:
        """The trees of `where`, as written."""
        known = (*COORDINATES, *self.parameters)
        trees: list[tuple[str, Node]] = []
        for name, text in self.where:
            trees.append((name, parse(text, known)))
            known = (*known, name)
        return tuple(trees)

    @cached_property
    def written(self) -> Node:
        """The tree of `text`, as written."""
        return parse(self.text, (*COORDINATES, *self.parameters, *(name for name, _ in self.where)))

    @cached_property
    def _expanded(self) -> tuple[Node, tuple[tuple[str, Node], ...]]:
        constants: list[tuple[str, Node]] = []
        inline: dict[str, Node] = {}
        for name, tree in self.definitions:
            tree = substitute(tree, inline)
            if names_in(tree) & set(COORDINATES):
                inline[name] = tree
            else:
                constants.append((name, tree))
        return substitute(self.written, inline), tuple(constants)

    @property
    def tree(self) -> Node:
        """The formula in x, y, the parameters and the constants."""
        return self._expanded[0]

    @property
    def constants(self) -> tuple[tuple[str, Node], ...]:
        """The definitions that depend on parameters only."""
        return self._expanded[1]

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of a kernel's rows of parameters: the parameters, then the constants."""
        return (*self.parameters, *(name for name, _ in self.constants))

    def names(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Parameter values (numbers, or arrays of one shape), joined by the constants that follow from them."""
        known = dict(values)
        for name, tree in self.constants:
            known[name] = fold(tree, known, NUMPY)
        return known

    def __call__(self, x: Any, y: Any, **parameters: Any) -> Array:
        """The value over NumPy arrays, without a kernel: thumbnails, and an oracle for the compiled form."""
        value = fold(self.tree, {"x": np.asarray(x, float), "y": np.asarray(y, float)} | self.names(parameters), NUMPY)
        return np.asarray(value + np.zeros(np.broadcast(x, y).shape))


def formula(
    text: str,
    *,
    parameters: tuple[Parameter, ...] = (),
    domain: tuple[Interval, Interval] = ((-2.0, 2.0), (-2.0, 2.0)),
    start: tuple[float, float] | None = None,
    name: str = "Your formula",
    where: tuple[tuple[str, str], ...] = (),
    stationary: tuple[Stationary, ...] = (),
) -> Problem:
    """A landscape from a formula in x and y, such as `x**2 + 10*y**2`.

    `parameters` are further names in it, that can be moved; `where` holds definitions it uses. The start is by default
    the point a quarter of the way in from the left and from the top.
    """
    if not isinstance(text, str):
        raise FormulaError("A formula is a text, such as x**2 + 10*y**2.")
    domain = tuple((float(low), float(high)) for low, high in domain)  # type: ignore[assignment]
    if not all(math.isfinite(end) for interval in domain for end in interval) or not all(low < high for low, high in domain):
        raise ValueError("The domain is ((x0, x1), (y0, y1)) with x0 < x1 and y0 < y1, all finite.")
    (x0, x1), (y0, y1) = domain
    start = (x0 + (x1 - x0) / 4, y1 - (y1 - y0) / 4) if start is None else (float(start[0]), float(start[1]))
    if not all(map(math.isfinite, start)):
        raise ValueError("The start must be finite.")
    source = Formula(" ".join(text.split()), tuple(parameter.key for parameter in parameters), where)
    for parameter in parameters:
        parameter.check(parameter.default)
    evaluate_kernel(source), hessian_kernel(source)  # what cannot be differentiated is refused here, not in the middle of a page
    return Problem(
        key="formula",
        name=name,
        group="Your own",
        formula=source,
        parameters=parameters,
        domain=domain,
        start=start,
        stationary=stationary,
        lesson="A landscape of your own.",
        question="Who finds the lowest point?",
    )
