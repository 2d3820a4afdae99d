"""How noise leaves a saddle, in closed form: gradient descent at a constant rate, along a coordinate in which the gradient is linear.

With the curvature -|lambda| there, rho = 1 + lr |lambda| and Gaussian noise sigma, the coordinate at tick t is a sum of normal numbers, so
itself normal, with variance (lr sigma)^2 (rho^2t - 1) / (rho^2 - 1). Who is outside of a strip at tick t has left it by then: the share
outside is a lower bound for the share that has escaped, and all but equal to it, for the slope leads away and few come back.
"""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from statistics import NormalDist

import numpy as np

from landscape import Problem
from optimizers.conditions import Conditions
from optimizers.maps.bounds import GRID, SAME
from optimizers.maps.case import Case
from optimizers.maps.seeds import Region

MIDDLE = NormalDist().inv_cdf(0.75)  # half of a normal number's values lie this many deviations from its mean, or closer
FORMULA = (
    r"T_{1/2} = \frac{\ln\left(1 + (\rho^2 - 1) \left(\frac{r}{z \eta \sigma}\right)^2\right)}{2 \ln \rho} \approx "
    r"\frac{\ln(1/\sigma)}{\ln \rho} + \frac{\ln(r \sqrt{\rho^2 - 1} / (z \eta))}{\ln \rho}, \quad \rho = 1 + \eta |\lambda|"
)


@dataclass(frozen=True)
class Escape:
    """The law of a case's escape from a strip."""

    rho: float  # by how much a tick widens what there is
    outside: np.ndarray  # (steps + 1,): the share that is outside at every tick
    half: float  # the tick at which half of the runs are; infinite without noise, NaN for a start off the saddle
    growth: float  # ln(1/sigma) / ln(rho): the part of it that depends on the noise


def escape(case: Case, region: Region) -> Escape | None:
    """What theory knows of the runs of a case; None where its premises do not hold."""
    quiet = replace(case.conditions, noise=0.0) == Conditions()
    plain = case.method.plain and not dict(case.hypers).get(case.method.l2)
    if not plain or not quiet or case.schedule or case.around or case.batch or region.along == "both":
        return None
    number, centre = (0, region.x) if region.along == "x" else (1, region.y)
    curvature = _curvature(case.problem, number)
    if curvature is None or curvature >= 0.0:
        return None
    lr, noise = float(dict(case.hypers)["lr"]), float(case.conditions.noise)
    rho, ticks = 1.0 - lr * curvature, np.arange(case.steps + 1)
    off = float(case.problem.gradient(np.array(case.start))[number]) / curvature  # of the start, from the saddle
    aside = case.start[number] - off - centre  # of the saddle, from the strip's middle
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        spread = lr * noise * np.sqrt((rho ** (2.0 * ticks) - 1.0) / (rho**2 - 1.0))
        mean = aside + (off * rho**ticks if off else np.zeros(len(ticks)))
        outside = sum(_above((region.radius + sign * mean) / spread) for sign in (-1.0, 1.0))
    outside = np.nan_to_num(outside, nan=1.0)  # both beyond all numbers
    half, growth = math.nan, math.inf if noise == 0.0 else math.log(1.0 / noise) / math.log(rho)
    if not off and not aside:
        half = math.inf if noise == 0.0 else _half(rho, region.radius / (MIDDLE * lr * noise))
    return Escape(rho, outside, half, growth)


def _above(deviations: np.ndarray) -> np.ndarray:
    """The share of normal numbers above so many deviations."""
    return np.array([0.5 * math.erfc(value / math.sqrt(2.0)) for value in deviations])


def _half(rho: float, far: float) -> float:
    return math.log1p((rho**2 - 1.0) * far**2) / (2.0 * math.log(rho))


@lru_cache(maxsize=64)
def _curvature(problem: Problem, number: int) -> float | None:
    """The curvature along a coordinate, where it is the same everywhere and the other coordinate has no part in the slope."""
    if problem.lacks("hessian"):
        return None
    points = np.stack([grid.ravel() for grid in np.meshgrid(*(np.linspace(*side, GRID) for side in problem.domain))])
    hessian = problem.hessian(points)
    along, mixed = hessian[number, number], hessian[0, 1]
    size = float(np.abs(along).max())
    same = np.isfinite(size) and size > 0.0 and np.ptp(along) <= SAME * size and np.abs(mixed).max() <= SAME * size
    return float(along[0]) if same else None
