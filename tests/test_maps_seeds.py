"""The room of seeds without a browser: what is compared, in which region, and what is counted."""

import json
import re
from dataclasses import replace

import pytest

from pages.ui.experiment import default_experiment
from pages.ui.maps.choice import Choice, Compared
from pages.ui.maps.lots import lots
from pages.ui.maps.seeds_words import chance
from tests.tools.on_maps import experiment, finished, opened
from tests.tools.racing import widget

pytestmark = pytest.mark.slow  # whole maps and trained nets: minutes without the compiler


def test_seeds_need_something_random_and_a_button_adds_it():
    app = opened(map="seeds", landscape="sharp_flat", racer="sgd", runs="200")
    assert any("random" in info.value for info in app.info)
    finished(next(button for button in app.button if button.key == "map/noise").click().run())
    assert experiment(app).conditions.noise == 0.5 and len(app.get("plotly_chart")) == 5


def test_what_theory_says_of_the_mean_is_a_click_away():
    app = opened(map="seeds")
    assert not any("theory" in each.label for each in app.expander)
    finished(next(button for button in app.button if "1/(μt)" in button.label).click().run())
    words = " ".join(each.value for each in app.markdown)
    ratio = re.search(r"E\[f\] μ T / σ² = ([\d.]+)", words)
    assert ratio and 0.47 < float(ratio[1]) < 0.53 and "theorem 4.7" in words
    drawn = [trace.get("name", "") for chart in app.get("plotly_chart") for trace in json.loads(chart.proto.spec)["data"]]
    assert sum(name.startswith("upper bound") for name in drawn) == 2 and "law: σ²/(2μt)" in drawn


def test_whose_weights_decay_alike_is_a_click_away():
    """Row 35, on the page: the mean of 1,000 runs, .946 / 0 with the penalty, .601 / .606 decoupled."""
    app = opened(map="seeds", landscape="pure_noise")
    words = " ".join(each.value for each in app.markdown)
    assert "batches of 1 sample" in words and len(app.get("plotly_chart")) == 2  # its loss is 0 everywhere: nothing to be drawn of that
    means = re.findall(r"(Adam\w?) \|[^\n]*\(([\d.e-]+), ([\d.e-]+)\)", words)
    assert [name for name, *_ in means] == ["Adam", "AdamW"]
    (_, *l2), (_, *decoupled) = means
    assert [float(number) for number in l2] == pytest.approx([0.946, 0.0], abs=0.03)
    assert [float(number) for number in decoupled] == pytest.approx([0.601, 0.606], abs=0.03)


def test_noise_that_leaves_the_sharp_well_is_a_click_away():
    """Row 7, on the page, and in the address that it leads to."""
    app = opened(map="seeds")
    finished(next(button for button in app.button if "sharp well" in button.label).click().run())
    words = " ".join(each.value for each in app.markdown)
    shares = {noise: float(share) for noise, share in re.findall(r"gradient noise ([\d.]+) \|.*?begin outside \| ([\d.]+) %", words)}
    assert shares == {"6": pytest.approx(28, abs=5), "3": pytest.approx(81, abs=5), "1.5": pytest.approx(0, abs=5)}
    assert "|x - 1.5| ≤ 1.2" in words
    query = app.query_params
    assert query["region"] == "1.5~0.0~1.2~x" and query["compare"] == "condition.noise~6.0~3.0~1.5"
    assert not any("nan" in word or "e-3" in word for word in bars(app)), "labels of minima are snapped to 0"


def bars(app):
    """What is written below the bars of the minima."""
    specs = [json.loads(chart.proto.spec) for chart in app.get("plotly_chart")]
    return next(spec["data"][0]["x"] for spec in specs if spec["data"][0]["type"] == "bar")


def test_every_run_is_counted_once_among_the_minima():
    app = opened(map="seeds", landscape="rastrigin", racer="sgd~0~lr~0.01", conditions="noise~20", runs="100")
    words = bars(app)
    assert len(words) == 8 and words[-2:] == ["others", "none of them"]
    spec = next(s for s in (json.loads(c.proto.spec) for c in app.get("plotly_chart")) if s["data"][0]["type"] == "bar")
    assert sum(float(text.split()[0]) for text in spec["data"][0]["text"]) == pytest.approx(100, abs=4), "in whole percents"


def test_the_region_and_what_is_compared_can_be_chosen():
    app = opened(map="seeds", landscape="sharp_flat", racer="sgd", conditions="noise~1", runs="100")
    widget(app.selectbox, "map/region").set_value("x").run()
    widget(app.number_input, "map/region/radius").set_value(0.4).run()
    widget(app.selectbox, "map/compare").set_value("hyper.lr").run()
    finished(widget(app.text_input, "map/compared").set_value("0.01 0.1").run())
    assert app.query_params["region"].endswith("~0.4~x") and app.query_params["compare"] == "hyper.lr~0.01~0.1"
    assert "learning rate 0.1" in " ".join(each.value for each in app.markdown)
    for text, word in (("", "give numbers"), ("a", "not a number"), ("1 2 3 4 5 6 7", "7 values")):
        widget(app.text_input, "map/compared").set_value(text).run()
        assert any(word in note for note in app.session_state["address_notes"]) and app.query_params["compare"] == "hyper.lr~0.01~0.1"
    widget(app.number_input, "map/region/radius").set_value(-1.0).run()
    assert any("radius above 0" in note for note in app.session_state["address_notes"])


def test_what_is_random_is_said_of_all_that_is_compared():
    racing = replace(default_experiment("line_fit"), racers=default_experiment("line_fit").racers[:1], batch=8)
    assert chance(lots(racing, Choice(compared=Compared("batch.batch", (1.0, 8.0, 64.0))))) == "batches of 1, 8, 64 samples"
    assert chance(lots(racing, Choice(compared=Compared("condition.noise", (0.0, 0.5))))) == "noise 0, 0.5, batches of 8 samples"
    assert chance(lots(replace(racing, batch=1), Choice())) == "batches of 1 sample"


def test_what_cannot_be_compared_says_why():
    for compare, word in (("hyper.wings~1", "cannot vary"), ("hyper.beta1~0.5", "Gradient descent has no"), ("hyper.lr~-1", "lr")):
        app = opened(map="seeds", racer=["sgd", "adam"], landscape="himmelblau", conditions="noise~1", compare=compare)
        assert any(word in error.value for error in app.error), [error.value for error in app.error]
