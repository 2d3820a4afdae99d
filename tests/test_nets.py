"""Small nets: data, models, flat weights, loss and gradient, against PyTorch, scikit-learn and closed forms."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.datasets import load_digits, make_circles, make_moons
from torch import nn
from torch.nn import functional

from landscape.kernel import plain
from landscape.nets import ACTIVATIONS, CNN, DATASETS, INITS, MLP, NORMS, Dataset, Layout, NetProblem, Part, ResNet, Split, build
from landscape.nets.mlp_kernel import mlp
from landscape.problem import WHOLE

datasets = pytest.mark.parametrize("data", DATASETS.values(), ids=DATASETS)
DIGITS, MOONS = DATASETS["digits"], DATASETS["moons"]


def problem(data=MOONS, model=MLP((5,)), loss="cross_entropy", **more):  # noqa: B008 - frozen
    return NetProblem("test", "A test net", data, model, loss, **more)


# --- data


@datasets
def test_data_has_the_declared_shape_and_is_drawn_by_its_parameters(data):
    split = data.with_parameters(samples=40, validation=30).split()
    for part, size in ((split.train, 40), (split.validation, 30)):
        assert len(part) == size and part.x.shape == (size, *data.shape) and part.x.dtype == np.float64 and np.all(np.isfinite(part.x))
        if data.task == "classes":
            assert part.y.dtype.kind == "i" and set(part.y.ravel()) == set(range(data.outputs))
        else:
            assert part.y.shape == (size, data.outputs)
    again = data.with_parameters(samples=40, validation=50).split()
    other = data.with_parameters(samples=40, validation=30, draw=1).split()
    assert np.array_equal(split.train.x, again.train.x), "more validation samples changed the others"
    assert not np.array_equal(split.train.x, other.train.x)
    assert not {row.tobytes() for row in split.train.x} & {row.tobytes() for row in split.validation.x}


@datasets
def test_data_of_one_sample_and_data_out_of_range(data):
    assert len(data.with_parameters(samples=1, validation=1).split().train) == 1
    with pytest.raises(ValueError, match="Samples must lie between"):
        data.with_parameters(samples=0)
    with pytest.raises(ValueError, match="has no parameter 'sample'"):
        data.with_parameters(sample=3)


@pytest.mark.parametrize("samples", [1, 20, 37])
def test_without_noise_moons_and_circles_are_scikit_learns(samples):
    """And with noise every point is pushed aside by that much."""
    for key, theirs in (("moons", make_moons(samples)), ("circles", make_circles(samples, factor=0.3))):
        data = DATASETS[key].with_parameters(samples=samples, noise=0.0, **({"factor": 0.3} if key == "circles" else {}))
        exact, noisy = data.split().train, data.with_parameters(noise=0.2).split().train
        ours, wanted = (np.array(sorted(np.column_stack([x, y]).round(12).tolist())) for x, y in ((exact.x, exact.y), theirs))
        assert ours == pytest.approx(wanted, abs=1e-11)
        assert np.std(noisy.x - exact.x) == pytest.approx(0.2, rel=0.5 if samples > 1 else 2.0) and np.array_equal(noisy.y, exact.y)


def test_digits_are_all_of_scikit_learns_once():
    split = DIGITS.split()
    ours = np.concatenate([split.train.x, split.validation.x]).reshape(1797, 64)
    assert sorted(map(bytes, ours * 16)) == sorted(map(bytes, load_digits().data))
    with pytest.raises(ValueError, match="between 1 and 1437"):
        DIGITS.with_parameters(samples=1500)


# --- models and weights

MODELS = [
    MLP(()), MLP((5, 5), skip=True), *(MLP((6, 6), norm=norm, bias=norm != "rms") for norm in NORMS),
    *(CNN(norm=norm) for norm in NORMS), *(ResNet(4, norm=norm, skip=norm != "layer") for norm in NORMS),
]  # fmt: skip
models = pytest.mark.parametrize("model", MODELS, ids=str)


@models
def test_flat_weights_and_named_tensors_are_the_same(model):
    module = build(model, DIGITS.shape, DIGITS.outputs, 3)
    layout = Layout.of(module)
    net = problem(DIGITS, model, seed=3)
    assert layout == net.layout and layout.n == sum(parameter.numel() for parameter in module.parameters()) == len(net.start)
    named = layout.named(net.start)
    assert all(np.array_equal(named[name], parameter.detach().double()) for name, parameter in module.named_parameters())
    assert np.array_equal(layout.flat(named), net.start)
    for entry in layout:
        path, _, kind = entry.name.rpartition(".")
        assert entry.vector == (kind == "bias" or not isinstance(module.get_submodule(path), (nn.Linear, nn.Conv2d)))
        filters = [named[entry.name].ravel()] if entry.vector else [each.ravel() for each in named[entry.name]]
        assert np.array_equal(entry.rows(net.start), filters)
    lanes = layout.named(np.stack([net.start, 2 * net.start], axis=1))
    assert all(np.array_equal(lanes[name][..., 1], 2 * tensor) for name, tensor in named.items())


def test_tensors_of_another_net_are_refused():
    net = problem()
    named = net.layout.named(net.start)
    first = next(iter(named))
    for tensors, message in (
        ({name: named[name] for name in list(named)[1:]}, f"lack '{first}'"),
        ({**named, "head": np.ones(3)}, "have 'head'"),
        ({**named, first: np.ones((2, 2))}, f"{first} has shape"),
    ):
        with pytest.raises(ValueError, match=message):
            net.layout.flat(tensors)


@pytest.mark.parametrize("key", INITS)
def test_initialisations_have_the_variance_of_their_papers(key):
    wide = build(MLP((400,), init=key, scale=3.0), (300,), 2, 0)
    weight, bias = wide[1][0].weight.detach().numpy(), wide[1][0].bias.detach().numpy()
    expected = {"torch": (1 / 300) / 3, "he": 2 / 300, "xavier": 2 / 700, "normal": 1.0, "zeros": 0.0}[key]
    assert weight.var() == pytest.approx(9 * expected, rel=0.02) and abs(weight.mean()) < 1e-2 * (1 + expected)
    assert np.any(bias) == INITS[key].biases


def test_the_default_initialisation_is_pytorchs():
    torch.manual_seed(7)
    reference = nn.Sequential(nn.Flatten(), nn.Linear(64, 9), nn.Tanh(), nn.Linear(9, 10))
    ours = build(MLP((9,)), (1, 8, 8), 10, 7)
    assert all(torch.equal(a, b) for a, b in zip(ours.parameters(), reference.parameters(), strict=True))


def test_no_two_controls_of_a_data_set_are_called_alike():
    for data in DATASETS.values():
        names = [parameter.name for parameter in data.parameters]
        assert len(set(names)) == len(names) and "Data set" not in names  # as the menu of data sets is called


def test_building_a_net_leaves_the_global_random_numbers_of_initialisation_to_their_seed():
    assert np.array_equal(problem(seed=4).start, problem(seed=4).start) and not np.array_equal(problem(seed=4).start, problem().start)


def test_skips_add_the_input_of_a_layer():
    net = problem(DIGITS, MLP((7, 7), "relu", skip=True))
    a, b, c, d, e, f = (torch.tensor(tensor) for tensor in net.layout.named(net.start).values())
    x = torch.tensor(DIGITS.split().train.x[:5]).flatten(1)
    h = torch.relu(x @ a.T + b)
    h = torch.relu(h @ c.T + d) + h
    assert torch.allclose(net.module()(x), h @ e.T + f, rtol=1e-12)


def test_a_resnet_of_zeros_and_skips_passes_its_shortcuts():
    """With zero weights in the blocks' second normalisation, and ReLU, what is left is the shortcut: He et al. 2015, eq. 1."""
    net = ResNet(4, (2,), norm="layer").make((1, 8, 8), 10)
    block = net[3]
    nn.init.zeros_(block.second[1].weight), nn.init.zeros_(block.second[1].bias)
    x = torch.rand(3, 4, 8, 8)
    assert torch.equal(block(x), x)
    block.skip = False
    assert not torch.any(block(x))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: MLP(activation="swish"), "no activation 'swish'"),
        (lambda: MLP(init="orthogonal"), "no initialisation"),
        (lambda: CNN(norm="group"), "no normalisation"),
        (lambda: MLP((0,)), "1 or more"),
        (lambda: MLP(scale=-1.0), "0 or more"),
        (lambda: problem(model=CNN()), "looks at images"),
        (lambda: problem(DIGITS, CNN((4, 4, 4, 4))), "4 convolutions halve an image of 8 pixels too often: take fewer"),
        (lambda: problem(DIGITS, ResNet(2, (1,) * 5)), "5 stages halve an image of 8 pixels too often: take fewer"),
        (lambda: problem(loss="hinge"), "no loss 'hinge'"),
        (lambda: problem(DATASETS["curve"]), "choose a squared error"),
        (lambda: problem(model=MLP((100_000, 100_000))), "10,000,600,002 weights"),
        (lambda: problem(model=MLP(norm="layer"), engine="compiled"), "without skips and normalisation"),
        (lambda: problem(model=MLP(activation="gelu"), engine="compiled"), "knows the activations tanh"),
        (lambda: problem(seed=-1), "seed"),
        (lambda: problem().value(np.ones(3)), "has 27 weights"),
    ],
)  # fmt: skip
def test_bad_specifications_say_what_to_change(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- loss and gradient


LOSSES = {
    "cross_entropy": lambda z, y: functional.cross_entropy(z, y),
    "squares": lambda z, y: functional.mse_loss(z, functional.one_hot(y, z.shape[1]).to(z.dtype)) * z.shape[1],
    "half_squares": lambda z, y: functional.mse_loss(z, functional.one_hot(y, z.shape[1]).to(z.dtype)) * z.shape[1] / 2,
    "sum": lambda z, y: z.sum() / len(z),
}


@pytest.mark.parametrize("loss", LOSSES)
@models
def test_loss_and_gradient_are_autograds(model, loss):
    net = problem(DIGITS.with_parameters(samples=20), model, loss, engine="torch")
    batch = np.random.default_rng(0).integers(0, 20, (6, 2))
    x = np.stack([net.start, 1.1 * net.start], axis=1)
    f, g = np.empty(2), np.empty_like(x)
    net.evaluate_kernel(x, net.lane_params(2), net.data, batch, f, g)
    part = net.split.train
    for lane in range(2):
        module = net.trained(x[:, lane]).train()
        mean = LOSSES[loss](module(torch.tensor(part.x[batch[:, lane]])), torch.tensor(part.y[batch[:, lane]]))
        gradient = torch.cat([part.flatten() for part in torch.autograd.grad(mean, list(module.parameters()))])
        assert f[lane] == pytest.approx(mean.item(), rel=1e-12)
        np.testing.assert_allclose(g[:, lane], gradient, rtol=1e-9, atol=1e-12 * float(gradient.abs().max()))
    assert net.value(x) == pytest.approx(net.value_and_gradient(x)[0], rel=1e-12)


def test_one_precision_is_the_other_to_six_digits():
    net = problem(DIGITS.with_parameters(samples=50), CNN())
    single = replace(net, precision="float32")
    assert single.gradient(net.start) == pytest.approx(net.gradient(net.start), rel=1e-4, abs=1e-5)


COMPILED = {"moons": "cross_entropy", "clouds": "half_squares", "curve": "squares", "digits": "cross_entropy", "xor": "sum"}
SHAPES = [MLP(()), MLP((5,), bias=False), MLP((6, 3), "relu"), MLP((4, 4), "sigmoid"), MLP((3,), "identity", bias=False)]


@pytest.mark.kernel
@pytest.mark.parametrize("key", COMPILED)
@pytest.mark.parametrize("model", SHAPES, ids=str)
@pytest.mark.parametrize("samples", [1, 7, 70])
def test_the_compiled_kernel_computes_what_pytorch_does(key, model, samples):
    data, loss = DATASETS[key].with_parameters(samples=70), COMPILED[key]
    ours, theirs = (problem(data, model, loss, engine=engine) for engine in ("compiled", "torch"))
    rng = np.random.default_rng(1)
    x = rng.normal(size=(ours.n, 2))
    batch = WHOLE if samples == 70 else rng.integers(0, 70, (samples, 2))
    found = []
    for net in (ours, theirs):
        f, g = np.empty(2), np.empty_like(x)
        net.evaluate_kernel(x, net.lane_params(2), net.data, batch, f, g)
        found.append((f, g))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-12, atol=1e-14)  # a cross-entropy is a difference of numbers near 5
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-10, atol=1e-12)


