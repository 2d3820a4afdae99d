"""The trust region's step and radius: against the theorem that characterises the step, and the algorithm's rules."""

import numpy as np
import pytest

from landscape import FUNCTIONS
from optimizers import OPTIMIZERS, descend
from tests.tools.in_numpy import follow

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("case", ["convex", "indefinite", "hard", "nearly hard", "twice the same curvature", "singular"])
@pytest.mark.parametrize("radius", [0.01, 0.5, 50.0])
def test_the_step_solves_the_subproblem(case, radius):
    """Nocedal & Wright 2006, theorem 4.1: (H + mu I) p = -g, H + mu I is not negative, mu (radius - |p|) = 0."""
    rng = np.random.default_rng(3)
    q = np.linalg.qr(rng.normal(size=(4, 4)))[0]
    values = {"convex": [1, 2, 3, 9], "twice the same curvature": [-2, -2, 1, 3], "singular": [0, 1, 2, 3]}.get(case, [-2, 1, 2, 3])
    h, g = q @ np.diag(values) @ q.T, rng.normal(size=4)
    if case in ("hard", "nearly hard"):
        h, g[0] = np.diag(np.array(values, float)), 0.0 if case == "hard" else 1e-18
    state = follow("trust_region", lambda x: (0.0, g), np.zeros(4), 1, lambda x: h, radius=radius)
    n, queries = 4, follow("trust_region", lambda x: (0.0, g), np.zeros(4), 2, lambda x: h, radius=radius)[1]
    p = queries[1]
    mu = -p @ (h @ p + g) / (p @ p)
    assert np.allclose(h @ p + mu * p, -g, atol=1e-7 * max(1, radius)) and mu > -1e-10
    assert np.linalg.eigvalsh(h + mu * np.eye(n)).min() > -1e-7
    assert np.linalg.norm(p) <= radius * (1 + 1e-9) and (mu < 1e-9 or np.linalg.norm(p) == pytest.approx(radius, rel=1e-9))
    predicted = state[2][0][(2 + n) * n + 2]
    assert predicted == pytest.approx(-(g @ p + 0.5 * p @ h @ p), rel=1e-9)


def test_the_radius_follows_the_model():
    """Algorithm 4.1: on a quadratic the model is right, so the radius doubles until the minimum is within; where it fails, a quarter."""
    iterates, _, states = follow(
        "trust_region", lambda x: (x @ x, 2 * x), (100.0, 0.0), 12, lambda x: 2 * np.eye(2), radius=1.0, largest=30.0
    )
    assert states[:6, 9].tolist() == [1, 2, 4, 8, 16, 30] and np.allclose(iterates[-1], 0)
    wrong = follow("trust_region", lambda x: (-x @ x, 2 * x), (1.0, 0.0), 4, lambda x: 2 * np.eye(2), radius=1.0)
    assert wrong[2][:, 9].tolist() == [1, 0.25, 0.0625, 0.015625] and np.all(wrong[0] == [1, 0])


def test_trust_region_leaves_a_saddle_even_from_the_very_point():
    run = descend(FUNCTIONS["double_well_saddle"], OPTIMIZERS["trust_region"], (0, 0), 40)
    assert run.status == "converged" and np.abs(run.final).max() > 0.5
    assert np.linalg.eigvalsh(FUNCTIONS["double_well_saddle"].hessian(run.final)).min() > 0
