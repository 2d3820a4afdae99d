"""What the race page says and draws of the step at the cursor."""

import json
import re

import numpy as np

from pages.figures.dust import brushed
from pages.scene.payload import decode
from tests.tools.racing import message, opened, play, widget


def test_the_selected_racers_gradient_travels_along_and_what_clipping_left_of_it():
    def sent(app):
        return [[racer[name] is not None for name in ("slope", "clipped")] for racer in message(app)["racers"]]

    app = opened(racer=["sgd~0~lr~0.2", "adam~1", "nelder_mead~2"], landscape="cliff", steps="100")
    assert sent(app) == [[False, False]] * 3
    assert sent(play(app, view={"queries": True})) == [[True, False], [False, False], [False, False]]
    app = opened(racer=["sgd~0~lr~0.2", "adam~1", "nelder_mead~2"], landscape="cliff", steps="100", conditions="clip_value~0.5")
    assert sent(app) == [[True, True], [False, False], [False, False]]
    slope, clipped, path = (decode(message(app)["racers"][0][name]).reshape(-1, 2) for name in ("slope", "clipped", "path"))
    assert np.allclose(clipped, np.clip(slope, -0.5, 0.5)) and np.allclose(np.diff(path, axis=0), -0.2 * clipped, atol=1e-6)
    assert np.abs(slope).max() > 1
    widget(app.radio, "selected").set_value(2).run()
    assert sent(app) == [[False, False]] * 3  # it asks for no gradient, so there is none to draw


def test_the_step_at_the_cursor_is_there_in_numbers():
    """Syllabus row 12: 0.1 times the gradient of (x**2 + y**2)/2 at (-1.5, 1.2)."""
    app = opened(landscape="bowl", racer=["sgd~0~lr~0.1"], cursor="0")
    app.session_state["fold/step"] = True
    text = " ".join(one.value for one in app.run().latex)
    assert r"g_{0} = (-1.5,\; 1.2)" in text and r"\theta_{1} = (-1.5,\; 1.2) + (0.15,\; -0.12) = (-1.35,\; 1.08)" in text
    app = opened(landscape="bowl", racer=["sgd~0~lr~0.1"], cursor="0", conditions="clip_value~1.0")
    app.session_state["fold/step"] = True
    assert r"\text{clipped to } (-1,\; 1)" in " ".join(one.value for one in app.run().latex)


def test_what_rounding_leaves_of_a_zero_is_0_on_the_card_and_in_the_step():
    """Nesterov's first step at rate 1/L takes the steep coordinate to 0 but for rounding; small numbers among their like stay."""
    app = opened(lesson="look_ahead")
    app.session_state["fold/step"] = True
    text = " ".join(one.value for one in app.run().latex)
    assert r",\; 0)" in text and not re.search(r"10\^{-(1[5-9]|[2-9]\d)}", text)
    domain = ((-2.0, 2.0), (-2.0, 2.0))
    assert brushed(np.array([1e-20, 3e-21]), domain).tolist() == [1e-20, 3e-21] and brushed(np.array([1.0, 1e-12]), domain)[1] == 1e-12


def test_a_diverged_step_has_no_numbers():
    app = opened(landscape="bowl", racer=["sgd~0~lr~9.0"], steps="500")
    app.session_state["fold/step"] = app.session_state["fold/batches"] = True
    app.run()
    assert not app.exception and any("diverged by tick" in one.value for one in app.caption)


def test_mini_batch_gradients_at_the_cursor():
    app = opened(landscape="line_fit", racer=["sgd~0"], batch="8~0", cursor="5")
    app.session_state["fold/batches"] = True
    app.run()
    assert not app.exception
    names = [[trace["name"] for trace in json.loads(one.proto.spec)["data"]] for one in app.get("plotly_chart")]
    assert names == [
        ["one batch", "their mean", "all the data"],
        ["distance", "expected, 1 / \u221ak"],
        ["σ² / B · (N − B) / (N − 1)", "measured"],
    ]
    words = next(one.value for one in app.caption if "batches of 8" in one.value)
    assert "without replacement" in words and "standard errors" in words and "slope" in words
    plain = opened(landscape="rosenbrock")
    assert not any("Mini-batch" in one.label for one in plain.expander)
