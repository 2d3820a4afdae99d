"""Seeds, robustness, merits and the scoreboard: the syllabus' figures, and what single runs say."""

import csv
import io
import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.integrate import solve_ivp

from landscape import FUNCTIONS, PROBLEMS
from optimizers import OPTIMIZERS, Conditions
from optimizers.maps import Cancelled, Case, Region, escape, fan, merits, pros_and_cons, robustness, scoreboard
from optimizers.maps import seeds as seeds_module
from optimizers.maps.seeds import basin
from optimizers.tune import tune
from pages.ui.jobs import Job, Report
from pages.ui.maps.download import Found, as_csv, as_npz
from pages.ui.maps.lots import lots
from pages.ui.maps.presets import PRESETS
from pages.ui.maps.seeds import work

NOISY = Case("himmelblau", "sgd", (0.0, 0.0), 40, hypers=(("lr", 0.01),), conditions=Conditions(noise=5.0), seed=7)


def fans(name):
    """What the page shows when the preset of that name is clicked."""
    experiment, choice = next(preset.opening() for preset in PRESETS if preset.name == name)
    drawn = lots(experiment, choice)
    *_, found = work(tuple(lot.case for lot in drawn), choice.seeds, choice.region, Report(Job("test", iter, asked=math.inf)))
    return [lot.case for lot in drawn], list(found.values())


@pytest.mark.slow
def test_escape_time_from_a_saddle():
    """Row 4: x^2/2 - y^2/2, lr .05, start (1, 0), escaped when |y| > 1; the median over 2,000 runs."""
    cases, found = fans("How long at a saddle?")
    assert all((case.steps, case.start, dict(case.hypers)["lr"]) == (500, (1.0, 0.0), 0.05) for case in cases)
    times = {case.conditions.noise: np.where(fan.escape < 0, 501, fan.escape) for case, fan in zip(cases, found, strict=True)}
    assert {noise: len(each) for noise, each in times.items()} == dict.fromkeys((0.1, 1e-3, 1e-6, 0.0), 2000)
    assert np.all(times.pop(0.0) == 501)
    medians = {noise: np.median(each) for noise, each in times.items()}
    assert medians == {noise: pytest.approx(median, rel=0.03) for noise, median in ((0.1, 92), (1e-3, 187), (1e-6, 329))}


@pytest.mark.slow
def test_the_law_of_the_escape_is_what_the_runs_do():
    """Row 4: the median is ln(1/sigma) / ln(1 + lr) and a constant; outside is a share of 2,000 runs as theory has it, at every tick."""
    cases, found = fans("How long at a saddle?")
    laws = {case.conditions.noise: escape(case, each.region) for case, each in zip(cases, found, strict=True)}
    assert laws[0.0].half == np.inf and not laws[0.0].outside.any()
    for case, each in zip(cases, found, strict=True):
        law, ticks = laws[case.conditions.noise], np.arange(case.steps + 1)
        assert np.abs(law.outside - (1.0 - each.within)).max() < 1.95 / np.sqrt(len(each.ends))  # Kolmogorov, one in a thousand
        escaped = np.searchsorted(np.sort(each.escape[each.escape >= 0]), ticks, side="right") / len(each.escape)
        assert np.all(escaped >= 1.0 - each.within - 1e-12), "who is outside has escaped"
        if case.conditions.noise:
            assert np.interp(0.5, law.outside, ticks) == pytest.approx(law.half, abs=0.5)
            assert law.growth == pytest.approx(np.log(1 / case.conditions.noise) / np.log(1.05))
            assert np.median(each.escape) == pytest.approx(law.half, rel=0.03)
    rests = [laws[noise].half - laws[noise].growth for noise in (0.1, 1e-3, 1e-6)]
    assert np.ptp(rests) < 0.02 * rests[0]  # the same for all noises, as far as these are small


def test_the_law_of_the_escape_is_silent_where_its_premises_fail():
    region = Region(0.0, 0.0, 1.0, "y")
    case = Case("saddle", "sgd", (1.0, 0.0), 50, hypers=(("lr", 0.05),), conditions=Conditions(noise=0.1))
    assert escape(case, region) is not None
    assert escape(case, replace(region, along="x")) is None  # downhill there
    assert escape(case, replace(region, along="both")) is None
    for change in ({"optimizer": "momentum"}, {"schedule": ("cosine", ())}, {"landscape": "double_well_saddle"}, {"landscape": "ravine"},
                   {"conditions": Conditions(noise=0.1, decay=0.1)}):  # fmt: skip
        assert escape(replace(case, **change), region) is None
    aside = escape(replace(case, start=(1.0, 0.1)), region)
    assert (
        np.isnan(aside.half)
        and aside.outside[0] == 0.0
        and aside.outside[-1] == pytest.approx((1.0 - fan(replace(case, start=(1.0, 0.1)), 2000, region=region).within)[-1], abs=0.04)
    )


