"""Why a racer diverged, as far as the curvature matrix that it solves with tells, and what would help."""

from functools import lru_cache

import numpy as np

from landscape.nets import NetProblem
from pages.ui.experiment import Racer
from pages.ui.words import figure

NAMES = {
    "hessian": "Hessian",
    "kronecker": "Kronecker-factored Fisher matrix",
    "fisher": "Fisher matrix",
    "gauss_newton": "Gauss-Newton matrix",
}
ROUNDING = 1e-12  # of the largest eigenvalue: below that it is zero
SMALL = 1e-3  # of the largest one: a step along it is a thousand times as long as the slope alone would make it


@lru_cache(maxsize=32)
def spectrum(problem: NetProblem, curvature: str) -> tuple[float, ...]:
    """The matrix's eigenvalues at the initial weights, over all the training data."""
    return tuple(np.linalg.eigvalsh(problem.matrix(problem.start, curvature)).tolist())


def remedy(problem: NetProblem, racer: Racer) -> str:
    """What to change. A method without damping has its learning rate alone."""
    damping = racer.values.get("damping")
    if damping is None or not racer.method.curvature:
        lr, advised = racer.values.get("lr"), problem.recommended.get(racer.optimizer, {}).get("lr")
        if lr is None or advised is None or advised >= lr:
            return "Lower its learning rate."
        return f"Lower its learning rate, {lr:g}: the preset recommends {advised:g}."
    found = np.array(spectrum(problem, racer.method.curvature))
    solved = (np.abs(found) if racer.values.get("absolute") else found) + damping
    largest, least, below = float(np.abs(found).max()), float(np.abs(solved).min()), int((solved < -ROUNDING * np.abs(found).max()).sum())
    name = (
        f"the {NAMES[racer.method.curvature]} plus its damping, {figure(damping)}," if damping else f"the {NAMES[racer.method.curvature]}"
    )
    if not below and least > SMALL * largest:
        return "Lower its learning rate, or raise its damping."
    nearly = "zero but for rounding" if least < ROUNDING * largest else figure(least)
    small = f"the smallest in size is {nearly}, the largest {figure(largest)}, and a step divides by each"
    if not below:
        return f"At the start {name} is nearly singular: of its eigenvalues {small}. Raise its damping."
    enough = f"a damping above {figure(-float(found.min()))} would make all positive there"
    climbs = f"At the start {below} of the {len(found)} eigenvalues of {name} are negative, where it climbs"
    return f"{climbs}; {small}. Raise its damping: {enough}."
