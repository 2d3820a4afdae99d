"""Maps: every pixel is the run that it stands for, whoever computes it; theory's edges come out; bad input says what to change."""

import multiprocessing
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace

import numpy as np
import pytest

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, Conditions, descend
from optimizers.maps import Cancelled, Case, Region, axes, axis_of, basins, fan, refined_basins, refined_tuning, tuning
from optimizers.maps.basins import REACH
from optimizers.maps.lowest import lowest_at
from optimizers.maps.sheet import STATUS
from optimizers.maps.tiles import sample

ADAM = Case("rosenbrock", "adam", (-1.5, 2.0), 40, hypers=(("lr", 0.1),))
LINE = Case("line_fit", "momentum", (-1.0, 2.0), 20, hypers=(("lr", 0.02),), batch=8, schedule=("cosine", ()), around=("lookahead", ()))


class Here(Executor):
    """Runs everything at once in this thread, and counts the lanes."""

    def __init__(self):
        self.lanes = 0

    def submit(self, work, /, job, lanes):
        self.lanes += len(lanes)
        future = Future()
        future.set_result(work(job, lanes))
        return future


def cell(case, axis, value):
    return case.having(axis.kind, {axis.key: int(value) if axis.key == "batch" else value})


@pytest.mark.parametrize(
    ("case", "x", "y"),
    [
        (ADAM, "lr", "beta1"),
        (ADAM, "parameter.b", "condition.clip_norm"),
        (LINE, "schedule.warmup", "lr"),
        (LINE, "lr", "batch"),
        (LINE, "parameter.noise", "around.alpha"),
        (LINE, "batch", "schedule.length"),
        (Case("ravine", "sgd", (-1.5, -0.4), 30), "condition", "rotation"),
    ],
    ids=str,
)
def test_every_pixel_is_the_run_it_stands_for(case, x, y):
    across, up = axis_of(case, x), axis_of(case, y)
    sheet = tuning(case, across, up, 7, 5)
    assert sheet.loss.shape == sheet.arrived.shape == sheet.status.shape == sheet.end.shape[1:] == (len(sheet.ys), len(sheet.xs))
    for row, column in np.random.default_rng(1).integers((len(sheet.ys), len(sheet.xs)), size=(6, 2)):
        run = cell(cell(case, across, sheet.xs[column]), up, sheet.ys[row]).run()
        assert np.allclose(sheet.loss[row, column], run.final_loss, rtol=1e-10, atol=0, equal_nan=True)
        assert np.allclose(sheet.end[:, row, column], run.final, rtol=1e-10, atol=1e-300, equal_nan=True)
        assert (sheet.diverged_at[row, column] == (-1 if run.diverged_at is None else run.diverged_at)) or np.isnan(run.final_loss)


def test_what_all_cases_offer_can_vary():
    assert {"hyper.lr", "parameter.b", "condition.noise"} <= {axis.word for axis in axes(ADAM)}
    assert {"schedule.warmup", "around.alpha", "batch.batch", "parameter.noise", "condition.noise"} <= {axis.word for axis in axes(LINE)}
    for case in (ADAM, LINE):
        for axis in axes(case):
            values = axis.values(9)
            assert values[0] >= axis.low and values[-1] <= axis.high and np.all(np.diff(values) > 0)


@pytest.mark.slow
def test_divergence_begins_at_two_over_the_curvature():
    """Gradient descent on a quadratic of curvature kappa: |x| falls below 2/kappa and grows above, whatever the rotation."""
    case = Case("ravine", "sgd", (-1.5, -0.4), 2000)
    sheet = tuning(case, axis_of(case, "lr", 1e-3, 1.0), axis_of(case, "condition", 2.5, 1000.0), 40, 20)
    edge = sheet.xs * sheet.ys[:, None] / 2.0
    fell = sheet.loss < 10.0
    assert np.all(fell[edge < 0.99]) and not np.any(fell[edge > 1.01])


@pytest.mark.kernel
def test_arrival_is_what_the_path_says():
    case = Case("bowl", "sgd", (-1.5, 1.5), 60)
    sheet = tuning(case, axis_of(case, "lr", 1e-3, 1.2), axis_of(case, "decay", 1e-5, 1e-3), 12, 3)
    for row, column in np.ndindex(3, 12):
        loss = case.having("hyper", {"lr": sheet.xs[column]}).having("condition", {"decay": sheet.ys[row]}).run().loss
        there = np.logical_and.accumulate((loss <= case.problem.lowest + case.tolerance)[::-1])[::-1]
        assert sheet.arrived[row, column] == (there.argmax() if there.any() else -1)
    assert np.any(sheet.arrived >= 0) and np.any(sheet.arrived < 0)


