"""The curvature matrices of a formula, entry by entry; over data each is the mean of these entries over the samples.

With a model output z of the weights and a loss l(z):

    Gauss-Newton      J^T l''(z) J, J the derivative of z            Schraudolph 2002, section 3; Martens 2020, arXiv:1412.1193, eq. 6
                      of declared residuals, l the sum of their squares: 2 J^T J            (Nocedal & Wright 2006, eq. 10.24)
    Fisher            the expectation of grad grad^T under the model's own distribution; where l is minus the log-likelihood of an
                      exponential family in its natural parameter z it IS the Gauss-Newton matrix (Martens 2020, section 9.2)
    empirical Fisher  grad grad^T at the data: not the Fisher matrix (Kunstner et al. 2019, arXiv:1905.12558, eq. 3)
    Kronecker         for each layer s = W a the mean of a a^T times the mean of (dz/ds)^2 l''(z): Martens & Grosse 2015,
                      arXiv:1503.05671, eq. 1, block-diagonal
"""

from typing import TYPE_CHECKING

import sympy
from sympy import Expr, Symbol

from landscape.expression import FormulaError, parse
from landscape.symbols import exact, expression

if TYPE_CHECKING:
    from landscape.formula import Formula

Entries = dict[tuple[int, int], Expr]  # the upper triangle


def matrix(formula: "Formula", kind: str) -> Entries:
    """The entries of a matrix, for one sample."""
    weights = [Symbol(name) for name in formula.coordinates]
    if kind == "fisher" and formula.fisher:
        return _declared(formula)
    if formula.residuals and kind == "gauss_newton":
        return _of_residuals(formula)
    if kind in ("gauss_newton", "fisher"):
        return _gauss_newton(formula)
    gradient = [expression(formula.tree, formula.symbols).diff(weight) for weight in weights]
    if sympy.count_ops(gradient) > 1_000:  # before it is differentiated once more
        raise FormulaError("The derivatives of this formula are too long; shorten it, above all its longest products.", formula.text)
    if kind == "empirical_fisher":
        return {(i, j): gradient[i] * gradient[j] for i, j in _upper(len(weights))}
    assert kind == "hessian", kind
    return {(i, j): gradient[i].diff(weights[j]) for i, j in _upper(len(weights))}


def factors(formula: "Formula") -> dict[tuple[int, int], tuple[Expr, Expr]]:
    """For each entry within a layer the two quantities, for one sample, whose means are multiplied."""
    (output,) = formula.outputs
    loss = _kept(formula, formula.outputs)
    bent = loss[""].diff(Symbol(output), 2).xreplace({Symbol(output): _kept(formula)[output]})
    entries: dict[tuple[int, int], tuple[Expr, Expr]] = {}
    for layer, weights in formula.layers:
        free, full = _kept(formula, (layer,)), _kept(formula)
        slope = exact(1) if layer == output else free[output].diff(Symbol(layer)).xreplace({Symbol(layer): full[layer]})
        a = [full[layer].diff(Symbol(weight)) for weight in weights]
        places = [formula.coordinates.index(weight) for weight in weights]
        for i, j in _upper(len(weights)):
            entries[places[i], places[j]] = (a[i] * a[j], slope**2 * bent)
    return entries


def _gauss_newton(formula: "Formula") -> Entries:
    full = _kept(formula)
    loss = _kept(formula, formula.outputs)[""]
    z = [Symbol(name) for name in formula.outputs]
    at_weights = {symbol: full[symbol.name] for symbol in z}
    jacobian = [[full[name].diff(Symbol(weight)) for weight in formula.coordinates] for name in formula.outputs]
    bent = [[loss.diff(left).diff(right).xreplace(at_weights) for right in z] for left in z]
    outputs = range(len(z))
    return {
        (i, j): sympy.Add(*(jacobian[k][i] * bent[k][m] * jacobian[m][j] for k in outputs for m in outputs))
        for i, j in _upper(len(formula.coordinates))
    }


def _of_residuals(formula: "Formula") -> Entries:
    residuals = [expression(tree, formula.symbols) for tree in formula.residual_trees]
    jacobian = [[residual.diff(Symbol(weight)) for weight in formula.coordinates] for residual in residuals]
    return {(i, j): 2 * sympy.Add(*(row[i] * row[j] for row in jacobian)) for i, j in _upper(len(formula.coordinates))}


def _declared(formula: "Formula") -> Entries:
    trees = (parse(text, formula.symbols) for text in formula.fisher)
    return {place: expression(tree, formula.symbols) for place, tree in zip(_upper(len(formula.coordinates)), trees, strict=True)}


def _kept(formula: "Formula", keep: tuple[str, ...] = ()) -> dict[str, Expr]:
    """Each definition, and under "" the loss, as expressions in which the kept definitions stay names."""
    names = (*formula.symbols, *keep)
    return {name: expression(tree, names) for name, tree in formula.unfolded(keep).items()}


def _upper(n: int) -> list[tuple[int, int]]:
    return [(i, j) for i in range(n) for j in range(i, n)]
