"""Loss and gradient of perceptrons and recurrent nets as compiled kernels: small nets at small batches, without PyTorch's cost per call."""

from typing import TYPE_CHECKING

import numpy as np

from landscape.kernel import Kernel
from landscape.nets.mlp import MLP
from landscape.nets.mlp_kernel import mlp, rnn
from landscape.nets.parts import ACTIVATIONS
from landscape.nets.recurrent import RNN
from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem

WORK = 350_000  # weights times samples, an evaluation; beyond that PyTorch is faster, below up to 50 times slower


def lacks(problem: "NetProblem") -> str:
    """Why the kernel cannot compute this net; empty where it can."""
    model = problem.model
    if not isinstance(model, (MLP, RNN)) or model.norm != "none" or (isinstance(model, MLP) and model.skip):
        return "the kernel knows multilayer perceptrons without skips and normalisation, and recurrent nets."
    if model.dropout:
        return "the kernel knows no dropout."
    if ACTIVATIONS[model.activation].code is None:
        known = ", ".join(part.name for part in ACTIVATIONS.values() if part.code is not None)
        return f"the kernel knows the activations {known}."
    return "" if problem.precision == "float64" else "the kernel computes in float64."


def wins(problem: "NetProblem", samples: int) -> bool:
    """Whether to use it, for batches of this many samples."""
    if problem.engine != "auto":
        return problem.engine == "compiled"
    return not lacks(problem) and problem.n * samples <= WORK


def kernel(problem: "NetProblem") -> Kernel:
    """That of the problem's model."""
    return rnn if isinstance(problem.model, RNN) else mlp


def params(problem: "NetProblem", lanes: int) -> Array:
    """The loss, the activation, and the layers as the kernel wants to know them, (p, lanes); p = 0 for a net it cannot do."""
    model, shape, outputs = problem.model, problem.dataset.shape, problem.dataset.outputs
    if lacks(problem) or not isinstance(model, (MLP, RNN)):
        return np.empty((0, lanes))
    layers = (int(model.bias), *model.sizes(shape, outputs)) if isinstance(model, MLP) else (*model.reads(shape), model.units, outputs)
    rows = [problem.criterion.code, ACTIVATIONS[model.activation].code or 0, *layers]
    return np.repeat(np.array(rows, dtype=np.float64)[:, None], lanes, axis=1)
