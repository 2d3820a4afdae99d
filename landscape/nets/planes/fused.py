"""Multilayer perceptrons over a plane: what the compiled kernel needs, taken from the module."""

from collections.abc import Callable, Iterator

import numpy as np
import torch
from torch import nn

from landscape.nets.dropout import Dropout
from landscape.nets.planes.fused_kernel import ACTIVATIONS, measure
from landscape.nets.planes.losses import known, wanted
from landscape.nets.planes.objective import Objective, one_thread
from landscape.nets.planes.plane import Plane
from landscape.problem import Array

CODES: dict[type[nn.Module], int] = {
    nn.Tanh: ACTIVATIONS["tanh"],
    nn.ReLU: ACTIVATIONS["relu"],
    nn.Sigmoid: ACTIVATIONS["sigmoid"],
    nn.Identity: ACTIVATIONS["identity"],
}
IDLE = (nn.Identity, nn.Dropout, Dropout)  # in evaluation


def fused(objective: Objective, plane: Plane) -> Callable[[Array, Array], tuple[Array, Array]] | None:
    """A function of coordinates a, b (P,) that returns loss and accuracy (P,); None for nets and losses that the kernel does not know.

    It knows Linear layers one after another with tanh, ReLU, sigmoid or nothing between, cross-entropy and squared errors, in float32.
    It may be called by several threads at once.
    """
    stack, loss = perceptron(objective.module), known(objective.loss)
    if not stack or loss is None or objective.dtype != torch.float32 or not (loss.squares or objective.classifies):
        return None
    layers, codes = [layer for layer, _ in stack], np.array([code for _, code in stack])
    x = objective.x.reshape(len(objective.x), -1)
    with one_thread():
        parts = [_layers(objective, layers, vector) for vector in (plane.origin, plane.u, plane.v)]
        first = [(x @ weight.T + bias).T.numpy() for (weight, bias), *_ in parts]
    z = np.ascontiguousarray(np.stack(first))  # (3, h, N)
    others = [[tensor.reshape(-1) for pair in part[1:] for tensor in pair] for part in parts]
    lines = np.stack([torch.cat(tensors).numpy() if tensors else np.empty(0, np.float32) for tensors in others])  # (3, m)
    widths = np.array([layer.out_features for layer in layers])
    samples, outputs = len(x), int(widths[-1])
    labels = objective.y.numpy().astype(np.float32) if objective.classifies else np.full(samples, -1.0, np.float32)
    targets = np.empty((0, 0), np.float32)
    if loss.squares:
        targets = np.ascontiguousarray(wanted(torch.empty(samples, outputs), objective.y).numpy().T)
    factor = loss.factor(outputs) / samples

    def evaluate(a: Array, b: Array) -> tuple[Array, Array]:
        out = np.empty((2, len(a)))
        measure(z, lines, widths, codes, targets, labels, np.ascontiguousarray(a), np.ascontiguousarray(b), out)
        total, right = out
        share = np.where(np.isnan(total) | (not objective.classifies), np.nan, right / samples)
        return total * factor, share

    return evaluate


def perceptron(module: nn.Module) -> list[tuple[nn.Linear, int]]:
    """Each Linear layer with the code of what follows it; empty where the module is anything else than such layers in a row."""
    stack: list[tuple[nn.Linear, int]] = []
    for part in _parts(module):
        if type(part) is nn.Linear:
            stack.append((part, CODES[nn.Identity]))
        elif type(part) in IDLE or (type(part) is nn.Flatten and not stack and part.start_dim == 1 and part.end_dim == -1):
            continue
        elif type(part) in CODES and stack and stack[-1][1] == CODES[nn.Identity]:
            stack[-1] = (stack[-1][0], CODES[type(part)])
        else:
            return []
    distinct = len({id(layer.weight) for layer, _ in stack}) == len(stack)  # the kernel's rows are not shared
    return stack if distinct else []


def _parts(module: nn.Module) -> Iterator[nn.Module]:
    if type(module) is nn.Sequential:
        for part in module:
            yield from _parts(part)
    else:
        yield module


def _layers(objective: Objective, layers: list[nn.Linear], vector: Array) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Weight and bias of each layer in a flat vector; a layer without bias has zeros."""
    named = objective.layout.split(objective.tensor(vector))
    places = {id(parameter): name for name, parameter in objective.module.named_parameters()}
    return [
        (named[places[id(layer.weight)]], torch.zeros(layer.out_features) if layer.bias is None else named[places[id(layer.bias)]])
        for layer in layers
    ]