@pytest.mark.kernel
def test_the_lowest_loss_moves_with_the_parameters():
    """Sharp and flat wells, one made deeper along an axis: arrived is measured from the deeper one of each lane."""
    case = Case("sharp_flat", "sgd", (1.05, 0.0), 200, hypers=(("lr", 0.05),))
    sheet = tuning(case, axis_of(case, "flat_depth", 0.5, 2.0), axis_of(case, "sharp_depth", 0.5, 2.0), 6, 6)
    for row, column in np.ndindex(6, 6):
        problem = case.problem.with_parameters(flat_depth=sheet.xs[column], sharp_depth=sheet.ys[row])
        there = sheet.loss[row, column] <= problem.lowest + case.tolerance
        assert (sheet.arrived[row, column] >= 0) == there
    assert 0 < np.mean(sheet.arrived >= 0) < 1


@pytest.mark.kernel
def test_the_lowest_loss_of_an_own_formula_moves_with_its_parameters():
    """x^4 - a x^2 + y^2 has two wells of depth a^2/4 where a > 0 and one of 0 elsewhere; b x^2 + y^2 has none where b < 0."""
    wells = Case("formula", "sgd", (1.0, 0.5), 400, text="x**4 - a*x**2 + b*y**2", params=(("a", 1.0), ("b", 1.0)), hypers=(("lr", 0.02),))
    a = np.linspace(-3, 9, 7)
    assert np.allclose(lowest_at(wells.problem, {"a": a}), -(np.maximum(a, 0) ** 2) / 4, atol=1e-9)
    bowl = replace(wells, text="b*x**2 + y**2", params=(("b", 1.0),))
    assert lowest_at(bowl.problem, {"b": np.array([2.0, 0.5, -1.0])}).tolist() == [0.0, 0.0, -np.inf]
    sheet = tuning(wells, axis_of(wells, "a", 0.5, 4.0), axis_of(wells, "lr", 1e-4, 0.05), 8, 8)
    assert 0 < np.mean(sheet.arrived >= 0) < 1
    for row, column in np.argwhere(sheet.arrived >= 0):
        assert sheet.loss[row, column] <= -(sheet.xs[column] ** 2) / 4 + wells.tolerance + 1e-9


def test_gradient_flow_divides_a_double_well_in_the_middle():
    well = Case("formula", "sgd", (1.0, 1.0), 200, text="(x**2 - 1)**2 + y**2", hypers=(("lr", 0.05),))
    found = basins(well, (-1.5, 1.5), (-1.0, 1.0), 12, 6)
    assert found.minima.shape == (2, 2) and np.allclose(np.abs(found.minima), [[1, 1], [0, 0]], atol=1e-9)
    side = found.minima[0, found.which]
    assert np.array_equal(np.sign(side), np.tile(np.sign(found.xs), (6, 1))) and np.allclose(found.areas, 0.5)
    assert sum(found.shares.values()) == 0
    for row, column in np.ndindex(6, 12):
        path = well.run(start=(found.xs[column], found.ys[row])).path
        near = np.linalg.norm(path - found.minima[:, found.which[row, column]], axis=1) <= found.reach
        assert found.arrived[row, column] == np.logical_and.accumulate(near[::-1])[::-1].argmax()
    assert np.array_equal(found.at(well.steps), found.which) and np.all(found.at(-1) == -1)


def test_a_saddle_is_no_minimum_and_leaving_is_no_divergence():
    saddle = Case("formula", "newton", (1.0, 1.0), 20, text="x**2 - y**2")
    still = basins(saddle, (-1, 1), (-1, 1), 4, 4)
    assert still.minima.shape == (2, 0) and still.shares["resting"] == 1.0  # Newton jumps onto the saddle, and stays
    gone = basins(Case("formula", "sgd", (1.0, 1.0), 60, text="x**2 - y**2", hypers=(("lr", 0.1),)), (-1, 1), (-1, 1), 4, 4)
    assert gone.shares["left"] == 1.0
    burst = basins(Case("formula", "sgd", (1.0, 1.0), 60, text="x**4 + y**4", hypers=(("lr", 10.0),)), (0.5, 1), (0.5, 1), 4, 4)
    assert burst.shares["diverged"] == 1.0 and not burst.areas.any()