@pytest.mark.kernel
def test_the_plain_form_of_the_kernel_computes_the_same():
    net = problem(MOONS.with_parameters(samples=9), MLP((3,), "relu"), engine="compiled")
    f, g = np.empty(1), np.empty((net.n, 1))
    plain(mlp)(net.start[:, None], net.lane_params(1), net.data, WHOLE, f, g)
    assert f[0] == pytest.approx(net.value(net.start)) and g[:, 0] == pytest.approx(net.gradient(net.start))


def test_the_kernel_is_chosen_where_it_can_and_wins():
    small, large = problem(), problem(DIGITS, MLP((64,)))
    assert small.kernel_for(8) is mlp and large.kernel_for(8) is mlp and large.kernel_for(1437) is not mlp
    others = (MLP(norm="rms"), MLP(skip=True), MLP(activation="gelu"))
    assert ACTIVATIONS["gelu"].code is None and not any(problem(model=other).kernel_for(8) is mlp for other in others)


# --- what can go wrong


@pytest.mark.parametrize("engine", ["torch", "compiled"])
@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_weights_that_are_no_numbers_give_a_loss_that_is_none(engine, value, activation):
    net = problem(model=MLP((4, 4), activation), engine=engine)
    f, g = net.value_and_gradient(np.full(net.n, value))
    assert g.shape == (net.n,) and (np.isnan(value) <= np.isnan(f))
    assert np.isnan(net.value(np.full(net.n, np.nan))) and np.isnan(net.scores(np.full(net.n, np.nan)).validation_loss)


