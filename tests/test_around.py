"""What can be put around a method: Lookahead against pytorch_optimizer's, the means against NumPy."""

from itertools import pairwise

import numpy as np
import pytest
import pytorch_optimizer
import torch

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
from optimizers.around import AROUNDS, fast_path
from optimizers.shown import own_path

pytestmark = pytest.mark.kernel
PROBLEM, START, TICKS = FUNCTIONS["rosenbrock"], (-1.5, 2.0), 120
BASES = {
    "sgd": ({"lr": 1e-3}, lambda p: torch.optim.SGD(p, lr=1e-3)),
    "momentum": ({"lr": 1e-3, "momentum": 0.8}, lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8)),
    "nesterov": ({"lr": 1e-3, "momentum": 0.8, "torch_form": 1}, lambda p: torch.optim.SGD(p, lr=1e-3, momentum=0.8, nesterov=True)),
    "adam": ({"lr": 0.02}, lambda p: torch.optim.Adam(p, lr=0.02)),
}
SERVED = [key for key, method in OPTIMIZERS.items() if not method.unfit(PROBLEM)]
COUNTING = [key for key in SERVED if not OPTIMIZERS[key].stride]  # their steps: a step may take any number of ticks
SEARCHING = [key for key in COUNTING if "line_search" in OPTIMIZERS[key].by_key]
methods = pytest.mark.parametrize("key", SERVED)
counting = pytest.mark.parametrize("key", COUNTING)
settings = pytest.mark.parametrize(("k", "alpha"), [(5, 0.5), (1, 0.3), (7, 0.8), (4, 0.95)])


def around(name, key, ticks=TICKS, problem=PROBLEM, watch=(), **settings):
    """The method with something around it, and alone with the steps that it has made after each tick, and a part of one under way."""
    method = OPTIMIZERS[key]
    hypers = {"nesterov": {"lr": 1e-3, "momentum": 0.8}, "adam": {"lr": 0.02}}.get(key, {})
    run = descend(problem, method, START, ticks, around=(AROUNDS[name], settings), watch=watch, **hypers)
    alone = descend(problem, method, START, ticks, watch=() if method.stride else ["steps"], **hypers)
    return run, alone, np.arange(1, ticks + 1) / method.stride if method.stride else alone.state["steps"]


def syncs(run):
    """After which ticks the slow point has moved."""
    return np.flatnonzero(np.any(np.diff(run.path, axis=0) != 0, axis=1))


def test_methods_whose_steps_vary_count_them():
    for method in OPTIMIZERS.values():  # Rprop moves nothing where every slope turns: a step of no length
        assert bool(method.more) == (method.stride == 0) or method.key == "rprop", method.key


@counting
def test_a_step_is_where_the_iterate_moves(key):
    """Nelder-Mead's best corner may stay where its simplex moves, and its first may not be the best; a trust region may refuse a step."""
    _, alone, steps = around("polyak", key)
    moves, whole = np.any(np.diff(alone.path, axis=0) != 0, axis=1), steps == np.floor(steps)
    assert np.array_equal(steps[whole], np.arange(1, whole.sum() + 1)) and steps[0] == 0.5
    if key == "nelder_mead":
        assert whole[3:].any() and not whole[:3].any()
    else:
        assert not np.any(moves & ~whole) and moves.any()
    if key in SEARCHING:
        rest = np.all(alone.queries == alone.path[:-1], axis=1)  # it has arrived and asks at its iterate for ever
        assert np.array_equal(moves[~rest], whole[~rest]) and np.all(whole[rest][1:])


@settings
@pytest.mark.parametrize("key", BASES)
def test_lookahead_equals_pytorch_optimizers(key, k, alpha):
    """Both sync when t mod k = 0. The queries are the fast weights, the path is the slow ones."""
    hypers, make = BASES[key]
    run = descend(PROBLEM, OPTIMIZERS[key], START, TICKS, around=(AROUNDS["lookahead"], {"k": k, "alpha": alpha}), **hypers)
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    oracle = pytorch_optimizer.Lookahead(make([theta]), k=k, alpha=alpha)
    for t in range(TICKS):
        fast, slow = theta.detach().numpy(), oracle.state[theta]["slow_params"].numpy()
        assert np.linalg.norm(run.queries[t] - fast) <= 1e-12 * np.linalg.norm(fast), t
        assert np.linalg.norm(run.path[t] - slow) <= 1e-12 * np.linalg.norm(slow), t
        theta.grad = torch.tensor(PROBLEM.gradient(fast.copy()))
        oracle.step()


