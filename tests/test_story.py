"""What is said of a run against what can be worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from landscape import FUNCTIONS, SAMPLES, Stationary, formula
from optimizers import OPTIMIZERS, Batches, Conditions, descend
from optimizers.schedules import SCHEDULES
from optimizers.story import tell, undercut, without_floor
from pages.ui.compute import race
from pages.ui.experiment import Chosen, default_experiment
from pages.ui.present import race_data
from pages.ui.words import figure, place, sentence

AT_ORIGIN = (Stationary("0", "0", "minimum"),)
QUADRATIC = formula("(x**2 + 10*y**2)/2", stationary=AT_ORIGIN)  # eigenvalues 1 and 10


def facts_of(problem, key, start, steps, tolerance=1e-3, **values):
    method = OPTIMIZERS[key]
    full = {k: float(v) for k, v in method.values(values).items()}
    return tell(problem, method, full, descend(problem, method, start, steps, **values), tolerance)


def words_of(problem, *arguments, **values):
    return sentence(facts_of(problem, *arguments, **values), problem, 1e-3)


def test_gradient_descent_below_and_above_its_edge():
    below, above = (facts_of(QUADRATIC, "sgd", (1, 1), 200, lr=lr) for lr in (0.19, 0.21))
    assert below.steepness == pytest.approx(1.9) and above.steepness == pytest.approx(2.1) and below.edge == above.edge == 2
    assert below.curvatures == pytest.approx((1, 10)) and below.rest == "minimum"
    assert below.crossings == below.travelled == below.reached < 60  # every step crosses the valley: 1 - 1.9 is negative; none counts later
    assert above.crossings == above.travelled == 200


@pytest.mark.parametrize("seen", [False, True])
def test_a_penalty_counts_in_the_curvature_once(seen):
    """With L2 weights 1.5 for all and 0.5 of its own the curvature 10 is 12: rate .16 holds, .17 does not; whether or not it is drawn."""
    race_of = replace(default_experiment("ravine"), params=(10.0, 0.0), steps=300, conditions=Conditions(l2=1.5), with_penalty=seen)
    for lr, holds in ((0.16, True), (0.17, False)):
        racer = replace(race_of.racers[0], hypers=tuple((race_of.racers[0].values | {"lr": lr, "weight_decay": 0.5}).values()))
        experiment = replace(race_of, racers=(racer,))
        facts = race(experiment)[0].facts
        assert facts.steepness == pytest.approx(12 * lr) and (facts.steepness < facts.edge) is holds
        grown = np.abs(race(experiment)[0].run.path[-1]).max() > 1e3
        assert grown is not holds and f"penalty adds {2 if not seen else 0.5:g}," in sentence(facts, experiment.seen, 1e-3)


def test_under_a_schedule_the_rate_that_is_told_is_that_of_the_last_step():
    ravine = replace(default_experiment("ravine"), params=(10.0, 0.0), steps=100)
    one = replace(ravine, racers=(ravine.racers[0].with_value("lr", 0.1),), schedule=Chosen("linear", (1.0, 0.25, 0.0, 0.0, 0.0)))
    facts, rate = race(one)[0].facts, race(one)[0].rate
    assert facts.steepness == pytest.approx(10 * rate[-1]) and rate[-1] < 0.03 and facts.steepness < 0.3


def test_neither_rounding_nor_a_landing_is_a_zig_zag():
    """At rate 1/L the first step takes a rotated quadratic's sharp direction to 0 but for rounding; Newton lands, with ever less error."""
    ravine = FUNCTIONS["ravine"].with_parameters(condition=10.0, rotation=30.0)
    assert facts_of(ravine, "sgd", (-1.5, -0.4), 40, lr=0.1).crossings == 0
    assert facts_of(ravine, "sgd", (-1.5, -0.4), 40, lr=0.15).crossings > 3
    assert "zig-zags" not in words_of(FUNCTIONS["double_well_saddle"], "newton", (0.2, 1.0), 60)


def test_under_noise_the_jumps_are_not_put_down_to_the_rate_alone():
    ravine = replace(default_experiment("ravine"), params=(10.0, 0.0), steps=300)
    calm = replace(ravine, racers=(ravine.racers[0].with_value("lr", 0.1),))
    told = [sentence(race(one)[0].facts, one.problem, 1e-3) for one in (calm, replace(calm, conditions=Conditions(noise=1.0)))]
    assert "Noise or its own jumps turn it" in told[1] and "zig-zags" not in told[0] + told[1] and "Noise" not in told[0]


def test_who_is_stopped_by_a_schedule_is_said_to_be():
    cosine = replace(default_experiment().racers[3], schedule=Chosen.default("cosine", SCHEDULES["cosine"]))
    one = replace(default_experiment(), racers=(cosine,))
    facts, rate = race(one)[3].facts, race(one)[3].rate
    assert "all but stopped" in sentence(facts, one.problem, 1e-3) and facts.slowed == rate[-1]
    assert sentence(facts, one.problem, 1e-3).endswith(f"for the schedule has taken its rate down to {figure(rate[-1])}.")
    assert race(default_experiment())[3].facts.slowed is None


