"""Every hyperparameter of every method does something: a slider that the rule does not read would look like one that is not needed."""

from itertools import product

import numpy as np
import pytest

from landscape import PROBLEMS
from optimizers import OPTIMIZERS, descend

pytestmark = pytest.mark.kernel
HYPERS = [(method, hyper) for method in OPTIMIZERS.values() for hyper in method.hypers]
HOMES = ("rosenbrock", "himmelblau", "two_weight_net", "sharp_flat")
COMPANY = ({}, {"line_search": 1}, {"lr": 0.05})  # what a hyperparameter may need to be asked at all


@pytest.mark.parametrize(("method", "hyper"), HYPERS, ids=[f"{method.key}-{hyper.key}" for method, hyper in HYPERS])
def test_a_hyperparameter_changes_the_path_somewhere(method, hyper):
    def path(problem, **values):
        return descend(problem, method, problem.start, 100, **values).path

    ends = [float(end) for end in (range(len(hyper.options)) if hyper.options else (hyper.low, hyper.high)) if end != hyper.default]
    served = [PROBLEMS[key] for key in HOMES if not method.unfit(PROBLEMS[key])]
    company = [more for more in COMPANY if more.keys() <= method.by_key.keys() - {hyper.key}]
    assert any(
        not np.array_equal(path(problem, **more), path(problem, **more, **{hyper.key: end}), equal_nan=True)
        for problem, more, end in product(served, company, ends)
    )
