"""Landscapes as PyTorch computes them, typed from their sources, and how far rounding may part two runs on them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from landscape import FUNCTIONS
from optimizers import descend

LOSSES: dict[str, Callable[[Any, Any], Any]] = {
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": lambda x, y: (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "beale": lambda x, y: (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2,
    "styblinski_tang": lambda x, y: (x**4 - 16 * x**2 + 5 * x + y**4 - 16 * y**2 + 5 * y) / 2,
    "three_hump_camel": lambda x, y: 2 * x**2 - 1.05 * x**4 + x**6 / 6 + x * y + y**2,
}


def random_start(problem: str, rng: np.random.Generator) -> np.ndarray:
    """A point in the middle half of what the landscape's picture shows."""
    (x0, x1), (y0, y1) = FUNCTIONS[problem].domain
    u, v = rng.uniform(0.25, 0.75, 2)
    return np.array([x0 + u * (x1 - x0), y0 + v * (y1 - y0)])


def torch_path(
    problem: str, start: np.ndarray, ticks: int, make: Callable[..., Any], follow: Callable[..., Any] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Parameters before each tick and after the last, and the rate of each tick, of a training loop as PyTorch's tutorial writes it.

    `follow` makes the scheduler, and what is handed to its step: nothing, or the loss.
    """
    theta = torch.tensor(start, dtype=torch.float64, requires_grad=True)
    optimizer = make([theta])
    scheduler, listens = follow(optimizer) if follow else (None, False)
    path, rates = [start.copy()], []
    for _ in range(ticks):
        rates.append(float(optimizer.param_groups[0]["lr"]))
        theta.grad = None
        loss = LOSSES[problem](*theta)
        loss.backward()
        optimizer.step()
        if scheduler:
            scheduler.step(loss.detach()) if listens else scheduler.step()
        path.append(theta.detach().numpy().copy())
    return np.array(path), np.array(rates)


def compared(problem: str, method: Any, start: np.ndarray, theirs: np.ndarray, queries: bool = False, **arguments: Any) -> bool:
    """Assert that our run is theirs to a relative 1e-12, or as far as rounding lets two correct programs agree. Whether 1e-12 it was.

    The measure of that is our own run from eight starts that differ by a relative 1e-9: how many times that they come to differ up to a
    tick. Up to a hundredfold nothing is granted. Where it is more, the same rounding of each tick may have grown as much.
    """
    ticks = len(theirs) - 1
    turn = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    nearby = np.column_stack([start, start[:, None] + 1e-9 * np.linalg.norm(start) * np.array([np.cos(turn), np.sin(turn)])])
    run = descend(FUNCTIONS[problem], method, start, ticks, **arguments)
    spread = descend(FUNCTIONS[problem], method, nearby, ticks, **arguments)
    ours, near = (run.queries, spread.queries) if queries else (run.path, spread.path)
    last = len(ours) if run.diverged_at is None else run.diverged_at
    ours, near, theirs = ours[:last], near[:last], theirs[:last]
    size = np.linalg.norm(theirs, axis=1)
    grown = np.linalg.norm(near[:, :, 1:] - near[:, :, :1], axis=1).max(axis=1) / size / 1e-9
    allowed = 1e-12 * np.maximum(1.0, np.fmax.accumulate(grown) / 100)
    error = np.linalg.norm(ours - theirs, axis=1) / size
    worst = int(np.argmax(error / allowed))
    assert last > 5 and np.all(error <= allowed), (problem, method.key, worst, error[worst], allowed[worst])
    return bool(allowed[-1] == 1e-12)
