"""An experiment and its outcomes as what the scene draws, and as what a visitor takes home."""

import csv
import io
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from pages.scene import payload
from pages.ui.compute import Outcome, anywhere, race, slopes
from pages.ui.elsewhere import coordinates, elsewhere, told
from pages.ui.experiment import Experiment, Racer, seen_of
from pages.ui.insight import inside_data
from pages.ui.words import fate, over_seeds, place, plain, sentence, unreached

GRID = 101  # points a side: 27 KB as 16-bit codes in base64, sent once a surface


def surface_data(experiment: Experiment) -> payload.Surface:
    floored = all(each.facts.lower is None for each in race(experiment).values())
    return _surface(experiment.landscape, experiment.text, experiment.params, experiment.weighed, floored)


@lru_cache(maxsize=64)
def _surface(landscape: str, text: str, params: tuple[float, ...], weight: float, floored: bool) -> payload.Surface:
    """`floored`: whether the lowest minimum known may be taken for the lowest point."""
    problem = seen_of(landscape, text, params, weight)
    marks = [payload.point(p.x, p.y, p.value, "valley" if p.valley else p.kind, p.label) for p in problem.stationary_points()]
    if edge := problem.edge:
        marks.append(payload.point(edge.x, edge.y, edge.value, "edge", edge.label))
    return payload.surface(
        f"{landscape} {text} {params} {weight}{'' if floored else ' lower'}", problem.name, *problem.domain, problem.grid(GRID, GRID)[2],
        levels=problem.levels, equal=problem.equal_scales, axes=list(problem.along) or [plain(axis) for axis in problem.axes],
        lowest=problem.lowest if floored else None, points=marks,
        quantity="loss + penalty" if weight else "loss", searched=problem.stationary is None,
    )  # fmt: skip


def race_data(experiment: Experiment, outcomes: dict[int, Outcome], navigations: int) -> payload.Race:
    return payload.race(
        surface_data(experiment)["key"],
        experiment.start,
        experiment.steps,
        [_racer(experiment, racer, outcomes[racer.slot]) for racer in experiment.racers],
        tolerance=experiment.tolerance,
        headline=experiment.headline,
        nav=navigations,
        cursor=experiment.cursor,
        view=scene_view(experiment.view),
        inside=inside_data(experiment),
        seed=experiment.seed,
        seeds=experiment.seeds if experiment.random else 1,
        other=coordinates(experiment) if experiment.other else "",
    )


CAMERA = ("eye", "center", "up")  # nine numbers in the address, three vectors in the scene


def flat_camera(camera: Any) -> list[Any]:
    try:
        return [camera[vector][axis] for vector in CAMERA for axis in "xyz"]
    except (KeyError, TypeError):
        return []


def scene_view(view: Mapping[str, Any]) -> dict[str, Any]:
    if "camera" not in view:
        return dict(view)
    vectors = {vector: dict(zip("xyz", view["camera"][3 * i : 3 * i + 3], strict=True)) for i, vector in enumerate(CAMERA)}
    return {**view, "camera": vectors}


def _racer(experiment: Experiment, racer: Racer, outcome: Outcome) -> payload.Racer:
    run, facts, problem = outcome.run, outcome.facts, experiment.seen
    there = elsewhere(experiment.setup, anywhere(racer))
    return payload.racer(
        str(racer.slot),
        racer.name,
        racer.mark.color,
        racer.mark.marker,
        run.path,
        run.loss,
        outcome.gradient,
        queries=run.queries if racer.method.looks_ahead or racer.around else None,
        fast=outcome.fast,
        other=there.path if there else None,
        rate=_rate(experiment, racer, outcome),
        band=outcome.fan.band if outcome.fan else None,
        **_slopes(experiment, racer, outcome),
        detail=racer.detail_among(experiment.racers),
        visible=racer.shown,
        selected=racer.slot == experiment.selected,
        status=run.status,
        diverged_at=run.diverged_at,
        fate=fate(facts, problem),
        reached=facts.reached,
        close=facts.close,
        batch=experiment.batch_of(racer) or experiment.problem.samples,
        goal=place(facts, problem),
        sentence=_told(experiment, racer, outcome),
    )


def _rate(experiment: Experiment, racer: Racer, outcome: Outcome) -> np.ndarray | None:
    """The learning rate of each step, where anybody's changes: one that stays is what the others are compared with."""
    if outcome.rate is None and "lr" in racer.values and any(experiment.setup.plan(other) for other in experiment.racers):
        return np.full(len(outcome.run.queries), racer.values["lr"])
    return outcome.rate


def _told(experiment: Experiment, racer: Racer, outcome: Outcome) -> str:
    """What happened on the run that is drawn, and where it is one of many, what happened on all of them."""
    words = sentence(outcome.facts, experiment.seen, experiment.tolerance)
    fan = seeds_told(experiment, outcome)
    parts = (
        f"Over seeds: {fan}. Seed {experiment.seed}, which is drawn:" if fan else "",
        words,
        told(experiment, elsewhere(experiment.setup, anywhere(racer))),
        unreached(racer.method, experiment.conditions),
    )
    return " ".join(filter(None, parts))


def seeds_told(experiment: Experiment, outcome: Outcome) -> str:
    """How a racer's runs over all seeds ended; empty where there is one."""
    fan = outcome.fan
    if fan is None:
        return ""
    return over_seeds(experiment.seeds, fan.arrived if outcome.facts.lower is None else None, fan.diverged, fan.median)


def _slopes(experiment: Experiment, racer: Racer, outcome: Outcome) -> dict[str, Any]:
    """The gradients of the selected racer where they are drawn, that is with its evaluations, or with what clipping left of them."""
    drawn = experiment.clipping or experiment.view.get("queries")
    if racer.slot != experiment.selected or racer.method.gradient_free or not drawn:
        return {}
    raw, clipped = slopes(experiment.setup, anywhere(racer))
    return {"slope": raw, "clipped": clipped if experiment.clipping else None}


def paths_csv(experiment: Experiment) -> bytes:
    """Every racer's path at full precision: a row a tick."""
    outcomes = race(experiment)
    text = io.StringIO()
    table, value = csv.writer(text), "loss_with_penalty" if experiment.weighed else "loss"
    table.writerow(("racer", "optimizer", "settings", "tick", "x", "y", value, f"gradient_norm{value[4:]}"))
    for number, racer in enumerate(experiment.racers, start=1):
        run, gradient = outcomes[racer.slot].run, outcomes[racer.slot].gradient
        for tick, ((x, y), loss, norm) in enumerate(zip(run.path.tolist(), run.loss.tolist(), gradient.tolist(), strict=True)):
            table.writerow((number, racer.optimizer, racer.settings, tick, repr(x), repr(y), repr(loss), repr(norm)))
    return text.getvalue().encode()
