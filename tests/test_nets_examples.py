"""The trained nets that are shipped: small, readable by others, good at what they do, and made again by one command."""

import subprocess
import sys

import numpy as np
import pytest
from safetensors.numpy import load_file

from landscape.nets import files
from optimizers import examples
from optimizers.examples import EXAMPLES, FOLDER

every = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)


@every
def test_a_shipped_net_is_small_and_right_on_what_it_never_saw(example):
    assert example.path.stat().st_size < 100_000 and files.about(example.path)["made by"] == f"python -m optimizers.examples {example.key}"
    assert sum(tensor.size for tensor in load_file(example.path).values()) == example.problem.n
    scores = example.problem.scores(example.weights())
    assert scores.train_loss < 0.1 and scores.validation_accuracy > 0.96


def test_every_file_has_its_declaration():
    assert {path.stem for path in FOLDER.glob("*.safetensors")} == set(EXAMPLES)


@pytest.mark.slow
@pytest.mark.parametrize("key", ["moons_sgd", "moons_adam", "digits"])
def test_training_it_again_gives_the_same_weights(key):
    """In float64, up to rounding: 400 steps of Adam, in which square roots of small numbers make more of it."""
    weights = EXAMPLES[key].train().final
    assert np.abs(weights - EXAMPLES[key].weights()).max() < 1e-6 * np.abs(weights).max()


def test_the_command_writes_what_it_is_asked_for(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    examples.main(["moons_sgd"])
    assert [path.name for path in tmp_path.iterdir()] == ["moons_sgd.safetensors"] and "validation accuracy 0.9" in capsys.readouterr().out
    failed = subprocess.run([sys.executable, "-m", "optimizers.examples", "mons"], capture_output=True, text=True, check=False)
    assert failed.returncode and "choose of moons_sgd, moons_adam" in failed.stderr
