"""Experiment <-> query string: to the last digit, and never an exception."""

import math
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landscape import FUNCTIONS, PROBLEMS
from optimizers import OPTIMIZERS
from optimizers.around import AROUNDS
from optimizers.conditions import DECLARED, Conditions
from optimizers.schedules import SCHEDULES
from pages.ui.address import decode, encode
from pages.ui.common import VIEW, valid_view
from pages.ui.experiment import (
    MAX_RACERS,
    MAX_SEEDS,
    MAX_STEPS,
    OWN,
    Chosen,
    Experiment,
    Racer,
    base_of,
    default_experiment,
    problem_of,
)

finite = st.floats(allow_nan=False, allow_infinity=False)


def listed(query):
    return {key: [value] if isinstance(value, str) else list(value) for key, value in query.items()}


def number(low, high):
    return st.floats(low, high if math.isfinite(high) else 1e9, allow_nan=False)


def value_of(draw, hyper):
    if hyper.options:
        return float(draw(st.integers(0, len(hyper.options) - 1)))
    if hyper.integer:
        return float(draw(st.integers(int(hyper.bounds[0]), int(min(hyper.bounds[1], 10_000)))))
    return draw(number(*hyper.bounds))


def chosen(draw, registry):
    declared = draw(st.sampled_from(list(registry.values())))
    return Chosen(declared.key, tuple(value_of(draw, hyper) for hyper in declared.hypers))


@st.composite
def racers(draw, slot, problem):
    method = draw(st.sampled_from([method for method in OPTIMIZERS.values() if not method.unfit(problem)]))
    around = chosen(draw, AROUNDS) if draw(st.booleans()) else None
    schedule = chosen(draw, SCHEDULES) if draw(st.booleans()) else None
    batch = draw(st.none() | st.integers(0, problem.samples)) if problem.samples else None
    decay = draw(st.none() | number(0, 1e12))
    return Racer(
        method.key, slot, tuple(value_of(draw, hyper) for hyper in method.hypers), draw(st.booleans()), around, schedule, batch, decay
    )


@st.composite
def experiments(draw):
    landscape = draw(st.sampled_from([*PROBLEMS, OWN]))
    text = draw(st.sampled_from(["x**2 + a*y**2", "sin(x)*cos(y) + 0.1*(x**2 + y**2)", "abs(x)"])) if landscape == OWN else ""
    problem = base_of(landscape, text)
    slots = draw(st.lists(st.integers(0, MAX_RACERS - 1), unique=True, max_size=MAX_RACERS))
    steps = draw(st.integers(0, MAX_STEPS))
    view = {
        "levels": st.sampled_from(["log", "linear"]),
        "surface": st.booleans(),
        "camera": st.lists(finite, min_size=9, max_size=9),
        "speed": finite,
    }
    params = tuple(
        float(draw(st.integers(int(p.low), int(p.high)))) if p.integer else draw(number(p.low, p.high)) for p in problem.parameters
    )
    there = problem_of(landscape, text, params)
    samples = there.samples
    batch = draw(st.integers(0, samples))
    on = draw(st.lists(st.sampled_from([hyper.key for hyper in DECLARED]), unique=True))
    return Experiment(
        landscape=landscape,
        text=text,
        params=params,
        batch=batch,
        replacement=draw(st.booleans()) if batch else True,
        other=problem.other is not None and draw(st.booleans()),
        start=(draw(finite), draw(finite)),
        steps=steps,
        tolerance=draw(number(1e-12, 1e6)),
        conditions=Conditions(**{key: draw(number(0, 1e12)) for key in on}),
        schedule=chosen(draw, SCHEDULES) if draw(st.booleans()) else None,
        seed=draw(st.integers(0, 10**9)),
        seeds=draw(st.integers(1, MAX_SEEDS)),
        racers=tuple(draw(racers(slot, there)) for slot in slots),
        selected=draw(st.sampled_from(slots)) if slots else 0,
        cursor=draw(st.none() | st.integers(0, steps)),
        view={key: draw(view[key]) for key in draw(st.lists(st.sampled_from(list(view)), unique=True))},
    )


def test_a_landscape_may_declare_who_opens_its_race():
    """Where the usual four would stand still; and what is declared can be left, in the address too."""
    opened, notes = decode({"landscape": ["pure_noise"]})
    assert opened == default_experiment("pure_noise") and not notes and opened.batch == 1
    assert [(racer.optimizer, racer.values["weight_decay"]) for racer in opened.racers] == [("adam", 0.1), ("adamw", 0.1)]
    assert decode(listed(encode(replace(opened, batch=0))))[0].batch == 0
    bare = replace(opened, racers=tuple(racer.with_value("weight_decay", 0.0) for racer in opened.racers[:1]))
    assert decode(listed(encode(bare)))[0] == bare and "weight_decay" not in listed(encode(bare))["racer"][0]


@given(experiments())
@settings(max_examples=150, deadline=None)
def test_what_is_written_is_read_back_to_the_last_digit(experiment):
    through_a_url = parse_qs(urlencode(encode(experiment), doseq=True), keep_blank_values=True)
    assert decode(through_a_url) == (experiment, ())


@pytest.mark.parametrize("key", FUNCTIONS)
def test_defaults_are_read_back(key):
    experiment = default_experiment(key)
    assert decode(listed(encode(experiment))) == (experiment, ())


def test_no_query_is_the_default():
    assert decode({}) == (default_experiment(), ())


