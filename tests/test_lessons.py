"""Lessons: every link is whole, and what its words say is what its race does."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from optimizers import Batches, Conditions, descend
from optimizers.minibatches import cloud
from pages.lessons.race import LESSONS
from pages.ui.address import decode, encode, lesson_of
from pages.ui.claims import verdicts
from pages.ui.compute import inside, race, run_of, slopes
from pages.ui.elsewhere import elsewhere
from pages.ui.experiment import Experiment, default_experiment, moved_to
from pages.ui.gallery import lessons
from pages.ui.maps.presets import PRESETS
from pages.ui.measured import measured
from tests.tools.racing import experiment, opened

ROOT = Path(__file__).parents[1]
ROWS = {*range(12, 49), 52, *range(58, 63)}  # of the syllabus, that are about a race
ELSEWHERE = {19, 39}  # on the page Maps: a bound over seeds, and the scoreboard


class Shown:
    """What a lesson's race comes to, by slot."""

    def __init__(self, experiment: Experiment) -> None:
        self.experiment, self.outcomes = experiment, race(experiment)

    def facts(self, slot=0):
        return self.outcomes[slot].facts

    def path(self, slot=0):
        return self.outcomes[slot].run.path

    def loss(self, slot=0):
        return self.outcomes[slot].run.loss

    def median(self, slot=0):
        return self.outcomes[slot].fan.median

    def reached(self):
        return [outcome.facts.reached for outcome in self.outcomes.values()]

    def inside(self, slot=0):
        return inside(replace(self.experiment, selected=slot, view={"inside": True}))

    def over_seeds(self, count, slot=0):
        """Runs over seeds, (steps + 1, 2, count)."""
        return run_of(self.experiment.setup, self.experiment.racer(slot), np.arange(count)).path

    def having(self, **fields):
        return Shown(replace(self.experiment, **fields))


def step(shown):
    at, to = shown.path()[:2]
    return to - at == pytest.approx(-0.15 * shown.experiment.problem.gradient(at)) and to - at != pytest.approx(-0.15 * at)


def edge(shown):
    best, below, above = (np.abs(shown.path(slot)[-1, 1]) for slot in range(3))
    return best < below == pytest.approx(4e-5, rel=0.05) and above == pytest.approx(2e4, rel=0.05)


def batches(shown):
    """After as many samples as one step on all of them, single samples are far ahead; at the last tick they are behind."""
    full, single = shown.loss(0), shown.loss(2)
    lowest = shown.experiment.problem.lowest
    return (single[200] - lowest < 0.05 * (full[1] - lowest)) and single[-1] > shown.loss(1)[-1] > full[-1]


def unbiased(shown):
    problem, at = shown.experiment.problem, shown.path()[10]
    found = cloud(problem, at, Batches(16), 0)
    return found.error[-1] < 3 and found.measured == pytest.approx(found.variance, rel=0.2)


def escape(shown):
    """Row 4: the median of the escape times with noise .001 is 187 and with .1 is 92: the law, not doubling."""
    times = []
    for noise in (0.1, 0.01, 0.001):
        out = np.abs(shown.having(conditions=Conditions(noise=noise), steps=500).over_seeds(2000)[:, 1]) > 1
        assert out.any(axis=0).all()
        times.append(np.median(out.argmax(axis=0)))
    still = descend(shown.experiment.problem, shown.experiment.racers[0].method, (1, 0), 215, lr=0.05).path
    law = np.log(10) / np.log(1.05)
    return times == pytest.approx([94, 141, 189], abs=3) and np.diff(times) == pytest.approx(law, abs=3) and np.all(still[:, 1] == 0)


def sharp(shown):
    """The run that is drawn goes over, as most do by then; no seed arrives."""
    ends, drawn = shown.over_seeds(100)[-1, 0], shown.path()[-1, 0]
    calm = shown.having(conditions=default_experiment().conditions)
    over = np.mean(ends > -0.43) > 0.6 and drawn == pytest.approx(1, abs=0.4) and shown.outcomes[0].fan.arrived == 0
    return over and calm.path()[-1, 0] == pytest.approx(-1, abs=0.01)


def axes(shown):
    return shown.reached()[0] < 10 < shown.reached()[1] < shown.reached()[2]


def turned(shown):
    return Shown(lesson_of("axes")).reached() == [4, 63, 193] and shown.reached() == [320, 75, 193]


