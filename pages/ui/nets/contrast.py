"""The same net with and without skips and normalisation, each trained alike and seen on a random plane: Li et al. 2018, fig. 1 and 5."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landscape.nets import Transformer
from pages.ui.nets.compute import drawing
from pages.ui.nets.experiment import NetsExperiment, PlaneChoice, Spec
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling, trained

POINTS, SPAN = 31, 1.0


@dataclass(frozen=True, eq=False)
class Variant:
    """One of the nets, its training and the loss round its end."""

    name: str
    record: Record
    xs: np.ndarray  # (p,)
    ys: np.ndarray  # (p,)
    loss: np.ndarray  # (p, p)


def models(model: Spec) -> dict[str, Spec]:
    """The variants by name: skips off and on, its normalisation (or batch norm) and none; of a transformer, where its norms are."""
    if isinstance(model, Transformer):  # it has its layer norms either way; the question is where
        return {"norms after the sums": replace(model, pre=False), "norms before": replace(model, pre=True)}
    norm = model.norm if model.norm != "none" else "batch"
    skips = (False, True) if hasattr(model, "skip") else (None,)
    found: dict[str, Spec] = {}
    for kind in ("none", norm):
        for skip in skips:
            words = [] if skip is None else ["skips" if skip else "no skips"]
            words.append("no normalisation" if kind == "none" else f"{kind} norm")
            changes: dict[str, Any] = {"norm": kind} if skip is None else {"norm": kind, "skip": skip}
            found[", ".join(words)] = replace(model, **changes)
    return found


def contrast(experiment: NetsExperiment, report: Telling) -> Iterator[list[Variant]]:
    """Each variant trained by the selected racer, then drawn. Work for a `Job`."""
    racer = experiment.racer(experiment.selected) or experiment.racers[0]
    found: list[Variant] = []
    variants = models(experiment.model)
    for name, model in variants.items():
        case = replace(experiment.trained, model=model, racers=(racer,),
                       plane=PlaneChoice("random", racer.slot, points=POINTS, span=SPAN))  # fmt: skip
        records = trained(case, report.check)
        if len(records[racer.slot].usable):
            *_, drawn = drawing(case, records, _Within(report, len(found), len(variants)))
            found.append(Variant(name, records[racer.slot], drawn.surface.xs, drawn.surface.ys, drawn.surface.loss))
            yield list(found)


@dataclass(frozen=True)
class _Within:
    """One part of a longer report."""

    report: Telling
    done: int
    parts: int

    def progress(self, fraction: float) -> None:
        self.report.progress((self.done + fraction) / self.parts)

    def check(self) -> None:
        self.report.check()

    def cancelled(self) -> bool:
        return self.report.cancelled()
