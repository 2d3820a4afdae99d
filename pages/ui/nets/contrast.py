"""The same net with and without skips and normalisation, each trained alike and seen on a random plane: Li et al. 2018, fig. 1 and 5."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landscape.nets import Transformer
from landscape.nets.planes.curvature import lanczos
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.plane import Plane
from pages.ui.experiment import Racer
from pages.ui.nets.compute import drawing, objective_of
from pages.ui.nets.experiment import NetsExperiment, PlaneChoice, Spec
from pages.ui.nets.trainee import Record
from pages.ui.nets.training import Telling, trained

POINTS, SPAN = 31, 1.0
RATES = (1.0, 0.3, 0.1, 0.03)  # times the racer's own: one rate does not suit nets with and without normalisation
SHARE = 0.1  # of the budget, for each of them
LOW = 0.5  # of the untrained net's loss: below that ground is low
ROUND = (-0.5, 0.0, 0.5)  # where on both axes curvatures are compared


@dataclass(frozen=True, eq=False)
class Variant:
    """One of the nets, its training at the rate that served it best, and the loss round its end; no picture where it diverged."""

    name: str
    lr: float | None  # None: the racer has no such setting
    record: Record | None  # None: it diverged at every rate
    xs: np.ndarray  # (p,)
    ys: np.ndarray  # (p,)
    loss: np.ndarray  # (p, p)
    low: float = np.nan  # the share of the picture with less than LOW of the untrained net's loss
    saddle: float = np.nan  # |lambda_min / lambda_max| of the Hessian, the median over nine points: Li et al. 2018, section 6


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
    """Each variant trained by the selected racer at the rate that serves it best, then drawn. Work for a `Job`."""
    racer = experiment.racer(experiment.selected) or experiment.racers[0]
    found: list[Variant] = []
    variants = models(experiment.model)
    for name, model in variants.items():
        case = replace(experiment.trained, model=model, racers=(racer,),
                       plane=PlaneChoice("random", racer.slot, points=POINTS, span=SPAN))  # fmt: skip
        found.append(_variant(name, case, _Within(report, len(found), len(variants))))
        yield list(found)


def short(steps: int) -> int:
    """Evaluations for each rate that is tried."""
    return max(1, round(SHARE * steps))


def by_promise(case: NetsExperiment, report: Telling) -> list[Racer]:
    """The only racer at each rate, the lowest training loss after a part of the budget first; without those that diverged."""
    (racer,) = case.racers
    if "lr" not in racer.values:
        return [racer]
    tried = []
    for done, factor in enumerate(RATES):
        one = racer.with_value("lr", factor * racer.values["lr"])
        record = trained(replace(case, racers=(one,), steps=short(case.steps)), report.check)[racer.slot]
        report.progress(SHARE * (done + 1))
        if not record.diverged:
            tried.append((float(record.training.train_loss[-1]), done, one))
    return [one for *_, one in sorted(tried, key=lambda each: each[:2])]


def _variant(name: str, case: NetsExperiment, report: Telling) -> Variant:
    for racer in by_promise(case, report):
        case = replace(case, racers=(racer,))
        records = trained(case, report.check)
        record = records[racer.slot]
        if record.diverged:
            continue
        *_, drawn = drawing(case, records, _Within(report, 1.5, 2.5))
        surface = drawn.surface
        low = float(np.mean(surface.loss < LOW * record.training.train_loss[0]))
        saddle = _saddle(objective_of(case.problem, "train"), drawn.plane, report)
        return Variant(name, racer.values.get("lr"), record, surface.xs, surface.ys, surface.loss, low, saddle)
    nothing = np.array([-SPAN, SPAN])
    return Variant(name, None, None, nothing, nothing, np.full((2, 2), np.nan))


def _saddle(objective: Objective, plane: Plane, report: Telling) -> float:
    """How much of the curvature is the wrong way round: 0 where the loss is convex."""
    found = []
    for x in ROUND:
        for y in ROUND:
            report.check()
            weights = plane.at(np.array([x, y]))
            try:
                top, bottom = (float(lanczos(objective, weights, 1, end=end).values[0]) for end in ("largest", "smallest"))
            except ValueError:  # not finite there
                continue
            found.append(max(-bottom, 0.0) / top if top > 0 else np.inf)
    return float(np.median(found)) if found else np.nan


@dataclass(frozen=True)
class _Within:
    """One part of a longer report."""

    report: Telling
    done: float
    parts: float

    def progress(self, fraction: float) -> None:
        self.report.progress((self.done + fraction) / self.parts)

    def check(self) -> None:
        self.report.check()

    def cancelled(self) -> bool:
        return self.report.cancelled()
