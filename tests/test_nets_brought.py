"""A file of weights brought to the nets page: good ones, ones of another net, damaged, hostile and too large ones."""

import io
import pickle
from dataclasses import replace

import numpy as np
import pytest
import torch

from landscape.nets import MLP, PRESETS, files
from optimizers.examples import EXAMPLES
from pages.scene.payload import decode as decode_floats
from pages.ui.nets.address import decode, encode
from pages.ui.nets.compute import drawing
from pages.ui.nets.experiment import default_nets, left_behind, net_racer, with_example, with_net
from pages.ui.nets.judged import Weighed, distances, marks, place, scores, shipped
from pages.ui.nets.tabs.files import tensors
from pages.ui.nets.training import Alone, trained
from tests.test_nets_files import Bomb
from tests.test_nets_page import experiment, message, opened, settled, tab, widget

PROBLEM = replace(PRESETS["moons"], seed=0)


def content(weights, layout=PROBLEM.layout, path=None):
    files.save(path, layout, weights)
    return path.read_bytes()


# --- what is said of it


@pytest.fixture(scope="module")
def seen():
    base = default_nets("moons")
    small = replace(base, steps=30, racers=tuple(net_racer(base.problem, key, i) for i, key in enumerate(("sgd", "adam"))),
                    plane=replace(base.plane, points=11))  # fmt: skip
    records = trained(small)
    *_, drawn = drawing(small, records, Alone())
    return small, records, drawn


def test_a_racers_own_weights_are_where_it_ended(seen):
    small, records, drawn = seen
    end = records[1].training
    assert distances(records, end.final)[1] == 0 and distances(records, end.final)[0] > 0
    found, own = place(small, drawn, end.final), scores(small.problem, end.final)
    assert (found.x, found.y) == pytest.approx(drawn.paths[1].coordinates[-1], abs=1e-9) and found.inside
    assert found.truth.loss == pytest.approx(end.train_loss[-1], rel=1e-5)
    assert float(own.validation_accuracy) == pytest.approx(end.validation_accuracy[-1])
    (one,) = marks(small, drawn, [Weighed("Mine", "mine", end.final), Weighed("Another net's", "", np.ones(3))])
    assert one == {"x": found.x, "y": found.y, "z": found.truth.loss, "kind": "mark", "label": "mine"}


def test_the_distance_from_the_plane_is_what_no_point_of_it_can_undo(seen):
    small, _, drawn = seen
    weights = np.random.default_rng(0).normal(size=small.problem.n)
    basis = np.stack([drawn.plane.u, drawn.plane.v], axis=1)
    _, left, *_ = np.linalg.lstsq(basis, weights - drawn.plane.origin)
    assert place(small, drawn, weights).truth.distance == pytest.approx(np.sqrt(left[0]))


def test_weights_that_are_no_numbers_are_nowhere(seen):
    small, _, drawn = seen
    bad = np.full(small.problem.n, np.nan)
    assert not place(small, drawn, bad).inside
    assert np.isnan([scores(small.problem, bad).train_loss, scores(small.problem, bad).validation_accuracy]).all()


def test_it_is_said_what_a_file_must_hold():
    assert tensors(PROBLEM.layout).startswith("82 weights in 4 tensors, ") and "and 2 more" not in tensors(PROBLEM.layout)
    assert "more" in tensors(PRESETS["resnet"].layout)


# --- on the page


def brought(app, name, data):
    tab(app, "nets/tab", "Files")
    app.file_uploader[0].set_value((name, data, "application/octet-stream"))
    app.run()
    assert not app.exception
    return app


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["safetensors", "pt"])
def test_a_file_of_this_net_is_judged_and_marked(tmp_path, kind):
    app = opened(racer=["sgd~0", "adam~1"])
    weights = app.session_state["nets/crew"].records[1].training.final
    if kind == "pt":
        stream = io.BytesIO()
        torch.save(PROBLEM.trained(weights).state_dict(), stream)
        data = stream.getvalue()
    else:
        data = content(weights, path=tmp_path / "net")
    brought(app, f"mine.{kind}", data)
    point = message(app, "ravine_scene_surface")["points"][0]
    end = decode_floats(message(app)["racers"][1]["path"]).reshape(-1, 2)[-1]
    assert (point["kind"], point["label"]) == ("mark", "your file") and (point["x"], point["y"]) == pytest.approx(end, rel=1e-5)
    assert message(app)["surface"] == message(app, "ravine_scene_surface")["key"]
    rows = next(one.value for one in app.markdown if one.value.startswith("| Weights |")).split("\n")
    own, _, adam = rows[2:]
    assert (
        own.split("|")[2:4] == adam.split("|")[2:4]
        and "%)" in own
        and adam.endswith("| 0 |")
        and any("mine" in one.value for one in app.text)
    )
    assert not any("mine" in value for values in app.query_params.values() for value in values)
    widget(app.button, "nets/put_away").click().run()
    assert message(app, "ravine_scene_surface")["points"] == [] and not app.text


