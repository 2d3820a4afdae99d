"""Learning rates for all racers at once: the same, the landscape's recommendation, or each tuned on the same budget."""

from collections.abc import Callable
from dataclasses import replace

from optimizers.tune import tune
from pages.ui import state
from pages.ui.experiment import Experiment, Racer, racer_on
from pages.ui.words import figure, times

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
