"""A net's loss as a landscape: what `landscape.problem.Problem` is for formulas, with n weights in place of two coordinates."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from landscape.claim import Claim
from landscape.kernel import Kernel
from landscape.nets import compiled, curvature
from landscape.nets.dataset import Dataset, Split
from landscape.nets.entrant import FOUR, Entrant
from landscape.nets.losses import LOSSES, Loss
from landscape.nets.model import Model, build, choose
from landscape.nets.net import Net, Scores
from landscape.nets.weights import Layout, flatten
from landscape.problem import WHOLE, Array, Parameter

LARGEST = 300_000  # weights; beyond that nothing here is interactive


@dataclass(frozen=True)
class NetProblem:
    """The mean loss of a net over its training samples. Hashable by what it computes and shows, so that pages can cache on it.

    Arrays: weights are (n,), lanes of weights are (n, B). Evaluations are float64 to the outside; inside they have `precision`.
    Raises ValueError where model, loss and data do not fit together.
    """

    key: str
    name: str
    dataset: Dataset
    model: Model
    loss: str = "cross_entropy"
    seed: int = 0  # of the initial weights
    precision: Literal["float64", "float32"] = "float64"
    engine: Literal["auto", "torch", "compiled"] = "auto"  # auto: whichever is faster
    batch: int | None = None  # samples a batch, as recommended; None: all
    replacement: bool = True  # whether batches are drawn anew every time, or epochs
    steps: int = 200
    lesson: str = ""
    question: str = ""
    recommended: Mapping[str, Mapping[str, float]] = field(default_factory=dict, hash=False)  # method -> hyperparameter -> value
    racers: tuple[Entrant, ...] = FOUR  # who trains when a page opens with it
    claims: tuple[Claim, ...] = ()  # what is said of those
    opens: str = ""  # what such a page shows under its picture, by key; empty: what it showed before

    def __post_init__(self) -> None:
        choose(LOSSES, self.loss, "loss")
        if self.dataset.task == "numbers" and not self.criterion.numbers:
            raise ValueError(f"{self.dataset.name} asks for numbers, {self.criterion.name} is for classes: choose a squared error.")
        if self.model.sequences != (self.dataset.positions > 1):
            wants = (
                "an answer at each step: choose the reversed sequences"
                if self.model.sequences
                else "single answers: choose a transformer, or other data"
            )
            raise ValueError(f"{self.model.name} and {self.dataset.name} do not fit: this model is for {wants}.")
        if self.dataset.positions > 1 and self.criterion.numbers:
            raise ValueError(f"{self.dataset.name} ask for a class at each position: choose the cross-entropy.")
        if self.seed != int(self.seed) or self.seed < 0:
            raise ValueError(f"The seed is {self.seed}: give a whole number, 0 or more.")
        if self.n > LARGEST:
            raise ValueError(f"The net has {self.n:,} weights; up to {LARGEST:,} are interactive: make it narrower or shallower.")
        if self.engine == "compiled" and (reason := compiled.lacks(self)):
            raise ValueError(f"{self.name} cannot be compiled: {reason}")

    # --- the parts

    @property
    def criterion(self) -> Loss:
        """The loss, as declared."""
        return LOSSES[self.loss]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Those of the data."""
        return self.dataset.parameters

    @property
    def parameter_values(self) -> dict[str, float]:
        return self.dataset.parameter_values

    def with_parameters(self, **values: float) -> "NetProblem":
        """The same net on other data."""
        return replace(self, dataset=self.dataset.with_parameters(**values))

    @property
    def split(self) -> Split:
        """Training and validation samples."""
        return self.dataset.split()

    @property
    def layout(self) -> Layout:
        """Which stretch of the weights is which tensor."""
        return _layout(self.model, self.dataset.shape, self.dataset.outputs)

    @property
    def n(self) -> int:
        """Weights in all."""
        return self.layout.n

    @property
    def start(self) -> Array:
        """The initial weights of this seed, (n,)."""
        return _start(self.model, self.dataset.shape, self.dataset.outputs, self.seed)

    def module(self) -> nn.Module:
        """A fresh PyTorch module in this precision, in training mode, at the initial weights."""
        return build(self.model, self.dataset.shape, self.dataset.outputs, self.seed).to(getattr(torch, self.precision))

    def trained(self, weights: npt.ArrayLike) -> nn.Module:
        """A fresh module at weights (n,), in evaluation mode: batch norm has the statistics of all the training data at these weights."""
        net = Net(self).load(self._lanes(weights)[0][:, 0])
        net.settle()
        return net.module.eval()

    def tensors(self, validation: bool = False) -> tuple[Tensor, Tensor]:
        """The training or the validation samples for PyTorch: inputs in this precision, targets as the loss takes them."""
        part = self.split.validation if validation else self.split.train
        x, y = torch.tensor(part.x, dtype=getattr(torch, self.precision)), torch.tensor(part.y)
        if self.criterion.numbers:
            y = (functional.one_hot(y, self.dataset.outputs) if y.ndim == 1 else y).to(x.dtype)
        return x, y

    def mean_loss(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """The loss as PyTorch's own losses are called: outputs and targets of a batch -> its mean."""
        return self.criterion.each(outputs, targets).mean()

    def net(self) -> Net:
        """The net at work, at its initial weights; one thread's own."""
        return Net(self)

    # --- as the loop sees it

    @property
    def data(self) -> Array:
        """The training samples as columns: the inputs, then the class or the wanted outputs, (d, N)."""
        return _columns(self.dataset, self.criterion.numbers)

    @property
    def samples(self) -> int:
        """Of how many samples mini-batches can be drawn."""
        return len(self.split.train)

    def lane_params(self, lanes: int) -> Array:
        """What the compiled kernel must know of the net, (p, lanes)."""
        return compiled.params(self, lanes)

    def kernel_for(self, samples: int, training: bool = True) -> Kernel:
        """Value and gradient, for batches of this many samples: a compiled kernel, or a Python callable with the same arguments.

        In `training` dropout leaves out other units at every evaluation, from a stream that begins with the problem's seed.
        """
        return compiled.kernel(self) if compiled.wins(self, samples) else Net(self, thin=training).evaluate

    @property
    def restless(self) -> str:
        """Why two evaluations at one place on one batch differ; empty where they do not."""
        return "dropout makes each evaluation one of another, thinned net" if self.model.dropout else ""

    @property
    def evaluate_kernel(self) -> Kernel:
        """Value and gradient: see `landscape.kernel.EVALUATE`. Belongs to one thread."""
        return self.kernel_for(self.batch or len(self.split.train))

    def lacks(self, kind: str) -> str:
        """Why the problem has no such curvature matrix; empty where it has."""
        return curvature.lacks(self, kind) if kind else ""

    def curvature(self, kind: str) -> Kernel | str:
        """A callable for a curvature matrix, see `landscape.kernel.CURVATURE`, or the reason why there is none."""
        return self.lacks(kind) or curvature.kernel(self, kind)

    # --- value and derivatives

    def value_and_gradient(self, x: npt.ArrayLike) -> tuple[Array, Array]:
        """f: () or (B,); its gradient: (n,) or (n, B); over all the training samples."""
        at, single = self._lanes(x)
        f, g = np.empty(at.shape[1]), np.empty_like(at)
        self.kernel_for(len(self.split.train), training=False)(at, self.lane_params(at.shape[1]), self.data, WHOLE, f, g)
        return (f[0], g[:, 0]) if single else (f, g)

    def value(self, x: npt.ArrayLike) -> Array:
        """f at one point, or along lanes of points, over all the training samples."""
        at, single = self._lanes(x)
        if compiled.wins(self, len(self.split.train)):
            return self.value_and_gradient(x)[0]
        net = Net(self)
        with torch.no_grad():
            f = np.array([net.load(weights).mean(*net.train).item() for weights in at.T])
        return f[0] if single else f

    def gradient(self, x: npt.ArrayLike) -> Array:
        """The gradient, in the shape of x."""
        return self.value_and_gradient(x)[1]

    def hessian(self, x: npt.ArrayLike) -> Array:
        """The Hessian: (n, n) or (n, n, B)."""
        return self.matrix(x, "hessian")

    def matrix(self, x: npt.ArrayLike, kind: str) -> Array:
        """A curvature matrix over all the data, (n, n) or (n, n, B). Raises ValueError for a kind that this problem does not offer."""
        matrix = self.curvature(kind)
        if isinstance(matrix, str):
            raise ValueError(f"{self.name}: {matrix}")
        at, single = self._lanes(x)
        h = np.empty((self.n, *at.shape))
        matrix(at, self.lane_params(at.shape[1]), self.data, WHOLE, h)
        return h[:, :, 0] if single else h

    def scores(self, weights: npt.ArrayLike) -> Scores:
        """Losses and accuracies on both parts of the data, at (n,) or (n, B)."""
        at, single = self._lanes(weights)
        net = Net(self)
        rows = np.array([net.load(lane).score() for lane in at.T]).reshape(-1, 4).T
        return Scores(*(rows[:, 0] if single else rows))

    def _lanes(self, x: npt.ArrayLike) -> tuple[Array, bool]:
        at = np.asarray(x, dtype=np.float64)
        self.layout.check(at)
        return np.array(at.reshape(self.n, -1), order="C"), at.ndim == 1

    minima = property(lambda self: np.empty((self.n, 0)), doc="None are known, (n, 0).")
    lowest = None  # not a field: nobody knows it


@lru_cache(maxsize=256)
def _layout(model: Model, shape: tuple[int, ...], outputs: int) -> Layout:
    with torch.device("meta"):  # without memory for the weights: there may be too many
        return Layout.of(model.make(shape, outputs))


@lru_cache(maxsize=64)
def _start(model: Model, shape: tuple[int, ...], outputs: int, seed: int) -> Array:
    start = flatten(build(model, shape, outputs, seed))
    start.setflags(write=False)
    return start


@lru_cache(maxsize=32)
def _columns(dataset: Dataset, numbers: bool) -> Array:
    part = dataset.split().train
    y = part.y.astype(np.float64).reshape(len(part), -1)
    if numbers and dataset.task == "classes":
        y = np.eye(dataset.outputs)[part.y]
    return np.ascontiguousarray(np.concatenate([part.x.reshape(len(part), -1), y], axis=1).T)