@pytest.mark.kernel
def test_areas_and_rest_are_the_whole_frame():
    case = Case("himmelblau", "momentum", (0.0, 0.0), 60, hypers=(("lr", 0.02),))
    found = basins(case, (-5.0, 5.0), (-5.0, 5.0), 24, 24)
    assert found.areas.sum() + sum(found.shares.values()) == pytest.approx(1.0)
    near = np.linalg.norm(found.end - found.minima[:, found.which], axis=0) <= found.reach
    assert np.array_equal((found.which >= 0), near & (found.status != STATUS.index("diverged"))) or np.any(found.which < 0)
    assert np.array_equal(found.arrived >= 0, found.which >= 0)


@pytest.mark.parametrize("kind", ["tuning", "basins"])
def test_the_coarse_map_is_part_of_the_fine_one_and_not_computed_again(kind):
    workers, y = Here(), axis_of(ADAM, "beta1")
    if kind == "tuning":
        coarse, fine = refined_tuning(ADAM, axis_of(ADAM, "lr"), y, 24, 16, coarse=6, executor=workers)
    else:
        coarse, fine = refined_basins(ADAM, (-2.0, 2.0), (-1.0, 3.0), 24, 16, coarse=6, executor=workers)
    rows, columns = sample(16, 6), sample(24, 6)
    assert coarse.loss.shape == (8, 6) and fine.loss.shape == (16, 24) and workers.lanes == 24 * 16
    assert np.array_equal(coarse.xs, fine.xs[columns]) and np.array_equal(coarse.ys, fine.ys[rows])
    for name in ("loss", "arrived", "status", "end"):
        assert np.array_equal(getattr(coarse, name), getattr(fine, name)[..., rows[:, None], columns], equal_nan=True)


def test_a_map_can_be_stopped_between_tiles():
    seen, workers = [], Here()
    with pytest.raises(Cancelled):
        tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "beta1"), 64, 64, executor=workers, progress=seen.append, cancelled=lambda: True)
    assert not seen and workers.lanes < 64 * 64 + 1
    tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "beta1"), 16, 16, progress=seen.append)
    assert seen == sorted(seen) and seen[-1] == 1.0


def here_and(executor):
    """The same map computed in this process and on an executor."""
    return [tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "beta1"), 20, 20, executor=who) for who in (None, executor)]


@pytest.mark.slow
def test_processes_compute_the_same_map():
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as workers:
        ours, theirs = here_and(workers)
    assert np.array_equal(ours.loss, theirs.loss) and np.array_equal(ours.arrived, theirs.arrived)


@pytest.mark.slow
def test_a_dask_cluster_computes_the_same_map():
    distributed = pytest.importorskip("distributed", reason="dask's distributed is not installed")
    with distributed.LocalCluster(1, threads_per_worker=1, dashboard_address=None) as cluster, distributed.Client(cluster) as client:
        ours, theirs = here_and(client.get_executor())
    assert np.array_equal(ours.loss, theirs.loss) and np.array_equal(ours.arrived, theirs.arrived)


def test_a_case_travels_and_is_remembered():
    assert pickle.loads(pickle.dumps(LINE)) == LINE and hash(pickle.loads(pickle.dumps(LINE))) == hash(LINE)


# --- maps in which nothing happens, or too much


def test_a_map_where_all_runs_diverge_is_a_map():
    case = Case("formula", "sgd", (1.0, 1.0), 50, text="x**4 + y**4", hypers=(("lr", 1.0),))
    sheet = tuning(case, axis_of(case, "lr", 5.0, 10.0), axis_of(case, "l2"), 5, 4)
    assert sheet.share("diverged") == 1.0 and np.all(sheet.arrived == -1) and np.all(sheet.diverged_at >= 1)


def test_a_map_where_nothing_moves_is_a_map():
    case = Case("formula", "sgd", (1.0, 1.0), 50, text="0*x")
    sheet = tuning(case, axis_of(case, "lr"), axis_of(case, "decay", 1e-9, 1e-8), 5, 4)
    assert np.all(sheet.loss == 0.0) and sheet.share("converged") == 1.0


# --- bad input


@pytest.mark.parametrize(
    ("key", "low", "high", "message"),
    [
        ("lr", 0.1, 0.1, "second number must be the larger"),
        ("lr", 1.0, 0.1, "second number must be the larger"),
        ("lr", np.nan, 0.1, "two finite numbers"),
        ("lr", 0.1, np.inf, "two finite numbers"),
        ("lr", 0.0, 0.1, "begins above 0"),
        ("lr", -1.0, 0.1, "begins above 0"),
        ("beta1", 0.5, 1.0, "ends below 1"),
        ("gamma", 0.5, 0.9, "'gamma' cannot vary here: choose one of hyper.lr"),
        ("condition.mood", 0.5, 0.9, "cannot vary here"),
    ],
)
def test_a_bad_axis_says_what_to_change(key, low, high, message):
    with pytest.raises(ValueError, match=message):
        axis_of(ADAM, key, low, high)


