"""Learning-rate schedules: the factor on the base rate at each tick. `SCHEDULES` is the registry: teaching order is menu order.

A schedule on T ticks is a table of T factors, so any schedule goes with any optimizer and a page can draw the same figures; only the one
that listens to the loss makes its factors as the run goes along.
"""

from optimizers.schedules.cycles import COSINE, ONE_CYCLE, WARM_RESTARTS
from optimizers.schedules.decay import CONSTANT, EXPONENTIAL, INVERSE, INVERSE_SQRT, LINEAR, POLYNOMIAL, STEP
from optimizers.schedules.plateau import PLATEAU
from optimizers.schedules.schedule import RATE, Schedule, factors, planned, rates, tabled

_ORDER = (CONSTANT, STEP, EXPONENTIAL, COSINE, WARM_RESTARTS, LINEAR, POLYNOMIAL, INVERSE_SQRT, INVERSE, ONE_CYCLE, PLATEAU)
SCHEDULES: dict[str, Schedule] = {schedule.key: schedule for schedule in _ORDER}

__all__ = ["RATE", "SCHEDULES", "Schedule", "factors", "planned", "rates", "tabled"]
