"""The loss of a torch module over fixed data, as a function of its flat weights alone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import copy, deepcopy
from threading import RLock
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch.nn.modules.batchnorm import _NormBase

from landscape.nets.weights import Layout
from landscape.problem import Array

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]  # outputs, y -> the MEAN loss over the samples
Statistics = Literal["frozen", "data"]

STATISTICS = {
    "none": "The net has no batch norm: its weights alone give the loss.",
    "frozen": "Batch norm uses the running statistics saved with the net, the same at every point; they are never moved.",
    "data": "Batch norm uses the statistics of this very data, computed anew at every point; the saved ones are left alone.",
    "population": "Batch norm uses the statistics of the training data, computed anew at every point; the saved ones are left alone.",
}


@contextmanager
def one_thread() -> Iterator[None]:
    """torch on one thread: small nets are slower on two."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class Objective:
    """What is drawn: loss and accuracy of `module` on (x, y) at any flat weights. The module given is copied, never changed.

    Dropout is off. Running statistics of batch norm are no weights: no direction moves them; `statistics` says which are used.
    """

    def __init__(
        self,
        module: torch.nn.Module,
        loss: Loss,
        x: torch.Tensor,
        y: torch.Tensor,
        *,
        batch: int | None = None,
        statistics: Statistics = "frozen",
        population: torch.Tensor | None = None,
        dtype: torch.dtype = torch.float32,
    ) -> None:
        """`batch`: samples evaluated at once, for memory and caches; None: all. It changes rounding only.

        `population`: with statistics="data", the inputs that the statistics are of, where x itself is not meant: the training
        samples, when x are others. Their variance is then torch's running one, over N - 1. Gradients are not offered there.

        Raises ValueError for a module without parameters, data of different lengths or none, a batch below 1, and for batches where batch
        norm takes its statistics from the data, which they would change.
        """
        if len(x) != len(y) or not len(x):
            raise ValueError(f"x has {len(x)} samples and y has {len(y)}: give as many of each, at least one.")
        if batch is not None and batch < 1:
            raise ValueError(f"batch = {batch}: give a whole number of samples, 1 or more, or None for all at once.")
        if statistics not in ("frozen", "data"):
            raise ValueError(f"statistics = {statistics!r}: choose 'frozen' or 'data'.")
        self.module = deepcopy(module).to(dtype).eval()
        self.layout, self.loss, self.dtype, self.batch = Layout.of(self.module), loss, dtype, batch
        self.x = _laid(x.to(dtype) if x.is_floating_point() else x).detach()
        self.y = (y.to(dtype) if y.is_floating_point() else y).detach()
        self.norms = [part for part in self.module.modules() if isinstance(part, _NormBase) and part.running_mean is not None]
        self.population = _laid(population.to(dtype)).detach() if population is not None and statistics == "data" else None
        self.statistics = _settle(self.norms, "population" if self.population is not None else statistics)
        if self.statistics == "data" and batch is not None and batch < len(x):
            raise ValueError("Statistics of the data need all samples at once: leave batch out.")
        self._flat = self._own(self.module)
        self.weights: Array = self._flat.double().numpy().copy()  # (n,): those the module came with

    def _own(self, module: torch.nn.Module) -> torch.Tensor:
        """Make the module's parameters views of one new flat tensor, (n,), and return that."""
        self.lock = RLock()  # weights are written into the one copy of the module
        flat = torch.cat([parameter.detach().reshape(-1) for parameter in module.parameters()])
        for parameter, view in zip(module.parameters(), self.layout.split(flat).values(), strict=True):
            parameter.data = view
        return flat

    def twin(self) -> "Objective":
        """The same over the same data with a module of its own, so that two threads need not wait for each other."""
        other = copy(self)
        other.module = deepcopy(self.module)
        other.norms = [part for part in other.module.modules() if isinstance(part, _NormBase) and part.running_mean is not None]
        other._flat = other._own(other.module)
        return other

    @property
    def n(self) -> int:
        return self.layout.n

    @property
    def words(self) -> str:
        """What is done with the running statistics, for people."""
        return STATISTICS[self.statistics]

    @property
    def classifies(self) -> bool:
        """Whether there is an accuracy: y holds class numbers."""
        return not self.y.is_floating_point()

    def tensor(self, weights: npt.ArrayLike) -> torch.Tensor:
        """Flat weights as a torch vector of this objective's type; checked."""
        return torch.from_numpy(self.layout.as_points(weights)).to(self.dtype)

    def at(self, weights: npt.ArrayLike) -> tuple[float, float]:
        """Loss and accuracy. The accuracy is NaN where there are no classes, and where the loss is NaN: nothing was classified."""
        with self.lock, one_thread(), torch.inference_mode():
            return self._measure(self.tensor(weights))

    def along(self, points: npt.ArrayLike) -> tuple[Array, Array]:
        """Loss and accuracy at each of (T, n) weights, (T,) each."""
        with self.lock, one_thread(), torch.inference_mode():
            pairs = [self._measure(self.tensor(point)) for point in self.layout.as_points(points)]
        loss, accuracy = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        return loss, accuracy

    def over(self, origin: Array, u: Array, v: Array, a: Array, b: Array) -> tuple[Array, Array]:
        """Loss and accuracy at origin + a u + b v, for coordinates a and b of shape (P,)."""
        start, first, second = (self.tensor(vector) for vector in (origin, u, v))
        with self.lock, one_thread(), torch.inference_mode():
            pairs = [self._measure(start.add(first, alpha=p).add_(second, alpha=q)) for p, q in zip(a.tolist(), b.tolist(), strict=True)]
        loss, accuracy = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
        return loss, accuracy

    def mean(self, forward: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        """The loss over all the data of a function from inputs to outputs, differentiable."""
        parts = [self.loss(forward(x), y) * (len(x) / len(self.x)) for x, y in self.batches()]
        return torch.stack(parts).sum() if len(parts) > 1 else parts[0]

    def gradient(self, weights: npt.ArrayLike) -> tuple[float, Array]:
        """Loss and gradient, (n,)."""
        flat, named = self.leaf(weights)
        with self.lock, one_thread():
            loss = self.mean(lambda x: self.call(named, x))
            (slope,) = torch.autograd.grad(loss, flat)
        return float(loss.detach()), slope.double().numpy()

    def leaf(self, weights: npt.ArrayLike) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
        """New flat weights for a graph of their own, which nobody else moves, and their parts by name."""
        if self.statistics == "population":
            raise ValueError("Gradients and curvature belong to the training loss: leave `population` out, or ask the training objective.")
        flat = self.tensor(weights).clone().requires_grad_()
        parts = torch.split(flat, [entry.size for entry in self.layout])
        return flat, {entry.name: part.view(entry.shape) for entry, part in zip(self.layout, parts, strict=True)}

    def call(self, parameters: dict[str, torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        """The outputs with other parameters in the module's place."""
        outputs: torch.Tensor = torch.func.functional_call(self.module, parameters, (x,))
        return outputs

    def batches(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        size = self.batch or len(self.x)
        return zip(torch.split(self.x, size), torch.split(self.y, size), strict=True)

    def measured(self, module: torch.nn.Module, batches: Iterable[tuple[torch.Tensor, torch.Tensor]]) -> tuple[float, float]:
        """Loss and accuracy of a module over all the data, in these batches."""
        loss, right = 0.0, 0
        for x, y in batches:
            outputs = module(x)
            loss += float(self.loss(outputs, y)) * len(x)
            if self.classifies:
                right += int((outputs.argmax(dim=1) == y).sum())
        share = right / self.y.numel() if self.classifies and loss == loss else np.nan
        return loss / len(self.x), share

    def _measure(self, flat: torch.Tensor) -> tuple[float, float]:
        self._flat.copy_(flat)
        if self.statistics == "population":
            for part in self.norms:
                part.train()
            self.module(self.population)
            for part in self.norms:
                part.eval()
        return self.measured(self.module, self.batches())


def _laid(x: torch.Tensor) -> torch.Tensor:
    """Images with their channels last: a ResNet-8 answers twice as fast, and the arithmetic is the same."""
    return x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x


def _settle(norms: list[_NormBase], statistics: str) -> str:
    """Make norm layers use the statistics wanted; the word for it."""
    for part in norms:
        if statistics == "data":
            part.running_mean = part.running_var = None  # a layer without them uses the batch's, in evaluation too
        elif statistics == "population":
            part.momentum = 1.0  # the running statistics are those of the last batch: the population
    return statistics if norms else "none"