@pytest.mark.slow
def test_files_that_cannot_be_used_are_refused_with_a_sentence_and_run_nothing(tmp_path):
    app, mark_ = opened(), tmp_path / "mark"
    good = content(PROBLEM.start, path=tmp_path / "net")
    other = content(np.zeros(PRESETS["spirals"].n), PRESETS["spirals"].layout, tmp_path / "other")
    torch.save({"a": Bomb(mark_)}, tmp_path / "bomb.pt")
    for name, data, words in (
        ("other.safetensors", other, "of another net"),
        ("cut.safetensors", good[:-20], "cannot be read as weights"),
        ("empty.pth", b"", "cannot be read as weights"),
        ("bomb.pt", (tmp_path / "bomb.pt").read_bytes(), "cannot be read as weights"),
        ("bomb.pth", pickle.dumps(Bomb(mark_)), "cannot be read as weights"),
        ("large.pt", b"\0" * (files.LARGEST + 1), "larger than 20 MB"),
    ):
        brought(app, name, data)
        assert words in app.error[0].value and "82 weights" in app.error[0].value and not mark_.exists(), name
        assert message(app)["racers"] and "points" in message(app, "ravine_scene_surface")
    brought(app, "good.safetensors", good)
    assert not app.error and app.text


@pytest.mark.slow
def test_weights_that_are_not_finite_are_named_and_not_marked(tmp_path):
    app = brought(opened(), "nan.safetensors", content(np.full(PROBLEM.n, np.nan), path=tmp_path / "net"))
    assert "finite" in app.warning[0].value and message(app, "ravine_scene_surface")["points"] == []


@pytest.mark.slow
def test_another_net_lets_the_file_go_with_a_word_and_more_samples_do_not(tmp_path):
    app = brought(opened(), "net.safetensors", content(PROBLEM.start, path=tmp_path / "net"))
    tab(app, "nets/panel", "Net")
    widget(app.number_input, "nets/param/moons/samples/box").set_value(100).run()
    assert experiment(app).problem.dataset.parameter_values["samples"] == 100 and app.text
    widget(app.text_input, "nets/model/widths/exact").set_value("5").run()
    assert experiment(app).model == MLP((5,)) and "put away" in app.warning[0].value and not app.text


# --- those that are shipped


@pytest.mark.parametrize("key", EXAMPLES)
def test_a_shipped_net_opens_with_its_preset_from_any_other_and_survives_the_address(key):
    found = with_example(default_nets("xor"), key)
    assert found.preset == EXAMPLES[key].preset and found.example == key and len(shipped(key).weights) == found.problem.n
    again, notes = decode({name: [value] if isinstance(value, str) else value for name, value in encode(found).items()})
    assert again == found and not notes
    assert found.drawn == with_example(found, "").drawn  # it is looked at: nobody is trained anew for it


def test_another_net_puts_the_shipped_one_away_and_says_so():
    found = with_example(default_nets("moons"), "moons_adam")
    other = with_net(found, model=MLP((5,)))
    assert other.example == "" and "“Two moons, by Adam” is of the net before" in left_behind(found, other)
    assert with_net(found, params=(100.0, *found.params[1:])).example == "moons_adam"
    _, notes = decode({"preset": ["xor"], "example": ["moons_adam"]})
    assert any("of another net" in note for note in notes)
    assert any("example = mars" in note for note in decode({"example": ["mars"]})[1])


@pytest.mark.slow
def test_a_link_shows_a_shipped_net_beside_the_racers():
    """It was trained as the preset's Adam is: it ends where that one does."""
    app = tab(opened(preset="moons", steps="400", example="moons_adam"), "nets/tab", "Files")
    point = message(app, "ravine_scene_surface")["points"][0]
    end = decode_floats(message(app)["racers"][3]["path"]).reshape(-1, 2)[-1]
    assert point["label"] == "Two moons, by Adam" and (point["x"], point["y"]) == pytest.approx(end, abs=1e-4)
    words = " ".join(one.value for one in app.markdown)
    assert "`python -m optimizers.examples moons_adam`" in words and "for 400 evaluations" in words
    assert "moons_adam" in str(app.query_params["example"])
    widget(app.selectbox, "nets/example").set_value("digits").run()
    app = settled(app)
    assert experiment(app).preset == "digits" and experiment(app).example == "digits"
    widget(app.selectbox, "nets/example").set_value("").run()
    assert message(settled(app), "ravine_scene_surface")["points"] == [] and "example" not in app.query_params
