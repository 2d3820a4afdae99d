"""Learning rates for all racers at once: the same, the landscape's recommendation, or each tuned on the same budget."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from optimizers import FAMILIES
from optimizers.tune import Tuned, tune
from pages.ui import state
from pages.ui.experiment import Experiment, Racer, racer_on
from pages.ui.words import figure, times

OF_LENGTH_ONE = {method.key for family in ("Curvature", "Line search") for method in FAMILIES[family]}  # a rate of 1 is their step

Action = Callable[[Experiment], tuple[Experiment, str]]


def same(experiment: Experiment) -> tuple[Experiment, str]:
    selected = experiment.racer(experiment.selected)
    if selected is None or "lr" not in selected.values:
        return experiment, "Select a racer with a learning rate: it is given to the others."
    lr = selected.values["lr"]
    return _with(
        experiment, lambda racer: racer.with_value("lr", lr)
    ), f"All racers now have {selected.method.name}'s learning rate, {figure(lr)}."


def recommended(experiment: Experiment) -> tuple[Experiment, str]:
    def advise(racer: Racer) -> Racer:
        return racer.with_value("lr", racer_on(experiment.base, racer.optimizer, racer.slot).values["lr"])

    return _with(experiment, advise), f"All racers now have the learning rate that is recommended for them on {experiment.base.name}."


def tuned(experiment: Experiment) -> tuple[Experiment, str]:
    found = {
        racer.slot: tune(experiment.problem, racer.method, experiment.start, experiment.steps, experiment.tolerance, racer.values,
                         seed=experiment.seed, **experiment.terms(racer))
        for racer in experiment.racers if "lr" in racer.values
    }  # fmt: skip
    if not found:
        return experiment, "Nobody here has a learning rate to tune."
    slot = min(found, key=lambda s: (found[s].reached if found[s].reached is not None else experiment.steps + 1, found[s].loss))
    best, racer = found[slot], experiment.racer(slot)
    assert racer is not None
    result = (
        f"{times(best.reached, 'evaluation')} to the tolerance" if best.reached is not None else f"a loss of {figure(best.loss)} at the end"
    )
    high = racer.method.by_key["lr"].high
    message = (
        f"Each learning rate is the best of {best.trials} between {figure(high * 1e-6)} and {figure(high)}, tried from this start for "
        f"{times(best.steps, 'evaluation')}: the one that comes to within {figure(experiment.tolerance)} of the lowest loss first, or else "
        f"ends lowest. Winner: {racer.name}, lr {figure(best.lr)}, {result}."
    )
    return _with(experiment, lambda r: r.with_value("lr", found[r.slot].lr) if r.slot in found else r), message


def joining(experiment: Experiment, key: str, slot: int) -> tuple[Racer, str]:
    """A racer to add, and where its learning rate comes from: tried out where nobody recommends one."""
    racer = racer_on(experiment.problem, key, slot)
    if "lr" not in racer.values or key in experiment.base.recommended or key in OF_LENGTH_ONE:
        return racer, ""
    best = _alone(experiment.setup, replace(racer, slot=0))
    words = (
        f"Its learning rate is the best of {best.trials}, tried from this start for {times(best.steps, 'evaluation')}: "
        + (
            f"the first within {figure(experiment.tolerance)} of the lowest loss."
            if best.reached is not None
            else "the one that ends lowest."
        )
        + " This landscape recommends none."
    )
    return racer.with_value("lr", best.lr), words


@lru_cache(maxsize=256)
def _alone(setup: Experiment, racer: Racer) -> Tuned:
    return tune(setup.problem, racer.method, setup.start, setup.steps, setup.tolerance, racer.values, seed=setup.seed, **setup.terms(racer))


ACTIONS: dict[str, tuple[str, Action]] = {
    "The same for all": ("Every racer gets the selected racer's learning rate.", same),
    "Recommended": ("Every racer gets the rate that this landscape recommends for it.", recommended),
    "Tune each": ("Every racer gets the best of 61 rates, tried on the same start and budget.", tuned),
}


def run(action: Action) -> None:
    """Carry out an action and say what it did."""
    experiment, message = action(state.current())
    state.put(experiment)
    state.say(message)


def _with(experiment: Experiment, change: Callable[[Racer], Racer]) -> Experiment:
    racers = tuple(change(racer) if "lr" in racer.values else racer for racer in experiment.racers)
    return replace(experiment, racers=racers)
