"""The same net trained from many starts: weights and batches of one seed after another, so that luck can be told from width. For a job."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

import numpy as np

from landscape import Problem
from landscape.nets import MLP, NetProblem, compiled, estimate
from landscape.problem import WHOLE
from optimizers import descend
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment, Spec
from pages.ui.nets.memory import Memory
from pages.ui.nets.training import Telling, key_of, trained

LANES = 32  # starts that run side by side: their progress is told together


@dataclass(frozen=True, eq=False)
class Ends:
    """One racer on one net: where its k starts began, and how they ended. A run that diverged counts as infinitely bad."""

    slot: int
    model: Spec
    first: np.ndarray  # (k,): the training loss of the untrained net
    train: np.ndarray  # (k,): the training loss at the end
    validation: np.ndarray  # (k,)
    right: np.ndarray  # (k,): the share of the validation data that is right; NaN where numbers are predicted

    def level(self, share: float) -> float:
        """The loss above which an end is called stuck: this share of the untrained net's, the median over the starts."""
        return share * float(np.median(self.first))

    def stuck(self, share: float) -> int:
        """How many ends lie above the level; those that diverged are counted apart."""
        return int((np.isfinite(self.train) & (self.train > self.level(share))).sum())

    @property
    def diverged(self) -> int:
        return int((~np.isfinite(self.train)).sum())


@dataclass(frozen=True)
class Case:
    """One racer on one net."""

    experiment: NetsExperiment  # with the net's model
    racer: Racer
    count: int

    @property
    def seeds(self) -> np.ndarray:
        """That on screen first."""
        return self.experiment.seed + np.arange(self.count)

    @property
    def side_by_side(self) -> bool:
        """Whether the compiled lanes can train it."""
        batch = self.experiment.batch or len(self.experiment.problem.split.train)
        return compiled.wins(self.experiment.problem, batch) and not self.racer.method.curvature

    @property
    def seconds(self) -> float:
        """That it would take here, as measured on a few evaluations."""
        experiment, ticks = self.experiment, self.count * self.experiment.steps
        if self.side_by_side:
            return ticks * _seconds_a_lane(experiment.problem, experiment.batch)
        return ticks * estimate(experiment.problem, experiment.batch or None, self.racer.method.curvature).seconds


MEMORY: Memory[Ends] = Memory(500)


def models(model: Spec, widths: tuple[int, ...]) -> tuple[Spec, ...]:
    """The net on screen, and the same with every hidden layer as wide as each of these, the narrow ones first."""
    if not isinstance(model, MLP) or not model.widths:
        return (model,)
    others = {replace(model, widths=(width,) * len(model.widths)) for width in widths}
    return tuple(sorted(others | {model}, key=lambda one: (max(one.widths), one != model)))


def cases(experiment: NetsExperiment, widths: tuple[int, ...], count: int) -> tuple[list[Case], list[str]]:
    """Every shown racer on every net that it can train, and in words those that it cannot."""
    found, left = [], []
    for model in models(experiment.model, widths):
        one = replace(experiment.setup, model=model)
        for racer in experiment.racers:
            if reason := racer.method.unfit(one.landscape):
                left.append(f"{racer.name} cannot train {one.problem.model.name}: {reason}")
            elif racer.shown:
                found.append(Case(one, racer, count))
    return found, left


def expected(wanted: list[Case]) -> float:
    """Seconds that all would take that are not remembered."""
    return sum(case.seconds for case in wanted if not MEMORY.get(_key(case)))


def ends(wanted: list[Case], report: Telling) -> Iterator[list[Ends]]:
    """The cases one after another. Work for a `Job`."""
    found: list[Ends] = []
    for place, case in enumerate(wanted):

        def tell(fraction: float, place: int = place) -> None:
            report.progress((place + fraction) / len(wanted))

        one = MEMORY.get(_key(case))
        if one is None:
            one = (_side_by_side if case.side_by_side else _one_by_one)(case, tell, report)
            MEMORY.put(_key(case), one)
        found.append(replace(one, slot=case.racer.slot))
        yield list(found)


def _key(case: Case) -> tuple[NetsExperiment, Racer, int]:
    return *key_of(case.experiment, case.racer), case.count


def _side_by_side(case: Case, tell: Callable[[float], None], report: Telling) -> Ends:
    """Through the compiled lanes: each lane has the weights, the batches and the noise of its own seed."""
    experiment = case.experiment
    problem = replace(experiment.problem, batch=experiment.batch or None)
    terms: dict[str, Any] = experiment.terms(case.racer) | case.racer.values
    del terms["every"], terms["seed"]
    parts = []
    for begin in range(0, case.count, LANES):
        seeds = case.seeds[begin : begin + LANES]

        def proceed(done: int, begin: int = begin, seeds: np.ndarray = seeds) -> bool:
            tell((begin + len(seeds) * done / experiment.steps) / case.count)
            return True

        starts = np.stack([replace(problem, seed=int(seed)).start for seed in seeds], axis=1)
        run = descend(cast(Problem, problem), case.racer.method, starts, experiment.steps, keep="final", seed=seeds, proceed=proceed,
                      **terms)  # fmt: skip
        report.check()
        with np.errstate(all="ignore"):
            scores, lost = problem.scores(run.final), run.diverged_at >= 0
            losses = (np.where(lost, np.inf, loss) for loss in (scores.train_loss, scores.validation_loss))
            parts.append((problem.value(starts), *losses, np.where(lost, 0.0, scores.validation_accuracy)))
    return Ends(case.racer.slot, experiment.model, *(np.concatenate(part) for part in zip(*parts, strict=True)))


def _one_by_one(case: Case, tell: Callable[[float], None], report: Telling) -> Ends:
    """As the page trains its racers, one start after another."""
    rows = []
    for done, seed in enumerate(case.seeds):
        record = trained(replace(case.experiment, seed=int(seed), racers=(case.racer,)), report.check)[case.racer.slot]
        t = record.training
        last = (np.inf, np.inf, 0.0) if record.diverged else (t.train_loss[-1], t.validation_loss[-1], t.validation_accuracy[-1])
        rows.append((t.train_loss[0], *last))
        tell((done + 1) / case.count)
    return Ends(case.racer.slot, case.experiment.model, *np.array(rows).T)


@lru_cache(maxsize=64)
def _seconds_a_lane(problem: NetProblem, batch: int) -> float:
    """Of one evaluation, where as many lanes as run together share its cost."""
    samples = batch or len(problem.split.train)
    x, params = np.repeat(problem.start[:, None], LANES, axis=1), problem.lane_params(LANES)
    picked = np.repeat(np.arange(samples)[:, None], LANES, axis=1) if batch else WHOLE
    f, g = np.empty(LANES), np.empty_like(x)
    spent = []
    for _ in range(3):
        began = time.perf_counter()
        problem.kernel_for(samples)(x, params, problem.data, picked, f, g)
        spent.append(time.perf_counter() - began)
    return float(np.median(spent)) / LANES
