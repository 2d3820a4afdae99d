"""Whether a landscape is a quadratic, and how curved: what theorems on the best rates are about."""

from functools import lru_cache

import numpy as np

from landscape.problem import Problem

POINTS = 7  # a side, over three frames' width: a bend that all of them miss would have to be narrow
ALIKE = 1e-9  # of the largest curvature: roundings


@lru_cache(maxsize=256)
def curvatures(problem: Problem) -> tuple[float, float] | str:
    """The smallest and the largest curvature where the Hessian is the same everywhere and positive definite; else the reason why not."""
    (x0, x1), (y0, y1) = problem.domain
    x, y = np.meshgrid(np.linspace(2 * x0 - x1, 2 * x1 - x0, POINTS), np.linspace(2 * y0 - y1, 2 * y1 - y0, POINTS))
    with np.errstate(all="ignore"):
        hessians = np.moveaxis(problem.hessian(np.stack([x.ravel(), y.ravel()])), -1, 0)
    here = problem.hessian(((x0 + x1) / 2, (y0 + y1) / 2))
    size = np.abs(here).max()
    if not np.all(np.abs(hessians - here) <= ALIKE * size):
        return f"the curvature of {problem.name} is not the same everywhere"
    low, high = (float(value) for value in np.linalg.eigvalsh(here))
    return (low, high) if low > ALIKE * size else f"{problem.name} is not curved upwards in every direction"