@pytest.mark.slow
def test_noise_leaves_the_sharp_well():
    """Row 7: widths .2 and .8, gradient noise 6/sqrt(B), lr .06, 3,000 steps: the share of 1,000 runs that ends in the flat well."""
    cases, found = fans("Does noise leave the sharp well?")
    assert all((case.steps, case.start, dict(case.hypers)["lr"]) == (3000, (-1.5, 0.0), 0.06) for case in cases)
    assert [case.conditions.noise for case in cases] == [6 / np.sqrt(batch) for batch in (1, 4, 16)]
    assert [fan.inside.mean() for fan in found] == pytest.approx([0.28, 0.81, 0.0], abs=0.05)
    assert all(len(fan.ends) == 1000 and fan.within[-1] == pytest.approx(fan.inside.mean()) for fan in found)


@pytest.mark.parametrize("key", ["himmelblau", "sharp_flat", "six_hump_camel", "rastrigin"])
def test_ends_belong_to_the_minimum_that_the_gradient_flow_leads_to(key):
    """As SciPy integrates dx/dt = -grad f, from random points."""
    problem = PROBLEMS[key]
    domain = np.array(problem.domain)
    points = domain[:, :1] + np.random.default_rng(1).random((2, 25)) * np.ptp(domain, axis=1)[:, None]
    flows = [solve_ivp(lambda _, x: -problem.gradient(x), (0.0, 1e4), x, method="LSODA", rtol=1e-8, atol=1e-10) for x in points.T]
    far = np.linalg.norm(np.stack([flow.y[:, -1] for flow in flows])[:, :, None] - problem.minima, axis=1)
    assert far.min(axis=1).max() < 1e-3
    assert np.array_equal(basin(problem, points), far.argmin(axis=1))


def test_a_flow_leads_nowhere_where_there_is_no_minimum():
    assert np.all(basin(PROBLEMS["saddle"], np.array([[1.0], [0.5]])) == -1)
    assert basin(PROBLEMS["himmelblau"], np.array([[np.nan, 3.1], [np.nan, 2.1]])).tolist() == [-1, 0]


def test_strong_noise_leaves_every_run_a_minimum():
    """Within reach of one are few; of which basin they are, all of them say."""
    found = fan(replace(NOISY, conditions=Conditions(noise=20.0)), 200)
    assert found.fractions.sum() == 1.0 and found.near.sum() < 0.5
    far = np.linalg.norm(found.end - found.minima[:, found.which], axis=0)
    assert np.array_equal(found.reached, far <= found.reach)
    assert found.within[0] == 1.0 and found.within[-1] == found.inside.mean()


def test_the_fan_is_made_of_the_runs():
    found = fan(NOISY, 30, levels=(0.0, 0.5, 1.0))
    runs = [NOISY.run(seed=7 + k) for k in range(30)]
    losses = np.stack([run.loss for run in runs], axis=1)
    assert np.allclose(found.quantiles, np.quantile(losses, (0.0, 0.5, 1.0), axis=1, method="inverted_cdf"), rtol=1e-6)
    assert np.allclose(found.ends, losses[-1], rtol=1e-12) and np.array_equal(found.ticks, np.arange(41))
    for k, run in enumerate(runs):
        outside = np.hypot(*(run.path - np.array(NOISY.start)).T) > found.region.radius
        assert found.escape[k] == (outside.argmax() if outside.any() else -1)
        assert found.inside[k] == ~outside[-1]
    assert found.fractions.sum() <= 1.0


def test_a_fan_beyond_memory_has_fewer_ticks(monkeypatch):
    whole = fan(NOISY, 20)
    monkeypatch.setattr(seeds_module, "LARGEST", 4 * 20 * 41 / 3)
    thinned = fan(NOISY, 20)
    assert thinned.ticks[0] == 0 and thinned.ticks[-1] == 40 and len(thinned.ticks) <= 15
    assert np.array_equal(thinned.quantiles, whole.quantiles[:, thinned.ticks]) and np.array_equal(thinned.escape, whole.escape)


def test_a_diverged_seed_is_infinitely_bad():
    case = Case("formula", "sgd", (1.0, 1.0), 30, text="x**4 + y**4", hypers=(("lr", 1.0),), conditions=Conditions(noise=0.1))
    found = fan(case, 10)
    assert np.all(np.isinf(found.ends)) and np.all(np.isinf(found.quantiles[:, -1])) and np.all(found.which == -1)


