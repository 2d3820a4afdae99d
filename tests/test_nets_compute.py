"""Behind the nets page: addresses, training side by side, planes. Without Streamlit."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from landscape.nets import MLP, files
from optimizers.schedules import SCHEDULES
from optimizers.train import train
from pages.figures.lines import Line, Panel, lines
from pages.ui.experiment import Chosen
from pages.ui.jobs import Cancelled
from pages.ui.nets import sharpness, training
from pages.ui.nets.address import decode, encode, experiment_of, recipe
from pages.ui.nets.compute import drawing, plane_of, truths
from pages.ui.nets.contrast import LOW, by_promise, contrast, models, short
from pages.ui.nets.experiment import PRESETS, default_nets, moved_to, net_racer, with_net
from pages.ui.nets.kinds import KINDS
from pages.ui.nets.memory import Memory
from pages.ui.nets.present import curves_csv
from pages.ui.nets.tabs.answers import best, lowest
from pages.ui.nets.tabs.skips import DEEP, _title
from pages.ui.nets.take_home import weights_file
from pages.ui.nets.training import Alone, Crew, trained
from pages.ui.nets.words import plane_line, told
from tests.tools.figures import checked

pytestmark = pytest.mark.slow  # trained nets: minutes without the compiler
SMALL = replace(default_nets("moons"), steps=60)


def query(experiment):
    return {key: [value] if isinstance(value, str) else value for key, value in encode(experiment).items()}


def on_plane(**choice):
    return replace(SMALL, plane=replace(SMALL.plane, points=15, **choice))


# --- the address


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_survives_its_address(preset):
    assert decode(query(default_nets(preset))) == (default_nets(preset), ())


def test_all_that_can_be_chosen_survives_the_address():
    changed = replace(
        SMALL, model=MLP((7, 3), "relu", "layer", True, False, 0.25, "test", "he", 0.5), steps=123, batch=16, replacement=False, seed=7,
        selected=3, cursor=4,
        schedule=Chosen.default("cosine", SCHEDULES["cosine"]),
        line=(3, 1), plane=replace(on_plane(kind="random").plane, span=0.3, ends=(3, 1, 0)),
        view={"camera": [1.0] * 9, "surface": False},
    )  # fmt: skip
    assert decode(query(changed)) == (changed, ())


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        ({"preset": ["atlantis"]}, "preset"),
        ({"data": ["moons~noise~nan"]}, "noise"),
        ({"data": ["moons~colour~3"]}, "colour"),
        ({"net": ["mlp~widths~0_4"]}, "widths"),
        ({"net": ["perceiver"]}, "perceiver"),
        ({"net": ["mlp~widths~" + "_".join(["512"] * 30)]}, "weights"),
        ({"net": ["cnn"]}, "images"),
        ({"steps": ["0"]}, "steps"),
        ({"batch": ["9999"]}, "batch"),
        ({"racer": ["newton~0"], "net": ["mlp~widths~64"]}, "newton"),
        ({"plane": ["kind~sideways"]}, "sideways"),
        ({"plane": ["points~9999"]}, "points"),
        ({"line": ["0~99"]}, "line"),
        ({"line": ["0~5"]}, "the line joins other ends"),
        ({"plane": ["of~5"]}, "the plane goes through another end"),
        ({"plane": ["kind~solutions~ends~0_1_5"]}, "the plane goes through other ends"),
        ({"plane": ["kind~solutions~ends~0_1_1"]}, "3 racers expected"),
        ({"loss": ["<script>"]}, "loss"),
        ({"cursor": ["9999"]}, "cursor"),
    ],
)
def test_what_is_wrong_in_an_address_falls_back_with_a_word(bad, word):
    experiment, notes = decode(bad)
    assert any(word in note for note in notes)
    assert experiment.problem.split.train.x.size


def test_a_recipe_is_all_that_decides_on_the_plane():
    chosen = replace(on_plane(kind="pca_one", of=2), view={"surface": False}, cursor=3)
    found, notes = experiment_of(recipe(chosen))
    assert found.drawn == chosen.drawn and not notes and found.view == {} and found.cursor is None


@pytest.mark.parametrize("racer", ["evil", "adam~9"])
def test_where_no_racer_of_an_address_can_be_read_the_presets_own_stand_in(racer):
    found, notes = decode({"preset": ["bogus"], "net": ["mlp~widths~9999999_9999999"], "racer": [racer]})
    assert found.racers == default_nets().racers and "The preset's own racers stand in." in notes
    assert decode({"racer": ["none"]})[0].racers == ()


def test_who_cannot_train_another_net_stays_behind():
    tiny = with_net(SMALL, model=MLP((2,)))
    assert not tiny.racers[0].method.unfit(tiny.landscape)
    newton = tiny.with_racer(net_racer(tiny.problem, "newton", 4))
    assert "newton" not in {racer.optimizer for racer in moved_to(newton, "digits").racers}


# --- training


def test_a_racer_learns_what_train_alone_gives_it():
    records = trained(SMALL)
    for racer in SMALL.racers:
        alone = train(SMALL.problem, racer.method, SMALL.steps, **SMALL.terms(racer), **racer.values)
        np.testing.assert_array_equal(records[racer.slot].training.weights, alone.weights)


def test_the_gradient_norm_at_a_snapshot_is_that_of_all_the_data():
    record = trained(SMALL)[0]
    gradient = SMALL.problem.gradient(record.training.weights[5])
    assert record.gradient[5] == pytest.approx(np.linalg.norm(gradient), rel=1e-12)


def test_a_pause_changes_no_weight(monkeypatch):
    case = replace(SMALL, seed=11)
    whole = {slot: record.training.weights for slot, record in trained(case).items()}
    monkeypatch.setattr(training, "MEMORY", Memory(1e9))
    crew, left = Crew(case.trained), [9]

    def tire() -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        list(crew.work(Alone(tire)))
    assert 0 < crew.fraction < 1
    *_, records = crew.work(Alone())
    for slot, weights in whole.items():
        np.testing.assert_array_equal(records[slot].training.weights, weights)


def test_what_takes_long_is_not_begun_unasked(monkeypatch):
    monkeypatch.setattr(training, "MEMORY", Memory(1e9))
    monkeypatch.setattr(training, "seconds_a_tick", lambda problem, batch: 10.0)
    crew = Crew(SMALL.trained)
    assert list(crew.work(Alone())) == [] and crew.refused
    crew.allowed = True
    *_, records = crew.work(Alone())
    assert set(records) == {0, 1, 2, 3}


def test_how_far_a_crew_is_may_be_asked_before_it_begins():
    crew = Crew(SMALL.trained)
    assert crew.fraction == 0.0 and crew.records == {}


def test_batch_norm_with_one_sample_says_what_to_change():
    one = with_net(SMALL, params=(1.0, 0.1, 50.0, 0.0), model=MLP((4,), norm="batch"))
    with pytest.raises(ValueError, match="2 or more"):
        trained(one)


def test_memory_keeps_the_newest_within_its_limit():
    memory = Memory(10, len)
    memory.put("a", "12345")
    memory.put("b", "12345")
    memory.get("a")
    memory.put("c", "12345")
    assert (memory.get("a"), memory.get("b"), memory.get("c")) == ("12345", None, "12345")


# --- planes


@pytest.mark.parametrize("kind", KINDS)
def test_the_centre_of_a_plane_is_the_trained_net(kind):
    case = on_plane(kind=kind, of=1)
    plane, record = plane_of(case), trained(case)[1 if kind != "solutions" else 0]
    row, column = np.flatnonzero(plane.ys == 0), np.flatnonzero(plane.xs == 0)
    assert plane.z.shape == (15, 15) and np.isfinite(plane.z).all()
    assert plane.z[row, column].item() == pytest.approx(record.training.train_loss[-1], rel=1e-5)


def test_a_plane_through_three_solutions_goes_through_those_that_were_chosen():
    case, records = on_plane(kind="solutions", ends=(2, 3, 0)), trained(SMALL)
    *_, drawn = drawing(case, records, Alone())
    ends = {slot: seen.coordinates[-1] for slot, seen in drawn.paths.items()}
    assert ends[2] == pytest.approx([0, 0], abs=1e-9) and ends[3][1] == pytest.approx(0, abs=1e-9) and ends[3][0] > 0
    assert all(drawn.paths[slot].distance[-1] < 1e-9 for slot in (0, 2, 3)) and drawn.paths[1].distance[-1] > 1e-3
    assert plane_line(case, drawn).startswith("The plane through the ends of RMSProp, at (0, 0), Adam and Gradient descent.")


def test_who_diverged_is_stood_in_for():
    case, records = on_plane(kind="solutions", ends=(3, 0, 2)), trained(SMALL)
    records = records | {3: replace(records[3], training=replace(records[3].training, diverged_at=9))}
    *_, drawn = drawing(case, records, Alone())
    words = plane_line(case, drawn)
    assert "ends of Gradient descent, at (0, 0), RMSProp and Momentum" in words and "Adam diverged and took no part" in words
    with pytest.raises(ValueError, match="three racers that did not diverge; there are 2"):
        list(drawing(case, {slot: records[slot] for slot in (0, 1, 3)}, Alone()))


@pytest.mark.parametrize(("measure", "value"), [("validation", "validation_loss"), ("error", "train_accuracy")])
def test_a_plane_of_another_measure_shows_it(measure, value):
    plane = plane_of(on_plane(measure=measure))
    expected = getattr(trained(SMALL)[0].training, value)[-1]
    centre = plane.z[plane.ys == 0][:, plane.xs == 0].item()
    assert centre == pytest.approx(1 - expected if measure == "error" else expected, rel=1e-4)


def test_with_a_penalty_the_plane_is_higher_by_half_of_it_times_the_squared_weights():
    case = on_plane(measure="penalised")
    case = replace(case, conditions=replace(case.conditions, l2=0.02))
    record = trained(case)[0]
    centre = plane_of(case).z[plane_of(case).ys == 0][:, plane_of(case).xs == 0].item()
    assert centre == pytest.approx(record.training.train_loss[-1] + 0.01 * np.square(record.training.final).sum(), rel=1e-4)


def test_the_first_picture_is_coarse_and_the_last_is_whole():
    pictures = list(drawing(on_plane(), trained(SMALL), Alone()))
    shares = [one.surface.computed.mean() for one in pictures]
    assert shares[0] < 0.2 and shares == sorted(shares) and [one.whole for one in pictures] == [False] * (len(pictures) - 1) + [True]


def test_truth_is_the_loss_of_the_weights_and_of_their_shadow():
    case, records = on_plane(kind="random"), trained(SMALL)
    *_, drawn = drawing(case, records, Alone())
    for one in truths(case, records, drawn, 7):
        weights = records[one.slot].training.weights[7]
        shadow = drawn.plane.at(drawn.plane.project(weights).coordinates[0])
        assert one.loss == pytest.approx(SMALL.problem.value(weights), rel=1e-5)
        assert one.under == pytest.approx(SMALL.problem.value(shadow), rel=1e-5)
        assert one.distance == pytest.approx(np.linalg.norm(weights - shadow), rel=1e-6)


CURVE = replace(default_nets("curve"), steps=60)  # squared errors have no ceiling


def test_who_diverges_takes_no_part_in_laying_the_plane_and_is_named():
    wild = CURVE.with_racer(CURVE.racers[1].with_value("lr", 1e4))
    records = trained(wild)
    assert records[1].diverged
    *_, drawn = drawing(replace(wild, plane=on_plane(of=1).plane), records, Alone())
    assert drawn.missing == ("Momentum",) and drawn.centre == 0 and np.isfinite(drawn.heights).all()
    assert "Diverged at evaluation" in told(wild, wild.racers[1], records[1], drawn.paths[1])


def test_when_all_diverge_at_once_it_is_said_who_when_and_what_would_help():
    lost = replace(CURVE, racers=tuple(racer.with_value("lr", 1e5) for racer in CURVE.racers[:2]))
    records = trained(lost)
    with pytest.raises(ValueError, match="There is no plane to draw") as found:
        list(drawing(lost, records, Alone()))
    for racer in lost.racers:
        gone, advised = records[racer.slot].training.diverged_at, lost.problem.recommended[racer.optimizer]["lr"]
        assert f"{racer.name} diverged after {gone} evaluations. Lower its learning rate, 100000" in str(found.value)
        assert f"the preset recommends {advised:g}." in str(found.value)


@pytest.mark.parametrize("kind", KINDS)
def test_when_all_diverge_a_plane_round_the_last_finite_weights_is_drawn_and_others_say_why_not(kind):
    lost = replace(CURVE, racers=(CURVE.racers[0].with_value("lr", 1e5),), plane=on_plane(kind=kind).plane)
    if kind in ("random", "hessian"):
        assert np.isfinite(plane_of(lost).z).any()
        return
    with pytest.raises(ValueError, match="Gradient descent diverged after"):
        plane_of(lost)


def test_the_curves_axis_ends_where_a_diverging_racer_would_flatten_the_others():
    def panel(*values):
        return Panel("", "", "", [Line("a", "#111111", "circle", np.arange(3), np.array(values), ringed=1)], "log", ceiling=1e3)

    wild, tame = (checked(lines(panel(*values))).layout.yaxis for values in ((1.0, 0.1, 1e32), (1.0, 0.1, 10.0)))
    assert wild.range[1] == 3.0 and -1.3 < wild.range[0] < -1.0 and tame.range is None
    assert checked(lines(Panel("", "", "", panel(1.0, 0.1, 1e32).lines, "log"))).layout.yaxis.dtick == 5  # 33 decades, at most 7 numbers
    ring = checked(lines(panel(1.0, 0.1, 10.0))).data[1]
    assert (ring.x.tolist(), ring.y.tolist(), ring.marker.symbol) == ([1], [0.1], "circle-open")


def test_the_ring_stands_where_one_should_have_stopped():
    """The page's preset for it; 40 evaluations of AdamW in `test_one_should_have_stopped_early`."""
    case = default_nets("overfit")
    racer = net_racer(case.problem, "adamw", 0)
    case = replace(case, racers=(racer,), steps=200)
    record = trained(case)[0]
    t, at = record.training, best(record)
    assert 20 <= t.ticks[at] <= 70 and t.validation_loss[at] == t.validation_loss.min() < t.validation_loss[-1]
    (words,) = lowest([(racer, record)], lambda racer: racer.name)
    assert f"AdamW {t.validation_loss[at]:.3g} after {t.ticks[at]} evaluations (it ended at {t.validation_loss[-1]:.3g})" in words
    assert best(replace(record, over=False)) is None and lowest([(racer, replace(record, over=False))], lambda racer: racer.name) == []


