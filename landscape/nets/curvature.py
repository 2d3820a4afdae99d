"""A net's curvature matrices, as (n, n) arrays, for nets of few weights.

Gauss-Newton      the mean of J^T H J, J the derivative of the outputs, H the loss's Hessian in them   Schraudolph 2002, section 3
Fisher            the expectation of grad grad^T under the model's own predictions ("type 2"); the same matrix, since every loss
                  here is a likelihood in its natural parameter (Martens 2020, arXiv:1412.1193, section 9.2)
empirical Fisher  grad grad^T at the data: another matrix (Kunstner et al. 2019, arXiv:1905.12558, eq. 3)
Kronecker         its factors layer by layer: see `landscape.nets.kronecker`
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.func import functional_call, jacrev, vmap

from landscape.kernel import Kernel
from landscape.nets import kronecker
from landscape.nets.model import choose
from landscape.nets.net import Net
from landscape.nets.parts import NORMS
from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem

SAMPLES = 256  # whose Jacobians are held at once


def _hessian(net: Net, x: Tensor, y: Tensor) -> Tensor:
    def loss(theta: Tensor) -> Tensor:
        return net.loss.each(functional_call(net.module, net.problem.layout.split(theta), (x,)), y).mean()

    matrix: Tensor = torch.autograd.functional.hessian(loss, net.theta, vectorize=True)  # type: ignore[no-untyped-call]
    return matrix


def _over_samples(rows: Callable[[Net, Tensor, Tensor], Tensor]) -> Callable[[Net, Tensor, Tensor], Tensor]:
    """The mean over samples of R^T R, where `rows` gives the R of each, (N, k, n)."""

    def matrix(net: Net, x: Tensor, y: Tensor) -> Tensor:
        total = torch.zeros((len(net.theta), len(net.theta)), dtype=net.theta.dtype)
        for some in range(0, len(x), SAMPLES):
            r = rows(net, x[some : some + SAMPLES], y[some : some + SAMPLES]).flatten(0, 1)
            total += r.T @ r
        return total / len(x)

    return matrix


def _model_rows(net: Net, x: Tensor, y: Tensor) -> Tensor:
    def outputs(theta: Tensor, one: Tensor) -> Tensor:
        z: Tensor = functional_call(net.module, net.problem.layout.split(theta), (one[None],))[0]
        return z

    assert net.loss.root is not None
    with torch.no_grad():
        root = net.loss.root(net.module(x))
    return root.transpose(1, 2) @ vmap(jacrev(outputs), (None, 0))(net.theta, x)


def _data_rows(net: Net, x: Tensor, y: Tensor) -> Tensor:
    def loss(theta: Tensor, one: Tensor, target: Tensor) -> Tensor:
        return net.loss.each(functional_call(net.module, net.problem.layout.split(theta), (one[None],)), target[None])

    return vmap(jacrev(loss), (None, 0, 0))(net.theta, x, y)


MATRICES: dict[str, Callable[[Net, Tensor, Tensor], Tensor]] = {
    "hessian": _hessian,
    "gauss_newton": _over_samples(_model_rows),
    "fisher": _over_samples(_model_rows),
    "empirical_fisher": _over_samples(_data_rows),
    "kronecker": kronecker.matrix,
}
# Weights up to which a tick takes a fraction of a second: the methods factor the matrix, and of the Hessian they find all eigenvectors.
LIMITS = {"hessian": 150, "gauss_newton": 600, "fisher": 600, "empirical_fisher": 600, "kronecker": 600}


def lacks(problem: "NetProblem", kind: str) -> str:
    """Why there is no such matrix; empty where there is one."""
    limit = choose(LIMITS, kind, "curvature matrix")
    if problem.n > limit:
        return f"the matrix would have {problem.n:,} x {problem.n:,} entries; it is offered up to {limit} weights. Make the net narrower."
    if kind != "hessian" and NORMS[problem.model.norm].couples:
        return "batch norm ties each sample's output to the others of its batch, and the matrix is a mean over samples one by one."
    if kind != "hessian" and problem.dataset.positions > 1:
        return "it is offered for nets with one answer a sample."
    if kind in ("gauss_newton", "fisher", "kronecker") and problem.criterion.root is None:
        return f"its loss, {problem.criterion.name}, is no likelihood."
    return kronecker.lacks(problem) if kind == "kronecker" else ""


def kernel(problem: "NetProblem", kind: str) -> Kernel:
    """A callable like a compiled kernel: see `landscape.kernel.CURVATURE`. Belongs to one thread."""
    net, matrix = Net(problem), MATRICES[kind]

    def fill(x: Array, params: Array, data: Array, batch: Array, h: Array) -> None:
        for b in range(x.shape[1]):
            inputs, targets = net.train
            if batch.shape[0]:
                picked = torch.tensor(batch[:, b])
                inputs, targets = inputs[picked], targets[picked]
            h[:, :, b] = np.asarray(matrix(net.load(x[:, b]), inputs, targets).detach().double())

    return fill
