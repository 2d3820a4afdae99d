"""K-FAC's factors of a net's Fisher matrix, layer by layer: Martens & Grosse 2015, arXiv:1503.05671.

A layer s = W a + b, its bias taken as one more column of W whose input is 1, has the Fisher block E[a a^T (x) g g^T] (eq. 1), g the
derivative of the log-likelihood in s under the model's own predictions. K-FAC puts the product of the means, A (x) G, in its place.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from landscape.nets.net import Net
from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem


@dataclass(frozen=True)
class Factors:
    """Of one layer with i inputs, o outputs; where it has a bias, i + 1 inputs."""

    name: str
    A: Array  # (i, i), the mean of a a^T
    G: Array  # (o, o), the mean of g g^T
    places: npt.NDArray[np.int64]  # (o * i,): where the rows of G (x) A lie among the weights

    @property
    def product(self) -> Array:
        """The layer's block. W is kept row after row, one row an output, so its Kronecker product is written G (x) A."""
        return np.kron(self.G, self.A).astype(np.float64)


@dataclass(frozen=True)
class FisherMaps:
    """For heat maps, (n, n) each, in the order of the weights."""

    fisher: Array  # exact
    blocks: Array  # its layers' blocks, 0 elsewhere
    kronecker: Array  # A (x) G of every layer, 0 elsewhere
    difference: Array  # blocks - kronecker
    layers: tuple[Factors, ...]


def lacks(problem: "NetProblem") -> str:
    """Why the net has no such factors; empty where it has."""
    module = problem.module()
    layered = {id(p) for part in module.modules() if isinstance(part, nn.Linear) for p in part.parameters(recurse=False)}
    if problem.model.shares or any(id(parameter) not in layered for parameter in module.parameters()):
        return "its Kronecker factors are known here for fully connected layers alone: take an MLP without normalisation."
    return ""


def factors(net: Net, x: Tensor) -> tuple[Factors, ...]:
    """The factors of every layer over the samples x, at the net's weights."""
    layers = {name: part for name, part in net.module.named_modules() if isinstance(part, nn.Linear)}
    inputs: dict[str, Tensor] = {}
    sums: dict[str, Tensor] = {}

    def watch(name: str) -> Any:
        def hook(part: nn.Module, given: tuple[Tensor, ...], out: Tensor) -> None:
            inputs[name], sums[name] = given[0].detach(), out

        return hook

    handles = [part.register_forward_hook(watch(name)) for name, part in layers.items()]
    z = net.module(x)
    for handle in handles:
        handle.remove()
    assert net.loss.root is not None
    root = net.loss.root(z.detach())
    outer = {name: torch.zeros(part.out_features, part.out_features, dtype=z.dtype) for name, part in layers.items()}
    for k in range(root.shape[2]):  # the gradients of k draws stand for the expectation over all draws: S S^T is the outputs' Fisher
        for name, g in zip(sums, torch.autograd.grad((z * root[:, :, k]).sum(), list(sums.values()), retain_graph=True), strict=True):
            outer[name] += g.T @ g / len(x)
    at = {entry.name: entry for entry in net.problem.layout}
    found = []
    for name, part in layers.items():
        a, weight = inputs[name], at[f"{name}.weight"]
        places = weight.offset + np.arange(weight.size).reshape(weight.shape)
        if part.bias is not None:
            a = torch.cat([a, torch.ones_like(a[:, :1])], 1)
            places = np.column_stack([places, at[f"{name}.bias"].offset + np.arange(part.out_features)])
        found.append(Factors(name, np.asarray((a.T @ a / len(x)).double()), np.asarray(outer[name].double()), places.ravel()))
    return tuple(found)


def matrix(net: Net, x: Tensor, y: Tensor) -> Tensor:
    """The block-diagonal matrix of all the layers' products, (n, n)."""
    return torch.tensor(_assembled(factors(net, x), len(net.theta)))


def _assembled(layers: tuple[Factors, ...], n: int) -> Array:
    whole = np.zeros((n, n))
    for layer in layers:
        whole[np.ix_(layer.places, layer.places)] = layer.product
    return whole


def fisher_maps(problem: "NetProblem", weights: npt.ArrayLike) -> FisherMaps:
    """The exact Fisher matrix at weights (n,), over the training data, beside K-FAC's. Raises ValueError where the net has none."""
    fisher = problem.matrix(weights, "fisher")
    if reason := problem.lacks("kronecker"):
        raise ValueError(f"{problem.name}: {reason}")
    net = Net(problem).load(np.asarray(weights, dtype=np.float64))
    layers = factors(net, net.train[0])
    blocks, kronecker = np.zeros_like(fisher), _assembled(layers, problem.n)
    for layer in layers:
        place = np.ix_(layer.places, layer.places)
        blocks[place] = fisher[place]
    return FisherMaps(fisher, blocks, kronecker, blocks - kronecker, layers)
