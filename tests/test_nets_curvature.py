"""Curvature matrices of nets, K-FAC's factors and signals through depth, against explicit sums, torch.func and closed forms."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch.func import functional_call, grad
from torch.nn import functional

from landscape.nets import CNN, DATASETS, MLP, NetProblem, fisher_maps, signals
from landscape.nets.presets import PRESETS
from landscape.problem import WHOLE
from optimizers import OPTIMIZERS, Batches, descend
from optimizers.train import train

CLOUDS = NetProblem("clouds", "Clouds", DATASETS["clouds"].with_parameters(samples=20), MLP((4,)), engine="torch")
NETS = {
    "2-4-3": CLOUDS,
    "half squares": replace(CLOUDS, loss="half_squares"),
    "squares": NetProblem("c", "Curve", DATASETS["curve"].with_parameters(samples=20), MLP((3, 3), skip=True), "squares"),
    "no biases": replace(CLOUDS, model=MLP((3, 2), "sigmoid", bias=False)),
}
nets = pytest.mark.parametrize("net", NETS.values(), ids=NETS)
DEVIATION = {"half_squares": 1.0, "squares": 0.5**0.5}  # of the normal distribution whose likelihood the loss is


def loss_of(net):
    """theta (n,), samples, targets -> the mean loss, by functional_call on an untouched module."""
    module, part = net.module(), net.split.train
    x, y = torch.tensor(part.x), torch.tensor(part.y)
    if net.loss != "cross_entropy" and y.ndim == 1:
        y = functional.one_hot(y, net.dataset.outputs).double()

    def outputs(theta, some=slice(None)):
        views = {entry.name: theta[entry.place].view(entry.shape) for entry in net.layout}
        return functional_call(module, views, (x[some],))

    def loss(theta, some=slice(None), targets=None):
        z, t = outputs(theta, some), y[some] if targets is None else targets
        return (
            functional.cross_entropy(z, t)
            if net.loss == "cross_entropy"
            else (z - t).square().sum(1).mean() * (0.5 if net.loss == "half_squares" else 1.0)
        )

    return outputs, loss


@nets
def test_the_hessian_and_the_empirical_fisher_are_autograds(net):
    _, loss = loss_of(net)
    theta = torch.tensor(net.start)
    hessian = torch.autograd.functional.hessian(loss, theta)
    np.testing.assert_allclose(net.hessian(net.start), hessian, rtol=1e-9, atol=1e-12)
    outer = [torch.outer(g, g) for k in range(20) for g in (grad(loss)(theta, slice(k, k + 1)),)]
    np.testing.assert_allclose(net.matrix(net.start, "empirical_fisher"), torch.stack(outer).mean(0), rtol=1e-9, atol=1e-12)


def explicit_fisher(net, outer=torch.outer):
    """E over samples, and over the model's own predictions, of the score's outer product, summed or integrated one by one."""
    outputs, loss = loss_of(net)
    theta = torch.tensor(net.start)
    total = 0.0
    for k in range(20):
        some = slice(k, k + 1)
        z = outputs(theta, some)[0].detach()
        if net.loss == "cross_entropy":
            draws = [(p, torch.tensor([c])) for c, p in enumerate(torch.softmax(z, 0))]
        else:  # Gauss-Hermite with two points an output is exact for squares
            signs = torch.cartesian_prod(*[torch.tensor([-1.0, 1.0]).double()] * len(z)).reshape(-1, len(z))
            draws = [(1 / len(signs), (z + DEVIATION[net.loss] * sign)[None]) for sign in signs]
        for weight, target in draws:
            score = grad(loss)(theta, some, target)
            total = total + weight * outer(score, score) / 20
    return total.numpy()


@nets
def test_the_fisher_matrix_is_an_expectation_over_the_models_own_predictions(net):
    fisher = net.matrix(net.start, "fisher")
    np.testing.assert_allclose(fisher, explicit_fisher(net), rtol=1e-9, atol=1e-12)
    assert np.array_equal(net.matrix(net.start, "gauss_newton"), fisher)
    assert np.abs(net.matrix(net.start, "empirical_fisher") - fisher).max() > 1e-3 * np.abs(fisher).max()


@nets
def test_kfacs_blocks_are_products_of_means(net):
    """A of inputs with a 1 for the bias, G of the scores in a layer's outputs: both read off the exact scores of two biases and weights."""
    maps = fisher_maps(net, net.start)
    np.testing.assert_allclose(maps.fisher, explicit_fisher(net), rtol=1e-9, atol=1e-12)
    assert sorted(place for layer in maps.layers for place in layer.places) == list(range(net.n))
    rest = np.ones_like(maps.fisher, dtype=bool)
    for layer in maps.layers:
        block = np.ix_(layer.places, layer.places)
        rest[block] = False
        np.testing.assert_allclose(maps.blocks[block], maps.fisher[block])
        np.testing.assert_allclose(maps.kronecker[block], np.kron(layer.G, layer.A), rtol=1e-12)
        assert np.linalg.eigvalsh(layer.A).min() > -1e-12 and np.linalg.eigvalsh(layer.G).min() > -1e-12
        if net.model.bias:
            biases = layer.places.reshape(len(layer.G), -1)[:, -1]
            np.testing.assert_allclose(layer.G, maps.fisher[np.ix_(biases, biases)], rtol=1e-9, atol=1e-12)
            assert layer.A[-1, -1] == pytest.approx(1.0)
    first = maps.layers[0]
    inputs = net.split.train.x
    inputs = np.column_stack([inputs, np.ones(20)]) if net.model.bias else inputs
    np.testing.assert_allclose(first.A, inputs.T @ inputs / 20, rtol=1e-12)
    assert not np.any(maps.blocks[rest]) and not np.any(maps.kronecker[rest]) and np.any(maps.fisher[rest])
    assert np.array_equal(maps.difference, maps.blocks - maps.kronecker) and np.any(maps.difference)
    np.testing.assert_allclose(net.matrix(net.start, "kronecker"), maps.kronecker)