@pytest.mark.parametrize(
    ("work", "message"),
    [
        (lambda: tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "lr"), 4, 4), "two different ones"),
        (lambda: tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "beta1"), 1, 4), "2 or more each way"),
        (lambda: tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "beta1"), 10**5, 10**5), "MB of memory, more than the 512 MB"),
        (lambda: tuning(ADAM, axis_of(ADAM, "lr"), axis_of(LINE, "momentum"), 4, 4), "hyper.momentum cannot vary here"),
        (lambda: tuning(ADAM, axis_of(ADAM, "lr", 1.0, 1e9), axis_of(ADAM, "beta1"), 4, 4), "outside"),
        (lambda: tuning(ADAM, axis_of(ADAM, "lr"), axis_of(ADAM, "parameter.b", 5.0, 1e9), 4, 4), "must lie between"),
        (lambda: basins(ADAM, (1.0, 1.0), (0.0, 1.0), 4, 4), "the larger one second"),
        (lambda: basins(ADAM, (1.0, 0.0), (0.0, 1.0), 4, 4), "x from 1.0 to 0.0: give two"),
        (lambda: basins(ADAM, (0.0, 1.0), (0.0, np.nan), 4, 4), "two finite numbers"),
        (lambda: basins(ADAM, (1.0, 1.0 + 1e-14), (0.0, 1.0), 4, 4), "not too close"),
        (lambda: basins(ADAM, (0.0, 1.0), (0.0, 1.0), 4, 10**9), "MB of memory"),
        (lambda: Case("rosenbrok", "adam", (0.0, 0.0), 10), "no landscape 'rosenbrok'"),
        (lambda: Case("rosenbrock", "adamm", (0.0, 0.0), 10), "no method 'adamm'"),
        (lambda: fan(ADAM, 0), "choose 1 to 10,000"),
        (lambda: fan(ADAM, 5, levels=(0.5, 2.0)), "between 0 and 1"),
        (lambda: Region(0.0, 0.0, 0.0), "radius above 0"),
    ],
)
def test_bad_input_says_what_to_change(work, message):
    with pytest.raises(ValueError, match=message):
        work()


def test_landscape_parameters_may_differ_between_lanes():
    ravine, conditions = FUNCTIONS["ravine"], np.geomspace(2, 900, 150)
    many = descend(ravine, OPTIMIZERS["momentum"], (1.0, 0.5), 30, lr=1e-3, params={"condition": conditions})
    for lane in (0, 70, 149):
        alone = descend(ravine.with_parameters(condition=conditions[lane]), OPTIMIZERS["momentum"], (1.0, 0.5), 30, lr=1e-3)
        assert np.allclose(many.path[:, :, lane], alone.path, rtol=1e-10) and np.allclose(many.loss[:, lane], alone.loss, rtol=1e-10)
        assert many.final_loss[lane] == pytest.approx(alone.final_loss, rel=1e-10)
    with pytest.raises(ValueError, match="shapes the data"):
        descend(LINE.problem, OPTIMIZERS["sgd"], (0, 0), 3, params={"noise": np.array([0.1, 0.2])})
    with pytest.raises(ValueError, match="must lie between 1 and 1000"):
        descend(ravine, OPTIMIZERS["sgd"], (0, 0), 3, params={"condition": np.array([0.1, np.nan])})


@pytest.mark.kernel
@pytest.mark.parametrize("text", ["(x**2 + y**2 - 1)**2", "(x - y)**2"])
def test_a_valleys_minima_are_one_basin(text):
    """Everybody comes to the valley, here or there along it: one basin, the whole frame."""
    case = Case("formula", "sgd", (-1.0, 1.0), 300, text=text, hypers=(("lr", 0.05),))
    found = basins(case, (-1.9, 1.9), (-1.9, 1.9), 24, 24)
    assert len(found.minima.T) > 20 and np.unique(found.which).tolist() == [0] and found.areas[0] == 1.0
    assert found.reach == REACH * 4.0, "points of one valley lie as close as they like"
    assert fan(replace(case, conditions=Conditions(noise=0.3)), 50).fractions[0] == 1.0
