"""Theory's curves over a tuning map: where the lowest minimum begins to repel, rate times largest curvature at the method's edge."""

import numpy as np

from optimizers.maps import Axis, Case
from optimizers.maps.bounds import curvatures
from pages.figures.rates import Edge
from pages.heat.payload import Curve
from pages.scene.payload import encode

POINTS = 65
RATE = "lr"


def edges(case: Case, x: Axis, y: Axis) -> list[Curve]:
    """The method's stability edge on the map; none where the method has none, or no axis is the rate."""
    rates = [axis for axis in (x, y) if (axis.kind, axis.key) == ("hyper", RATE)]
    if not rates or not _has_edge(case):
        return []
    rate, other = (x, y) if rates[0] is x else (y, x)
    if other.kind == "batch":
        return []  # a part of the data has curvatures of its own
    values = other.values(POINTS)
    limits = np.array([_limit(_at(case, other, float(value))) for value in values])
    if not np.isfinite(limits).any():
        return []
    if not ((limits >= rate.low) & (limits <= rate.high)).any():
        return []  # the edge is off the map
    points = np.column_stack([limits, values] if rate is x else [values, limits])
    return [{"label": case.method.edge_text, "points": encode(points), "exact": _quadratic(case)}]


def edge_of(case: Case) -> Edge | None:
    """The largest rate at which the method stays at the lowest minimum; None where theory has no such number."""
    if not _has_edge(case) or not np.isfinite(limit := _limit(case)):
        return None
    return Edge(limit, case.method.edge_text, _quadratic(case))


def _has_edge(case: Case) -> bool:
    off = case.schedule or case.around or case.batch or case.conditions.active
    return bool(case.method.edge and case.method.edge_text) and not off


def _quadratic(case: Case) -> bool:
    found = curvatures(case.problem)
    return bool(found and found[2])


def _at(case: Case, axis: Axis, value: float) -> Case:
    return case.having(axis.kind, {axis.key: int(value) if axis.kind == "batch" else value})


def _limit(case: Case) -> float:
    """The largest stable rate; NaN where there is no minimum, or where nobody knows how what pulls on the weights moves it."""
    minima, edge = case.problem.minima, case.method.edge
    if not minima.size or edge is None:
        return float("nan")
    largest = float(np.linalg.eigvalsh(case.problem.hessian(minima[:, 0]))[-1])
    if pull := _pull(case):
        largest = largest + pull if _quadratic(case) else float("nan")  # elsewhere the minimum moves to where the curvature is another
    return edge(dict(case.hypers)) / largest if largest > 0.0 else float("nan")


def _pull(case: Case) -> float:
    """What penalties add to every curvature. Decoupled decay does so for gradient descent alone: other methods do not see it."""
    decay = float(case.conditions.decay)
    own = float(dict(case.hypers).get(case.method.l2, 0.0))
    return own + float(case.conditions.l2) + (decay if case.method.plain or not decay else float("nan"))
