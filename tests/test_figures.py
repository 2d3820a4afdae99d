"""Figures that skip Plotly's check of every property go through it here."""

import json

import numpy as np
import plotly.graph_objects as go
import plotly.io
import pytest
from plotly.tools import return_figure_from_figure_or_data

from pages.figures.boundary import boundary, fit
from pages.figures.lines import Line, Panel, lines
from pages.figures.look import symbol
from pages.figures.spec import Spec
from pages.ui.marks import MARKS
from tests.tools.figures import checked

XS = YS = np.linspace(-1, 1, 5)
CHANCES = np.stack([np.full((5, 5), 0.3), np.full((5, 5), 0.7)])
POINTS, LABELS = np.array([[0.5, -0.5], [0.1, 0.2]]), np.array([0, 1])
LINE = Line("a", "#111111", "plus", np.arange(20), np.linspace(1, 2, 20), dashed=True, low=np.zeros(20), high=np.full(20, 3.0), ringed=4)


def test_a_property_that_plotly_does_not_have_is_found():
    with pytest.raises(ValueError, match="colour"):
        checked(Spec([{"type": "scatter", "line": {"colour": "red"}}], {}))


def test_streamlit_sends_what_was_given():
    spec = fit(XS, XS, XS, XS, "A fit", "#112233")
    sent = json.loads(plotly.io.to_json(return_figure_from_figure_or_data(spec, validate_figure=True), validate=False))
    assert sent["layout"]["title"]["text"] == "A fit" and sent["layout"]["template"]["layout"] and len(sent["data"]) == 2


def test_a_net_that_is_not_finite_leaves_a_hole():
    chances = CHANCES.copy()
    chances[:, 2, 3] = np.nan
    figure = checked(boundary(XS, YS, chances, POINTS, LABELS, "Adam: 50%", "#112233"))
    sure = figure.data[1].z
    assert np.isnan(sure[2, 3]) and np.isnan(sure).sum() == 1 and np.isnan(figure.data[0].z).all()
    assert [trace.x.tolist() for trace in figure.data[2:]] == [[0.5], [0.1]]
    assert list(figure.layout.xaxis.range) == [-1, 1] and figure.layout.title.text == "Adam: 50%"


def test_every_racers_marker_is_one_of_plotlys():
    """The scene's cross lies on its side: Plotly calls that x, and its own plus a cross."""
    for mark in MARKS:
        go.Scatter(marker={"symbol": symbol(mark.marker)})
    assert [symbol(marker) for marker in ("cross", "plus", "star")] == ["x", "cross", "star"]


def test_a_fit_leaves_room_round_its_samples():
    figure = checked(fit(XS, np.array([0, 1, np.nan, 3, 4.0]), XS, 2 * XS, "A", "#112233"))
    assert np.isnan(figure.data[1].y[2]) and list(figure.layout.yaxis.range) == pytest.approx([-3.2, 3.2])


def test_lines_have_their_bars_ring_cursor_and_level():
    figure = checked(lines(Panel("Loss", "evaluations", "J", [LINE], "log", levels=[(1.5, "edge", "#00ff00")], cursor=3.0)))
    curve, ring = figure.data
    assert curve.error_y.array.tolist() == (3.0 - LINE.y).tolist() and curve.error_y.arrayminus.tolist() == LINE.y.tolist()
    assert curve.marker.symbol == "cross" and curve.line.dash == "dot" and ring.x.tolist() == [4]
    level, cursor = figure.layout.shapes
    assert (level.y0, level.y1, cursor.x0, cursor.x1) == (1.5, 1.5, 3.0, 3.0)
    title, name = figure.layout.annotations
    assert title.text == "Loss" and name.y == pytest.approx(np.log10(1.5))  # on a logarithmic axis a note's place is its exponent
    assert (figure.layout.xaxis.title.text, figure.layout.yaxis.title.text, figure.layout.yaxis.type) == ("evaluations", "J", "log")


def test_a_loss_that_hardly_changes_has_numbers_beside_it():
    """From .285 to .297 lies no 1, 2 or 5, and a logarithmic axis had no number at all."""
    x = np.linspace(0.285, 0.297, 9)
    for low, high in ((0.285, 0.297), (0.99, 1.01), (3.0, 4.9), (1e-7, 1.3e-7)):
        values = low + (high - low) * (x - x[0]) / np.ptp(x)
        axis = checked(lines(Panel("", "way", "", [Line("straight line", "#808a8a", "", x, values)], "log"))).layout.yaxis
        inside = [value for value in axis.tickvals if low <= value <= high]
        assert 2 <= len(inside) == len(axis.tickvals) <= 6, (low, high, axis.tickvals)


def test_a_line_that_is_no_racers_has_no_marker():
    x = np.arange(3.0)
    figure = lines(Panel("Way", "way", "", [Line("straight line", "#808a8a", "", x, x), Line("Momentum", "#d9480f", "square", x, x)]))
    assert [trace["mode"] for trace in figure.to_plotly_json()["data"]] == ["lines", "lines+markers"]
