"""Schedules that only fall (or stay): constant, step, exponential, linear, polynomial, and the powers of t that theorems ask for."""

from collections.abc import Mapping

import numpy as np

from optimizers.optimizer import Hyper
from optimizers.schedules.schedule import Schedule, length

Values = Mapping[str, float]

_DELAY = Hyper(
    "delay",
    "delay",
    "k",
    1,
    1,
    500,
    "log",
    (1e-3, 1e6),
    help="Larger: the rate begins to fall later. After a warm-up of W ticks, k = W is usual.",
)


def _constant(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    return np.ones_like(t)


def _step(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    size = values["step_size"] or np.ceil(steps / 3)
    return values["gamma"] ** (t // size)


def _exponential(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    return values["gamma"] ** t


def _linear(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    start, end = values["start_factor"], values["end_factor"]
    return start + (end - start) * np.minimum(t / (values["length"] or steps), 1.0)


def _polynomial(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    return (1.0 - np.minimum(t / (values["length"] or steps), 1.0)) ** values["power"]


def _inverse_sqrt(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    return np.sqrt(values["delay"] / (t + values["delay"]))


def _inverse(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    return values["delay"] / (t + values["delay"])


CONSTANT = Schedule(
    key="constant",
    name="Constant",
    summary="One rate from beginning to end.",
    own=(),
    formula="c_t = 1",
    paper="Robbins & Monro 1951, Ann. Math. Statist. 22, asks for rates that fall: eq. 6",
    form=_constant,
)
STEP = Schedule(
    key="step",
    name="Step",
    summary="Long stretches at one rate, then a drop: noise falls at each drop.",
    own=(
        Hyper("step_size", "ticks a step", "S", 0, 0, 500, "linear", (0, 1e6), help="0: a third of the run.", integer=True),
        Hyper("gamma", "drop", r"\gamma", 0.1, 0.01, 1.0, "linear", (0.0, 1.0), help="The rate is multiplied by this."),
    ),
    formula=r"c_t = <gamma>^{\lfloor t / S \rfloor}",
    paper="He et al. 2016, arXiv:1512.03385, section 4.2; form as torch.optim.lr_scheduler.StepLR",
    form=_step,
)
EXPONENTIAL = Schedule(
    key="exponential",
    name="Exponential",
    summary="The same small share of the rate is lost at every tick.",
    own=(
        Hyper("gamma", "decay", r"\gamma", 0.99, 0.9, 0.9999, "complement", (0.0, 1.0), help="The rate is multiplied by this every tick."),
    ),
    formula="c_t = <gamma>^t",
    paper="Szegedy et al. 2016, arXiv:1512.00567, section 8; form as torch.optim.lr_scheduler.ExponentialLR",
    form=_exponential,
)
LINEAR = Schedule(
    key="linear",
    name="Linear",
    summary="Falls along a straight line.",
    own=(
        Hyper("start_factor", "first factor", "c_0", 1.0, 0.0, 1.0, "linear", (0.0, 1.0), help="Share of the rate at the beginning."),
        Hyper("end_factor", "last factor", "c_T", 0.0, 0.0, 1.0, "linear", (0.0, 1.0), help="Share of the rate at the end."),
        length(),
    ),
    formula=r"c_t = <start_factor> + (<end_factor> - <start_factor>)\, \min(t/T, 1)",
    paper="torch.optim.lr_scheduler.LinearLR; Devlin et al. 2019, arXiv:1810.04805, appendix A.2",
    form=_linear,
)
POLYNOMIAL = Schedule(
    key="polynomial",
    name="Polynomial",
    summary="Falls to nothing, the more gently at its end the higher the power.",
    own=(Hyper("power", "power", "p", 2.0, 0.5, 5.0, "linear", (0.0, 20.0), help="1 is a straight line."), length()),
    formula=r"c_t = \left(1 - \min(t/T, 1)\right)^{<power>}",
    paper='Chen et al. 2017, arXiv:1606.00915, section 4.1 ("poly")',
    form=_polynomial,
)
INVERSE_SQRT = Schedule(
    key="inverse_sqrt",
    name="1/√t",
    summary="Falls quickly at first, then ever more slowly: the rate of the convex theory.",
    own=(_DELAY,),
    formula=r"c_t = \sqrt{\frac{<delay>}{t + <delay>}}",
    paper="Zinkevich 2003, ICML, theorem 1; with warm-up: Vaswani et al. 2017, arXiv:1706.03762, eq. 3",
    form=_inverse_sqrt,
)
INVERSE = Schedule(
    key="inverse",
    name="1/t",
    summary="Falls so fast that noise averages out: the rate of the strongly convex theory.",
    own=(_DELAY,),
    formula=r"c_t = \frac{<delay>}{t + <delay>}",
    paper="Robbins & Monro 1951, Ann. Math. Statist. 22, eq. 26; Bottou, Curtis & Nocedal 2018, arXiv:1606.04838, theorem 4.7",
    form=_inverse,
)
