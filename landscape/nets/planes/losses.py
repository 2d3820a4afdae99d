"""Losses that the compiled kernel knows, as torch writes them."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn import functional


def wanted(outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """What squared errors compare with: y itself, or of class numbers 1 for the right one and 0 for the others."""
    return y.reshape(outputs.shape) if y.is_floating_point() else functional.one_hot(y, outputs.shape[1]).to(outputs.dtype)


def squared_error(outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Summed over the outputs, in the mean over samples."""
    return (outputs - wanted(outputs, y)).square().sum(dim=1).mean()


def half_squared_error(outputs: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """Half of it: its Hessian in the outputs is 1."""
    return 0.5 * squared_error(outputs, y)


@dataclass(frozen=True)
class Known:
    """How the kernel computes a loss: `squares` or cross-entropy, times a factor of the number of outputs."""

    squares: bool
    factor: Callable[[int], float]


CROSS_ENTROPY = Known(False, lambda outputs: 1.0)
MEAN_SQUARES = Known(True, lambda outputs: 1.0 / outputs)
FUNCTIONS: dict[object, Known] = {
    functional.cross_entropy: CROSS_ENTROPY,
    functional.mse_loss: MEAN_SQUARES,
    squared_error: Known(True, lambda outputs: 1.0),
    half_squared_error: Known(True, lambda outputs: 0.5),
}
LOSSES: dict[str, Callable[[torch.Tensor, torch.Tensor], torch.Tensor]] = {  # by the names that net problems have for them
    "cross_entropy": functional.cross_entropy,
    "squares": squared_error,
    "half_squares": half_squared_error,
}


def known(loss: object) -> Known | None:
    """The kernel's form of a loss function or module; None: torch alone can compute it."""
    if isinstance(loss, nn.CrossEntropyLoss):
        plain = loss.weight is None and loss.label_smoothing == 0.0 and loss.reduction == "mean"
        return CROSS_ENTROPY if plain else None
    if isinstance(loss, nn.MSELoss):
        return MEAN_SQUARES if loss.reduction == "mean" else None
    return FUNCTIONS.get(loss)