# --- what is taken home


def test_the_csv_has_a_row_a_snapshot_to_the_last_digit():
    records = trained(SMALL)
    *_, drawn = drawing(on_plane(), records, Alone())
    rows = list(csv.DictReader(io.StringIO(curves_csv(SMALL, records, drawn).decode())))
    assert len(rows) == 4 * (SMALL.snapshots + 1)
    last = rows[SMALL.snapshots]
    assert float(last["train_loss"]) == records[0].training.train_loss[-1] and int(last["evaluations"]) == SMALL.steps
    assert float(last["distance_from_plane"]) == drawn.paths[0].distance[-1]


def test_the_weights_file_gives_back_the_weights():
    record = trained(SMALL)[3]
    content = weights_file(SMALL, SMALL.racers[3], record)
    np.testing.assert_array_equal(files.load(content, SMALL.problem.layout), record.training.final)


# --- sharpness


def test_the_curvature_along_a_path_is_the_hessians():
    tiny = replace(with_net(SMALL, model=MLP((3,))), racers=SMALL.racers[:1])
    records = trained(tiny)
    *_, found = sharpness.along(tiny, records, Alone())
    exact = np.linalg.eigvalsh(tiny.problem.hessian(records[0].training.final))
    np.testing.assert_allclose(found[0].top[-1], exact[::-1][:2], rtol=1e-3)
    assert found[0].edge == 2 / tiny.racers[0].values["lr"]


