"""Facts about a training and its plane in plain sentences, from computed figures only."""

from landscape.nets.planes.plane import Plane, Projection
from pages.ui.nets.compute import Drawn, Truth
from pages.ui.nets.experiment import NetsExperiment
from pages.ui.nets.trainee import Record
from pages.ui.words import figure, times


def axis_names(plane: Plane) -> tuple[str, str]:
    """What the plane's directions are, with the share of the paths' variance where they have one. As LaTeX text."""
    shares = plane.shares or (None, None)
    labels = (plane.label_u, plane.label_v)
    words = (label if share is None else f"{label} ({share:.0%} of the paths)" for label, share in zip(labels, shares, strict=True))
    first, second = words
    return first, second


def told(record: Record, seen: Projection) -> str:
    """What became of a racer, and how much of its path the plane shows."""
    t = record.training
    spent = times(int(t.ticks[-1]), "evaluation")
    if record.diverged:
        return f"Diverged after {times(t.diverged_at or 0, 'evaluation')}: loss or weights grew without bound. Lower its learning rate."
    accuracy = f", {t.train_accuracy[-1]:.1%} right" if t.train_accuracy[-1] == t.train_accuracy[-1] else ""
    held = f", {t.validation_accuracy[-1]:.1%} right" if accuracy else ""
    return (
        f"After {spent}: training loss {figure(t.train_loss[-1])}{accuracy}; validation loss {figure(t.validation_loss[-1])}{held}. "
        f"The plane holds {seen.explained:.0%} of its path."
    )


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
    where = f" It goes through the end of {centre.name}, at (0, 0)." if centre and experiment.plane.kind != "solutions" else ""
    return f"{drawn.plane.how}{where}{left} {drawn.surface.words}"
