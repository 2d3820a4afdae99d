"""The Hessian of a net's loss without its matrix: products with vectors, the ends of its spectrum, its trace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch

from landscape.nets.planes.layout import Array
from landscape.nets.planes.objective import Objective, one_thread

Product = Callable[[torch.Tensor], torch.Tensor]  # (n,) -> (n,)
End = Literal["largest", "smallest"]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Eigenvalues at one end of the Hessian's spectrum, outermost first."""

    values: Array  # (k,)
    vectors: Array  # (n, k), unit length, orthogonal
    residuals: Array  # (k,): |H v - lambda v|; an eigenvalue lies within this of each value
    products: int  # Hessian-vector products spent


@dataclass(frozen=True)
class Estimate:
    """A mean over random draws and its standard error."""

    value: float
    error: float
    draws: int


def hessian_product(objective: Objective, weights: npt.ArrayLike) -> Product:
    """v -> H v at these weights: the gradient's graph is made once and gone back through for every v (Pearlmutter 1994)."""
    parameters = objective.layout.split(objective.tensor(weights))
    leaves = [tensor.clone().requires_grad_() for tensor in parameters.values()]  # a graph of its own: nobody moves these
    with objective.lock, one_thread():
        loss = objective.mean(lambda x: objective.call(dict(zip(parameters, leaves, strict=True)), x))
        gradient = torch.autograd.grad(loss, leaves, create_graph=True)
    curved = [piece for piece in gradient if piece.requires_grad]

    def product(vector: torch.Tensor) -> torch.Tensor:
        if not curved:  # a loss that is linear in every weight
            return torch.zeros_like(vector)
        pieces = [part.view(leaf.shape) for part, leaf in zip(torch.split(vector, [leaf.numel() for leaf in leaves]), leaves, strict=True)]
        along = [piece for piece, slope in zip(pieces, gradient, strict=True) if slope.requires_grad]
        with one_thread():
            columns = torch.autograd.grad(curved, leaves, along, retain_graph=True, materialize_grads=True)
        return torch.cat([column.reshape(-1) for column in columns])

    return product


def lanczos(objective: Objective, weights: npt.ArrayLike, k: int = 2, steps: int = 20, seed: int = 0, end: End = "largest") -> Spectrum:
    """The k outermost eigenvalues and eigenvectors of the Hessian: Lanczos with full reorthogonalisation.

    Golub & Van Loan 2013, Matrix Computations, section 10.1. `steps` products with the Hessian, fewer where the Krylov space ends
    before; `residuals` says how good the result is. Same seed, same result.

    Raises:
        ValueError: k or steps out of range, or a Hessian that is not finite at these weights.
    """
    n = objective.n
    if not 1 <= k <= min(steps, n) or end not in ("largest", "smallest"):
        raise ValueError(
            f"k = {k}, steps = {steps}: of {n} weights ask for 1 to {min(steps, n)} eigenvalues, at the end 'largest' or 'smallest'."
        )
    product = hessian_product(objective, weights)
    q = torch.from_numpy(np.random.default_rng(seed).standard_normal(n)).to(objective.dtype)
    basis, images = torch.empty((min(steps, n), n), dtype=objective.dtype), torch.empty((min(steps, n), n), dtype=objective.dtype)
    for step in range(len(basis)):
        basis[step] = q / q.norm()
        images[step] = product(basis[step])
        q = images[step].clone()
        for _ in range(2):  # twice: once leaves what rounding adds
            q -= basis[: step + 1].T @ (basis[: step + 1] @ q)
        if not q.norm() > 1e3 * torch.finfo(q.dtype).eps * images[step].norm():
            break
    used = slice(0, step + 1)
    projected = (basis[used].double() @ images[used].double().T).numpy()
    if not np.isfinite(projected).all():
        raise ValueError("The Hessian is not finite at these weights: choose a point where loss and gradient are.")
    values, vectors = np.linalg.eigh((projected + projected.T) / 2)
    wanted = np.argsort(-values if end == "largest" else values)[:k]
    ritz, image = (table[used].double().numpy().T @ vectors[:, wanted] for table in (basis, images))
    length = np.linalg.norm(ritz, axis=0)
    residuals = np.linalg.norm(image - ritz * values[wanted], axis=0) / length
    return Spectrum(values[wanted], ritz / length, residuals, step + 1)


def trace(objective: Objective, weights: npt.ArrayLike, draws: int = 100, seed: int = 0) -> Estimate:
    """The sum of the Hessian's eigenvalues, by Hutchinson 1990: the mean of z^T H z over random signs z, with its standard error."""
    if draws < 2:
        raise ValueError(f"draws = {draws}: a standard error needs 2 or more.")
    product, rng = hessian_product(objective, weights), np.random.default_rng(seed)
    signs = torch.from_numpy(rng.choice((-1.0, 1.0), size=(draws, objective.n))).to(objective.dtype)
    seen = np.array([float(z.double() @ product(z).double()) for z in signs])
    return Estimate(float(seen.mean()), float(seen.std(ddof=1) / np.sqrt(draws)), draws)