def test_variants_differ_in_skips_and_normalisation():
    found = models(MLP((8, 8), norm="layer"))
    assert {(one.skip, one.norm) for one in found.values()} == {(a, b) for a in (True, False) for b in ("none", "layer")}


@pytest.fixture(scope="module")
def deep():
    """The variants of the page's deep net, by name, as gradient descent trains them with the preset's advice."""
    case = with_net(default_nets("moons"), model=DEEP)
    *_, found = contrast(replace(case, selected=0), Alone())
    return {one.name: one for one in found}


def ends(variant):
    return variant.record.training.train_loss[-1]


def test_in_a_deep_net_skips_and_normalisation_make_the_difference(deep):
    """Measured: .693 (untrained: .700), .016, .110, .040. Adam, and momentum at seed 1, give the same order of losses."""
    bare, skips, norm, both = (deep[name] for name in ("no skips, no normalisation", "skips, no normalisation",
                                                       "no skips, batch norm", "skips, batch norm"))  # fmt: skip
    assert ends(bare) > 0.69 and bare.low == 0.0 and np.ptp(bare.loss) < 0.1  # a plain of one height, on which it has not moved
    assert ends(skips) < 0.5 * ends(norm) < 0.25 * ends(bare) and ends(both) < 0.5 * ends(norm)
    assert skips.low > 0.05 and both.low > 0.05
    assert both.saddle < 0.7 * norm.saddle


