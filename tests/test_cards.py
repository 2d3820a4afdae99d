"""What a method's card says, against runs of it: the cost of a step, what it keeps, and whom the noise cannot reach."""

import re

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers import OPTIMIZERS, Conditions, descend
from optimizers.around import AROUNDS
from optimizers.schedules import SCHEDULES
from pages.ui.words import cost, state_held, unreached
from tests.tools.on_data import small

pytestmark = pytest.mark.kernel
methods = pytest.mark.parametrize("method", OPTIMIZERS.values(), ids=OPTIMIZERS)
HOMES = ("rosenbrock", "himmelblau", "two_weight_net", "logistic", "line_fit")  # not quadratics alone, where every trial succeeds


def few(problem):
    """On twelve samples where there are some: a step asks for as many evaluations, and each is quick without the compiler."""
    return small(problem) if problem.samples else problem


def evaluations_a_step(problem, method, **values):
    """Ticks over moves of the iterate, from the first evaluation to the last move; NaN where it never moved."""
    run = descend(problem, method, problem.start, 400, tolerance=0, **values)
    path = run.path[: None if run.diverged_at is None else run.diverged_at + 1]
    moves = np.flatnonzero(np.any(np.diff(path, axis=0) != 0, axis=1))
    return (moves[-1] + 1) / len(moves) if len(moves) else np.nan


def measured(method, **values):
    served = [few(PROBLEMS[key]) for key in HOMES if not method.unfit(PROBLEMS[key])]
    found = np.array([evaluations_a_step(problem, method, **values) for problem in served])
    return found[np.isfinite(found)]


@methods
def test_a_step_costs_what_the_card_says(method):
    found = measured(method)
    assert found.size and found.min() >= method.evaluations
    if method.more:
        assert found.max() > method.evaluations
    else:
        assert np.all(found == method.evaluations)


@pytest.mark.parametrize("method", [method for method in OPTIMIZERS.values() if "line_search" in method.by_key], ids=lambda m: m.key)
def test_without_a_line_search_there_are_no_trials(method):
    assert np.all(measured(method, line_search=0, lr=1e-4) < 1.005)  # the first evaluation finds the first direction


LOCATED = r"(eqs?\.|algorithms?|sections?|theorem|appendix|fig\.|slide|pp?\.) (\d|[IVX]+\b|[A-Z]\.\d)"
CARDS = {**OPTIMIZERS, **AROUNDS, **SCHEDULES}


@pytest.mark.parametrize("card", CARDS.values(), ids=[*OPTIMIZERS, *AROUNDS, *SCHEDULES])
def test_every_card_cites_to_the_equation_or_where_there_are_no_numbers_to_the_section_or_page(card):
    assert re.search(LOCATED, card.paper), card.paper
    assert re.search(r"\b(1[89]|20)\d\d\b", card.paper)  # and says of which year


@methods
def test_every_card_is_whole(method):
    for text in (method.summary, method.strengths, method.weaknesses, method.honest, cost(method), state_held(method, {})):
        assert text.endswith(".") and "  " not in text
    assert method.paper and not method.paper.endswith(".")


def test_costs_and_state_in_words():
    assert cost(OPTIMIZERS["adam"]) == "1 evaluation of loss and gradient."
    assert cost(OPTIMIZERS["sam"]) == "2 evaluations of loss and gradient."
    assert cost(OPTIMIZERS["newton"]) == "1 evaluation of loss and gradient, each with the hessian matrix."
    assert cost(OPTIMIZERS["bfgs"]).startswith("at least 1 evaluation of loss and gradient: every trial")
    assert cost(OPTIMIZERS["nelder_mead"]).startswith("at least 1 evaluation of the loss: ")
    assert state_held(OPTIMIZERS["sgd"], {}) == "nothing."
    assert state_held(OPTIMIZERS["adam"], {}) == "2 vectors of the size of the weights (m, v)."
    assert state_held(OPTIMIZERS["bfgs"], {}) == "3 vectors of the size of the weights (theta, g, p), and 1 of its square (H)."


@methods
def test_what_is_done_to_the_gradient_reaches_all_but_those_that_ask_for_none(method):
    problem = next(PROBLEMS[key] for key in HOMES if not method.unfit(PROBLEMS[key]))
    plain = descend(problem, method, problem.start, 30)
    for conditions in (Conditions(noise=100.0), Conditions(clip_value=0.01), Conditions(clip_norm=0.01)):
        changed = not np.array_equal(descend(problem, method, problem.start, 30, conditions=conditions).path, plain.path, equal_nan=True)
        words = unreached(method, conditions)
        if method.gradient_free:
            assert not changed and "no gradient" in words
        else:
            assert words == ""
            if conditions.noise:
                assert changed
    assert unreached(method, Conditions(l2=0.1)) == ""