def test_rates_that_work_on_a_quadratic():
    """Curvature 1 and 1: |1 - lr|^(2 steps) * f(start) <= tolerance decides, and the fastest rate is nearest to 1."""
    own = Case("formula", "sgd", (1.0, 1.0), 50, text="(x**2 + y**2)/2")
    bowl = Case("bowl", "sgd", FUNCTIONS["bowl"].start, 50)
    found = robustness(bowl)
    for rate, works, arrived, loss in zip(found.rates, found.works, found.arrived, found.loss, strict=True):
        run = bowl.run(lr=rate)
        inside = run.loss <= bowl.problem.lowest + bowl.tolerance
        assert works == inside[-1] == (arrived >= 0)
        assert loss == pytest.approx(run.final_loss, rel=1e-9) or run.status == "diverged"
    assert found.share == found.works.mean() and 0 < found.share < 1 and len(found.rates) == 101
    assert np.log10(found.rates[-1] / found.rates[0]) == pytest.approx(6)
    assert found.tuned.arrived == min(arrived for arrived in found.arrived if arrived >= 0)
    assert "102 runs of 50 evaluations" in found.budget and "within 0.001 of the lowest" in found.objective
    assert robustness(own).tuned.arrived == 2, "an own formula's minimum is searched for"
    assert robustness(replace(own, text="x + y")).tuned.arrived is None, "a slope has none"


def test_a_method_without_a_rate_has_nothing_to_tune():
    found = robustness(Case("rosenbrock", "nelder_mead", (-1.5, 2.0), 300))
    assert len(found.rates) == 0 and found.default == found.tuned and found.tuned.lr is None and found.share == 1.0


def test_the_race_tunes_as_maps_do():
    """Of the rates that both try, both see the same."""
    bowl = FUNCTIONS["bowl"]
    tuned = tune(bowl, OPTIMIZERS["sgd"], bowl.start, 50, 1e-3, {})
    ours = robustness(Case("bowl", "sgd", bowl.start, 50))
    assert tuned.reached is not None and ours.tuned.arrived is not None and abs(tuned.reached - ours.tuned.arrived) <= 1


def test_merits_are_measured():
    case = Case("bowl", "sgd", FUNCTIONS["bowl"].start, 40)
    row = merits(case)
    assert row.starts == 1.0 and row.spread >= 1.0 and row.vectors == 0 and row.needs == ""
    assert row.working_rates == robustness(case).share and 0 < row.diverging_rates < 1
    table = pros_and_cons(case, ("sgd", "adam", "kfac", "newton"))
    assert [each.optimizer for each in table] == ["sgd", "adam", "newton"] and [each.vectors for each in table] == [0, 2, 0]
    assert table[2].needs == "hessian" and table[0] == row


def test_the_scoreboard_has_a_row_for_everything():
    seen = []
    rows = scoreboard(("bowl", "line_fit"), ("sgd", "kfac"), 30, progress=seen.append)
    assert [(row.landscape, row.optimizer) for row in rows] == [(a, b) for a in ("bowl", "line_fit") for b in ("sgd", "kfac")]
    assert rows[1].tuned is None and rows[1].reason and not rows[0].reason and seen[-1] == 1.0
    assert rows[0].tuned == robustness(Case("bowl", "sgd", FUNCTIONS["bowl"].start, 30)).tuned
    with pytest.raises(Cancelled):
        scoreboard(("bowl",), ("sgd",), 30, cancelled=lambda: True)
    with pytest.raises(ValueError, match="no landscape 'bowel'"):
        scoreboard(("bowel",), ("sgd",))


def test_seeds_go_home_with_every_run_of_every_lot():
    found = [Found(f"noise {noise}", "sgd", fan(NOISY.having("condition", {"noise": noise}), 30)) for noise in (1.0, 5.0)]
    rows = list(csv.DictReader(io.StringIO(as_csv(found).decode())))
    assert [row["racer"] for row in rows] == ["noise 1.0"] * 30 + ["noise 5.0"] * 30
    second = found[1].result
    assert [float(row["loss"]) for row in rows[30:]] == second.ends.tolist() and int(rows[33]["escape"]) == second.escape[3]
    with np.load(io.BytesIO(as_npz(found))) as arrays:
        assert np.array_equal(arrays["2_sgd/end"], second.end) and str(arrays["2_sgd/name"]) == "noise 5.0"