def damping(shown):
    crossings = [shown.facts(slot).crossings for slot in range(3)]
    return crossings == sorted(crossings, reverse=True) and shown.reached() == sorted(shown.reached(), reverse=True)


def ball(shown):
    seen = shown.inside()
    return seen["kept"][1:-1, 2:] + seen["pull"][1:-1, 2:] == pytest.approx(seen["step"][1:-1, 2:], abs=1e-12)


def terminal(shown):
    lengths = [float(np.diff(shown.path(slot)[-2:, 0])[0]) / (0.002 * 0.01) for slot in range(3)]
    drawn = [shown.inside(slot)["v"][-1, 0] for slot in range(3)]
    return lengths == pytest.approx([2, 10, 100], rel=2e-3) and drawn == pytest.approx([-0.02, -0.1, -1], rel=2e-3)


def heavy_edge(shown):
    return shown.facts(0).close is not None and shown.facts(1).diverged_at is not None


def look_ahead(shown):
    run = shown.outcomes[1].run
    return shown.facts(1).crossings < shown.facts(0).crossings and not np.allclose(run.queries[1:], run.path[1:-1])


def optimal(shown):
    """Row 26, and the settings are those that the methods declare."""
    declared = [racer.method.optimal(1.0, 100.0) for racer in shown.experiment.racers]
    given = [{key: racer.values[key] for key in best} for racer, best in zip(shown.experiment.racers, declared, strict=True)]
    return given == declared and [shown.facts(slot).close for slot in range(3)] == [709, 95, 158]


def shrinking(shown):
    return shown.inside()["rate"][[1, 100, 10_000], 0] == pytest.approx([1, 0.1, 0.01], rel=1e-4)


def rare(shown):
    steps = np.diff(shown.path(0), axis=0)
    return steps[-1, 0] == pytest.approx(0.00316, rel=1e-3) and steps[steps[:, 1] > 0, 1][-1] == pytest.approx(0.0224, rel=2e-3)


def sparse(shown):
    adagrad, rmsprop, adam, _ = verdicts(shown.experiment)
    return adagrad.outcome == adam.outcome == "holds" != rmsprop.outcome


def strip(shown):
    _, adagrad, rmsprop, _ = shown.reached()
    falling, level = (shown.inside(slot)["rate"][:, 0] for slot in (1, 2))
    kept = level[10] > 0.9 * level[2] and falling[250] < 0.5 * falling[2]
    return adagrad is None and rmsprop is not None and kept and np.all(np.diff(falling[1:]) < 0)


def moments(shown):
    seen, gradient = shown.inside(), shown.experiment.problem.gradient(shown.path()[0])
    return seen["m"][1] == pytest.approx(0.1 * gradient) and seen["v_hat"][1] == pytest.approx(gradient**2)


def bias(shown):
    first = [np.linalg.norm(shown.path(slot)[1] - shown.path(slot)[0]) for slot in range(4)]
    return np.array(first) / first[0] == pytest.approx([1, 0.1, 31.6, 3.16], rel=1e-3)


def two_decays(shown):
    """Row 35, means of 2,000 runs: L2 .946 / 0, AdamW .601 / .606; single runs are scattered about them, but for the weight at 0."""
    l2, decoupled = (shown.over_seeds(2000, slot)[-1] for slot in range(2))
    means = l2.mean(axis=1) == pytest.approx([0.946, 0.0], abs=0.02) and decoupled.mean(axis=1) == pytest.approx([0.601, 0.606], abs=0.02)
    chance = [l2[0].std(), *decoupled.std(axis=1)] == pytest.approx([0.2] * 3, abs=0.05) and l2[1].std() < 0.02
    return means and chance and abs(shown.path(0)[-1, 1]) < 0.02


def corridor(shown):
    low, high = shown.inside()["bounds"][[5, 200]].T
    return (high - low)[1] < 0.2 * (high - low)[0] and np.all(low <= high)


def rectified(shown):
    return [int(np.ravel(shown.inside(slot)["first"])[0]) for slot in range(2)] == [6, 5]


def lookahead(shown):
    fast, slow = shown.outcomes[0].fast, shown.path(0)
    met = slow[6] == pytest.approx(slow[0] + 0.5 * (fast[6, 0] - slow[0]))
    return met and shown.facts(0).crossings < shown.facts(1).crossings and shown.loss(0)[-1] < shown.loss(1)[-1] / 10


def averages(shown):
    return shown.median(1) < shown.median(2) < shown.median(0) / 3


def schedules(shown):
    return all(shown.median(slot) < shown.median(0) / 5 for slot in (1, 2, 3))


