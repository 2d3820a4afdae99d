"""Learning rates for all racers at once: the same, the landscape's recommendation, or each tuned on the same budget."""

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from landscape.quadratic import curvatures
from optimizers import FAMILIES
from optimizers.tune import Tuned, tune
from pages.ui import state, tuning
from pages.ui.experiment import Experiment, Racer, racer_on
from pages.ui.words import figure, shortly, times

OF_LENGTH_ONE = {method.key for family in ("Curvature", "Line search") for method in FAMILIES[family]}  # a rate of 1 is their step

Action = Callable[[Experiment], tuple[Experiment, str] | None]  # None: it goes on, and says itself when it is done


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


def not_optimal(experiment: Experiment) -> str:
    """Why no theorem knows the best settings here; empty where one does."""
    if experiment.random or experiment.clipping or experiment.schedule:
        return "Theorems on the best settings are about exact gradients and a constant rate: no noise, mini-batches, clipping or schedule."
    if isinstance(found := curvatures(experiment.problem), str):
        return f"Theorems on the best settings are about quadratics, and {found}."
    if not any(racer.method.optimal for racer in experiment.racers):
        return "Nobody here has a theorem on its best settings: gradient descent, momentum and Nesterov have."
    return ""


def optimal(experiment: Experiment) -> tuple[Experiment, str]:
    if reason := not_optimal(experiment):
        return experiment, reason
    found = curvatures(experiment.problem)
    assert not isinstance(found, str)
    racers, said = [], []
    for racer in experiment.racers:
        if racer.method.optimal:
            penalty = float(experiment.conditions.l2) + racer.values.get(racer.method.l2, 0.0)  # it adds to each curvature
            best = racer.method.optimal(found[0] + penalty, found[1] + penalty)
            racer = replace(racer, hypers=tuple({**racer.values, **best}.values()))
            values = ", ".join(f"{key} {shortly(racer.method.by_key[key], value)}" for key, value in best.items() if value)
            said.append(f"{racer.method.name} {values} ({racer.method.optimal_paper})")
        racers.append(racer)
    others = [racer.method.name for racer in experiment.racers if not racer.method.optimal]
    left = f" No such theorem: {', '.join(dict.fromkeys(others))}; left as before." if others else ""
    return replace(experiment, racers=tuple(racers)), (
        f"Best by theorem for curvatures from {figure(found[0])} to {figure(found[1])}: {'; '.join(dict.fromkeys(said))}.{left}"
    )


def _never(experiment: Experiment) -> str:
    return ""


# What each does, in words; the doing; and why it cannot be done, empty where it can.
ACTIONS: dict[str, tuple[str, Action, Callable[[Experiment], str]]] = {
    "The same for all": ("Every racer gets the selected racer's learning rate.", same, _never),
    "Recommended": ("Every racer gets the rate that this landscape recommends for it.", recommended, _never),
    "Tune each": ("Every racer gets the best of 61 rates, tried on the same start and budget.", tuning.begun, _never),
    "Optimal for this quadratic": ("Gradient descent, momentum and Nesterov get the rate and momentum that a theorem calls best for the "
                                   "smallest and largest curvature.", optimal, not_optimal),
}  # fmt: skip


def run(action: Action) -> None:
    """Carry out an action and say what it did."""
    state.quiet()
    if done := action(state.current()):
        experiment, message = done
        state.put(experiment)
        state.confirm(message)


def _with(experiment: Experiment, change: Callable[[Racer], Racer]) -> Experiment:
    racers = tuple(change(racer) if "lr" in racer.values else racer for racer in experiment.racers)
    return replace(experiment, racers=racers)
