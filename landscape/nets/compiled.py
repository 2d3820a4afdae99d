"""Loss and gradient of a multilayer perceptron as a compiled kernel: small nets at small batches, without PyTorch's cost per call."""

from typing import TYPE_CHECKING

import numpy as np

from landscape.nets.mlp import MLP
from landscape.nets.mlp_kernel import mlp
from landscape.nets.parts import ACTIVATIONS
from landscape.problem import Array

if TYPE_CHECKING:
    from landscape.nets.problem import NetProblem

__all__ = ["lacks", "mlp", "params", "wins"]

WORK = 350_000  # weights times samples, an evaluation; beyond that PyTorch is faster, below up to 50 times slower


def lacks(problem: "NetProblem") -> str:
    """Why the kernel cannot compute this net; empty where it can."""
    model = problem.model
    if not isinstance(model, MLP) or model.skip or model.norm != "none":
        return "the kernel knows multilayer perceptrons without skips and normalisation."
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


def params(problem: "NetProblem", lanes: int) -> Array:
    """The loss, the activation, whether there are biases, and the layers' sizes, (p, lanes); p = 0 for a net it cannot do."""
    model = problem.model
    if lacks(problem) or not isinstance(model, MLP):
        return np.empty((0, lanes))
    code = ACTIVATIONS[model.activation].code or 0
    rows = [problem.criterion.code, code, int(model.bias), *model.sizes(problem.dataset.shape, problem.dataset.outputs)]
    return np.repeat(np.array(rows, dtype=np.float64)[:, None], lanes, axis=1)
