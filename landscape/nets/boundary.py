"""What a net says of every point of the plane, or of the line, that its data lie in."""

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch

from landscape.problem import Array, Interval

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem

MARGIN = 0.15  # of the data's extent, left free round them


def frame(problem: "NetProblem") -> tuple[Interval, ...]:
    """An interval for each input that holds all the data, with a margin. Raises ValueError where there are more than two inputs."""
    split = problem.split
    if len(problem.dataset.shape) != 1 or problem.dataset.shape[0] > 2:
        raise ValueError(f"{problem.dataset.name} have no plane to be drawn in: choose data with two inputs, or one.")
    x = np.concatenate([split.train.x, split.validation.x])
    low, high = x.min(axis=0), x.max(axis=0)
    margin = np.maximum(MARGIN * (high - low), 1e-3)
    return tuple((float(a), float(b)) for a, b in zip(low - margin, high + margin, strict=True))


def answers(problem: "NetProblem", weights: npt.ArrayLike, inputs: Array) -> Array:
    """For inputs (M, *shape) and weights (n,) or (n, B): probabilities of the classes, or the numbers predicted, (M, k[, B])."""
    at = np.asarray(weights, dtype=np.float64)
    problem.layout.check(at)
    net = problem.net()
    found = np.empty((len(inputs), problem.dataset.outputs, *at.shape[1:]))
    for lane in np.ndindex(at.shape[1:]):
        found[..., *lane] = net.load(at[:, *lane]).outputs(inputs)
    softmax = problem.dataset.task == "classes" and not problem.criterion.numbers
    return torch.softmax(torch.from_numpy(found), 1).numpy() if softmax else found


def decision(problem: "NetProblem", weights: npt.ArrayLike, nx: int = 80, ny: int = 80) -> tuple[Array, Array, Array]:
    """xs (nx,), ys (ny,), and what the net says on that grid, (k, ny, nx[, B]) for weights (n,) or (n, B).

    With a cross-entropy these are the classes' probabilities, with a squared error the outputs themselves.
    """
    if len(frame(problem)) != 2:
        raise ValueError(f"{problem.dataset.name} has one input: ask for its `answers` along a line.")
    xs, ys = (np.linspace(*interval, count) for interval, count in zip(frame(problem), (nx, ny), strict=True))
    points = np.stack([grid.ravel() for grid in np.meshgrid(xs, ys)], axis=1)
    found = np.moveaxis(answers(problem, weights, points), 0, 1)
    return xs, ys, found.reshape(problem.dataset.outputs, ny, nx, *found.shape[2:])