def test_batch_norm_of_one_sample_says_what_to_change():
    alone = problem(MOONS.with_parameters(samples=1), MLP((4,), norm="batch"))
    for ask in (alone.value, alone.gradient, alone.scores):
        with pytest.raises(ValueError, match="Take 2 or more"):
            ask(alone.start)
    for norm in ("none", "layer", "rms"):
        assert np.isfinite(problem(MOONS.with_parameters(samples=1), MLP((4,), norm=norm)).value(problem(model=MLP((4,), norm=norm)).start))


def constant(values):
    part = Part(np.ones((8, 2)), np.arange(8) % 2)
    return Split(part, part)


@pytest.mark.parametrize("norm", NORMS)
def test_constant_features_are_no_division_by_zero(norm):
    data = Dataset("constant", "Constant", "classes", (2,), 2, (), constant, "")
    net = problem(data, MLP((4,), norm=norm))
    assert np.all(np.isfinite(net.gradient(net.start))) and np.all(np.isfinite([*vars(net.scores(net.start)).values()]))


def test_batch_norm_judges_by_the_statistics_of_the_training_data():
    """What a net says of a validation sample does not depend on the company it is judged in, nor on what was trained before."""
    net = problem(DIGITS.with_parameters(samples=64, validation=40), MLP((12,), norm="batch"))
    one = net.net()
    x = net.split.validation.x
    together, alone = one.outputs(x), np.concatenate([one.outputs(sample[None]) for sample in x])
    assert together == pytest.approx(alone, rel=1e-10)
    a, gamma, beta, c, d = net.layout.named(net.start).values()
    before = net.split.train.x.reshape(64, -1) @ a.T
    h = (x.reshape(40, -1) @ a.T - before.mean(0)) / np.sqrt(before.var(0, ddof=1) + 1e-5) * gamma + beta
    assert together == pytest.approx(np.tanh(h) @ c.T + d, rel=1e-10)


