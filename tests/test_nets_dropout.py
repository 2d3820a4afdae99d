"""Dropout: both conventions against PyTorch and against counting all thinned nets; who may not compare losses under it."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from landscape.nets import DATASETS, MLP, PRESETS, RESCALED, NetProblem
from landscape.nets.dropout import thinned
from landscape.nets.planes.own import objective_of
from landscape.problem import WHOLE
from optimizers import OPTIMIZERS, Batches
from optimizers.train import train
from pages.ui.nets.address import decode, encode
from pages.ui.nets.experiment import default_nets, with_net

conventions = pytest.mark.parametrize("rescale", RESCALED)
MOONS = NetProblem("moons", "Moons", DATASETS["moons"].with_parameters(samples=40), MLP((16,), dropout=0.3), batch=8)


def test_by_default_a_layer_is_pytorchs_with_the_same_mask_bit_by_bit():
    x = torch.randn(50, 20, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    ours, theirs = RESCALED[MLP().rescale][1](0.3), nn.Dropout(0.3)
    with torch.random.fork_rng():
        torch.manual_seed(5)
        expected = theirs(x)
    with thinned(ours, torch.Generator().manual_seed(5)):
        torch.testing.assert_close(ours(x), expected, rtol=1e-15, atol=0)
    assert torch.equal(ours(x), theirs.eval()(x)) and not torch.equal(expected, x)


@conventions
def test_the_mean_over_all_thinned_layers_is_the_whole_one(rescale):
    """Srivastava et al. 2014, section 4: every mask by its probability, what a linear layer above sees of it."""
    layer, x = RESCALED[rescale][1](0.3), torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64)
    mean = torch.zeros_like(x)
    for bits in product((0.0, 1.0), repeat=3):
        mask = torch.tensor(bits, dtype=torch.float64)
        layer._mask = lambda _, mask=mask: mask
        with thinned(layer, torch.Generator()):
            mean += 0.7 ** sum(bits) * 0.3 ** (3 - sum(bits)) * layer(x)
    torch.testing.assert_close(mean, layer(x), rtol=1e-14, atol=0)


def test_the_two_differ_by_one_factor_in_training_and_by_the_same_one_afterwards():
    x, (one, other) = torch.ones(1000, dtype=torch.float64), (made(0.3) for _, made in RESCALED.values())
    with thinned(one, torch.Generator().manual_seed(1)), thinned(other, torch.Generator().manual_seed(1)):
        torch.testing.assert_close(one(x) * 0.7, other(x))
    torch.testing.assert_close(one(x) * 0.7, other(x))


@conventions
def test_of_a_whole_net_scores_planes_and_curvature_agree(rescale):
    """Evaluation mode: `thinned` is nowhere but in training; the net is what PyTorch's modules in eval mode say."""
    net = replace(MOONS, model=MLP((16,), dropout=0.3, rescale=rescale))
    module = net.module()
    plain = nn.Sequential(module[0], module[1][0], nn.Tanh(), module[2])
    keep = 0.7 if rescale == "test" else 1.0
    with torch.no_grad():
        plain[3].weight.mul_(keep)
        x, y = net.tensors()
        loss = float(nn.CrossEntropyLoss()(plain(x), y))
    assert float(net.value(net.start)) == pytest.approx(loss, rel=1e-12) == float(net.scores(net.start).train_loss)
    assert objective_of(net).at(net.start)[0] == pytest.approx(loss, rel=1e-5)
    h = 1e-5
    found, step = net.hessian(net.start)[:, 3], h * np.eye(net.n)[3]
    expected = (net.gradient(net.start + step) - net.gradient(net.start - step)) / (2 * h)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-8)


def test_every_evaluation_in_training_is_of_another_net_and_every_run_sees_the_same_ones():
    def drawn(training):
        kernel, x, f, g = MOONS.kernel_for(40, training), MOONS.start[:, None].copy(), np.empty(1), np.empty((MOONS.n, 1))
        losses = []
        for _ in range(20):
            kernel(x, MOONS.lane_params(1), MOONS.data, WHOLE, f, g)
            losses.append(float(f[0]))
        return losses

    first = drawn(True)
    assert len(set(first)) == 20 and first == drawn(True)
    assert set(drawn(False)) == {float(MOONS.value(MOONS.start))}


def test_training_with_it_repeats_and_the_compiled_kernel_leaves_it_to_pytorch():
    runs = [train(MOONS, OPTIMIZERS["adam"], 60, lr=0.02, batches=Batches(8), every=60) for _ in range(2)]
    plain = train(replace(MOONS, model=MLP((16,))), OPTIMIZERS["adam"], 60, lr=0.02, batches=Batches(8), every=60)
    assert np.array_equal(runs[0].final, runs[1].final) and not np.allclose(runs[0].final, plain.final)
    assert runs[0].train_loss[-1] < runs[0].train_loss[0]
    with pytest.raises(ValueError, match="no dropout"):
        replace(MOONS, engine="compiled")


def test_methods_that_compare_losses_within_a_step_are_refused_with_the_reason():
    for method in OPTIMIZERS.values():
        assert ("thinned" in method.unfit(MOONS)) == bool(method.more)
    assert not OPTIMIZERS["l_bfgs"].unfit(replace(MOONS, model=MLP((16,))))
    with pytest.raises(ValueError, match="thinned"):
        train(MOONS, OPTIMIZERS["l_bfgs"], 3)


def test_the_address_has_it_and_bad_values_fall_back_with_a_word():
    chosen = with_net(default_nets("moons"), model=MLP((16,), dropout=0.25, rescale="test"))
    assert decode({key: value if isinstance(value, list) else [value] for key, value in encode(chosen).items()})[0] == chosen
    for wrong in ("dropout~1", "dropout~-0.1", "dropout~much", "rescale~never"):
        found, notes = decode({"preset": ["moons"], "net": [f"mlp~{wrong}"]})
        assert found.model == PRESETS["moons"].model and notes
    with pytest.raises(ValueError, match="share"):
        MLP(dropout=1.0)
