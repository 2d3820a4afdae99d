"""Cases for the room of seeds that theory has a word about: a click away."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from optimizers import Conditions
from optimizers.maps import Region
from optimizers.schedules import SCHEDULES
from pages.ui.experiment import Chosen, Experiment, Racer, default_experiment, racer_on
from pages.ui.maps.choice import Choice, Compared


@dataclass(frozen=True)
class Preset:
    name: str
    help: str
    opening: Callable[[], tuple[Experiment, Choice]]  # made when it is asked for: a landscape may have to be compiled


def _following(schedule: str, delay: float) -> Chosen:
    return Chosen.default(schedule, SCHEDULES[schedule]).with_value(SCHEDULES[schedule], "delay", delay)


def _usual(landscape: str, choice: Choice) -> tuple[Experiment, Choice]:
    return default_experiment(landscape), choice


def _noisy(landscape: str, racers: tuple[tuple[float, Chosen | None], ...], steps: int, seeds: int) -> tuple[Experiment, Choice]:
    """Gradient descent at several rates and schedules."""
    fresh = default_experiment(landscape)
    descents: tuple[Racer, ...] = tuple(
        replace(racer_on(fresh.base, "sgd", slot, lr=lr), schedule=schedule) for slot, (lr, schedule) in enumerate(racers)
    )
    return replace(fresh, racers=descents, steps=steps, conditions=Conditions(noise=0.5)), Choice("seeds", seeds=seeds)


# Gaussian wells of width .2 and .8 on a faint bowl; across them nothing happens
WELLS = "-exp(-(x + 1.5)**2/(2*0.2**2)) - exp(-(x - 1.5)**2/(2*0.8**2)) + 0.02*x**2 + 0.5*y**2"


def _escaping(landscape: str, text: str, start: tuple[float, float], lr: float, steps: int, choice: Choice) -> tuple[Experiment, Choice]:
    """Gradient descent under several strengths of noise; without the comparison under the first."""
    fresh = default_experiment(landscape, text)
    noise = Conditions(noise=choice.compared.values[0])
    return replace(fresh, racers=(racer_on(fresh.base, "sgd", 0, lr=lr),), start=start, steps=steps, conditions=noise), choice


PRESETS = (
    Preset(
        "Whose weights decay alike?",
        "Pure noise, the loud weight's gradient a thousand times the quiet one's: Adam with an L2 penalty against AdamW, both 0.1.",
        partial(_usual, "pure_noise", Choice("seeds", seeds=1000)),
    ),
    Preset(
        "Strongly convex, rate 1/(μt)",
        "Gradient descent on the bowl (μ = L = 1), noise 0.5: a constant rate comes to a floor, 1/(μt) to σ²/(2μt), 2/(μ(t + 3)) stays "
        "below its bound.",
        partial(_noisy, "bowl", ((0.2, None), (1.0, _following("inverse", 1.0)), (0.5, _following("inverse", 4.0))), 300, 3000),
    ),
    Preset(
        "Convex, rate 1/√t",
        "Gradient descent on the Huber valley, which is flat along its walls, noise 0.5: two rates that fall like 1/√t, and their bounds.",
        partial(_noisy, "huber_valley", ((0.1, _following("inverse_sqrt", 1.0)), (0.3, _following("inverse_sqrt", 1.0))), 1000, 1000),
    ),
    Preset(
        "How long at a saddle?",
        "Gradient descent at rate 0.05 on (x² - y²)/2 from (1, 0), until |y| > 1: without noise never, else "
        "ln(1/σ)/ln(1 + rate) ticks and some that are the same for all.",
        partial(
            _escaping,
            "saddle",
            "",
            (1.0, 0.0),
            0.05,
            500,
            Choice("seeds", seeds=2000, region=Region(0.0, 0.0, 1.0, "y"), compared=Compared("condition.noise", (0.1, 1e-3, 1e-6, 0.0))),
        ),
    ),
    Preset(
        "Does noise leave the sharp well?",
        "Gradient descent from the sharp well at -1.5, noise 6/√B as in batches of B = 1, 4 and 16 samples: who ends in the flat well?",
        partial(
            _escaping,
            "formula",
            WELLS,
            (-1.5, 0.0),
            0.06,
            3000,
            Choice("seeds", seeds=1000, region=Region(1.5, 0.0, 1.2, "x"), compared=Compared("condition.noise", (6.0, 3.0, 1.5))),
        ),
    ),
)