def with_biases_last(net, module):
    """Where each weight of curvlinops' order (a layer's matrix, then its bias) is in ours: (n,)."""
    places = {entry.name: np.arange(entry.place.start, entry.place.stop) for entry in net.layout}
    return np.concatenate([places[name] for name, _ in module.named_parameters()])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("key", ["2-4-3", "half squares", "no biases", "fisher"])
@pytest.mark.parametrize("seed", [0, 1])
def test_fisher_and_kfac_are_those_of_curvlinops(key, seed):
    net = NETS.get(key) or PRESETS[key]
    curvlinops = pytest.importorskip("curvlinops", reason="curvlinops 3.0.1 is not installed")
    theta = net.start + seed * np.random.default_rng(seed).normal(0, 0.5, net.n)
    module, part = net.module(), net.split.train
    named = net.layout.named(theta)
    for name, parameter in module.named_parameters():
        parameter.data = torch.tensor(named[name])
    x, y = torch.tensor(part.x), torch.tensor(part.y)
    loss, share = torch.nn.CrossEntropyLoss(), 1.0
    if net.loss == "half_squares":  # torch's mean is over the outputs too
        y = functional.one_hot(y, net.dataset.outputs).double()
        loss, share = torch.nn.MSELoss(), net.dataset.outputs / 2
    arguments = (module, loss, list(module.parameters()), [(x, y)])
    unit, order = torch.eye(net.n, dtype=torch.float64), np.argsort(with_biases_last(net, module))
    theirs = {
        "fisher": curvlinops.GGNLinearOperator(*arguments) @ unit,
        "kronecker": curvlinops.KFACLinearOperator(*arguments, fisher_type="type-2", separate_weight_and_bias=False) @ unit,
    }
    for kind, matrix in theirs.items():
        np.testing.assert_allclose(net.matrix(theta, kind), share * matrix.numpy()[np.ix_(order, order)], rtol=1e-9, atol=1e-12)


