"""What goes in and out of nets: weights in files, also hostile and damaged ones; answers over a plane; estimates of cost."""

import pickle
import zipfile
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from landscape.nets import CNN, DATASETS, MLP, PRESETS, NetProblem, ResNet, answers, decision, estimate, files
from landscape.nets.boundary import frame

NET = NetProblem("clouds", "Clouds", DATASETS["clouds"], MLP((4,)))
IMAGES = NetProblem("digits", "Digits", DATASETS["digits"].with_parameters(samples=40), ResNet(2))
WEIGHTS = np.random.default_rng(0).normal(size=NET.n)


# --- files


def test_weights_survive_safetensors_to_the_last_digit(tmp_path):
    files.save(tmp_path / "a.safetensors", NET.layout, WEIGHTS, {"made by": "a test"})
    assert np.array_equal(files.load(tmp_path / "a.safetensors", NET.layout), WEIGHTS)
    assert files.about(tmp_path / "a.safetensors") == {"made by": "a test"}
    named = load_file(tmp_path / "a.safetensors")
    assert {name: tensor.shape for name, tensor in named.items()} == {entry.name: entry.shape for entry in NET.layout}
    files.save(tmp_path / "b.safetensors", NET.layout, WEIGHTS, dtype=np.float32)
    assert np.array_equal(files.load((tmp_path / "b.safetensors").read_bytes(), NET.layout), WEIGHTS.astype(np.float32))


@pytest.mark.parametrize("net", [NET, IMAGES], ids=["mlp", "resnet with batch norm"])
def test_a_state_dict_of_torch_is_read(tmp_path, net):
    weights = net.start + 0.5
    torch.save(net.trained(weights).state_dict(), tmp_path / "net.pt")
    assert np.array_equal(files.load(tmp_path / "net.pt", net.layout), weights)


class Bomb:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return open, (self.path, "w")


