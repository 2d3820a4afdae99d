"""Bounds of theory against what runs do, and against the same theorems' premises; rows 19 and 20 of the syllabus."""

from dataclasses import replace

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers import Conditions
from optimizers.maps import Case, bound, fan
from optimizers.maps.bounds import CONVEX, DIMINISHING, FIXED, LAW, curvatures


def case(landscape, lr, schedule=None, delay=1.0, noise=0.5, steps=200, **more):
    plan = (schedule, (("delay", delay),)) if schedule else None
    return Case(
        landscape, "sgd", PROBLEMS[landscape].start, steps, hypers=(("lr", lr),), schedule=plan, conditions=Conditions(noise=noise), **more
    )


BOWL = case("bowl", 1.0, "inverse")
APPLYING = [
    (BOWL, LAW),
    (case("bowl", 0.5, "inverse", 4.0), DIMINISHING),
    (case("bowl", 1.0, "inverse", 2.0), DIMINISHING),
    (case("ravine", 0.01, "inverse", 300.0), DIMINISHING),
    (case("bowl", 0.2), FIXED),
    (case("ravine", 0.01), FIXED),
    (case("huber_valley", 0.1, "inverse_sqrt"), CONVEX),
    (case("huber_valley", 0.3, "inverse_sqrt"), CONVEX),
    (case("ravine", 0.015, "inverse_sqrt"), CONVEX),
    (case("bowl", 0.5, "inverse_sqrt", noise=0.0), CONVEX),
    (case("bowl", 1.5), CONVEX),
]


@pytest.mark.slow
@pytest.mark.parametrize(("case", "theorem"), APPLYING)
def test_no_mean_is_above_its_upper_bound(case, theorem):
    found = bound(case)
    assert found.theorem is theorem and np.all(found.values > 0)
    measured = found.measured(fan(case, 400).mean - case.problem.lowest)
    if not theorem.exact:
        assert np.all(measured <= found.values * (1 + 1e-9))


@pytest.mark.slow
def test_the_law_of_the_rate_1_over_mu_t():
    """E[f] mu T / sigma^2 tends to 1/2 (the syllabus measures .49 to .56); sigma^2 is that of all coordinates."""
    found = bound(BOWL)
    mean = fan(BOWL, 10_000).mean
    assert found.constant(mean[-1]) == pytest.approx(0.5, rel=0.03)  # three standard errors
    assert mean[10:] / found.values[9:] == pytest.approx(1.0, rel=0.05)


@pytest.mark.slow
def test_where_curvatures_differ_the_law_is_an_upper_bound_in_the_end():
    """Along curvature k mu it comes to k/(2k - 1) of it (Chung's variance)."""
    narrow = replace(case("ravine", 1.0, "inverse"), params=(("condition", 2.0), ("rotation", 30.0)))
    found = bound(narrow)
    assert found.theorem is LAW
    assert found.constant(fan(narrow, 5_000).mean[-1]) == pytest.approx((1 / 2 + 1 / 3) / 2, rel=0.05)


def test_bounds_fall_like_their_names():
    falls = bound(case("huber_valley", 0.1, "inverse_sqrt", noise=0.0, steps=10_000)).values
    assert falls[999] / falls[-1] == pytest.approx(np.sqrt(10), rel=0.05)  # 1/sqrt(T), without noise
    assert bound(BOWL).values[9] / bound(BOWL).values[99] == pytest.approx(10)


def test_theory_is_silent_where_its_premises_fail():
    for other in (
        replace(BOWL, optimizer="adam", hypers=(("lr", 0.1),)),
        replace(BOWL, conditions=Conditions(noise=0.5, clip_norm=1.0)),
        replace(BOWL, around=("ema", ())),
        replace(BOWL, schedule=("plateau", ())),
        replace(case("bowl", 2.5)),  # beyond 2 / L
        case("saddle", 0.1),
        case("himmelblau", 0.001),  # not convex
    ):
        assert bound(other) is None


def test_curvatures_of_quadratics_are_exact():
    assert curvatures(PROBLEMS["ravine"]) == (pytest.approx(1.0), pytest.approx(100.0), True)
    smallest, largest, quadratic = curvatures(PROBLEMS["huber_valley"])
    assert smallest == 0.0 and not quadratic and largest == pytest.approx(5.0)


def test_the_mean_is_of_all_ticks_and_seeds():
    found = fan(BOWL, 20)
    losses = [BOWL.run(seed=k).loss for k in range(20)]
    assert np.allclose(found.mean, np.mean(losses, axis=0), rtol=1e-12)
    assert np.allclose(found.middle, found.end.mean(axis=1), rtol=1e-12)
