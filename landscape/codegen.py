"""A formula's kernels as Python source: SymPy differentiates, and one loop runs over the lanes.

For a formula over data the loop over lanes stands inside one over the samples, which adds up and then takes the mean.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol

from landscape.curvature import factors, matrix
from landscape.expression import FormulaError
from landscape.printer import Printer
from landscape.symbols import expression

if TYPE_CHECKING:
    from landscape.formula import Formula

MAX_OPERATIONS = {"evaluate": 1_000, "curvature": 4_000}  # before sharing: more would keep SymPy and the compiler busy for seconds

SIGNATURES = {"evaluate": "EVALUATE", "curvature": "CURVATURE"}  # of landscape.kernel
ARGUMENTS = {"evaluate": "at, params, data, batch, f, g", "curvature": "at, params, data, batch, h"}
MODULE = '''"""Written by Ravine; safe to delete. {title}"""

import numpy as np

from landscape.kernel import {signature}, kernel


@kernel({signature})
def {name}({arguments}):
{body}
'''
LANES = """\
for lane in range(at.shape[1]):
{body}"""
SAMPLES = """\
size = batch.shape[0]
count = size if size > 0 else data.shape[1]
sums = np.zeros(({sums}, at.shape[1]), dtype=at.dtype)
for k in range(count):
    for lane in range(at.shape[1]):
        sample = batch[k, lane] if size > 0 else k
{body}
for lane in range(at.shape[1]):
{means}"""


def evaluate_source(formula: "Formula") -> str:
    """The module of the kernel for value and gradient."""
    value = expression(formula.tree, formula.symbols)
    gradient = {f"g[{i}, lane]": value.diff(Symbol(name)) for i, name in enumerate(formula.coordinates)}
    return _module(formula, "evaluate", {"f[lane]": value} | gradient)


def curvature_source(formula: "Formula", kind: str) -> str:
    """The module of the kernel for a curvature matrix: "hessian", or another that the formula declares what it takes for."""
    n = range(len(formula.coordinates))
    if kind == "kronecker":
        products = factors(formula)
        terms = [term for product in products.values() for term in product]
        finish = {f"h[{i}, {j}, lane]": "0.0" for i in n for j in n}
        for number, (i, j) in enumerate(products):
            finish[f"h[{i}, {j}, lane]"] = finish[f"h[{j}, {i}, lane]"] = _product(2 * number, 2 * number + 1)
        return _written(formula, "curvature", _over_samples(formula, terms, finish))
    upper = matrix(formula, kind)
    return _module(formula, "curvature", {f"h[{i}, {j}, lane]": upper[min(i, j), max(i, j)] for i in n for j in n})


def _product(left: int, right: int) -> str:
    return f"(sums[{left}, lane] / count) * (sums[{right}, lane] / count)"


def _module(formula: "Formula", name: str, targets: Mapping[str, Expr]) -> str:
    _bound(formula, name, list(targets.values()))
    if name == "evaluate":  # what every tick does; a long Hessian would take some tenths of a second to look through
        targets = shortest(targets)
    if not formula.columns:
        return _written(formula, name, LANES.format(body=_indented(_loads(formula) + Printer().assignments(targets), 1)))
    terms = list(dict.fromkeys(targets.values()))  # a symmetric matrix has entries twice
    finish = {target: f"sums[{terms.index(term)}, lane] / count" for target, term in targets.items()}
    return _written(formula, name, _over_samples(formula, terms, finish))


def shortest(targets: Mapping[str, Expr]) -> Mapping[str, Expr]:
    """The same expressions, with what their terms have in common taken out where that leaves less to compute.

    SymPy multiplies a number into a sum: the derivative of (y - x**2)**2 is 2*y - 2*x**2, which shares nothing with y - x**2.
    """
    factored = {target: sympy.factor_terms(value, sign=False) for target, value in targets.items()}
    return min(targets, factored, key=operations)


def operations(targets: Mapping[str, Expr]) -> int:
    """How many it takes to compute all, what they share once."""
    shared, results = sympy.cse(list(targets.values()))
    return int(sympy.count_ops([*(value for _, value in shared), *results]))


def _over_samples(formula: "Formula", terms: Sequence[Expr], finish: Mapping[str, str]) -> str:
    loads = _loads(formula) + [f"{column}_ = data[{i}, sample]" for i, column in enumerate(formula.columns)]
    sums = {f"sums[{i}, lane]": term for i, term in enumerate(terms)}
    means = [f"{target} = {mean}" for target, mean in finish.items()]
    return SAMPLES.format(sums=len(terms), body=_indented(loads + Printer().assignments(sums, "+="), 2), means=_indented(means, 1))


def _loads(formula: "Formula") -> list[str]:
    loads = [f"{symbol}_ = at[{i}, lane]" for i, symbol in enumerate(formula.coordinates)]
    return loads + [f"{row}_ = params[{i}, lane]" for i, row in enumerate(formula.rows)]


def _written(formula: "Formula", name: str, body: str) -> str:
    title = "; ".join((formula.text, *(f"{definition} = {text}" for definition, text in formula.where)))
    return MODULE.format(
        title=" ".join(title.split()),
        signature=SIGNATURES[name],
        name=name,
        arguments=ARGUMENTS[name],
        body=_indented(body.splitlines(), 1),
    )


def _indented(lines: Sequence[str], depth: int) -> str:
    return "\n".join(f"{'    ' * depth}{line}" for line in lines)


def _bound(formula: "Formula", name: str, expressions: Sequence[Expr]) -> None:
    if sympy.count_ops(expressions) > MAX_OPERATIONS[name]:
        raise FormulaError("The derivatives of this formula are too long; shorten it, above all its longest products.", formula.text)