def restarts(shown):
    rate, median = shown.outcomes[1].rate, shown.outcomes[1].fan.band[1]
    begins = list(np.flatnonzero(np.diff(rate) > 0.05) + 1) == [40, 120] and shown.median(1) < shown.median(0) / 5
    up = median[41:120].max() > 1.5 * median[40] and median[121:280].max() > 5 * median[120]
    return begins and up and median[[40, 120, 280]] == pytest.approx([0.021, 0.0058, 0.0046], rel=0.02)


def warm_up(shown):
    rate = shown.outcomes[1].rate
    return rate.argmax() in (49, 50) and rate[0] == pytest.approx(0.2 / 50) and rate[-1] < 1e-4


def one_cycle(shown):
    rate = shown.outcomes[1].rate
    peak = abs(rate.argmax() / len(rate) - 0.3) < 0.01
    return peak and rate.max() / rate[0] == pytest.approx(25, rel=0.01) and shown.median(1) < shown.median(0) / 5


def decaying(shown):
    constant, root, inverse = (shown.median(slot) for slot in range(3))
    return inverse < root < constant and shown.outcomes[2].rate[99] == pytest.approx(1 / 100)


def _clipped(shown):
    racer = shown.experiment.racers[0]
    raw, cut = slopes(shown.experiment.setup, racer)
    cosine = (raw * cut).sum(axis=1) / np.linalg.norm(raw, axis=1) / np.linalg.norm(cut, axis=1)
    assert np.linalg.norm(raw, axis=1).argmax() == shown.experiment.cursor  # at the cliff
    return cut, float(np.degrees(np.arccos(np.clip(cosine[shown.experiment.cursor], -1, 1))))


def clip_norm(shown):
    cut, angle = _clipped(shown)
    free = shown.having(conditions=default_experiment().conditions)
    leaps = [np.linalg.norm(np.diff(one.path(), axis=0), axis=1).max() for one in (shown, free)]
    return np.linalg.norm(cut, axis=1).max() <= 1 + 1e-12 and angle < 1e-5 and leaps == pytest.approx([0.2, 6], rel=0.05)


def clip_value(shown):
    cut, angle = _clipped(shown)
    return np.abs(cut).max() <= 0.5 and angle > 10


def decays(shown):
    l2, decoupled, adam, adamw = (shown.path(slot) for slot in range(4))
    return np.allclose(l2, decoupled, rtol=1e-10) and np.abs(adam - adamw).max() > 0.1


def penalty(shown):
    """Each minimum is nearer to the origin, and is about where one was: all four are there."""
    seen, plain = (problem.minima for problem in (shown.experiment.seen, shown.experiment.problem))
    apart = np.linalg.norm(seen[:, :, None] - plain[:, None], axis=0)
    was = plain[:, apart.argmin(axis=1)]
    moved = np.all(np.linalg.norm(seen, axis=0) < np.linalg.norm(was, axis=0)) and apart.min(axis=1).max() < 0.5
    return moved and sorted(apart.argmin(axis=1)) == [0, 1, 2, 3]


def newton(shown):
    errors = np.linalg.norm(shown.path() - 1, axis=1)
    return errors[1:7] == pytest.approx([2.2, 4.2, 0.48, 0.056, 1e-5, 2e-11], rel=0.1) and errors[7] < 1e-15


def jump(shown):
    saddle = [float(np.linalg.norm(shown.path(slot)[-1])) for slot in range(4)]
    return shown.facts(0).rest == "saddle" and saddle[0] < 1e-12 and all(far == pytest.approx(1, abs=0.01) for far in saddle[1:])


def bfgs(shown):
    believed, true = (shown.inside()[key][49, 2:] for key in ("matrix", "hessian"))
    return believed == pytest.approx(true, rel=0.1) and shown.reached()[0] < 60 and shown.reached()[1] is None


def memory(shown):
    racers = shown.experiment.racers
    extra = [sum("_" in name for name in racer.method.memory(racer.values)) for racer in racers]
    return extra == [0, 2, 10, 40] and all(reached is not None for reached in shown.reached())


def conjugate(shown):
    racer = shown.experiment.racers[0]
    run = descend(shown.experiment.problem, racer.method, shown.experiment.start, 12, watch=("steps",), **racer.values)
    return run.state["steps"][shown.facts(0).close - 1] == 2 and shown.facts(1).close is None