def test_a_trained_module_is_ready_for_others():
    net = problem(DIGITS.with_parameters(samples=64, validation=40), MLP((12,), norm="batch"))
    weights = 1.3 * net.start
    module, (x, y) = net.trained(weights), net.tensors(validation=True)
    assert not module.training and net.mean_loss(module(x), y).item() == pytest.approx(net.scores(weights).validation_loss, rel=1e-12)
    assert module(x).detach().numpy() == pytest.approx(net.net().load(weights).outputs(net.split.validation.x), rel=1e-12)


def test_scores_are_mean_losses_and_shares_of_right_answers():
    net = problem(DATASETS["clouds"])
    scores, part = net.scores(net.start), net.split.validation
    z = net.module()(torch.tensor(part.x))
    assert scores.validation_loss == pytest.approx(functional.cross_entropy(z, torch.tensor(part.y)).item(), rel=1e-12)
    assert scores.validation_accuracy == np.mean(z.argmax(1).numpy() == part.y) and scores.train_loss == pytest.approx(net.value(net.start))
    assert np.isnan(problem(DATASETS["curve"], loss="squares").scores(problem(DATASETS["curve"], loss="squares").start).train_accuracy)
    assert problem(DATASETS["clouds"], loss="squares").scores(net.start).validation_accuracy == scores.validation_accuracy


def test_only_the_package_of_the_nets_brings_pytorch():
    code = "import sys, landscape, optimizers; assert 'torch' not in sys.modules and 'sklearn' not in sys.modules"
    code += "; import landscape.nets, torch; assert torch.get_num_threads() == 1 and 'sklearn' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_batch_norm_divides_by_the_biased_variance_in_training_and_by_the_unbiased_one_afterwards():
    """As PyTorch does, with numbers by NumPy; the page names the convention."""
    layer, x = NORMS["batch"].flat(3).double(), np.random.default_rng(0).normal(size=(5, 3))
    wide = functional.batch_norm(torch.tensor(x), None, None, training=True).numpy()
    seen = layer(torch.tensor(x)).detach().numpy()
    np.testing.assert_allclose(seen, (x - x.mean(0)) / np.sqrt(x.var(0) + 1e-5), rtol=1e-12)
    np.testing.assert_allclose(seen, wide, rtol=1e-12)
    later, theirs = layer.eval()(torch.tensor(x)).detach().numpy(), nn.BatchNorm1d(3, momentum=1.0).double()
    np.testing.assert_allclose(later, (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + 1e-5), rtol=1e-12)
    theirs(torch.tensor(x))
    np.testing.assert_allclose(later, theirs.eval()(torch.tensor(x)).detach().numpy(), rtol=1e-12)
    assert "biased variance" in NORMS["batch"].convention and "N - 1" in NORMS["batch"].convention
