"""Slices of trained nets on the race page: recipes, the cache on disk, races on them, and those against training in full space."""

import pickle
import subprocess
import sys
import zipfile
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
import torch

from landscape import slice_file
from landscape.slice import Slice
from optimizers import OPTIMIZERS, Conditions
from optimizers.maps import Case, axes
from optimizers.maps.sheet import STATUS, Ends
from pages.ui import present, slices
from pages.ui.address import decode, encode
from pages.ui.compute import race
from pages.ui.experiment import default_experiment, moved_to, problem_of, racer_on
from pages.ui.fields import written
from pages.ui.maps.cases import case_of
from pages.ui.nets.address import recipe
from pages.ui.nets.apart import beyond, parted
from pages.ui.nets.experiment import default_nets
from pages.ui.nets.slices import race_address, recipe_of, release, released
from pages.ui.nets.training import Alone
from pages.ui.present import paths_csv, race_data, surface_data
from pages.ui.words import sentence

KEYS = ("sgd", "adam")


def small(**changes):
    """Moons for 60 ticks; a plane of 21 x 21 points."""
    nets = default_nets("narrow_moons")
    racers = tuple(racer for racer in nets.racers if racer.optimizer in KEYS)
    chosen = {"steps": 60, "racers": racers, "plane": replace(nets.plane, points=21, of=racers[0].slot)}
    return replace(nets, **chosen | changes)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path / "cache"))
    slices._made.clear()


@pytest.fixture(scope="module")
def found():
    return release(small())


def listed(query):
    return {key: [value] if isinstance(value, str) else list(value) for key, value in query.items()}


def opened(nets):
    """The race that the link of a nets page opens, through a URL."""
    return decode(parse_qs(urlencode(race_address(nets), doseq=True), keep_blank_values=True))


# --- recipes


def test_a_recipe_survives_a_browser_unescaped():
    text = recipe_of(small())
    assert urlencode({"slice": text}) == f"slice={text}"
    assert slices.recipe(slices.query(text)) == text


def test_the_link_opens_the_same_race_on_any_copy(found):
    experiment, notes = opened(small())
    assert notes == ()
    assert experiment.problem == found.land and experiment.start == found.land.start and experiment.steps == 60
    assert experiment.racers == small().racers
    slices._made.clear()
    assert decode(listed(encode(experiment))) == (experiment, ())


def test_a_recipe_leaves_out_what_does_not_decide():
    looked_at = small(cursor=3, selected=3, view={"levels": "linear"})
    assert recipe_of(looked_at) == recipe_of(small())
    assert recipe_of(replace(small(), seed=1)) != recipe_of(small())


def test_what_the_racers_descend_is_in_the_slice():
    """The training loss whatever the nets page shows; with its L2 penalty, which the race then does not add once more."""
    shown = small(plane=replace(small().plane, measure="validation_error"), conditions=Conditions(l2=0.1, noise=0.2))
    assert released(shown).plane.measure == "penalised" and released(small()).plane.measure == "train"
    made, weights = release(shown), np.square(release(shown).records[0].training.final).sum()
    centre = made.land.values[made.land.ys == 0][:, made.land.xs == 0].item()
    assert centre == pytest.approx(made.records[0].training.train_loss[-1] + 0.05 * weights, rel=1e-5)
    assert opened(shown)[0].conditions == Conditions(noise=0.2)


@pytest.mark.parametrize("kind", ["random", "hessian"])
def test_a_step_on_the_slice_is_as_long_as_in_weight_space(kind):
    made = release(small(plane=replace(small().plane, kind=kind)))
    np.testing.assert_allclose([np.linalg.norm(made.plane.u), np.linalg.norm(made.plane.v)], 1.0, rtol=1e-12)
    at = np.array([made.land.xs[4], made.land.ys[15]])
    assert made.ground.training.at(made.plane.at(at))[0] == pytest.approx(made.land.values[15, 4], rel=1e-5)


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"landscape": ["slice"], "slice": ["preset~atlantis"]}, "preset = atlantis was not used"),
        ({"landscape": ["slice"], "slice": ["rubbish"]}, "no recipe of a slice"),
        ({"landscape": ["slice"], "slice": [recipe_of(small()).replace("lr~", "lr~x")]}, "lr = x"),
        ({"landscape": ["slice"], "slice": ["preset~moons--racer~none"]}, "Nobody trains"),
        ({"landscape": ["slice"], "slice": ["x" * 10_000]}, "too long"),
    ],
)
def test_a_broken_recipe_falls_back_with_a_word(query, word):
    experiment, notes = decode(query)
    assert experiment.landscape == "rosenbrock" and experiment.racers
    assert len(notes) == 1 and word in notes[0]
    assert slices.work(query["slice"][0]) is None  # it is known to be broken, and nothing is begun for it again


