"""The Hessian of a net's loss without its matrix: products with vectors, the ends of its spectrum, its trace."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch

from landscape.nets.planes.objective import Objective, one_thread
from landscape.problem import Array

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
    flat, named = objective.leaf(weights)
    with objective.lock, one_thread():
        loss = objective.mean(lambda x: objective.call(named, x))
        (gradient,) = torch.autograd.grad(loss, flat, create_graph=True)

    def product(vector: torch.Tensor) -> torch.Tensor:
        if not gradient.requires_grad:  # a loss that is linear in every weight
            return torch.zeros_like(vector)
        with one_thread():
            (column,) = torch.autograd.grad(gradient, flat, vector, retain_graph=True, materialize_grads=True)
        return column

    return product


def lanczos(
    objective: Objective,
    weights: npt.ArrayLike,
    k: int = 2,
    steps: int = 40,
    seed: int = 0,
    end: End = "largest",
    tolerance: float = 1e-3,
) -> Spectrum:
    """The k outermost eigenvalues and eigenvectors of the Hessian: Lanczos with full reorthogonalisation.

    Golub & Van Loan 2013, Matrix Computations, sections 10.1 and 10.3. A step is one product with the Hessian. It ends when the k residuals
    are within `tolerance` of the largest curvature met, when the Krylov space is exhausted, or after `steps`: `residuals` says how good
    the result is. Few-class nets need 10 to 15 steps. Same seed, same result.

    Raises:
        ValueError: k or steps out of range, or a Hessian that is not finite at these weights.
    """
    n, dtype = objective.n, objective.dtype
    if not 1 <= k <= min(steps, n) or end not in ("largest", "smallest"):
        raise ValueError(
            f"k = {k}, steps = {steps}: of {n} weights ask for 1 to {min(steps, n)} values, at the end 'largest' or 'smallest'."
        )
    product, size = hessian_product(objective, weights), min(steps, n)
    basis, images = torch.empty((2, size, n), dtype=dtype)
    projected = torch.zeros((size, size), dtype=torch.float64)
    with one_thread():  # torch's algebra, and not NumPy's, whose threads wait for each other on a busy machine
        q = torch.from_numpy(np.random.default_rng(seed).standard_normal(n)).to(dtype)
        for step in range(size):
            torch.div(q, q.norm(), out=basis[step])
            images[step] = product(basis[step])
            projected[step, : step + 1] = projected[: step + 1, step] = basis[: step + 1] @ images[step]
            if not torch.isfinite(projected[step]).all():
                raise ValueError("The Hessian is not finite at these weights: choose a point where loss and gradient are.")
            q = images[step].clone()
            for _ in range(2):  # twice: once leaves what rounding adds
                q -= (basis[: step + 1] @ q) @ basis[: step + 1]
            values, vectors = torch.linalg.eigh(projected[: step + 1, : step + 1])
            top, beyond = float(values.abs().max()), float(q.norm())
            outer = slice(0, k) if end == "smallest" else slice(-k, None)
            settled = step + 1 >= k and float((beyond * vectors[-1, outer]).abs().max()) <= tolerance * top  # Golub & Van Loan, eq. 10.1.7
            if settled or not beyond > 1e3 * torch.finfo(dtype).eps * top:
                break
        order = torch.argsort(values, descending=end == "largest")[:k]
        ritz, image = (table[: step + 1].double().T @ vectors[:, order] for table in (basis, images))
        length = ritz.norm(dim=0)
        residuals = (image - ritz * values[order]).norm(dim=0) / length
    return Spectrum(values[order].numpy(), (ritz / length).numpy(), residuals.numpy(), step + 1)


def trace(objective: Objective, weights: npt.ArrayLike, draws: int = 100, seed: int = 0) -> Estimate:
    """The sum of the Hessian's eigenvalues, by Hutchinson 1990: the mean of z^T H z over random signs z, with its standard error."""
    if draws < 2:
        raise ValueError(f"draws = {draws}: a standard error needs 2 or more.")
    product, rng = hessian_product(objective, weights), np.random.default_rng(seed)
    signs = torch.from_numpy(rng.choice((-1.0, 1.0), size=(draws, objective.n))).to(objective.dtype)
    seen = np.array([float(z.double() @ product(z).double()) for z in signs])
    return Estimate(float(seen.mean()), float(seen.std(ddof=1) / np.sqrt(draws)), draws)
