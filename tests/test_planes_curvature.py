"""The Hessian without its matrix, and sharpness: against torch.func.hessian, closed forms and the syllabus."""

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from landscape.nets.planes.curvature import hessian_product, lanczos, trace
from landscape.nets.planes.losses import half_squared_error
from landscape.nets.planes.objective import Objective
from landscape.nets.planes.sharpness import edge_of_stability, loss_rise, width


class Bowl(nn.Module):
    """A weight a curvature: the loss is sum_i c_i w_i^2 / 2."""

    def __init__(self, curvatures):
        super().__init__()
        self.w = nn.Parameter(torch.zeros(len(curvatures)))
        self.register_buffer("c", torch.tensor(curvatures))

    def forward(self, x):
        return (self.c * self.w.square()).sum() / 2 + 0 * x


def bowl(curvatures):
    return Objective(Bowl(curvatures), lambda z, y: z.mean(), torch.zeros(2, 1), torch.zeros(2, 1), dtype=torch.float64)


@pytest.fixture(scope="module")
def small():
    torch.manual_seed(0)
    module = nn.Sequential(nn.Linear(6, 5), nn.Tanh(), nn.Linear(5, 3))
    return Objective(module, functional.cross_entropy, torch.randn(60, 6), torch.randint(0, 3, (60,)), dtype=torch.float64)


@pytest.fixture(scope="module")
def dense(small):
    """The whole Hessian, by torch."""

    def loss(flat):
        return functional.cross_entropy(small.call(small.layout.split(flat), small.x), small.y)

    return torch.func.hessian(loss)(torch.tensor(small.weights)).numpy()


