"""Theory's curves over a tuning map: where the lowest minimum begins to repel, rate times largest curvature at the method's edge."""

import numpy as np

from optimizers.maps import Axis, Case
from pages.heat.payload import Curve
from pages.scene.payload import encode

POINTS = 65
RATE = "lr"


def edges(case: Case, x: Axis, y: Axis) -> list[Curve]:
    """The method's stability edge on the map; none where the method has none, or no axis is the rate."""
    edge = case.method.edge
    rates = [axis for axis in (x, y) if (axis.kind, axis.key) == ("hyper", RATE)]
    if edge is None or not case.method.edge_text or not rates or case.schedule or case.around or case.conditions.active:
        return []
    rate, other = (x, y) if rates[0] is x else (y, x)
    values = other.values(POINTS)
    limits = np.array([_limit(case, other, float(value)) for value in values])
    if not np.isfinite(limits).any():
        return []
    points = np.column_stack([limits, values] if rate is x else [values, limits])
    return [{"label": case.method.edge_text, "points": encode(points)}]


def _limit(case: Case, axis: Axis, value: float) -> float:
    """The largest stable rate at a value of the other axis; NaN where there is no minimum."""
    case = case.having(axis.kind, {axis.key: int(value) if axis.kind == "batch" else value})
    minima, edge = case.problem.minima, case.method.edge
    if not minima.size or edge is None:
        return float("nan")
    largest = float(np.linalg.eigvalsh(case.problem.hessian(minima[:, 0]))[-1])
    return edge(dict(case.hypers)) / largest if largest > 0.0 else float("nan")
