"""What lies between two solutions: the straight line's barrier, and a trained curve around it.

Garipov et al. 2018, "Loss Surfaces, Mode Connectivity, and Fast Ensembling of DNNs" (arXiv:1802.10026).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from landscape.nets.planes.objective import Objective
from landscape.nets.planes.surface import Cancelled
from landscape.problem import Array


@dataclass(frozen=True, eq=False)
class Crossing:
    """Loss and accuracy from one solution to another."""

    t: Array  # (T,): from 0 to 1
    loss: Array  # (T,)
    accuracy: Array  # (T,)
    middle: Array | None  # (n,): the trained point of a Bezier curve; None: a straight line

    @property
    def barrier(self) -> float:
        """How far the loss rises above the line between the ends' losses: Frankle et al. 2020, arXiv:1912.05671, section 2, at t."""
        return float(np.max(self.loss - ((1 - self.t) * self.loss[0] + self.t * self.loss[-1])))


def straight(objective: Objective, a: npt.ArrayLike, b: npt.ArrayLike, points: int = 61) -> Crossing:
    """The straight line from weights a to weights b."""
    return _crossing(objective, a, None, b, points)


def bezier(
    objective: Objective,
    a: npt.ArrayLike,
    b: npt.ArrayLike,
    steps: int = 500,
    seed: int = 0,
    *,
    lr: float = 0.01,
    points: int = 61,
    on_progress: Callable[[float], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Crossing:
    """The quadratic Bezier curve (1-t)^2 a + 2 t (1-t) middle + t^2 b (eq. 3) of small mean loss over t; its ends stay in place.

    The middle starts half way on the line and takes `steps` steps of Adam at rate lr on the loss at one random t each, over all the data
    (section 3.2: the gradient there is 2 t (1-t) that of the loss at the curve's point). The three points span the plane
    that `plane.plane_through(a, b, middle)` shows: the curve lies in it.

    Raises:
        ValueError: steps < 0 or lr <= 0.
        Cancelled: soon after `cancelled` says so.
    """
    if steps < 0 or not lr > 0:
        raise ValueError(f"steps = {steps}, lr = {lr:g}: give 0 steps or more and a rate above 0.")
    first, last = objective.layout.as_points(a), objective.layout.as_points(b)
    middle = torch.from_numpy((first + last) / 2).requires_grad_()
    optimizer, rng = torch.optim.Adam([middle], lr=lr), np.random.default_rng(seed)
    for step in range(steps):
        if cancelled and cancelled():
            raise Cancelled
        t = float(rng.random())
        gradient = objective.gradient(_curve(first, middle.detach().numpy(), last, np.array([t]))[0])[1]
        middle.grad = torch.from_numpy(2 * t * (1 - t) * gradient)
        optimizer.step()
        if on_progress:
            on_progress((step + 1) / steps)
    return _crossing(objective, first, middle.detach().numpy().copy(), last, points)


def _crossing(objective: Objective, a: npt.ArrayLike, middle: Array | None, b: npt.ArrayLike, points: int) -> Crossing:
    if points < 3:
        raise ValueError(f"points = {points}: a crossing needs 3 or more.")
    first, last = objective.layout.as_points(a), objective.layout.as_points(b)
    t = np.linspace(0.0, 1.0, points)
    loss, accuracy = objective.along(_curve(first, (first + last) / 2 if middle is None else middle, last, t))
    return Crossing(t, loss, accuracy, middle)


def _curve(a: Array, middle: Array, b: Array, t: Array) -> Array:
    """(T, n); a straight line at even speed where `middle` is half way."""
    weights: Array = np.stack([(1 - t) ** 2, 2 * t * (1 - t), t**2], axis=1)
    return weights @ np.stack([a, middle, b])