def test_products_with_the_hessian(small, dense):
    product, vectors = hessian_product(small, small.weights), np.random.default_rng(1).standard_normal((3, small.n))
    for vector in vectors:
        np.testing.assert_allclose(product(torch.tensor(vector)).numpy(), dense @ vector, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("end", ["largest", "smallest"])
def test_lanczos_against_the_whole_spectrum(small, dense, end):
    values, vectors = np.linalg.eigh(dense)
    order = np.argsort(-values if end == "largest" else values)
    ours = lanczos(small, small.weights, k=3, steps=small.n, end=end, tolerance=0)
    np.testing.assert_allclose(ours.values, values[order[:3]], rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(np.abs(np.sum(ours.vectors * vectors[:, order[:3]], axis=0)), 1, atol=1e-8)
    assert np.all(ours.residuals < 1e-8)
    rough = lanczos(
        small, small.weights, k=2, steps=8, end=end, tolerance=0
    )  # residuals bound the error: Golub & Van Loan 2013, theorem 8.1.14
    assert all(np.abs(values - value).min() <= residual + 1e-12 for value, residual in zip(rough.values, rough.residuals, strict=True))
    assert np.any(rough.residuals > 1e-6)
    again = lanczos(small, small.weights, k=2, steps=8, end=end, tolerance=0)
    assert again.vectors.tobytes() == rough.vectors.tobytes()


def test_lanczos_goes_on_until_it_is_good_enough(small, dense):
    values = np.linalg.eigvalsh(dense)[::-1]
    for tolerance in (1e-1, 1e-3, 1e-6):
        ours = lanczos(small, small.weights, tolerance=tolerance)
        assert ours.residuals.max() <= 1.001 * tolerance * values[0]
    assert lanczos(small, small.weights, tolerance=1e-1).products < ours.products < small.n
    np.testing.assert_allclose(ours.values, values[:2], rtol=1e-9)


def test_lanczos_ends_where_the_space_does():
    ours = lanczos(bowl([3.0, 3.0, 1.0, 1.0, 1.0]), np.zeros(5), k=2, steps=5, tolerance=0)
    assert ours.products == 2  # two different eigenvalues
    np.testing.assert_allclose(ours.values, [3, 1], rtol=1e-12)


def test_graph_survives_other_evaluations(small, dense):
    product = hessian_product(small, small.weights)
    small.at(np.ones(small.n))
    vector = np.ones(small.n)
    np.testing.assert_allclose(product(torch.tensor(vector)).numpy(), dense @ vector, rtol=1e-9)


def test_hutchinsons_trace(small, dense):
    estimate = trace(small, small.weights, draws=400, seed=2)
    assert abs(estimate.value - np.trace(dense)) < 4 * estimate.error
    # the variance of z^T H z over signs is 2 (|H|_F^2 - sum H_ii^2): Avron & Toledo 2011, lemma 9
    spread = np.sqrt(2 * (np.square(dense).sum() - np.square(np.diag(dense)).sum()) / 400)
    assert estimate.error == pytest.approx(spread, rel=0.15)
    assert trace(bowl([1.0, 2.0, 4.0]), np.ones(3), draws=2).value == pytest.approx(7)


def test_rise_on_a_bowl():
    curvatures = np.array([4.0, 1.0, 0.5])
    rise = loss_rise(bowl(curvatures.tolist()), np.zeros(3), radius=0.3, draws=3000)
    assert abs(rise.random.value - 0.5 * 0.3**2 * curvatures.mean()) < 4 * rise.random.error
    assert np.isnan(rise.uphill)  # no gradient, no uphill
    w, g = np.array([0.1, 0.0, 0.0]), np.array([0.4, 0.0, 0.0])
    uphill = loss_rise(bowl(curvatures.tolist()), w, radius=0.3).uphill
    assert uphill == pytest.approx(0.3 * np.linalg.norm(g) + 0.5 * 0.3**2 * 4, rel=1e-12)


class Line(nn.Module):
    def __init__(self, factor):
        super().__init__()
        self.first, self.second = nn.Linear(3, 4, bias=False), nn.Linear(4, 2, bias=False)
        torch.manual_seed(0)
        with torch.no_grad():
            for layer, scale in ((self.first, factor), (self.second, 1 / factor)):
                layer.weight.copy_(scale * torch.randn(layer.weight.shape))

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


def test_width_does_not_depend_on_the_layers_scale():
    """A rectified net with one layer times 8 and the next divided by it computes the same; its Hessian does not see that."""
    x, y = (
        torch.randn(50, 3, generator=torch.Generator().manual_seed(1)),
        torch.randint(0, 2, (50,), generator=torch.Generator().manual_seed(2)),
    )
    twins = [Objective(Line(factor), functional.cross_entropy, x, y, dtype=torch.float64) for factor in (1.0, 8.0)]
    widths = [width(twin, twin.weights, rise=0.1, draws=4) for twin in twins]
    assert np.isfinite(widths[0]).any()
    np.testing.assert_allclose(*widths, rtol=1e-9)
    sharp = [lanczos(twin, twin.weights, 1).values[0] for twin in twins]
    assert sharp[1] > 5 * sharp[0]


def test_width_is_where_the_loss_has_risen():
    torch.manual_seed(0)
    module = nn.Linear(1, 1, bias=False)  # loss w^2 / 2: one filter, so the direction is +-w
    objective = Objective(module, lambda z, y: z.square().mean() / 2, torch.ones(1, 1), torch.zeros(1, 1), dtype=torch.float64)
    (up, down), w = np.sort(width(objective, np.array([1.0]), rise=0.5, draws=1)), 1.0
    assert up == pytest.approx(np.sqrt(2) - w, abs=2e-5)  # (1 + a)^2 / 2 = 1
    assert down == pytest.approx(np.sqrt(2) + w, abs=2e-5)
    assert np.isinf(width(objective, np.array([1.0]), rise=100.0, draws=1)).all()


@pytest.mark.slow
def test_edge_of_stability_on_300_digits():
    """Row 8: MLP 64-32-32-10 tanh, half squared error, full-batch GD lr .2, 1,500 steps: the largest curvature comes to 2/lr = 10."""
    datasets = pytest.importorskip("sklearn.datasets")
    digits = datasets.load_digits()
    x, y = torch.tensor(digits.data[:300] / 16, dtype=torch.float32), torch.tensor(digits.target[:300])
    torch.manual_seed(0)
    torch.set_num_threads(1)
    module = nn.Sequential(nn.Linear(64, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 10))
    optimizer, path = torch.optim.SGD(module.parameters(), lr=0.2), []
    for step in range(1501):
        if step % 100 == 0:
            path.append(nn.utils.parameters_to_vector(module.parameters()).detach().double().numpy().copy())
        optimizer.zero_grad()
        half_squared_error(module(x), y).backward()
        optimizer.step()
    seen = edge_of_stability(Objective(module, half_squared_error, x, y), np.array(path), lr=0.2)
    assert seen.edge == 10.0
    assert seen.curvature[0] < 9  # it has come from below, and stays a few per cent above the edge, as in Cohen et al. 2021, fig. 1
    np.testing.assert_allclose(seen.curvature[5:], 10.0, rtol=0.13)
    np.testing.assert_allclose(seen.curvature[-3:], 10.0, rtol=0.06)
    assert np.all(seen.residuals < 0.05)
