"""What is said of a preset's racers, tested over seeds on the net that is on screen. Work for a job; knows no Streamlit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from landscape.claim import Claim
from optimizers.verdict import Verdict
from pages.ui.experiment import Racer
from pages.ui.nets.experiment import NetsExperiment, default_nets
from pages.ui.nets.starts import Case, Ends, ends, expected
from pages.ui.nets.training import Telling

FACTORS = (0.25, 0.5, 1.0, 2.0, 4.0)  # times the recommended rate
CHOOSING, SEEDS = 2, 10  # seeds that choose a rate, and others that are judged: the lucky are not to be flattered
APART = 1000  # between the first of those and the first of these


@dataclass(frozen=True, eq=False)
class Side:
    """A racer at the rate that it was given, and its ends over SEEDS seeds."""

    racer: Racer
    ends: Ends

    @property
    def score(self) -> np.ndarray:
        """Lower is better: the share of the validation data that is wrong, or where numbers are predicted the loss on them."""
        return np.where(np.isnan(self.ends.right), self.ends.validation, 1.0 - self.ends.right)


def racers(experiment: NetsExperiment) -> dict[int, tuple[Racer, bool]]:
    """Whom the claims are about, as the preset enters them, by place; and whether their rates are tuned."""
    claims, entered = experiment.problem.claims, default_nets(experiment.preset).racers
    able = {place: racer for place, racer in enumerate(entered) if not racer.method.unfit(experiment.landscape)}
    return {
        place: (racer, any(_about(claim, place) and claim.tuned for claim in claims))
        for place, racer in able.items()
        if any(_about(claim, place) for claim in claims)
    }


def cases(experiment: NetsExperiment) -> dict[int, tuple[list[Case], list[Case]]]:
    """By place: the trials that choose its rate (none where that is not tuned), and beside each the trial that is judged."""
    judged, choosing = experiment.setup, replace(experiment.setup, seed=experiment.seed + APART)
    found = {}
    for place, (racer, tuned) in racers(experiment).items():
        rates = [racer.with_value("lr", factor * racer.values["lr"]) for factor in FACTORS] if tuned else [racer]
        trials = [Case(choosing, one, CHOOSING) for one in rates] if tuned else []
        found[place] = (trials, [Case(judged, one, SEEDS) for one in rates])
    return found


def seconds(experiment: NetsExperiment) -> float:
    """That the test would take here, without what is remembered."""
    return expected([case for trials, judged in cases(experiment).values() for case in (*trials, judged[0])])


def tested(experiment: NetsExperiment, report: Telling) -> Iterator[dict[int, Side]]:
    """One racer after another: the rate with the lowest training loss (its mean over the seeds), then SEEDS others at that rate."""
    wanted, found = cases(experiment), dict[int, Side]()
    for place, (trials, judged) in wanted.items():
        best = int(np.argmin([one.train.mean() for one in _all(trials, report)])) if trials else 0
        (end,) = _all([judged[best]], report)
        found[place] = Side(judged[best].racer, end)
        report.progress(len(found) / len(wanted))
        yield dict(found)


def verdicts(experiment: NetsExperiment, sides: Mapping[int, Side]) -> list[Verdict]:
    """On the claims both of whose racers have been tested."""
    known = (claim for claim in experiment.problem.claims if claim.racer in sides and claim.than in sides)
    return [Verdict(claim, sides[claim.racer].score, sides[claim.than].score) for claim in known]


def _about(claim: Claim, place: int) -> bool:
    return place in (claim.racer, claim.than)


def _all(wanted: list[Case], report: Telling) -> list[Ends]:
    *_, last = ends(wanted, _Within(report))
    return last


@dataclass(frozen=True)
class _Within:
    """A part whose progress is not told: that of the whole is."""

    report: Telling

    def progress(self, fraction: float) -> None:
        self.report.check()

    def check(self) -> None:
        self.report.check()

    def cancelled(self) -> bool:
        return self.report.cancelled()
