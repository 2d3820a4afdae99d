"""What is said of a landscape's racers, tested on the experiment that is on screen, in words. Knows no Streamlit."""

from collections.abc import Mapping
from functools import lru_cache

from optimizers.claims import CHOOSING, SEEDS, Side, Tested, judged, tested
from optimizers.verdict import LUCK, Verdict
from pages.ui.experiment import Experiment, Racer, default_experiment
from pages.ui.words import figure, times


def verdicts(experiment: Experiment) -> tuple[Verdict, ...]:
    """On every claim about the racers that the landscape opens with, under the conditions on screen."""
    claims = experiment.base.claims
    return judged(claims, {place: found for place, (_, found) in _sides(experiment.setup).items()})


def lines(experiment: Experiment) -> list[str]:
    """A line a claim: what is said, the verdict, and the two figures behind it."""
    sides = _sides(experiment.setup)
    return [f"- *{one.claim.text}* **{one.words.capitalize()}**: {_figures(one, sides)}." for one in verdicts(experiment)]


def method(experiment: Experiment) -> str:
    """How the claims were tested."""
    batches = f" on batches of {experiment.batch}" if experiment.batch else ""
    trials = max(found.trials for _, found in _sides(experiment.setup).values())
    rates = f"Each at the best of {trials} learning rates, chosen on {CHOOSING} other seeds. " if trials else ""
    luck = (
        f"{SEEDS} seeds each; a claim counts as shown where chance would tell equals apart less than once in {1 / LUCK:.0f} (rank test)."
        if experiment.random
        else "Nothing here is random: every seed gives the same."
    )
    return (
        f"{rates}From this start, {times(experiment.steps, 'evaluation')}{batches}, under the conditions on screen. Medians of the loss "
        f"over all the data, above the lowest. {luck}"
    )


def _figures(one: Verdict, sides: Mapping[int, tuple[Racer, Tested]]) -> str:
    said = []
    for place in (one.claim.racer, one.claim.than):
        racer, found = sides[place]
        rate = "" if found.lr is None else f" (lr {figure(found.lr)})"
        said.append(f"{racer.name} {figure(one.middle(place == one.claim.racer))}{rate}")
    return " against ".join(said)


@lru_cache(maxsize=64)
def _sides(setup: Experiment) -> dict[int, tuple[Racer, Tested]]:
    claims, racers = setup.base.claims, default_experiment(setup.landscape, setup.text).racers
    found = {}
    for place in sorted({place for claim in claims for place in (claim.racer, claim.than)}):
        racer = racers[place]
        side = Side(racer.method, racer.values, setup.terms(racer))
        tuned = any(claim.tuned for claim in claims if place in (claim.racer, claim.than))
        found[place] = (racer, tested(setup.problem, side, setup.start, setup.steps, tuned))
    return found
