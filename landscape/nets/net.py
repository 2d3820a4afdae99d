"""A net at work: a module whose weights are one flat vector, beside its data. One thread's own: make another for another thread."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from landscape.nets.dropout import thinned
from landscape.nets.parts import NORMS
from landscape.nets.weights import bind
from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem


@dataclass(frozen=True)
class Scores:
    """How good a net is; each () or (B,). Accuracies are NaN where numbers are predicted."""

    train_loss: Array
    train_accuracy: Array
    validation_loss: Array
    validation_accuracy: Array


class Net:
    """The problem's module, its weights to be set by `load`.

    With batch norm the module always normalises by the batch it is given, while training. What it says of a sample on its own
    uses the statistics of all the training data at the same weights, so that it is a function of the weights alone, not of a
    history (PyTorch's running means are a moving estimate of the same). Dropout leaves units out in `evaluate` alone, and there only
    where it is `thin`: all else is said of the whole net.
    """

    def __init__(self, problem: "NetProblem", thin: bool = False) -> None:
        self.generator = torch.Generator().manual_seed(problem.seed) if thin and problem.model.dropout else None
        self.problem, self.loss = problem, problem.criterion
        self.couples = NORMS[problem.model.norm].couples
        self.module = problem.module()
        self.theta, self.gradient = bind(self.module)
        self.train, self.validation = problem.tensors(), problem.tensors(validation=True)

    def load(self, weights: Array) -> "Net":
        """Set the weights, (n,)."""
        self.theta.copy_(torch.tensor(weights))
        return self

    def together(self, x: Tensor) -> Tensor:
        """The outputs for a batch of samples. Raises ValueError for one sample under batch norm."""
        if self.couples and len(x) == 1:
            raise ValueError("Batch norm compares the samples of a batch: with one sample there is nothing to compare. Take 2 or more.")
        z: Tensor = self.module(x)
        return z

    def mean(self, x: Tensor, y: Tensor) -> Tensor:
        """The mean loss over a batch of samples."""
        return self.loss.each(self.together(x), y).mean()

    def evaluate(self, x: Array, params: Array, data: Array, batch: npt.NDArray[np.int64], f: Array, g: Array) -> None:
        """As a compiled kernel: see `landscape.kernel.EVALUATE`. A loss or gradient that is not finite is a result, not an error."""
        with thinned(self.module, self.generator) if self.generator else nullcontext():
            self._evaluate(x, batch, f, g)

    def _evaluate(self, x: Array, batch: npt.NDArray[np.int64], f: Array, g: Array) -> None:
        inputs, targets = self.train
        for b in range(x.shape[1]):
            self.load(x[:, b])
            self.gradient.zero_()
            if batch.shape[0]:
                picked = torch.tensor(batch[:, b])
                inputs, targets = self.train[0][picked], self.train[1][picked]
            loss = self.mean(inputs, targets)
            loss.backward()  # type: ignore[no-untyped-call]
            f[b] = loss.item()
            g[:, b] = self.gradient.numpy()

    @contextmanager
    def judging(self) -> Iterator[None]:
        """Samples are looked at one by one: batch norm uses the statistics that the last batch has left, which must be all the data."""
        with torch.no_grad():
            self.module.eval()
            try:
                yield
            finally:
                self.module.train()

    def settle(self) -> None:
        """Leave the statistics of all the training data in batch norm."""
        if self.couples:
            with torch.no_grad():
                self.together(self.train[0])

    def outputs(self, inputs: Array) -> Array:
        """What the net says of samples (M, *shape): (M, k)."""
        self.settle()
        with self.judging():
            out: Array = self.module(torch.tensor(inputs, dtype=self.theta.dtype)).double().numpy()
        return out

    def score(self) -> tuple[float, float, float, float]:
        """Training loss and accuracy, validation loss and accuracy. In training batch norm looks at all the training data at once."""
        with torch.no_grad():
            train = self._judged(self.together(self.train[0]), self.train[1])
        with self.judging():
            return (*train, *self._judged(self.module(self.validation[0]), self.validation[1]))

    def _judged(self, z: Tensor, y: Tensor) -> tuple[float, float]:
        right = float("nan")
        if self.problem.dataset.task == "classes":
            right = (z.argmax(1) == (y.argmax(1) if self.loss.numbers else y)).double().mean().item()
        return self.loss.each(z, y).mean().item(), right
