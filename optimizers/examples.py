"""Trained nets that Ravine ships, and how each was made: `python -m optimizers.examples NAME` makes it again, without a name all.

They lie as safetensors beside `landscape.nets`, under 100 kB each, with what made them in the file's metadata.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

import landscape.nets
from landscape.nets import PRESETS, NetProblem, files
from optimizers import OPTIMIZERS
from optimizers.descend import Batches
from optimizers.train import Training, train

FOLDER = Path(landscape.nets.__file__).parent / "examples"


@dataclass(frozen=True)
class Example:
    """A preset, trained: everything that decides the weights."""

    key: str
    name: str
    preset: str
    optimizer: str
    hypers: Mapping[str, Any] = field(hash=False)
    steps: int
    shown: str  # what it is for
    seed: int = 0
    dtype: type = np.float32  # of the file

    @property
    def problem(self) -> NetProblem:
        return PRESETS[self.preset]

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.key}.safetensors"

    def train(self) -> Training:
        """Train it again."""
        batches = Batches(self.problem.batch) if self.problem.batch else None
        return train(self.problem, OPTIMIZERS[self.optimizer], self.steps, batches=batches, seed=self.seed, every=self.steps, **self.hypers)

    def weights(self) -> np.ndarray:
        """The shipped weights, (n,). Raises ValueError where the file is damaged or of another net."""
        return files.load(self.path, self.problem.layout)

    def write(self) -> Training:
        """Train it again and write the file."""
        training = self.train()
        rates = ", ".join(f"{key} {value:g}" for key, value in self.hypers.items())
        how = f"{self.preset}, {OPTIMIZERS[self.optimizer].name}, {rates}, {self.steps} ticks, seed {self.seed}"
        about = {"made by": f"python -m optimizers.examples {self.key}", "how": how}
        FOLDER.mkdir(exist_ok=True)
        files.save(self.path, self.problem.layout, training.final, about, self.dtype)
        return training


_ORDER = (
    Example("moons_sgd", "Two moons, by gradient descent", "moons", "sgd", {"lr": 1.0}, 400, "a smooth minimum", dtype=np.float64),
    Example("moons_adam", "Two moons, by Adam", "moons", "adam", {"lr": 0.05}, 400, "the same start, another minimum", dtype=np.float64),
    Example("digits", "Digits, by Adam", "digits", "adam", {"lr": 0.005}, 600, "thousands of weights"),
    Example("resnet", "Digits, ResNet-8", "resnet", "momentum", {"lr": 0.1}, 200, "a landscape with skips"),
    Example("plain_net", "Digits, ResNet-8 without skips", "plain_net", "momentum", {"lr": 0.05}, 200, "the same without skips"),
)
EXAMPLES: dict[str, Example] = {example.key: example for example in _ORDER}


def main(names: list[str]) -> None:
    """Write the named examples, or all."""
    if unknown := sorted(set(names) - set(EXAMPLES)):
        raise SystemExit(f"There is no example {unknown[0]}: choose of {', '.join(EXAMPLES)}.")
    for key in names or EXAMPLES:
        training = EXAMPLES[key].write()
        sys.stdout.write(
            f"{key}: training loss {training.train_loss[-1]:.4g}, validation accuracy {training.validation_accuracy[-1]:.3f}\n"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