@settings
def test_lookahead_round_sam_equals_pytorch_optimizers_round_whole_steps(k, alpha):
    """The oracle's method is gradient descent that is handed the gradient at the top of the climb: half as many steps as ticks."""
    lr, rho = 1e-3, 0.05
    run = descend(PROBLEM, OPTIMIZERS["sam"], START, TICKS, around=(AROUNDS["lookahead"], {"k": k, "alpha": alpha}), lr=lr, rho=rho)
    theta = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    oracle = pytorch_optimizer.Lookahead(torch.optim.SGD([theta], lr=lr), k=k, alpha=alpha)
    for t in range(0, TICKS, 2):
        fast, slow = theta.detach().numpy().copy(), oracle.state[theta]["slow_params"].numpy()
        g = PROBLEM.gradient(fast)
        top = fast + rho * g / np.linalg.norm(g)
        for ours, theirs in ((run.queries[t], fast), (run.queries[t + 1], top), (run.path[t], slow), (run.path[t + 1], slow)):
            assert np.linalg.norm(ours - theirs) <= 1e-12 * np.linalg.norm(theirs), t
        theta.grad = torch.tensor(PROBLEM.gradient(top))
        oracle.step()


def test_lookahead_round_nesterovs_own_form():
    """Its iterate is the point behind the look-ahead: that one goes back, the point ahead keeps its distance."""
    k, alpha, lr, beta = 5, 0.5, 1e-3, 0.8
    run = around("lookahead", "nesterov", k=k, alpha=alpha)[0]
    theta = slow = np.array(START)
    v = np.zeros(2)
    for t in range(TICKS):
        ahead = theta - lr * beta * v
        assert np.allclose(run.queries[t], ahead, rtol=1e-12) and np.allclose(run.path[t], slow, rtol=1e-12)
        v = beta * v + PROBLEM.gradient(ahead)
        theta = theta - lr * v
        if (t + 1) % k == 0:
            theta = slow = slow + alpha * (theta - slow)


@methods
def test_lookahead_all_the_way_at_every_step_is_the_method_itself(key):
    run, alone, _ = around("lookahead", key, k=1, alpha=1.0)
    assert np.array_equal(run.path, alone.path) and np.array_equal(run.queries, alone.queries)


@counting
@pytest.mark.parametrize(("k", "alpha"), [(5, 0.5), (1, 0.7), (3, 0.9)])
@pytest.mark.parametrize(("problem", "clear"), [("rosenbrock", 1e-2), ("ravine", 1e-8)])
def test_lookahead_goes_down_without_a_stall(key, k, alpha, problem, clear):
    """Conjugate gradient that begins anew at every step is gradient descent, and slow on Rosenbrock's function."""
    run = around("lookahead", key, 6000 if key == "conjugate_gradient" else 600, FUNCTIONS[problem], k=k, alpha=alpha)[0]
    assert run.diverged_at is None and run.final_loss < clear * run.loss[syncs(run)[0] + 1]


@counting
@pytest.mark.parametrize("k", [1, 2, 5])
def test_after_a_sync_the_method_begins_anew_from_the_slow_point(key, k):
    run = around("lookahead", key, k=k, alpha=0.6, ticks=300, watch=OPTIMIZERS[key].watchable)[0]
    ticks = syncs(run)[:6]
    assert len(ticks) >= 4
    for t in ticks:
        slow = run.path[t + 1]
        assert np.array_equal(run.state[OPTIMIZERS[key].vectors[0]][t], slow) and np.array_equal(run.queries[t + 1], slow)
        assert run.state["steps"][t] == 0.0 and run.state["steps"][t + 1] == 0.5
        if key != "nelder_mead":
            assert run.state["loss"][t + 1] == PROBLEM.value(slow) and np.array_equal(run.state["g"][t + 1], PROBLEM.gradient(slow))


def test_conjugate_gradient_begins_as_if_it_had_started_there():
    """It keeps no matrix, no pairs and no radius, so between two syncs it is a run of its own."""
    run = around("lookahead", "conjugate_gradient", k=3, alpha=0.5)[0]
    ticks = syncs(run) + 1
    for begin, end in pairwise(ticks):
        fresh = descend(PROBLEM, OPTIMIZERS["conjugate_gradient"], run.path[begin], end - begin)
        assert np.array_equal(run.queries[begin:end], fresh.queries)


def test_what_was_learned_is_kept():
    """The slow point is near the fast one, so BFGS' matrix, L-BFGS' pairs, the radius, the damping and the simplex' shape still tell."""
    parts = {"bfgs": "H", "l_bfgs": "pairs", "trust_region": "radius", "levenberg_marquardt": "damping"}
    for key, part in parts.items():
        run = around("lookahead", key, k=5, alpha=0.5, watch=["steps", part])[0]
        ticks = syncs(run)[:-1]
        assert np.array_equal(run.state[part][ticks], run.state[part][ticks + 1]), key
    run = around("lookahead", "nelder_mead", k=5, alpha=0.5, watch=["vertex 0", "vertices 1 to n"])[0]
    corners = np.concatenate([run.state["vertex 0"][:, None], run.state["vertices 1 to n"]], axis=1)
    edges = corners - corners[:, :1]
    assert all(np.allclose(edges[t], edges[t + 1], rtol=1e-9, atol=1e-12) for t in syncs(run)[:-1])


