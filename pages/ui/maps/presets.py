"""Cases for the room of seeds that theory has a word about: a click away."""

from dataclasses import dataclass, replace

from optimizers import Conditions
from optimizers.schedules import SCHEDULES
from pages.ui.experiment import Chosen, Experiment, Racer, default_experiment, racer_on
from pages.ui.maps.choice import Choice


@dataclass(frozen=True)
class Preset:
    name: str
    help: str
    opening: tuple[Experiment, Choice]


def _following(schedule: str, delay: float) -> Chosen:
    return Chosen.default(schedule, SCHEDULES[schedule]).with_value(SCHEDULES[schedule], "delay", delay)


def _noisy(landscape: str, racers: tuple[tuple[float, Chosen | None], ...], steps: int, seeds: int) -> tuple[Experiment, Choice]:
    """Gradient descent at several rates and schedules."""
    fresh = default_experiment(landscape)
    descents: tuple[Racer, ...] = tuple(
        replace(racer_on(fresh.base, "sgd", slot, lr=lr), schedule=schedule) for slot, (lr, schedule) in enumerate(racers)
    )
    return replace(fresh, racers=descents, steps=steps, conditions=Conditions(noise=0.5)), Choice("seeds", seeds=seeds)


PRESETS = (
    Preset(
        "Whose weights decay alike?",
        "Pure noise, the loud weight's gradient a thousand times the quiet one's: Adam with an L2 penalty against AdamW, both 0.1.",
        (default_experiment("pure_noise"), Choice("seeds", seeds=1000)),
    ),
    Preset(
        "Strongly convex, rate 1/(μt)",
        "Gradient descent on the bowl (μ = L = 1), noise 0.5: a constant rate comes to a floor, 1/(μt) to σ²/(2μt), 2/(μ(t + 3)) stays "
        "below its bound.",
        _noisy("bowl", ((0.2, None), (1.0, _following("inverse", 1.0)), (0.5, _following("inverse", 4.0))), 300, 3000),
    ),
    Preset(
        "Convex, rate 1/√t",
        "Gradient descent on the Huber valley, which is flat along its walls, noise 0.5: two rates that fall like 1/√t, and their bounds.",
        _noisy("huber_valley", ((0.1, _following("inverse_sqrt", 1.0)), (0.3, _following("inverse_sqrt", 1.0))), 1000, 1000),
    ),
)