def test_unknown_parts_of_a_recipe_are_no_recipe():
    assert decode({"landscape": ["slice"]})[0].landscape == "rosenbrock"


def test_nets_that_diverged_give_no_slice():
    nets = default_nets("curve")
    wild = tuple(racer.with_value("lr", 1e6) for racer in nets.racers if racer.optimizer == "sgd")
    experiment, notes = opened(replace(nets, steps=20, racers=wild))
    assert experiment.landscape == "rosenbrock" and notes[0].startswith("slice = preset~curve")


# --- kept on disk


def test_a_slice_is_kept_for_other_processes(found, monkeypatch):
    text = recipe_of(small())
    slices.put(text, found.land)
    slices._made.clear()
    monkeypatch.setattr(slices, "_make", lambda *_: pytest.fail("it was made again"))
    assert slices.work(text) is None
    again = slices.made(text)
    assert again == found.land and again.recommended == found.land.recommended and again.start == found.land.start


def test_a_kept_slice_opens_without_torch(found, tmp_path):
    slices.put(recipe_of(small()), found.land)
    code = (
        "import sys\nfrom pages.ui.address import decode\n"
        f"experiment, notes = decode({listed(race_address(small()))!r})\n"
        "assert experiment.landscape == 'slice' and not notes and 'torch' not in sys.modules, (notes, experiment.landscape)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_damaged_and_hostile_files_are_made_again(found, tmp_path):
    text = recipe_of(small())
    slices.put(text, found.land)
    (file,) = (tmp_path / "cache" / "slices").glob("*.npz")
    whole = file.read_bytes()

    class Bomb:
        def __reduce__(self):
            return open, (str(tmp_path / "mark"), "w")

    with zipfile.ZipFile(tmp_path / "bomb", "w") as archive:
        for name in ("xs", "ys", "values", "about"):
            archive.writestr(f"{name}.npy", b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (), }"
                             + b" " * 58 + b"\n" + pickle.dumps(Bomb()))  # fmt: skip
    for content in (b"", whole[:100], whole[:-10], b"PK" + whole[2:50], (tmp_path / "bomb").read_bytes()):
        with pytest.raises(ValueError, match="no file of a slice"):
            slice_file.unpack(content)
        file.write_bytes(content)
        assert slice_file.find(slices._key(text)) is None
    assert not (tmp_path / "mark").exists()
    slices._made.clear()
    assert slices.made(text) == found.land and slice_file.find(slices._key(text)) == found.land


def test_only_the_newest_files_are_kept(found, monkeypatch, tmp_path):
    monkeypatch.setattr(slice_file, "KEPT", 3)
    for number in range(6):
        slice_file.keep(str(number), found.land)
    assert len(list((tmp_path / "cache" / "slices").iterdir())) == 3


