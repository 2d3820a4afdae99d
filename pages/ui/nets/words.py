"""Facts about a training and its plane in plain sentences, from computed figures only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landscape.nets.planes.plane import Plane, Projection
from landscape.slice import Slice
from pages.ui.experiment import Racer
from pages.ui.nets.compute import Drawn, Truth
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.kinds import KINDS
from pages.ui.nets.remedy import remedy
from pages.ui.nets.trainee import Record
from pages.ui.words import figure, times

if TYPE_CHECKING:
    from pages.ui.nets.apart import Apart  # it works with planes that are named here
    from pages.ui.nets.underway import Underway

LAST = 5  # losses that are named before a divergence
HALF = 0.5  # of a path: a plane that holds less shows it wrongly


def axis_names(plane: Plane) -> tuple[str, str]:
    """What the plane's directions are, with the share of the paths' variance where they have one. As LaTeX text."""
    shares = plane.shares or (None, None)
    labels = (plane.label_u, plane.label_v)
    words = (label if share is None else f"{label} ({share:.0%} of the paths)" for label, share in zip(labels, shares, strict=True))
    first, second = words
    return first, second


def short_axis_names(plane: Plane) -> tuple[str, str]:
    """The same, for a picture that has little room beside it; `plane_line` says what the shares are of."""
    shares = plane.shares or (None, None)
    labels = (plane.label_u, plane.label_v)
    first, second = (label if share is None else f"{label} ({share:.0%})" for label, share in zip(labels, shares, strict=True))
    return first, second


def unseen(experiment: NetsExperiment, drawn: Drawn) -> str:
    """Whose paths the plane holds less than half of; empty where nobody's."""
    held = ((experiment.racer(slot), seen.explained) for slot, seen in drawn.paths.items())
    few = [f"{experiment.called(racer)} ({share:.0%})" for racer, share in held if racer and racer.shown and share < HALF]
    if not few:
        return ""
    who = f"{', '.join(few[:-1])} and {few[-1]}" if len(few) > 1 else few[0]
    return f"The plane holds less than half of the path{'s' * (len(few) > 1)} of {who}: most of the way went in directions left out."


def growing(found: Underway) -> str:
    """What the picture is while racers train."""
    return f"The plane holds {found.held:.0%} of the paths so far and turns with them; the loss under them comes when the training ends."


def told(experiment: NetsExperiment, racer: Racer, record: Record, seen: Projection) -> str:
    """What became of a racer, and how much of its path the plane shows."""
    t = record.training
    spent = times(int(t.ticks[-1]), "evaluation")
    if record.diverged:
        return (
            f"Diverged at evaluation {t.diverged_at or 0:,}: loss or weights grew without bound{_met(t.batch_loss)}. "
            f"{remedy(experiment.problem, racer)}"
        )
    accuracy = f", {t.train_accuracy[-1]:.1%} right" if t.train_accuracy[-1] == t.train_accuracy[-1] else ""
    held = f", {t.validation_accuracy[-1]:.1%} right" if accuracy else ""
    return (
        f"After {spent}: training loss {figure(t.train_loss[-1])}{accuracy}; validation loss {figure(t.validation_loss[-1])}{held}. "
        f"The plane holds {seen.explained:.0%} of its path."
    )


def _met(losses: np.ndarray) -> str:
    """The last losses that were evaluated before a divergence: too few evaluations for the picture's snapshots."""
    return f" (the last losses met: {', '.join(map(figure, losses[-LAST:].tolist()))})" if len(losses) else ""


def disagreement(truth: Truth, name: str, quantity: str) -> str:
    """Why the plane's height under a projected point is not the racer's loss."""
    if truth.loss != truth.loss:
        return f"{name} has diverged: there is nothing to compare."
    if truth.distance <= 1e-6 * max(truth.length, 1e-12):
        return f"{name} lies in the plane, so its {quantity}, {figure(truth.loss)}, is the picture's."
    more = "above" if truth.under > truth.loss else "below"
    return (
        f"{name}'s {quantity} is {figure(truth.loss)}, and the picture shows {figure(truth.under)} under it, {more} the truth: "
        f"it stands {figure(truth.distance)} away from the plane (its weights are {figure(truth.length)} long), and what it has "
        "learned in the directions left out is missing in the picture."
    )


def plane_line(experiment: NetsExperiment, drawn: Drawn) -> str:
    """How the plane was laid, who took no part, what is done with running statistics."""
    centre = experiment.racer(drawn.centre)
    left = f" {', '.join(drawn.missing)} diverged and took no part in laying it." if drawn.missing else ""
    where = f" It goes through the end of {centre.name}, at (0, 0)." if centre and KINDS[experiment.plane.kind].racers == 1 else ""
    shares = " Percentages on the axes are shares of the paths' variance." if drawn.plane.shares else ""
    return f"{drawn.plane.how}{where}{left}{shares} {drawn.surface.words}"


def apart_words(one: Apart, name: str, experiment: NetsExperiment, land: Slice) -> str:
    """Why a racer does otherwise on the slice than in full space."""
    first, last = one.beyond
    shown = (
        f"At the start {first:.1%} of the length of {name}'s gradient points out of the plane, at the end {last:.1%}: "
        "in full space it follows all of it, on the slice only what is left of it in the plane's two directions."
    )
    if one.slice is None:
        return f"{name} cannot run on a slice. {shown}"
    rest = f"{name} begins at a loss of {figure(one.full.first)}; the slice begins at {figure(one.slice.first)}, under it. "
    if one.slice.fate == "left":
        return f"{rest}On the slice it ran over the frame after {times(one.slice.over or 0, 'evaluation')}: nothing is known there. {shown}"
    more = "lower" if one.full.last < one.slice.last else "higher"
    ends = f"In full space it ends {more}, at {figure(one.full.last)} against {figure(one.slice.last)}."
    return f"{rest}{ends} The slice's lowest point is at {figure(land.lowest)}. {shown}"
