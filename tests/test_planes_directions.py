"""Directions in weight space: Li's rule against torch, principal ones against scikit-learn."""

import numpy as np
import pytest
import torch
from torch import nn

from landscape.nets.planes.directions import normalised, principal, random_pair
from landscape.nets.planes.plane import pca_plane
from landscape.nets.weights import Layout
from tests.tools import on_planes
from tests.tools.on_planes import flat


@pytest.fixture(scope="module")
def everything():
    return on_planes.everything()


def li(direction, weights, norm, ignore):
    """The rule by torch, tensor by tensor, as in Li et al. 2018's text: its own loop over filters."""
    for d, w in zip(direction, weights, strict=True):
        if d.dim() <= 1:
            if ignore == "zero":
                d.zero_()
            elif ignore == "copy":
                d.copy_(w)
            else:
                d.mul_(w.norm() / d.norm())
        elif norm == "filter":
            for k in range(len(d)):
                d[k] *= torch.linalg.vector_norm(w[k]) / torch.linalg.vector_norm(d[k])
        else:
            d *= torch.linalg.vector_norm(w) / torch.linalg.vector_norm(d)


@pytest.mark.parametrize("vectors", ["zero", "copy", "scale"])
@pytest.mark.parametrize("scale", ["filter", "layer"])
def test_lis_rule_on_every_kind_of_tensor(everything, scale, vectors):
    layout, weights = Layout.of(everything), flat(everything)
    kinds = {entry.name: len(entry.shape) for entry in layout}
    assert set(kinds.values()) == {0, 1, 2, 4}
    raw = np.random.default_rng(3).standard_normal(layout.n)
    tensors, parameters = (
        [tensor.clone() for tensor in layout.split(torch.tensor(raw)).values()],
        [p.double() for p in everything.parameters()],
    )
    with torch.no_grad():
        li(tensors, parameters, scale, vectors)
    expected = torch.cat([tensor.reshape(-1) for tensor in tensors]).numpy()
    np.testing.assert_allclose(normalised(raw, weights, layout, scale, vectors), expected, rtol=1e-12, atol=0)


def test_a_filter_of_zeros_is_not_moved():
    layer = nn.Linear(3, 2, bias=False)
    with torch.no_grad():
        layer.weight[1] = 0
    d = normalised(np.ones(6), flat(layer), Layout.of(layer))
    assert np.all(d[3:] == 0) and np.linalg.norm(d[:3]) == pytest.approx(float(layer.weight[0].detach().norm()))


def test_directions_are_seeded_and_orthogonal_where_said(everything):
    layout, weights = Layout.of(everything), flat(everything)
    first, again, other = (random_pair(weights, layout, seed) for seed in (4, 4, 5))
    assert first[0].tobytes() == again[0].tobytes() and first[1].tobytes() == again[1].tobytes()
    assert not np.allclose(first[0], other[0])
    for vectors in ("zero", "scale"):
        u, v = random_pair(weights, layout, 4, vectors=vectors, orthogonal=True)
        assert abs(u @ v) < 1e-12 * (u @ u)
        for entry in layout:  # and Li's lengths all the same
            if not entry.vector:
                lengths = [np.linalg.norm(entry.rows(vector), axis=1) for vector in (v, weights)]
                np.testing.assert_allclose(*lengths, rtol=1e-12)
    with pytest.raises(ValueError, match="Copied"):
        random_pair(weights, layout, vectors="copy", orthogonal=True)


@pytest.mark.parametrize("shape", [(40, 300), (300, 40)])
def test_pca_is_scikit_learns(shape):
    decomposition = pytest.importorskip("sklearn.decomposition")
    path = np.cumsum(np.random.default_rng(6).standard_normal(shape), axis=0)
    theirs = decomposition.PCA(2, svd_solver="full").fit(path)
    plane = pca_plane(path, about_mean=True)
    for ours, component in zip((plane.u, plane.v), theirs.components_, strict=True):
        np.testing.assert_allclose(ours, component * np.sign(component @ ours), atol=1e-9)
    np.testing.assert_allclose(plane.shares, theirs.explained_variance_ratio_, rtol=1e-10)
    about_last = decomposition.TruncatedSVD(2, algorithm="arpack").fit(path - path[-1])
    plane = pca_plane([path[:15], path[15:]], centre=path[-1])  # all racers together
    for ours, component in zip((plane.u, plane.v), about_last.components_, strict=True):
        np.testing.assert_allclose(ours, component * np.sign(component @ ours), atol=1e-7)
    np.testing.assert_array_equal(plane.origin, path[-1])


def test_pca_says_what_it_cannot_do():
    line = np.outer(np.arange(5.0), np.ones(8))
    with pytest.raises(ValueError, match="one line"):
        pca_plane(line)
    with pytest.raises(ValueError, match="3 or more"):
        principal(line[:2], line[0])
    diverged = np.vstack([np.random.default_rng(0).standard_normal((6, 8)), np.full((2, 8), np.nan)])
    assert "2 points were not finite" in pca_plane(diverged, centre=diverged[0]).how
