"""What theory says on a map: edges of stability, and where nobody knows one."""

import base64
from dataclasses import replace

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers import Conditions
from optimizers.maps import axis_of, robustness, tuning
from pages.figures.rates import Tried, rates_figure
from pages.ui.experiment import default_experiment, racer_on
from pages.ui.maps.cases import case_of
from pages.ui.maps.choice import opening
from pages.ui.maps.theory import edge_of, edges

pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler


def test_theorys_edge_is_where_runs_begin_to_diverge():
    """On a quadratic the edge is exact: no run below it diverges, and none well above it survives."""
    racing = opening()[0]
    case = case_of(racing, racing.racers[0])
    x, y = axis_of(case, "hyper.lr", 1e-3, 0.2), axis_of(case, "hyper.momentum", 0.0, 0.9)
    sheet = tuning(case, x, y, 48, 12)
    largest = np.linalg.eigvalsh(case.problem.hessian(case.problem.minima[:, 0]))[-1]
    assert largest == pytest.approx(100.0)
    edge = 2 * (1 + sheet.ys) / largest  # Polyak 1964
    diverged = (sheet.status == 2) | (sheet.status == 3)
    assert not diverged[sheet.xs[None, :] < 0.98 * edge[:, None]].any()
    assert diverged[sheet.xs[None, :] > 1.2 * edge[:, None]].all()
    (curve,) = edges(case, x, y)
    points = np.frombuffer(base64.b64decode(curve["points"]), "<f4").reshape(-1, 2)
    assert np.allclose(points[:, 0], 2 * (1 + points[:, 1]) / largest, rtol=1e-5)


@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov"])
def test_the_strip_of_rates_has_theorys_edge_where_it_is(key):
    """Row 18: on a quadratic nothing above 2 / L, 2(1 + beta) / L, ... works, and nothing below it diverges."""
    experiment = default_experiment("ravine")
    case = case_of(experiment, racer_on(experiment.base, key, 0))
    edge, found = edge_of(case), robustness(replace(case, steps=3000))
    assert edge.quadratic and edge.text == case.method.edge_text
    assert not found.diverged[found.rates < edge.rate].any() and found.diverged[found.rates > 1.01 * edge.rate].all()
    assert found.works[found.rates < edge.rate][-1] and not found.works[found.rates > edge.rate].any()
    (line,) = [trace for trace in rates_figure([Tried("", "#000000", "circle", found, edge)]).data if trace.mode == "lines+text"]
    assert set(line.x) == {edge.rate} and edge.text in line.text[0]
    assert "color" not in line.textfont.to_plotly_json(), "the formula is in the theme's colour of text, which is read on any ground"


def limits_of(curve):
    return np.frombuffer(base64.b64decode(curve["points"]), "<f4").reshape(-1, 2)


@pytest.mark.parametrize(("key", "pull"), [("sgd", "condition.l2"), ("sgd", "condition.decay"), ("momentum", "condition.l2")])
def test_theorys_edge_moves_with_what_pulls_on_the_weights(key, pull):
    """An L2 penalty adds its strength to every curvature; decoupled decay does so for gradient descent."""
    experiment = default_experiment("ravine")
    case = replace(case_of(experiment, racer_on(experiment.base, key, 0)), steps=3000)
    x, y = axis_of(case, "lr", 1e-3, 0.1), axis_of(case, pull, 1.0, 100.0)
    sheet, (curve,) = tuning(case, x, y, 200, 9), edges(case, x, y)
    edge = np.interp(np.log(sheet.ys), np.log(limits_of(curve)[:, 1]), limits_of(curve)[:, 0])[:, None]
    gone = np.isin(sheet.status, (2, 3))
    assert edge[-1] < 0.6 * edge[0] and curve["exact"]
    assert not gone[sheet.xs < 0.99 * edge].any() and gone[sheet.xs > 1.01 * edge].all()


def test_there_is_no_edge_where_nobody_knows_it():
    experiment = default_experiment("ravine")
    momentum = case_of(experiment, racer_on(experiment.base, "momentum", 0))
    assert not edges(momentum, axis_of(momentum, "lr"), axis_of(momentum, "condition.decay"))
    on_data = default_experiment("line_fit")
    fit = case_of(on_data, racer_on(on_data.base, "sgd", 0))
    assert not edges(fit, axis_of(fit, "lr"), axis_of(fit, "batch"))
    curved = default_experiment("rosenbrock")
    penalised = case_of(curved, racer_on(curved.base, "sgd", 0)).having("hyper", {"weight_decay": 1.0})
    assert edge_of(penalised) is None  # the penalty moves the minimum to another curvature
    plain = case_of(curved, racer_on(curved.base, "sgd", 0))
    (curve,) = edges(plain, axis_of(plain, "lr"), axis_of(plain, "parameter.b"))
    assert not curve["exact"]


def test_there_is_no_edge_where_theory_has_none():
    experiment = default_experiment("ravine")
    plain = case_of(experiment, racer_on(experiment.base, "sgd", 0))
    assert edge_of(replace(plain, conditions=Conditions(noise=0.1))) is None and edge_of(replace(plain, schedule=("cosine", ()))) is None
    assert edge_of(case_of(experiment, racer_on(experiment.base, "adam", 0))) is None
    assert edge_of(replace(plain, landscape="saddle", params=(), start=PROBLEMS["saddle"].start)) is None
    assert not edge_of(replace(plain, landscape="rosenbrock", params=(), start=PROBLEMS["rosenbrock"].start)).quadratic
