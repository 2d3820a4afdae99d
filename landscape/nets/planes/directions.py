"""Directions in weight space that a picture is drawn along.

Random directions are scaled as in Li et al. 2018, "Visualizing the Loss Landscape of Neural Nets" (arXiv:1712.09913), section 4, eq. 1:
each filter of the direction gets the length of the same filter of the weights, d_ij *= |w_ij| / |d_ij|. Rectified nets compute
the same with one layer doubled and the next halved; this scale makes pictures of such twins equal.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from landscape.nets.weights import Layout
from landscape.problem import Array

Scale = Literal["filter", "layer", "none"]
Vectors = Literal["zero", "scale", "copy"]


def normalised(
    direction: npt.ArrayLike, weights: npt.ArrayLike, layout: Layout, scale: Scale = "filter", vectors: Vectors = "zero"
) -> Array:
    """A direction (n,) with the weights' lengths.

    Args:
        scale: "filter": each filter (row of a linear layer, output channel of a convolution) as long as the weights'; "layer": each tensor;
            "none": as it is.
        vectors: biases, norm layers' parameters and scalars. "zero": not moved, as in the paper; "scale": each tensor as long as the
            weights'; "copy": the weights themselves, which is what the authors' code does when it does not leave them out.

    A filter of weights that are all zero is not moved: its length is 0.
    """
    if scale not in ("filter", "layer", "none") or vectors not in ("zero", "scale", "copy"):
        raise ValueError(f"{scale!r}, {vectors!r}: scale is 'filter', 'layer' or 'none'; vectors is 'zero', 'scale' or 'copy'.")
    d, w = layout.as_points(direction).copy(), layout.as_points(weights)
    for entry in layout:
        own, theirs = entry.rows(d), entry.rows(w)
        if entry.vector and vectors != "scale":
            own[:] = theirs if vectors == "copy" else 0.0  # a view of d, here and below
        elif scale == "filter":
            own[:] = _as_long_as(own, theirs)
        elif scale == "layer":
            own[:] = _as_long_as(own.reshape(1, -1), theirs.reshape(1, -1)).reshape(own.shape)
    return d


def _as_long_as(d: Array, w: Array) -> Array:
    """Each row of d with the length of that row of w."""
    length = np.linalg.norm(d, axis=1, keepdims=True)
    return d * np.divide(np.linalg.norm(w, axis=1, keepdims=True), length, out=np.zeros_like(length), where=length > 0)


def random_pair(
    weights: npt.ArrayLike, layout: Layout, seed: int = 0, scale: Scale = "filter", vectors: Vectors = "zero", orthogonal: bool = False
) -> tuple[Array, Array]:
    """Two Gaussian directions, scaled; the same for the same seed.

    As drawn they are nearly orthogonal, not exactly. `orthogonal` makes them so filter by filter before they are scaled, so that Li's
    lengths hold too; where a filter is one weight the second direction does not move it. It needs vectors that are not "copy", which
    puts the same numbers in both.
    """
    if orthogonal and vectors == "copy":
        raise ValueError("Copied biases are the same in both directions: for orthogonal ones choose vectors 'zero' or 'scale'.")
    rng = np.random.default_rng(seed)
    u, v = rng.standard_normal((2, layout.n))
    if orthogonal:
        v = _orthogonal_blocks(u, v, layout)
    return normalised(u, weights, layout, scale, vectors), normalised(v, weights, layout, scale, vectors)


def _orthogonal_blocks(u: Array, v: Array, layout: Layout) -> Array:
    v = v.copy()
    for entry in layout:
        first, second = entry.rows(u), entry.rows(v)
        if second.shape[1] == 1:
            second[:] = 0.0  # a view: one weight has no second direction
        for _ in range(2):  # twice, for what rounding has left
            second -= first * ((first * second).sum(axis=1, keepdims=True) / (first * first).sum(axis=1, keepdims=True))
    return v


def principal(points: Array, centre: Array) -> tuple[Array, Array]:
    """The two directions of largest variance of (T, n) points about a centre, (2, n), unit length, and the shares of the variance, (2,).

    About their mean it is PCA; about another centre, the same with moments about that one. By the smaller of the two
    square matrices, T x T or n x n. The sign makes each direction's largest entry positive.

    Raises:
        ValueError: fewer than three finite points, or points that do not span a plane.
    """
    about = points - centre
    count, n = about.shape
    if count < 3:
        raise ValueError(f"{count} finite points on the path: PCA needs 3 or more.")
    values, vectors = np.linalg.eigh(about @ about.T if count <= n else about.T @ about)
    if not values[-2] > 1e-12 * values[-1]:
        raise ValueError("The path lies on one line through its centre: it has no second direction. Choose another plane.")
    top = vectors[:, :-3:-1]
    directions = (about.T @ top).T if count <= n else top.T
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    largest = np.abs(directions).argmax(axis=1)
    directions *= np.sign(directions[[0, 1], largest])[:, None]
    return directions, values[:-3:-1] / np.square(about).sum()
