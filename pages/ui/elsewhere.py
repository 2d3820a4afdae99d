"""A racer's path in the landscape's other coordinates, carried back to be laid over the path here."""

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from landscape.reparametrised import back, other_of, there
from optimizers import descend
from pages.ui.experiment import Experiment, Racer
from pages.ui.words import figure, plain

SHRINKS = (0.35, 0.65)  # what halving the rate makes of a gap that goes to zero like the rate: half, and a little
STAYS = 0.85


@dataclass(frozen=True)
class Elsewhere:
    path: np.ndarray  # (steps + 1, 2), in the coordinates of the picture
    gap: float  # the furthest that it is from the path here, at the same tick
    halved: float | None  # the same at half the rate and twice the ticks; None where that is no fair comparison


def elsewhere(setup: Experiment, racer: Racer) -> Elsewhere | None:
    """None where nobody wants to see it, or where the start has no place in the other coordinates."""
    return _elsewhere(setup, racer) if setup.other and setup.base.other else None


@lru_cache(maxsize=64)
def _elsewhere(setup: Experiment, racer: Racer) -> Elsewhere | None:
    found = _both(setup, racer)
    if found is None:
        return None
    here, carried = found
    halved = None
    if "lr" in racer.values and not setup.plan(racer) and not setup.varies(racer):
        finer = _both(replace(setup, steps=2 * setup.steps), racer.with_value("lr", racer.values["lr"] / 2))
        halved = _gap(*finer) if finer else None
    return Elsewhere(carried, _gap(here, carried), halved)


def _both(setup: Experiment, racer: Racer) -> tuple[np.ndarray, np.ndarray] | None:
    """The path here, and the one there carried back."""
    problem = setup.problem
    start = there(problem, np.array(setup.start))
    if not np.isfinite(start).all():
        return None
    terms = setup.terms(racer) | racer.values
    own, other = (
        descend(land, racer.method, at, setup.steps, seed=setup.seed, **terms).path
        for land, at in ((problem, setup.start), (other_of(problem), start))
    )
    return own, back(problem, other)


def _gap(here: np.ndarray, carried: np.ndarray) -> float:
    """Infinite where one of them diverges."""
    apart = np.linalg.norm(here - carried, axis=1)
    return float(np.max(np.where(np.isfinite(apart), apart, np.inf)))


def coordinates(experiment: Experiment) -> str:
    """The other coordinates in print: (μ, σ)."""
    return f"({', '.join(map(plain, other_of(experiment.base).axes))})" if experiment.base.other else ""


def told(experiment: Experiment, found: Elsewhere | None) -> str:
    """How far apart the two paths are, and what the rate has to do with it."""
    if found is None:
        return ""
    where = coordinates(experiment)
    if not np.isfinite(found.gap):
        return f"In {where} it goes another way, and one of the two diverges."
    words = f"Descended in {where} its path lies up to {figure(found.gap)} away"
    if not found.halved or not found.gap:
        return f"{words}."
    share = found.halved / found.gap
    moral = (
        ": the gap shrinks with the rate, the way is the same" if SHRINKS[0] < share < SHRINKS[1]
        else ": another way, whatever the rate" if share > STAYS
        else ""
    )  # fmt: skip
    return f"{words}, at half the rate up to {figure(found.halved)}{moral}."