def test_no_crossings_where_every_factor_is_positive():
    assert facts_of(QUADRATIC, "sgd", (1, 1), 50, lr=0.05).crossings == 0


def test_the_edge_is_named_when_it_was_passed():
    words = words_of(QUADRATIC, "sgd", (1, 1), 2000, lr=0.3)
    assert "Diverged at tick" in words and "3, past the stability edge of 2" in words


def test_evaluations_to_the_tolerance_are_those_after_which_it_stays():
    facts = facts_of(QUADRATIC, "sgd", (1, 0), 100, lr=0.1)
    losses = 0.5 * 0.9 ** (2 * np.arange(101))
    assert facts.reached == int(np.argmax(losses <= 1e-3))
    assert "Within 0.001 of the lowest loss after" in sentence(facts, QUADRATIC, 1e-3)


def test_a_run_that_only_passes_by_has_not_reached():
    assert facts_of(QUADRATIC, "momentum", (1, 0), 5, lr=0.3, momentum=0.95, tolerance=1e-2).reached is None


def test_stuck_at_a_saddle_says_so_with_both_signs():
    problem = FUNCTIONS["saddle"]
    facts = facts_of(problem, "sgd", (1, 0), 2000, lr=0.05)
    assert facts.rest == "saddle" and facts.curvatures[0] < 0 < facts.curvatures[1]
    assert "Stuck at a saddle" in sentence(facts, problem, 1e-3)


def test_a_local_minimum_is_told_from_the_lowest():
    problem = FUNCTIONS["rastrigin"]
    facts = facts_of(problem, "sgd", (2.9, 2.9), 3000, lr=1e-3)
    assert "Settled in a local minimum" in sentence(facts, problem, 1e-3) and place(facts, problem) == "(2.98, 2.98)"


def test_slow_is_told_by_its_last_step_and_what_is_left():
    words = words_of(QUADRATIC, "sgd", (1, 1), 10, lr=1e-3)
    assert "Still" in words and "left to the nearest minimum" in words


@pytest.mark.parametrize("text", ["x**2*y", "x**3 - 3*x + y**2", "y*(x**2 + y**2 - 1)"])
def test_who_goes_below_the_lowest_minimum_known_proves_that_it_is_not_the_lowest(text):
    problem, start = formula(text), (-1.5, -1.0)
    low, high = (descend(problem, OPTIMIZERS["sgd"], at, 60, lr=0.05) for at in (start, (0.7, 0.7)))
    lower = undercut(problem, (low, high), 1e-3)
    assert lower is not None and lower == np.min(low.loss[np.isfinite(low.loss)]) < problem.lowest
    for run in (low, high):
        facts = without_floor(tell(problem, OPTIMIZERS["sgd"], {"lr": 0.05, "momentum": 0.0}, run, 1e-3), lower)
        words = sentence(facts, problem, 1e-3)
        assert facts.reached is None and facts.gap is None and "lowest loss" not in words
        assert ("It went below the lowest minimum known" if run is low else "Nobody arrives: there are lower points") in words
    assert (undercut(problem, (), 1e-3) is None) == (text == "x**3 - 3*x + y**2")  # elsewhere the frame itself shows it: -8 in a corner
    assert undercut(formula("x**4 - x**2 + y**2"), (), 1e-3) is None


@pytest.mark.parametrize("problem", [each for each in FUNCTIONS.values() if each.lowest is not None], ids=lambda each: each.key)
def test_nobody_goes_below_a_declared_minimum(problem):
    runs = [descend(problem, OPTIMIZERS[key], problem.start, problem.steps, **problem.recommended.get(key, {})) for key in ("sgd", "adam")]
    assert undercut(problem, runs, 1e-6) is None


def test_ended_near_only_where_it_is_near():
    problem = FUNCTIONS["rosenbrock"]
    experiment = default_experiment()
    ended = {racer["label"]: racer["goal"] for racer in race_data(experiment, race(experiment), 0)["racers"]}
    assert ended == {"Gradient descent": "", "Momentum": "(1, 1)", "RMSProp": "", "Adam": ""}
    for slot, each in race(experiment).items():
        far = np.linalg.norm(each.run.path[-1] - 1)
        assert bool(place(each.facts, problem)) == (far < 0.12), (slot, far)  # a fiftieth of the frame


def test_what_rounding_leaves_of_a_zero_is_a_zero():
    problem = FUNCTIONS["sharp_flat"]
    assert place(facts_of(problem, "sgd", (1.0, 0.5), 500, lr=0.05), problem) == "(0.986, 0)"