def test_a_method_at_rest_is_still_followed():
    """A search that found the minimum within its first k steps stands still, and its slow point comes after."""
    for key in COUNTING:
        run = around("lookahead", key, 400, FUNCTIONS["bowl"], k=10, alpha=0.5)[0]
        assert run.final_loss < 1e-9, key


@methods
@pytest.mark.parametrize("begin", [0, 30])
def test_the_mean_of_the_iterates(key, begin):
    """The path is the cumulative mean of the iterates after `begin` steps, and the method itself goes where it would alone."""
    run, alone, steps = around("polyak", key, begin=begin)
    later = [t for t in range(TICKS) if steps[t] == np.floor(steps[t]) > begin]
    mean = np.cumsum(alone.path[1:][later], axis=0) / np.arange(1, len(later) + 1)[:, None]
    for t in range(TICKS):
        held = np.searchsorted(later, t, side="right")
        assert np.allclose(run.path[t + 1], mean[held - 1] if held else alone.path[t + 1], rtol=1e-10), t
    assert np.array_equal(run.queries, alone.queries)


@methods
def test_the_exponential_mean(key):
    run, alone, steps = around("ema", key, decay=0.9)
    mean = np.array(START)
    for t in range(TICKS):
        assert np.allclose(run.path[t], mean, rtol=1e-10)
        if steps[t] == np.floor(steps[t]):
            mean = 0.9 * mean + 0.1 * alone.path[t + 1]
    assert np.allclose(run.final, mean, rtol=1e-10) and np.array_equal(run.queries, alone.queries)


@pytest.mark.parametrize("key", ["nesterov", "sam", *COUNTING])
@pytest.mark.parametrize("name", AROUNDS)
def test_compiled_plain_in_lanes_and_in_strides(name, key):
    method, ticks = OPTIMIZERS[key], 60
    starts = np.array(START)[:, None] + np.linspace(-0.2, 0.2, 4)
    own = {"lookahead": {"k": np.array([1, 2, 5, 3]), "alpha": np.array([0.5, 0.9, 0.3, 1.0])}}.get(name, {})
    many = descend(PROBLEM, method, starts, ticks, around=(AROUNDS[name], own))
    for lane in range(4):
        one = (AROUNDS[name], {setting: values[lane] for setting, values in own.items()})
        plain, strides = {"compiled": False}, {"proceed": lambda ticks: True}
        runs = [descend(PROBLEM, method, starts[:, lane], ticks, around=one, **how) for how in ({}, plain, strides)]
        for run in runs:
            assert np.allclose(many.path[..., lane], run.path, rtol=1e-6, atol=1e-9)
            assert np.allclose(many.queries[..., lane], run.queries, rtol=1e-6, atol=1e-9)
        assert np.array_equal(runs[0].path, runs[2].path)


def test_an_unknown_setting_of_a_follower_is_named():
    with pytest.raises(ValueError, match="Lookahead has no speed: it takes k, alpha"):
        descend(FUNCTIONS["bowl"], OPTIMIZERS["sgd"], (1, 1), 5, around=(AROUNDS["lookahead"], {"speed": 1}))


@pytest.mark.parametrize("name", AROUNDS)
def test_the_fast_way_is_gradient_descents_own_steps(name):
    """Each tick leads from where it was to a step of gradient descent further, also where the method is moved from there at once."""
    bowl, lr, settings = FUNCTIONS["bowl"], 0.3, {"lookahead": {"k": 4, "alpha": 0.4}, "polyak": {"begin": 0}, "ema": {"decay": 0.8}}[name]
    method = OPTIMIZERS["sgd"]
    run = descend(bowl, method, (1.5, -1.0), 24, lr=lr, around=(AROUNDS[name], settings))
    came, goes_on = np.moveaxis(fast_path(AROUNDS[name], settings, own_path(method, run), run.path), 1, 0)
    assert came[1:-1] == pytest.approx(goes_on[:-2] - lr * bowl.gradient(goes_on[:-2].T.copy()).T, rel=1e-12)
    assert np.isfinite(came[-1]).all() == np.any(run.path[-1] != run.path[-2], axis=0) * (name == "lookahead")
    synced = np.any(came[1:-1] != goes_on[1:-1], axis=1)
    assert list(np.flatnonzero(synced) + 1) == ([4, 8, 12, 16, 20] if name == "lookahead" else [])


def test_the_fast_way_of_a_method_that_looks_ahead_is_its_iterate():
    method, settings = OPTIMIZERS["nesterov"], {"k": 5, "alpha": 0.5}
    run = descend(PROBLEM, method, START, 12, lr=1e-3, around=(AROUNDS["lookahead"], settings), watch=method.vectors[:1])
    alone = descend(PROBLEM, method, START, 5, lr=1e-3)
    came = fast_path(AROUNDS["lookahead"], settings, own_path(method, run), run.path)[:, 0]
    assert came[:6] == pytest.approx(alone.path, rel=1e-12) and np.array_equal(run.path[4], START)
