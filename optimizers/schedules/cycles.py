"""Schedules made of cosines: half a wave, waves that restart, and up and down once."""

from collections.abc import Mapping

import numpy as np

from optimizers.optimizer import Hyper
from optimizers.schedules.schedule import Schedule, length

Values = Mapping[str, float]

_MIN = Hyper("eta_min", "lowest factor", r"c_{\min}", 0.0, 0.0, 1.0, "linear", (0.0, 1.0), help="Share of the rate at the lowest point.")


def _half_wave(share: np.ndarray) -> np.ndarray:
    """From 1 at share 0 to 0 at share 1."""
    return (1.0 + np.cos(np.pi * share)) / 2.0


def _cosine(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    low = values["eta_min"]
    return low + (1.0 - low) * _half_wave(np.minimum(t / (values["length"] or steps), 1.0))


def _warm_restarts(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    low, mult = values["eta_min"], values["t_mult"]
    period = values["t_0"] or np.ceil(steps / (1.0 + mult + mult**2))
    begin, share = 0.0, np.empty_like(t)
    while begin < len(t):
        share[int(begin) : int(begin + period)] = np.arange(min(period, len(t) - begin)) / period
        begin, period = begin + period, period * mult
    return low + (1.0 - low) * _half_wave(share)


def _one_cycle(t: np.ndarray, steps: int, values: Values) -> np.ndarray:
    total = values["length"] or steps
    peak, end = values["pct_start"] * total - 1.0, total - 1.0
    first = 1.0 / values["div_factor"]
    last = first / values["final_div_factor"]
    wave = (lambda share: 1.0 - share) if values["straight"] else _half_wave
    down = last + (1.0 - last) * wave(np.clip((t - peak) / (end - peak), 0.0, 1.0))
    return np.where(t < peak, 1.0 + (first - 1.0) * wave(t / peak), down) if peak > 0.0 else down


COSINE = Schedule(
    key="cosine",
    name="Cosine",
    summary="Stays high for long, falls through the middle, ends gently.",
    own=(_MIN, length()),
    formula=r"c_t = <eta_min> + (1 - <eta_min>)\, \tfrac{1}{2} \left(1 + \cos(\pi \min(t/T, 1))\right)",
    paper="Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5, without restarts",
    form=_cosine,
)
WARM_RESTARTS = Schedule(
    key="warm_restarts",
    name="Warm restarts",
    summary="Cosines one after another: each restart throws the iterate out of where it had settled.",
    own=(
        Hyper(
            "t_0",
            "first period",
            "T_0",
            0,
            0,
            500,
            "linear",
            (0, 1e6),
            help="Ticks. 0: so long that three periods fill the run.",
            integer=True,
        ),
        Hyper(
            "t_mult",
            "growth of periods",
            r"T_{\text{mult}}",
            2,
            1,
            4,
            "linear",
            (1, 10),
            help="Each period is so many times the last.",
            integer=True,
        ),
        _MIN,
    ),
    formula=(
        r"c_t = <eta_min> + (1 - <eta_min>)\, \tfrac{1}{2} \left(1 + \cos(\pi\, t_{\text{cur}} / T_i)\right), "
        r"\quad T_{i+1} = <t_mult>\, T_i"
    ),
    paper="Loshchilov & Hutter 2017, arXiv:1608.03983, eq. 5",
    form=_warm_restarts,
)
ONE_CYCLE = Schedule(
    key="one_cycle",
    name="1-cycle",
    summary="Up to the base rate and down again, far below where it began.",
    own=(
        Hyper("pct_start", "share of the way up", "p", 0.3, 0.05, 0.95, "linear", (0.0, 0.99), help="Where the base rate is reached."),
        Hyper("div_factor", "peak over first rate", "d", 25.0, 1.0, 100.0, "log", (1.0, 1e6), help="The first rate is the peak over this."),
        Hyper(
            "final_div_factor", "first over last", "e", 100.0, 1.0, 1e4, "log", (1e-6, 1e9), help="The last one is the first over this."
        ),
        Hyper(
            "straight", "shape", "", 0, 0, 1, "switch", (0, 1), help="Half waves, or straight lines as in the paper.",
            options=("cosine", "straight lines"), forms=(r"\tfrac{1}{2}(1 - \cos \pi s)", "s"),
        ),
        length(),
    ),
    formula=(
        r"c_t: \ \tfrac{1}{<div_factor>} \to 1 \to \tfrac{1}{<div_factor> \cdot <final_div_factor>}, "
        r"\quad \text{peak at } <pct_start>\, T, \quad \text{share of the way } <straight>"
    ),
    paper="Smith & Topin 2018, arXiv:1708.07120, section 3; form as torch.optim.lr_scheduler.OneCycleLR",
    form=_one_cycle,
)  # fmt: skip