def test_a_walk_on_a_plain_is_no_rest():
    problem = SAMPLES["pure_noise"]
    method = OPTIMIZERS["sgd"]
    run = descend(problem, method, problem.start, 300, lr=0.1, batches=Batches(1))
    words = sentence(tell(problem, method, {"lr": 0.1, "momentum": 0.0}, run, 1e-3), problem, 1e-3)
    assert words.startswith("Wanders") and "Stuck" not in words
    still = descend(problem, method, problem.start, 300, lr=0.1)
    assert "Stuck on a flat" in sentence(tell(problem, method, {"lr": 0.1, "momentum": 0.0}, still, 1e-3), problem, 1e-3)


def test_where_there_is_no_slope_nothing_is_on_its_way_down():
    """Decay walks straight to the origin, and no landscape has a part in it; on a plain slope there is one."""
    problem, method, values = SAMPLES["pure_noise"], OPTIMIZERS["sgd"], {"lr": 0.1, "momentum": 0.0}
    run = descend(problem, method, problem.start, 50, lr=0.1, conditions=Conditions(decay=0.1))
    words = sentence(tell(problem, method, values, run, 1e-3, decay=0.1), problem, 1e-3)
    assert words == "Met no slope in 50 evaluations: only noise or decay has moved it."
    assert "On its way down" in words_of(formula("x + y"), "sgd", (0, 0), 50, lr=0.1)


def test_a_loss_that_grows_is_said_to_grow_and_no_other():
    words = words_of(QUADRATIC, "sgd", (1, 1), 200, lr=0.202)
    last = 5 * 1.02**400  # the steep coordinate's part, 10/2 times its square
    assert words.startswith(f"Its loss grows: 5.5 at the start, {figure(last)} after 200 evaluations.")
    for lr in (1e-3, 0.19, 0.198):
        assert "grows" not in words_of(QUADRATIC, "sgd", (1, 1), 200, lr=lr)
    method, values = OPTIMIZERS["sgd"], {"lr": 0.1, "momentum": 0.0}
    for seed in range(20):  # noise goes up and down
        run = descend(QUADRATIC, method, (1, 1), 300, lr=0.1, seed=seed, conditions=Conditions(noise=1.0))
        assert "grows" not in sentence(tell(QUADRATIC, method, values, run, 1e-3), QUADRATIC, 1e-3)


def test_a_slope_that_a_decay_balances_is_no_halt():
    """(x - 1)^2 / 2 with a penalty of 1/4: x - 1 = -x/4 at x = .8, where the slope is -.2. Decoupled decay ends there as well."""
    problem, method, values = formula("(x - 1)**2/2 + y**2/2"), OPTIMIZERS["sgd"], {"lr": 0.1, "momentum": 0.0}
    for name, key, pull in (("L2 penalty", "l2", "penalty"), ("decoupled decay", "decay", "decay")):
        run = descend(problem, method, (2, 1), 500, lr=0.1, conditions=Conditions(**{key: 0.25}))
        words = sentence(tell(problem, method, values, run, 1e-3, **{pull: 0.25}), problem, 1e-3)
        assert words.startswith(f"At rest where the pull of the {name} balances a slope of 0.2, 0.02 above"), words


def test_outside_the_frame_since_the_last_time_it_left():
    problem = formula("x**2 + y**2", domain=((-1, 1), (-1, 1)))
    for start, lr, since in (((0.9, 0.0), 1.1, 1), ((1.5, 0.0), 0.2, None), ((0.5, 0.0), 1.1, 4)):  # 0.5, -0.6, 0.72, -0.86, 1.04
        run = descend(problem, OPTIMIZERS["sgd"], start, 6, lr=lr)
        assert tell(problem, OPTIMIZERS["sgd"], {"lr": lr, "momentum": 0.0}, run, 1e-3).left_at == since


def test_a_start_without_a_value_is_said_and_no_edge_is_blamed():
    words = words_of(formula("log(x) + y**2"), "sgd", (-1, 1), 50, lr=0.1)
    assert words == "The start has no value: drag it onto the coloured part of the plane."
    words = words_of(formula("log(x) + y**2"), "sgd", (0.5, 1), 50, lr=0.1)
    assert words.startswith("Found no value at tick") and "stability" not in words


def test_a_race_without_ticks():
    assert words_of(QUADRATIC, "adam", (1, 1), 0) == "Has not moved yet: the race has no ticks."


@pytest.mark.parametrize("problem", FUNCTIONS.values(), ids=FUNCTIONS)
@pytest.mark.parametrize("lr", [1e-6, 1.0, 1e3])
def test_every_landscape_can_be_told_whatever_happens(problem, lr):
    for key, method in OPTIMIZERS.items():
        if not method.unfit(problem):
            words = words_of(problem, key, problem.start, 60, **({"lr": lr} if "lr" in method.by_key else {}))
            assert words.endswith(".") and "nan" not in words.lower()
