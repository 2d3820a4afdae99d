"""Losses of a net's outputs, each the mean over samples, with what natural-gradient methods need to know of them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class Loss:
    """`each`: outputs (N, k) and targets -> losses (N,). Squared errors are summed over the outputs; of outputs (N, k, L), one class a
    position, cross-entropies are averaged over the positions.

    `root`: outputs (N, k) -> (N, k, k), a factor S of the loss's Hessian in the outputs, S S^T. All of these losses are minus the log-
    likelihood of an exponential family in its natural parameter, up to a constant, so that S S^T is the outputs' Fisher matrix too
    (Martens 2020, arXiv:1412.1193, section 9.2): of the softmax, or of a normal distribution.
    """

    key: str
    name: str
    each: Callable[[Tensor, Tensor], Tensor]
    root: Callable[[Tensor], Tensor] | None
    code: int  # in the compiled kernel
    numbers: bool = True  # targets are k numbers a sample; of classes: 1 for the right one, 0 for the others


def _cross_entropy(z: Tensor, y: Tensor) -> Tensor:
    found = functional.cross_entropy(z, y, reduction="none")
    return found if found.ndim == 1 else found.mean(1)


def _softmax_root(z: Tensor) -> Tensor:
    """diag(r) - p r^T with r = sqrt(p): its product with its transpose is diag(p) - p p^T."""
    p = torch.softmax(z, 1)
    r = p.sqrt()
    return torch.diag_embed(r) - p[:, :, None] * r[:, None, :]


def _identity(factor: float) -> Callable[[Tensor], Tensor]:
    return lambda z: factor * torch.eye(z.shape[1], dtype=z.dtype).expand(len(z), -1, -1)


LOSSES: dict[str, Loss] = {
    loss.key: loss
    for loss in (
        Loss("cross_entropy", "cross-entropy", _cross_entropy, _softmax_root, 0, numbers=False),
        Loss("squares", "squared error", lambda z, y: (z - y).square().sum(1), _identity(2.0**0.5), 1),
        Loss("half_squares", "half the squared error", lambda z, y: 0.5 * (z - y).square().sum(1), _identity(1.0), 2),
        Loss("sum", "sum of the outputs", lambda z, y: z.sum(1), None, 3),  # to send ones back through a net: row 9 of the syllabus
    )
}