def natural(shown):
    found = [elsewhere(shown.experiment.setup, racer) for racer in shown.experiment.racers]
    shares = [one.halved / one.gap for one in found[:2]]
    return shares[0] == pytest.approx(0.5, abs=0.1) and shares[1] > 0.85 and found[1].gap > 3 * found[0].gap


CLAIMS = {
    claim.__name__: claim
    for claim in (
        step, edge, batches, unbiased, escape, sharp, axes, turned, damping, ball, terminal, heavy_edge, look_ahead, optimal, shrinking,
        rare, sparse, strip, moments, bias, two_decays, corridor, rectified, lookahead, averages, schedules, restarts, warm_up, one_cycle,
        decaying, clip_norm, clip_value, decays, penalty, newton, jump, bfgs, memory, conjugate, natural,
    )
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("key", LESSONS)
def test_a_lesson_holds_what_it_says(key):
    """Its address is read without a word, each of its racers runs, and the claim that it makes is true."""
    lesson = LESSONS[key]
    experiment, notes = decode({"lesson": [key]})
    assert notes == () and experiment.lesson == key and len(experiment.racers) == len(lesson.query["racer"])
    assert experiment.headline == lesson.question and len(lesson.question) <= 60 and lesson.look.endswith((".", ":"))
    assert CLAIMS[key](Shown(experiment))


def test_every_row_about_a_race_has_its_lesson():
    assert {row for lesson in LESSONS.values() for row in lesson.rows} >= ROWS - ELSEWHERE
    assert set(CLAIMS) == set(LESSONS)


def test_where_a_lesson_leads_is_there():
    assert {lesson.then for lesson in LESSONS.values()} <= {"", *LESSONS}
    assert {lesson.preset for lesson in LESSONS.values()} <= {"", *(preset.name for preset in PRESETS)}


@pytest.mark.slow
def test_a_lesson_leads_on_in_a_click_and_speaks_of_no_syllabus():
    app = opened(lesson="axes")
    app.button(key="lesson/then").click().run()
    assert experiment(app) == lesson_of("turned") and not any("yllabus" in one.value for one in app.caption)
    assert not any("row" in entry["about"].split() for entry in lessons())
    whole = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)  # a link needs the other pages
    whole.query_params["lesson"] = "two_decays"
    links = whole.run().get("page_link")
    assert [link.proto.label for link in links] == ["Maps: Whose weights decay alike?"]
    assert "map=seeds" in links[0].proto.query_string and "pure_noise" in links[0].proto.query_string


def test_a_lessons_link_is_short_until_something_is_moved():
    opened = lesson_of("optimal")
    assert encode(opened) == {"lesson": "optimal"}
    moved = replace(opened, steps=300)
    query = {key: [value] if isinstance(value, str) else value for key, value in encode(moved).items()}
    assert decode(query) == (moved, ()) and query["lesson"] == ["optimal"] and "landscape" in query
    assert decode({"lesson": ["optimal"], "steps": ["300"]}) == (moved, ())


def test_a_condition_that_was_switched_off_does_not_come_back_with_the_lesson():
    calm = replace(lesson_of("clip_norm"), conditions=default_experiment().conditions)
    query = {key: [value] if isinstance(value, str) else value for key, value in encode(calm).items()}
    assert decode(query) == (calm, ())


def test_the_ratios_of_bias_correction_are_those_of_the_run_on_screen():
    """Row 33 at the usual betas, and what other betas make of it: .05 and 1 / the root of .05, and their product."""

    def plain(words):
        return re.sub(r":color\[(.)\]{[^}]*}", r"\1", words)

    app = opened(lesson="bias")
    assert any(plain(one.value).endswith("multiples of ●: ■ 0.1, ▲ 31.6, ◆ 3.16.") for one in app.markdown)
    moved = [replace(racer, hypers=tuple({**racer.values, "beta1": 0.95, "beta2": 0.95}.values())) for racer in lesson_of("bias").racers]
    words = measured(replace(lesson_of("bias"), racers=tuple(moved)), "first_steps")
    assert plain(words).endswith(": ■ 0.05, ▲ 4.47, ◆ 0.224.")
    assert measured(replace(lesson_of("bias"), steps=0), "first_steps") == "" == measured(lesson_of("bias"), "")


def test_another_landscape_ends_the_lesson():
    assert moved_to(lesson_of("optimal"), "himmelblau").lesson == ""
    experiment, notes = decode({"lesson": ["alchemy"]})
    assert experiment == default_experiment() and "lesson = alchemy was not used" in notes[0]
