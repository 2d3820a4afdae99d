"""Training nets through the one loop: against torch.optim on the same nets and batches, and what is recorded on the way."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from landscape.kernel import plain
from landscape.nets import CNN, DATASETS, MLP, NetProblem
from optimizers import OPTIMIZERS, Batches, Conditions, descend
from optimizers.around import AROUNDS
from optimizers.conditions import with_replacement, without_replacement
from optimizers.schedules import SCHEDULES
from optimizers.train import train

pytestmark = pytest.mark.kernel
MOONS = NetProblem("moons", "Moons", DATASETS["moons"].with_parameters(samples=60, validation=40), MLP((4,)))
DIGITS = NetProblem("digits", "Digits", DATASETS["digits"].with_parameters(samples=60, validation=40), MLP((3,)))
SGD, ADAM = OPTIMIZERS["sgd"], OPTIMIZERS["adam"]
STEPS = 60

ORACLES = {
    "sgd": (lambda p: torch.optim.SGD(p, lr=0.1), {"lr": 0.1}),
    "momentum": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9), {"lr": 0.05, "momentum": 0.9}),
    "nesterov": (lambda p: torch.optim.SGD(p, lr=0.05, momentum=0.9, nesterov=True), {"lr": 0.05, "momentum": 0.9, "torch_form": 1}),
    "adagrad": (lambda p: torch.optim.Adagrad(p, lr=0.1, eps=1e-8), {"lr": 0.1}),
    "rmsprop": (lambda p: torch.optim.RMSprop(p, lr=0.01, alpha=0.9), {"lr": 0.01}),
    "adam": (lambda p: torch.optim.Adam(p, lr=0.01), {"lr": 0.01}),
    "adamw": (lambda p: torch.optim.AdamW(p, lr=0.01, weight_decay=0.1), {"lr": 0.01, "weight_decay": 0.1}),
}
NETS = {
    "moons": MOONS,
    "compiled": replace(MOONS, engine="compiled"),
    "layer norm": replace(DIGITS, model=MLP((4, 4), "relu", "layer", skip=True)),
    "batch norm": replace(DIGITS, model=MLP((4,), "relu", "batch")),
    "cnn": replace(DIGITS, model=CNN((2,))),
    "curve": NetProblem("curve", "Curve", DATASETS["curve"], MLP((4,), "sigmoid"), "squares", engine="torch"),
}


def with_torch(problem, make, steps, size, seed, draw):
    """The weights after each step of torch.optim, (steps + 1, n)."""
    module, part = problem.module(), problem.split.train
    x, y = torch.tensor(part.x), torch.tensor(part.y)
    mean = torch.nn.functional.cross_entropy if problem.loss == "cross_entropy" else torch.nn.functional.mse_loss
    optimizer, path = make(list(module.parameters())), [problem.start]
    batch, order = np.empty((size, 1), np.int64), np.arange(len(part))[:, None].copy()
    for t in range(steps):
        plain(draw)(batch, order, np.array([seed]), t)
        optimizer.zero_grad()
        mean(module(x[batch[:, 0]]), y[batch[:, 0]]).backward()
        optimizer.step()
        path.append(torch.nn.utils.parameters_to_vector(module.parameters()).detach().numpy().copy())
    return np.array(path)


@pytest.mark.filterwarnings("ignore:overflow encountered in scalar")  # random bits, where the interpreter makes them
@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("key", ORACLES)
def test_weights_are_those_of_torch_optim(key, net):
    make, hypers = ORACLES[key]
    for replacement, draw in ((True, with_replacement), (False, without_replacement)):
        batches = Batches(7, replacement)
        ours = train(NETS[net], OPTIMIZERS[key], STEPS, batches=batches, seed=5, every=1, **hypers)
        theirs = with_torch(NETS[net], make, STEPS, 7, 5, draw)
        assert np.abs(ours.weights - theirs).max() <= 1e-10 * np.abs(theirs).max()
        assert np.abs(theirs[-1] - theirs[0]).max() > 1e-3


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_every_optimizer_trains_a_net(key):
    """With damping where a singular curvature asks for it. The loss of a net falls; what is recorded is what `descend` computes."""
    method = OPTIMIZERS[key]
    hypers = {"damping": 0.3} if "damping" in method.by_key and "lr" in method.by_key else {"lr": 0.05} if "lr" in method.by_key else {}
    net = NetProblem("tiny", "Tiny", DATASETS["moons"].with_parameters(samples=30), MLP((2,)), engine="torch")
    training = train(net, method, 40, every=8, **hypers)
    assert training.ticks.tolist() == [0, 8, 16, 24, 32, 40] and training.evaluations == 40
    assert training.train_loss[-1] < training.train_loss[0]
    run = descend(net, method, net.start, 40, **hypers)
    np.testing.assert_allclose(training.weights, run.path[::8], rtol=1e-12, atol=1e-300)
    np.testing.assert_allclose(training.train_loss, run.loss[::8], rtol=1e-12)
    np.testing.assert_allclose(training.batch_loss, net.value(np.ascontiguousarray(run.queries.T)), rtol=1e-9)
    assert training.status == run.status


def test_conditions_schedules_and_followers_are_those_of_every_run():
    more = {
        "conditions": Conditions(noise=0.1, clip_norm=0.5, l2=0.01, decay=0.1), "schedule": (SCHEDULES["cosine"], {"warmup": 5}),
        "around": (AROUNDS["lookahead"], {"k": 3}), "batches": Batches(8), "seed": 3, "lr": 0.02,
    }  # fmt: skip
    training = train(MOONS, ADAM, 30, every=1, **more)
    np.testing.assert_allclose(training.weights, descend(MOONS, ADAM, MOONS.start, 30, **more).path, rtol=1e-12, atol=1e-300)


@pytest.mark.jit
def test_a_net_with_a_kernel_descends_in_lanes_without_pytorch():
    starts = np.stack([replace(MOONS, seed=seed).start for seed in range(200)], axis=1)
    many = descend(MOONS, ADAM, starts, 50, lr=0.03, keep="final", batches=Batches(8), seed=2)
    alone = train(replace(MOONS, seed=137, engine="torch"), ADAM, 50, lr=0.03, batches=Batches(8), seed=2)
    np.testing.assert_allclose(many.final[:, 137], alone.final, rtol=1e-9)


def test_divergence_is_a_status_with_its_tick():
    wild = replace(MOONS, loss="squares", model=MLP((4,), "relu"))
    training, run = train(wild, SGD, 200, lr=50.0, every=10), descend(wild, SGD, wild.start, 200, lr=50.0)
    assert training.status == run.status == "diverged" and training.diverged_at == run.diverged_at
    assert training.evaluations == run.evaluations == training.diverged_at + 1 and training.ticks[-1] == training.diverged_at
    assert np.array_equal(training.weights[-1], run.path[training.diverged_at])


def test_weights_that_are_no_numbers_end_at_once():
    with pytest.raises(ValueError, match="finite numbers"):
        train(MOONS, SGD, 5, start=np.full(MOONS.n, np.nan))
    broken = replace(MOONS, model=MLP((4,) * 12, "relu", init="normal", scale=1e30))
    training = train(broken, SGD, 5)
    assert training.status == "diverged" and training.diverged_at == 0 and training.ticks.tolist() == [0]


def test_cancelling_stops_at_the_next_evaluation_and_keeps_what_there_is():
    seen = []
    training = train(MOONS, ADAM, 1000, every=10, on_progress=seen.append, cancelled=lambda: len(seen) > 3)
    whole = train(MOONS, ADAM, 1000, every=10)
    assert training.status == "cancelled" and training.ticks.tolist() == [0, 10, 20, 30] and training.evaluations == 30
    assert np.array_equal(training.weights, whole.weights[:4]) and [snapshot.tick for snapshot in seen] == [0, 10, 20, 30]
    assert seen[-1].validation_accuracy == training.validation_accuracy[-1] == whole.validation_accuracy[3]
    asked = iter(range(10_000))
    late = train(MOONS, ADAM, 1000, every=1000, cancelled=lambda: next(asked) >= 25)
    assert late.ticks.tolist() == [0, 25] and np.array_equal(late.final, train(MOONS, ADAM, 1000, every=25).weights[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"batches": Batches(61)}, "60 samples: choose 1 to 60"),
        ({"every": 0}, "1 or more"),
        ({"start": np.ones(3)}, "has 22 weights"),
        ({"steps": -1}, "0 or more"),
        ({"momentum": 0.5}, "has no momentum"),
    ],
)
def test_bad_input_says_what_to_change(arguments, message):
    with pytest.raises(ValueError, match=message):
        train(MOONS, SGD, **{"steps": 10, **arguments})


def test_batch_norm_of_single_samples_says_what_to_change():
    with pytest.raises(ValueError, match="Take 2 or more"):
        train(NETS["batch norm"], SGD, 5, batches=Batches(1))


@pytest.mark.parametrize(
    ("key", "message"), [("newton", "up to 150 weights"), ("kfac", "up to 600"), ("bfgs", "up to 600"), ("nelder_mead", "600")]
)
def test_methods_that_keep_matrices_are_for_small_nets(key, message):
    wide = replace(DIGITS, model=MLP((64,)))
    assert OPTIMIZERS[key].unfit(wide) and not OPTIMIZERS[key].unfit(MOONS)
    with pytest.raises(ValueError, match=message):
        train(wide, OPTIMIZERS[key], 5)


def test_no_ticks_leave_the_start():
    training = train(MOONS, SGD, 0)
    assert training.ticks.tolist() == [0] and np.array_equal(training.final, MOONS.start) and training.status == "running"


def test_nets_that_train_in_two_threads_at_once_do_not_meet():
    nets = [replace(DIGITS, model=MLP((6,), norm="batch"), seed=seed) for seed in range(4)]
    how = {"batches": Batches(9), "lr": 0.01, "every": 5}
    alone = [train(net, ADAM, 40, **how).weights for net in nets]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda net: train(net, ADAM, 40, **how).weights, nets))
    assert np.array_equal(alone, together)