KEYS = (
    *("landscape", "params", "start", "steps", "tolerance", "racer", "selected"),
    *("cursor", "view", "formula", "conditions", "schedule", "seed", "seeds"),
)


@given(st.dictionaries(st.sampled_from(KEYS), st.lists(st.text(max_size=60), min_size=1, max_size=3)))
@settings(max_examples=300, deadline=None)
def test_nonsense_never_raises_and_always_gives_a_race(query):
    experiment, _ = decode(query)
    assert decode(listed(encode(experiment))) == (experiment, ())
    assert experiment.problem is not None


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ({"landscape": ["atlantis"]}, "landscape = atlantis was not used"),
        ({"landscape": ["rosenbrock"], "params": ["b~nan"]}, "b = nan was not used: nan is not finite"),
        ({"landscape": ["rosenbrock"], "params": ["b~1e9"]}, "b = 1e9 was not used: it is outside 1 to 1000"),
        ({"landscape": ["rosenbrock"], "params": ["c~1"]}, "c is no parameter of Rosenbrock"),
        ({"params": ["b~1~a"]}, "names and values do not pair up"),
        ({"start": ["inf~1"]}, "start = inf~1 was not used: inf is not finite"),
        ({"start": ["1"]}, "start = 1 was not used: 2 numbers expected"),
        ({"steps": ["1e9"]}, "steps = 1e9 was not used: not a whole number"),
        ({"steps": ["-1"]}, "steps = -1 was not used: it is outside 0 to 10000"),
        ({"tolerance": ["0"]}, "tolerance = 0 was not used"),
        ({"racer": ["adamant~0"]}, "Racer adamant~0 was left out: there is no optimizer adamant"),
        ({"racer": ["sgd~0~lr~nan"]}, "lr = nan was not used: nan is not finite"),
        ({"racer": ["sgd~0~lr~-1"]}, "lr = -1 was not used"),
        ({"racer": ["sgd~0~speed~1"]}, "Gradient descent has no speed"),
        ({"racer": ["sgd~0"] * 13}, "Only 12 racers fit"),
        ({"landscape": ["formula"], "formula": ["x +* y"]}, "formula = x +* y was not used"),
        ({"landscape": ["formula"], "formula": ["__import__('os')"]}, "was not used"),
        ({"conditions": ["noise~-1"]}, "noise = -1 was not used: it is outside 0"),
        ({"conditions": ["wind~1"]}, "wind is no condition"),
        ({"schedule": ["sometimes"]}, "there is no schedule sometimes"),
        ({"schedule": ["cosine~length~0.5"]}, "is no whole number"),
        ({"racer": ["sgd~0~lr~0.1~around~cloud"]}, "there is no follower cloud"),
        ({"racer": ["sgd~0~lr~0.1~schedule~never"]}, "there is no schedule never"),
        ({"other": ["1"]}, "other = 1 was not used: Rosenbrock is declared in one set of coordinates only"),
        ({"racer": ["sgd~0~batch~4"]}, "batch = 4 was not used: this landscape has no data"),
        (
            {"landscape": ["line_fit"], "params": ["samples~50"], "racer": ["sgd~0~batch~51"]},
            "batch = 51 was not used: it is outside 0 to 50",
        ),
        ({"racer": ["sgd~0~decay~-1"]}, "decay = -1 was not used"),
        ({"view": ["axis~time"]}, "view: axis = time was not used"),
        ({"racer": ["kfac~0"]}, "on Rosenbrock it cannot run"),
        ({"batch": ["10"]}, "this landscape has no data"),
        ({"landscape": ["line_fit"], "batch": ["1000000"]}, "batch = 1000000 was not used: it is outside 0 to 200"),
        ({"seeds": ["1000"]}, "seeds = 1000 was not used"),
        ({"cursor": ["12.5"]}, "cursor = 12.5 was not used"),
        ({"view": ["levels~sideways"]}, "view: levels = sideways was not used"),
        ({"view": ["camera~1_2"]}, "view: camera = 1_2 was not used"),
    ],
)
def test_a_bad_part_falls_back_with_a_word_about_it(query, word):
    experiment, notes = decode(query)
    assert any(word in note for note in notes), notes
    assert decode(listed(encode(experiment))) == (experiment, ())


def test_the_rest_of_a_broken_racer_survives():
    experiment, _ = decode({"racer": ["adam~3~lr~x~beta1~0.5", "sgd~3~lr~0.5", "momentum"]})
    adam, sgd, momentum = experiment.racers
    assert (adam.slot, adam.values["beta1"]) == (3, 0.5) and sgd.values["lr"] == 0.5 and momentum.optimizer == "momentum"
    assert len({adam.slot, sgd.slot, momentum.slot}) == 3


def test_no_racers_is_a_race_too():
    experiment, notes = decode({"racer": ["none"]})
    assert experiment.racers == () and notes == () and encode(experiment)["racer"] == "none"


def test_a_browser_cannot_put_anything_else_into_the_view():
    sent = {
        "levels": "linear",
        "surface": False,
        "camera": [1, 2, 3, 0, 0, 0, 0, 0, 1],
        "x": [np.nan, 1],
        "evil": "<script>",
        "speed": "fast",
    }
    assert valid_view(sent) == {"levels": "linear", "surface": False, "camera": [1, 2, 3, 0, 0, 0, 0, 0, 1]}
    assert valid_view("nonsense") == {} and set(valid_view(sent)) <= set(VIEW)
