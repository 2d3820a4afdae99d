"""Parameters, shapes and lanes of a problem."""

import math

import numpy as np
import pytest

from landscape import FUNCTIONS, Parameter, formula
from landscape.problem import WHOLE

RAVINE = FUNCTIONS["ravine"]


def test_parameters_are_bound_by_name():
    bound = RAVINE.with_parameters(condition=7)
    assert bound.parameter_values == {"condition": 7.0, "rotation": 30.0}
    assert RAVINE.parameter_values["condition"] == 100.0
    assert bound.with_parameters(rotation=0).parameter_values == {"condition": 7.0, "rotation": 0.0}
    assert bound != RAVINE
    assert hash(bound) != hash(RAVINE)
    assert RAVINE.with_parameters(condition=100.0).parameter_values == RAVINE.parameter_values


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"slope": 1}, "Ravine has no parameter 'slope': it has condition, rotation."),
        ({"condition": math.nan}, "Condition number must lie between 1 and 1000, not at nan."),
        ({"condition": math.inf}, "Condition number must lie between 1 and 1000, not at inf."),
        ({"condition": 0.5}, "Condition number must lie between 1 and 1000, not at 0.5."),
        ({"rotation": 91}, "Rotation must lie between 0 and 90, not at 91."),
        ({"rotation": "steep"}, "Rotation must be a number, not 'steep'."),
        ({"rotation": None}, "Rotation must be a number, not 'None'."),
    ],
)
def test_bad_parameters_are_refused_with_a_sentence(values, sentence):
    with pytest.raises(ValueError, match="^" + sentence.replace(".", r"\.") + "$"):
        RAVINE.with_parameters(**values)


def test_whole_numbers():
    count = Parameter("count", "Count", 3, 1, 9, integer=True)
    assert count.check("4") == 4.0
    with pytest.raises(ValueError, match="whole number"):
        count.check(2.5)


@pytest.mark.kernel
def test_the_condition_number_is_one_at_any_rotation():
    for rotation in (0, 30, 45, 90):
        low, high = np.linalg.eigvalsh(RAVINE.with_parameters(condition=50, rotation=rotation).hessian((0.3, 0.7)))
        assert (low, high) == pytest.approx((1, 50))


@pytest.mark.kernel
def test_lanes_may_have_parameters_of_their_own():
    conditions = np.array([1.0, 10.0, 100.0])
    rows = RAVINE.lane_params(3, condition=conditions)
    assert rows.shape == (len(RAVINE.rows), 3)
    np.testing.assert_array_equal(rows[:, 2], RAVINE.params)
    x, f, g = np.full((2, 3), 0.5), np.empty(3), np.empty((2, 3))
    RAVINE.evaluate_kernel(x, rows, RAVINE.data, WHOLE, f, g)
    for i, condition in enumerate(conditions):
        assert f[i] == pytest.approx(float(RAVINE.with_parameters(condition=condition).value((0.5, 0.5))))
    with pytest.raises(ValueError, match="no parameter 'slope'"):
        RAVINE.lane_params(3, slope=conditions)


@pytest.mark.parametrize("shape", [(), (3,), (3, 2), (2, 2, 2)])
def test_points_have_two_coordinates(shape):
    with pytest.raises(ValueError, match="shape"):
        RAVINE.value(np.zeros(shape))


@pytest.mark.kernel
def test_points_may_be_lists_and_lanes_need_not_be_contiguous():
    assert RAVINE.value([1, 1]) == RAVINE.value(np.array([1.0, 1.0]))
    x = np.arange(12.0).reshape(6, 2).T[:, ::2]
    np.testing.assert_array_equal(RAVINE.value(x), [RAVINE.value(point) for point in x.T])


@pytest.mark.kernel
def test_holes_in_a_surface_are_not_numbers_and_warn_nobody():
    hole = formula("log(x) + sqrt(y)", domain=((-1, 1), (-1, 1)))
    with np.errstate(all="raise"):
        xs, ys, z = hole.grid(9, 9)
    assert np.isnan(z[ys < 0]).all()
    assert np.isfinite(z[(xs > 0) & (ys[:, None] > 0)]).all()
    assert hole.stationary_points() == ()
    assert hole.lowest is None
    assert hole.minima.shape == (2, 0)
