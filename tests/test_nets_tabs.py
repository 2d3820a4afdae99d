"""The tabs of many starts, true losses and batch sizes on the page itself, without a browser."""

import json

import pytest

from tests.test_nets_page import opened, settled, tab, widget

pytestmark = pytest.mark.slow  # trained nets: minutes without the compiler
TWO = {"racer": ["sgd~0~lr~1", "adam~1~lr~0.05"]}


def figures(app):
    return [json.loads(one.proto.spec) for one in app.get("plotly_chart")]


def words(app):
    return " ".join(one.value for one in [*app.markdown, *app.caption, *app.info])


def test_many_starts_are_drawn_by_width_and_told():
    app = tab(opened(**TWO), "nets/tab", "Many starts")
    widget(app.number_input, "nets/starts/count").set_value(4)
    settled(app.run())
    assert "of 4" in words(app) and "16 units (on screen)" in words(app) and "30 units" in words(app)
    (figure,) = figures(app)
    assert len(figure["data"]) == 4 * 2 * 2  # widths 2, 3, 16 and 30; two racers; training and validation
    before = words(app)
    widget(app.slider, "nets/starts/share").set_value(1.0)
    settled(app.run())
    assert "0 of 4" in words(app) and words(app) != before


def test_what_takes_long_is_said_before_it_is_begun():
    app = opened(preset="digits", steps="20000", racer=["adam~0~lr~0.02"])
    app = tab(app, "nets/tab", "Many starts")
    assert "evaluations each: about" in words(app) and widget(app.button, "nets/ask/starts")
    assert not figures(app)


def test_true_losses_are_drawn_all_along_the_paths():
    app = tab(opened(**TWO), "nets/tab", "True loss")
    (figure,) = figures(app)
    drawn = [trace for trace in figure["data"] if trace["name"] != "distance"]
    assert {trace["name"] for trace in drawn} == {"the racer's own", "the plane's, under it"}
    assert "all along the paths" in words(app) and "upright line is the cursor" in words(app)


def test_batch_sizes_are_compared_when_asked_for():
    app = tab(opened(**TWO), "nets/tab", "Sharpness")
    assert "4 seeds each: about" in words(app)
    widget(app.button, "nets/ask/batches").click()
    settled(app.run())
    assert "Batches of 8 → all" in words(app) and "generalisation" in words(app)
    assert any(title["text"] == "samples seen" for figure in figures(app) for title in figure["layout"]["annotations"])
