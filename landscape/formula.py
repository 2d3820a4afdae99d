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
from landscape.problem import Interval, Parameter, Problem, Stationary, curvature_kernel, evaluate_kernel

Array = npt.NDArray[np.float64]

__all__ = ["Formula", "FormulaError", "formula"]


@dataclass(frozen=True)
class Formula:
    """`text` in the coordinates, the parameters, and the names that `where` defines, each from those before it.

    A definition without coordinates is a constant: it is worked out once per run and enters the kernel as one more row of
    parameters, so that a rotation costs no sine per evaluation. The others are written out in place.

    With `columns`, names of the rows of a problem's data, it is the loss of one sample: what is descended is the mean over the samples.
    The rest says which curvature matrices it has, beside the Hessian: see `landscape.curvature`.
    """

    text: str
    parameters: tuple[str, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    coordinates: tuple[str, str] = COORDINATES
    columns: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()  # definitions through which alone the loss depends on the coordinates
    likelihood: bool = False  # the loss is minus the log-likelihood of an exponential family in its natural parameter, the output
    fisher: tuple[str, ...] = ()  # the Fisher matrix's entries 11, 12, 22, where it is not that of a likelihood in the output
    layers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # definitions linear in weights of their own, and these weights
    residuals: tuple[str, ...] = ()  # the formula is the sum of their squares

    def __post_init__(self) -> None:
        names = (*self.parameters, *self.columns, *(name for name, _ in self.where))
        for name in self.coordinates:
            check_name(name, ())
        for name in names:
            check_name(name, self.coordinates)
        if len(set(names)) < len(names):
            raise FormulaError("Two parameters have the same name: rename one.")
        _ = self.tree, self.residual_trees  # refuses a formula that cannot be read, here and not at its first use

    @cached_property
    def definitions(self) -> tuple[tuple[str, Node], ...]:
        """The trees of `where`, as written."""
        known = (*self.coordinates, *self.parameters, *self.columns)
        trees: list[tuple[str, Node]] = []
        for name, text in self.where:
            trees.append((name, parse(text, known)))
            known = (*known, name)
        return tuple(trees)

    @cached_property
    def written(self) -> Node:
        """The tree of `text`, as written."""
        return parse(self.text, (*self.coordinates, *self.parameters, *self.columns, *(name for name, _ in self.where)))

    def unfolded(self, keep: tuple[str, ...] = ()) -> dict[str, Node]:
        """The definitions with those before them written out in them, and under "" the formula; what is kept stays a name."""
        constants = {name for name, _ in self.constants}
        inline: dict[str, Node] = {}
        trees: dict[str, Node] = {}
        for name, tree in (*self.definitions, ("", self.written)):
            if name not in constants:
                trees[name] = substitute(tree, inline)
                if name not in keep:
                    inline[name] = trees[name]
        return trees

    @cached_property
    def tree(self) -> Node:
        """The formula in the coordinates, the columns, the parameters and the constants."""
        return self.unfolded()[""]

    @cached_property
    def residual_trees(self) -> tuple[Node, ...]:
        """The residuals in the coordinates, the parameters and the constants."""
        definitions = self.unfolded()
        known = (*self.symbols, *definitions)
        return tuple(substitute(parse(text, tuple(filter(None, known))), definitions) for text in self.residuals)

    @cached_property
    def constants(self) -> tuple[tuple[str, Node], ...]:
        """The definitions that depend on parameters only."""
        varying = {*self.coordinates, *self.columns}
        constants: list[tuple[str, Node]] = []
        for name, tree in self.definitions:
            if names_in(tree) & varying:
                varying.add(name)
            else:
                constants.append((name, tree))
        return tuple(constants)

    @property
    def sampled(self) -> tuple[str, ...]:
        """The names that have a value for each sample: the columns, and the definitions that depend on them."""
        names = list(self.columns)
        for name, tree in self.definitions:
            if names_in(tree) & set(names):
                names.append(name)
        return tuple(names)

    @property
    def rows(self) -> tuple[str, ...]:
        """The names of a kernel's rows of parameters: the parameters, then the constants."""
        return (*self.parameters, *(name for name, _ in self.constants))

    @property
    def symbols(self) -> tuple[str, ...]:
        """All names in `tree`."""
        return (*self.coordinates, *self.rows, *self.columns)

    def lacks(self, kind: str) -> str:
        """Why there is no curvature matrix of this kind; empty: there is."""
        has = {
            "hessian": True,
            "gauss_newton": self.outputs or self.residuals,
            "fisher": self.fisher or self.likelihood,
            "empirical_fisher": self.columns,
            "kronecker": self.layers,
        }
        if has.get(kind):
            return ""
        needs = {
            "gauss_newton": "a sum of squares, or a model fitted to data",
            "kronecker": "layers of weights, fitted to data",
            "fisher": "a loss that is a log-likelihood of data",
        }
        return f"it needs {needs.get(kind, 'a loss that is a mean over data')}."

    def names(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Parameter values (numbers, or arrays of one shape), joined by the constants that follow from them."""
        known = dict(values)
        for name, tree in self.constants:
            known[name] = fold(tree, known, NUMPY)
        return known

    def __call__(self, x: Any, y: Any, data: Array | None = None, /, **parameters: Any) -> Array:
        """The value over NumPy arrays, without a kernel: thumbnails, and an oracle for the compiled form."""
        shape = np.broadcast(x, y).shape
        names = dict(zip(self.coordinates, (np.asarray(x, float), np.asarray(y, float)), strict=True)) | self.names(parameters)
        if not self.columns:
            return np.asarray(fold(self.tree, names, NUMPY) + np.zeros(shape))
        if data is None:
            raise ValueError("The loss of a sample needs samples: give data.")
        losses = (fold(self.tree, names | dict(zip(self.columns, sample, strict=True)), NUMPY) for sample in data.T)
        return np.asarray(sum(losses, np.zeros(shape)) / data.shape[1])


def formula(
    text: str,
    *,
    parameters: tuple[Parameter, ...] = (),
    domain: tuple[Interval, Interval] = ((-2.0, 2.0), (-2.0, 2.0)),
    start: tuple[float, float] | None = None,
    name: str = "Your formula",
    where: tuple[tuple[str, str], ...] = (),
    stationary: tuple[Stationary, ...] | None = None,
) -> Problem:
    """A landscape from a formula in x and y, such as `x**2 + 10*y**2`.

    `parameters` are further names in it, that can be moved; `where` holds definitions it uses. The start is by default
    the point a quarter of the way in from the left and from the top. Where no `stationary` points are declared, they are searched for
    within the domain when they are first asked for.
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
    (
        evaluate_kernel(source),
        curvature_kernel(source, "hessian"),
    )  # what cannot be differentiated is refused here, not in the middle of a page
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