def test_on_one_sample_without_hidden_layers_kfac_is_exact():
    """With one sample, A is not random: the expectation of the product is the product of the expectations."""
    net = NetProblem("one", "One", DATASETS["clouds"].with_parameters(samples=1), MLP(()))
    maps = fisher_maps(net, net.start)
    np.testing.assert_allclose(maps.kronecker, maps.fisher, rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize("kind", ["hessian", "fisher", "gauss_newton", "empirical_fisher", "kronecker"])
def test_matrices_over_a_batch_and_over_lanes(kind):
    matrix = CLOUDS.curvature(kind)
    x = np.stack([CLOUDS.start, -CLOUDS.start], axis=1)
    batch, h, whole = np.array([[3, 0], [3, 5], [7, 2]]), np.empty((27, 27, 2)), np.empty((27, 27, 2))
    matrix(x, CLOUDS.lane_params(2), CLOUDS.data, batch, h)
    matrix(x, CLOUDS.lane_params(2), CLOUDS.data, WHOLE, whole)
    assert not np.allclose(h, whole) and np.allclose(whole[..., 1], CLOUDS.matrix(-CLOUDS.start, kind))
    every = np.empty((27, 27, 2))
    matrix(x, CLOUDS.lane_params(2), CLOUDS.data, np.repeat(np.arange(20), 2)[:, None] + np.zeros((1, 2), int), every)
    np.testing.assert_allclose(every, whole, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("net", "kind", "message"),
    [
        (NetProblem("d", "D", DATASETS["digits"], MLP((64,))), "fisher", "up to 600 weights"),
        (NetProblem("s", "S", DATASETS["spirals"], MLP((32,))), "hessian", "up to 150 weights"),
        (replace(CLOUDS, model=MLP((4,), norm="batch")), "fisher", "batch norm ties"),
        (replace(CLOUDS, model=MLP((4,), norm="layer")), "kronecker", "fully connected layers alone"),
        (NetProblem("d", "D", DATASETS["digits"], CNN((2,))), "kronecker", "fully connected layers alone"),
        (replace(CLOUDS, loss="sum"), "gauss_newton", "no likelihood"),
    ],
    ids=("wide", "wide hessian", "batch norm", "layer norm", "cnn", "sum"),
)
def test_what_a_net_does_not_offer_it_says(net, kind, message):
    assert message in net.lacks(kind) and net.curvature(kind) == net.lacks(kind)
    with pytest.raises(ValueError, match=message):
        net.matrix(net.start, kind)


def test_batch_norm_and_layer_norm_have_what_is_defined_for_them():
    assert replace(CLOUDS, model=MLP((4,), norm="batch")).hessian(replace(CLOUDS, model=MLP((4,), norm="batch")).start).shape == (31, 31)
    assert not replace(CLOUDS, model=MLP((4,), norm="layer")).lacks("fisher")


@pytest.mark.kernel
def test_natural_gradient_and_kfac_step_by_their_matrices():
    for key, kind in (("natural_gradient", "fisher"), ("kfac", "kronecker"), ("gauss_newton", "gauss_newton"), ("newton", "hessian")):
        training = train(CLOUDS, OPTIMIZERS[key], 3, every=1, lr=0.5, damping=0.4)
        for before, after in zip(training.weights, training.weights[1:], strict=False):
            step = np.linalg.solve(CLOUDS.matrix(before, kind) + 0.4 * np.eye(27), CLOUDS.gradient(before))
            np.testing.assert_allclose(after, before - 0.5 * step, rtol=1e-9, atol=1e-11)


@pytest.mark.kernel
def test_a_compiled_net_descends_with_a_matrix_that_pytorch_makes():
    compiled = replace(CLOUDS, engine="compiled")
    run = descend(compiled, OPTIMIZERS["kfac"], CLOUDS.start, 4, lr=0.5, damping=0.4)
    np.testing.assert_allclose(run.path[-1], train(CLOUDS, OPTIMIZERS["kfac"], 4, lr=0.5, damping=0.4).final, rtol=1e-10)


@pytest.mark.slow
def test_kfac_in_a_race_needs_fewer_steps_than_gradient_descent():
    """Row 63, on the 2-4-3 preset: with a tuned rate each, over 60 full-batch steps."""
    net = PRESETS["fisher"]
    assert net.n == 27 and [entry.shape for entry in net.layout] == [(4, 2), (4,), (3, 4), (3,)]
    ends = {
        key: min(train(net, OPTIMIZERS[key], 60, lr=lr, **more).train_loss[-1] for lr in (0.1, 0.3, 1.0, 2.0))
        for key, more in (("sgd", {}), ("kfac", {"damping": 0.1}))
    }
    assert ends["kfac"] < ends["sgd"]
    small = train(net, OPTIMIZERS["kfac"], 60, batches=Batches(32), lr=0.3, damping=0.1)
    assert small.status != "diverged" and small.train_loss[-1] < small.train_loss[0]


# --- signals


def test_signals_are_the_norms_of_what_goes_through_a_linear_net():
    """Without activations the gradient at layer k is the product of the matrices above it: a closed form."""
    data = DATASETS["gaussian"].with_parameters(samples=10)
    net = NetProblem("linear", "Linear", data, MLP((5, 6), "identity", bias=False), "sum")
    a, b, c = net.layout.named(net.start).values()
    x = net.split.train.x
    h = [x @ a.T, x @ a.T @ b.T, x @ a.T @ b.T @ c.T]
    d = [np.full((10, 64), 0.1) @ c @ b, np.full((10, 64), 0.1) @ c, np.full((10, 64), 0.1)]
    found = signals(net)
    norm = np.linalg.norm
    assert found.outputs == pytest.approx([norm(part) for part in h]) and found.gradients == pytest.approx([norm(part) for part in d])
    assert found.weights == pytest.approx([norm(g.T @ i) for g, i in zip(d, [x, *h[:2]], strict=True)])
    assert signals(net, 2 * net.start).outputs == pytest.approx(found.outputs * [2, 4, 8])
    assert len(signals(PRESETS["resnet"]).names) == 10  # eight layers, two of them with a shortcut's filters beside them


@pytest.mark.parametrize(("init", "scale", "expected"), [("normal", 0.01, 1e-36), ("xavier", 1, 2e-4), ("he", 1, 1.4), ("he", 3, 3e14)])
def test_gradients_vanish_and_explode_with_depth(init, scale, expected):
    """Row 9, to an order of magnitude; and the law: a factor of std sqrt(width / 2) for each of 29 layers of ReLUs."""
    net = PRESETS["deep_signal"]
    deep = replace(net, model=replace(net.model, init=init, scale=scale))
    ratios = np.log10([signals(replace(deep, seed=seed)).first_over_last for seed in range(8)])
    assert np.all(np.abs(ratios - np.log10(expected)) < 1.2)
    std = {"normal": 1.0, "xavier": (1 / 64) ** 0.5, "he": (2 / 64) ** 0.5}[init] * scale
    assert np.mean(ratios) == pytest.approx(29 * np.log10(std * 32**0.5), abs=0.4)