def test_what_stands_under_a_variants_picture_is_what_it_says(deep):
    one = deep["skips, no normalisation"]
    assert one.low == np.mean(one.loss < LOW * one.record.training.train_loss[0])
    assert one.loss[15, 15] == pytest.approx(ends(one), rel=1e-5)


def test_each_variant_has_the_rate_with_the_lowest_loss_after_a_part_of_the_budget():
    (racer, *_), ends = SMALL.racers, {}
    for factor in (1.0, 0.3, 0.1, 0.03):
        one = racer.with_value("lr", factor * racer.values["lr"])
        ends[one.values["lr"]] = train(SMALL.problem, racer.method, short(SMALL.steps), **SMALL.terms(one) | one.values).train_loss[-1]
    found = [one.values["lr"] for one in by_promise(replace(SMALL, racers=(racer,)), Alone())]
    assert found == sorted(ends, key=ends.get) and short(SMALL.steps) == 6


def test_a_variant_that_diverges_at_every_rate_has_no_picture_and_says_so():
    wild = CURVE.racers[0].with_value("lr", 1e6)
    *_, found = contrast(replace(CURVE, racers=(wild,), selected=wild.slot), Alone())
    bare = found[0]
    assert bare.record is None and not np.isfinite(bare.loss).any() and "diverged" in _title(bare)


def test_hessian_directions_are_the_training_losses_whatever_is_drawn():
    """With batch norm the validation loss offers no curvature."""
    normed = replace(with_net(SMALL, model=MLP((4,), norm="batch")), plane=on_plane(kind="hessian", measure="validation").plane)
    plane = plane_of(normed)
    expected = trained(normed)[0].training.validation_loss[-1]
    assert plane.z[plane.ys == 0][:, plane.xs == 0].item() == pytest.approx(expected, rel=1e-4)
    assert "training data" in plane.words