def test_a_folder_that_cannot_be_written_is_no_error(found, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("RAVINE_CACHE", str(tmp_path / "file"))
    slice_file.keep("key", found.land)


# --- the race on it


def test_who_leaves_the_slice_has_left_it(found):
    experiment = opened(small())[0]
    fast = replace(experiment, racers=(experiment.racers[0].with_value("lr", 1e4),))
    one = race(fast)[0]
    assert one.facts.fate == "left" and one.run.status == "diverged"
    assert "left the slice at tick" in sentence(one.facts, fast.problem, 1e-3).lower()
    assert race_data(fast, race(fast), 0)["racers"][0]["fate"] == "left the slice"


def test_a_last_step_over_the_frame_counts():
    land = Slice("Test", np.linspace(-1, 1, 9), np.linspace(-1, 1, 9), np.add.outer(np.zeros(9), np.linspace(-1, 1, 9)), (0.0, 0.0))
    experiment = replace(opened(small())[0], steps=1, start=(0.0, 0.0))
    run = OPTIMIZERS["sgd"]
    from optimizers import descend
    from optimizers.story import fate

    gone = descend(land, run, (0.0, 0.0), 1, lr=5.0)
    assert gone.diverged_at == 1 and fate(land, gone) == "left" and experiment.steps == 1
    assert descend(land, run, (0.0, 0.0), 1, lr=0.5).status == "running"


def test_a_hole_is_told_from_the_frame():
    from optimizers import descend
    from optimizers.story import fate

    values = np.add.outer(np.zeros(9), np.linspace(-1, 1, 9))
    values[:, 2] = np.nan
    land = Slice("Test", np.linspace(-1, 1, 9), np.linspace(-1, 1, 9), values, (0.5, 0.0))
    assert fate(land, descend(land, OPTIMIZERS["sgd"], (0.5, 0.0), 50, lr=0.1)) == "hole"


def test_a_slice_that_falls_to_its_frame_has_its_floor_there():
    x = np.linspace(-1, 1, 21)
    land = Slice("Test", x, x, np.cos(3 * x) + 0.5 * x + np.square(x)[:, None], (0.5, 0.5))
    assert land.lowest == pytest.approx(min(np.cos(3) - 0.5, land.value(land.minima).min(initial=np.inf)), abs=1e-12)
    assert land.lowest <= land.grid(101, 101)[2].min() + 1e-3


def test_the_lowest_of_a_frame_is_no_minimum_in_the_picture(monkeypatch):
    """A slope with a hollow beside it: the key has a name of its own for where the frame is lowest."""
    x = np.linspace(-2, 2, 41)
    values = 0.1 * (x + 1) ** 2 + np.square(x)[:, None] - np.where(x > 1, (x - 1) ** 2, 0.0)
    monkeypatch.setattr(present, "seen_of", lambda *asked: Slice("Fall", x, x, values, (0.5, 0.5)))
    points = present._surface.__wrapped__("slice", "", (), 0.0, True)["points"]
    assert [(point["kind"], point["x"]) for point in points] == [("minimum", pytest.approx(-1, abs=1e-3)), ("edge", 2)]
    assert points[1]["label"] == "lowest of the frame, at its edge"


def test_advice_of_a_slice_is_what_trained_the_net(found):
    fresh = default_experiment("slice", recipe_of(small()))
    trained = {racer.optimizer: racer.values for racer in small().racers}
    assert {racer.optimizer: racer.values for racer in fresh.racers if racer.optimizer in trained} == trained
    away = moved_to(fresh, "rosenbrock")
    assert away.landscape == "rosenbrock" and away.text == ""


def test_exports_of_a_slice(found):
    experiment = opened(small())[0]
    assert len(paths_csv(experiment).splitlines()) == 1 + 2 * 61
    surface = surface_data(experiment)
    assert surface["x"] == [found.land.xs[0], found.land.xs[-1]] and surface["lowest"] == found.land.lowest


def test_the_picture_may_include_the_penalty(found):
    query = listed(race_address(small())) | {"conditions": ["l2~0.5"], "penalty": ["1"]}
    experiment, notes = decode(query)
    assert notes == () and experiment.seen == found.land.penalised(0.5) != experiment.problem
    assert (
        race(experiment).keys() == {racer.slot for racer in experiment.racers} and surface_data(experiment)["quantity"] == "loss + penalty"
    )


def test_methods_without_their_matrix_are_left_out_with_a_word(found):
    query = listed(race_address(small())) | {"racer": ["kfac~0~lr~1.0", "newton~1"]}
    experiment, notes = decode(query)
    assert [racer.optimizer for racer in experiment.racers] == ["newton"] and "kfac" in notes[0]


def test_there_are_no_batches_on_a_slice(found):
    query = listed(race_address(small())) | {"batch": ["8~1"]}
    experiment, notes = decode(query)
    assert experiment.batch == 0 and "no data" in notes[0] and experiment.problem.samples == 0


@pytest.mark.slow
def test_maps_of_a_slice(found):
    """A case carries the slice itself, also to another process, and its runs are the race's."""
    experiment = opened(small())[0]
    case = case_of(experiment, experiment.racers[0])
    there = pickle.loads(pickle.dumps(case))
    assert there == case and hash(there) == hash(case) and there.problem == found.land
    assert "batch" not in [axis.key for axis in axes(there)]
    np.testing.assert_array_equal(there.run().path, race(experiment)[experiment.racers[0].slot].run.path)
    gone = replace(there, hypers=(("lr", 1e4),)).run(start=np.array([[0.0, 0.1], [0.0, 0.1]]), keep="final")
    assert [STATUS[one] for one in Ends.of(gone, there.problem).status] == ["left", "left"]
    with pytest.raises(ValueError, match="no landscape"):
        Case("slice", "sgd", (0.0, 0.0), 10)


# --- against full space


def test_the_share_of_a_gradient_out_of_the_plane(found):
    u, v = found.plane.u, found.plane.v
    out = np.random.default_rng(0).standard_normal(len(u))
    basis = np.linalg.qr(np.stack([u, v], axis=1))[0]
    out -= basis @ (basis.T @ out)
    assert beyond(found.plane, 3 * u - 2 * v) == pytest.approx(0, abs=1e-12)
    assert beyond(found.plane, out) == pytest.approx(1)
    assert beyond(found.plane, 3 * basis[:, 0] + 4 * out / np.linalg.norm(out)) == pytest.approx(0.8)
    assert np.isnan(beyond(found.plane, np.zeros(len(u))))


def test_racing_on_the_slice_against_training_in_full_space(found):
    """The figures are those of the trainings and of the race that the link opens; of a net whose path lies in the plane they agree."""
    ((*_, all_of_it),) = [list(parted(small(), Alone()))]
    experiment = opened(small())[0]
    outcomes = race(experiment)
    for one in all_of_it.racers:
        training = found.records[one.slot].training
        assert (one.full.first, one.full.last) == (training.train_loss[0], training.train_loss[-1])
        assert one.full.length == pytest.approx(
            sum(np.linalg.norm(b - a) for a, b in zip(training.weights, training.weights[1:], strict=False))
        )
        run = outcomes[one.slot].run
        assert one.slice.last == run.loss[np.isfinite(run.loss)][-1] and one.slice.over == run.diverged_at
        gradient = first_gradient(small())
        assert one.beyond[0] == pytest.approx(beyond(found.plane, gradient), abs=1e-4)


def first_gradient(nets):
    module = nets.problem.module()  # at the initial weights
    x, y = torch.tensor(nets.problem.split.train.x), torch.tensor(nets.problem.split.train.y)
    torch.nn.functional.cross_entropy(module(x), y).backward()
    return torch.cat([p.grad.reshape(-1) for p in module.parameters()]).numpy()


def test_who_cannot_run_on_a_slice_says_why():
    nets = default_nets("fisher")
    kfac = racer_on(nets.landscape, "kfac", 0)
    ((*_, made),) = [list(parted(replace(nets, steps=20, racers=(kfac,), plane=replace(nets.plane, points=11)), Alone()))]
    assert made.racers[0].slice is None and "Hessian" in made.racers[0].reason


def test_recipes_of_all_presets_are_read_back():
    from pages.ui.nets.address import experiment_of
    from pages.ui.nets.experiment import PRESETS

    for preset in PRESETS:
        nets = default_nets(preset)
        words = [written(value) for value in vars(nets.model).values() if isinstance(value, str)]
        assert experiment_of(recipe(nets)) == (nets.drawn, ()) and "+" not in recipe(nets) and all(word in recipe(nets) for word in words)


def test_problem_of_a_slice_takes_no_parameters(found):
    assert problem_of("slice", recipe_of(small()), ()) == found.land