def hostile(path):
    """Files by what is wrong with them; the bombs would make the file `path`."""
    torch.save({"a": Bomb(path)}, f"{path}.pt")
    torch.save(NET.module(), f"{path}.module.pt")
    torch.save({name: tensor.to_sparse() for name, tensor in NET.module().state_dict().items()}, f"{path}.sparse.pt")
    torch.save({"x": torch.zeros(1).expand(10**9)}, f"{path}.huge.pt")
    torch.save({"x": torch.zeros(3, device="meta")}, f"{path}.meta.pt")
    torch.save([torch.zeros(3)], f"{path}.list.pt")
    torch.save({1: torch.zeros(3)}, f"{path}.key.pt")
    torch.save(NET.module().state_dict(), f"{path}.old.pt", _use_new_zipfile_serialization=False)
    with zipfile.ZipFile(f"{path}.zip.pt", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", b"\0" * 100_000_000)
    (path.parent / "bomb.pkl").write_bytes(pickle.dumps(Bomb(path)))
    (path.parent / "empty").write_bytes(b"")
    (path.parent / "text").write_bytes(b"PK, but no archive")
    (path.parent / "header").write_bytes((2**60).to_bytes(8, "little") + b"{}")
    (path.parent / "large").write_bytes(b"\0" * 20_000_001)
    return [file for file in path.parent.iterdir() if file.is_file()]


def test_hostile_files_are_refused_and_nothing_in_them_is_run(tmp_path):
    mark = tmp_path / "mark"
    found = hostile(mark)
    assert len(found) == 14
    for file in found:
        with pytest.raises(ValueError, match=r"cannot be read as weights|larger than 20 MB"):
            files.load(file, NET.layout)
        assert not mark.exists(), file
    with pytest.raises(ValueError, match="larger than 20 MB"):
        files.load(b"\0" * 20_000_001, NET.layout)


@pytest.mark.parametrize("kind", ["torch", "safetensors"])
def test_damaged_files_are_refused_or_read_as_numbers(tmp_path, kind):
    """A file cut anywhere is refused; one with a changed byte is refused, or is other numbers: never anything else."""
    path = tmp_path / "net"
    if kind == "torch":
        torch.save(NET.trained(WEIGHTS).state_dict(), path)
    else:
        files.save(path, NET.layout, WEIGHTS)
    content = path.read_bytes()
    for end in range(0, len(content), 23):
        with pytest.raises(ValueError, match="cannot be read as weights"):
            files.load(content[:end], NET.layout)
    rng = np.random.default_rng(0)
    refused = 0
    for place in rng.integers(0, len(content), 200):
        damaged = bytearray(content)
        damaged[place] ^= int(rng.integers(1, 256))
        try:
            assert files.load(bytes(damaged), NET.layout).shape == (NET.n,)
        except ValueError:
            refused += 1
    assert refused > 0


def test_weights_of_another_net_are_refused(tmp_path):
    files.save(tmp_path / "net", NET.layout, WEIGHTS)
    with pytest.raises(ValueError, match="of another net"):
        files.load(tmp_path / "net", replace(NET, model=MLP((5,))).layout)


def test_weights_that_are_no_numbers_are_read_and_have_no_loss(tmp_path):
    files.save(tmp_path / "net", NET.layout, np.full(NET.n, np.nan))
    assert np.isnan(NET.value(files.load(tmp_path / "net", NET.layout)))


# --- answers over a plane


def test_the_decision_over_the_plane_is_the_modules_softmax():
    lanes = np.stack([WEIGHTS, -WEIGHTS, NET.start], axis=1)
    xs, ys, p = decision(NET, lanes, 7, 5)
    assert p.shape == (3, 5, 7, 3) and p.sum(0) == pytest.approx(np.ones((5, 7, 3)))
    for lane in range(3):
        z = NET.trained(lanes[:, lane])(torch.tensor([[xs[4], ys[2]]]))
        assert p[:, 2, 4, lane] == pytest.approx(torch.softmax(z, 1)[0].detach().numpy(), rel=1e-12)
        assert decision(NET, lanes[:, lane], 7, 5)[2] == pytest.approx(p[..., lane], rel=1e-12)
    part = NET.split.validation
    assert np.all(part.x >= [xs[0], ys[0]]) and np.all(part.x <= [xs[-1], ys[-1]])


def test_numbers_are_answered_as_they_are():
    curve = NetProblem("curve", "Curve", DATASETS["curve"], MLP((3,)), "squares")
    line = np.linspace(*frame(curve)[0], 9)[:, None]
    assert answers(curve, curve.start, line) == pytest.approx(curve.module()(torch.tensor(line)).detach().numpy())
    assert decision(replace(NET, loss="half_squares"), WEIGHTS)[2].min() < 0
    with pytest.raises(ValueError, match="one input"):
        decision(curve, curve.start)
    with pytest.raises(ValueError, match="no plane to be drawn in"):
        decision(PRESETS["digits"], PRESETS["digits"].start)
    assert np.isnan(decision(NET, np.full(NET.n, np.nan))[2]).all()


# --- cost


def test_an_estimate_grows_with_the_work_and_says_what_to_change():
    small, large = estimate(NET, 8), estimate(NetProblem("c", "Large", DATASETS["digits"], CNN((32, 64)), precision="float32"))
    assert 0 < small.seconds < large.seconds and small.weights == NET.n and small.megabytes == pytest.approx(NET.n * 8e-6)
    small.require(1, within=60)
    with pytest.raises(ValueError, match=r"Large, 21,386 weights: 1,000,000 ticks would take .* at most"):
        large.require(1_000_000, within=10)
    assert estimate(NET, 8, "fisher").seconds > small.seconds
    with pytest.raises(ValueError, match="choose 1 to 150"):
        estimate(NET, 151)
    with pytest.raises(ValueError, match="up to 600"):
        estimate(PRESETS["digits"], 8, "fisher")
