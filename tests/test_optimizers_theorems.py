"""What is proved of first-order methods: the rate of the heavy ball, and what decay is to gradient descent."""

import numpy as np
import pytest
import torch

from landscape import FUNCTIONS, PROBLEMS, formula
from landscape.quadratic import curvatures
from optimizers import OPTIMIZERS, Conditions, descend
from optimizers.schedules import SCHEDULES, factors

pytestmark = pytest.mark.kernel


@pytest.mark.parametrize("condition", [4.0, 25.0, 100.0, 400.0])
def test_the_heavy_balls_contraction_at_its_optimal_rate(condition):
    """Polyak 1964: with lr = 4 / (sqrt L + sqrt mu)^2 and momentum q^2, the error falls by q = (sqrt k - 1) / (sqrt k + 1) a step.

    At both ends of the spectrum q is a double root, so the error goes like t q^t: from T to 2 T steps it falls by 2 q^T.
    """
    ravine = formula(f"(x**2 + {condition}*y**2)/2")
    q = (condition**0.5 - 1) / (condition**0.5 + 1)
    lr, momentum = 4 / (1 + condition**0.5) ** 2, q * q
    steps = int(np.log(1e-100) / np.log(q) / 2)

    def contraction(lr, momentum):
        run = descend(ravine, OPTIMIZERS["momentum"], (1, 1), 2 * steps, lr=lr, momentum=momentum)
        errors = np.abs(run.path).max(axis=1)
        return (errors[2 * steps] / errors[steps] / 2) ** (1 / steps)

    assert contraction(lr, momentum) == pytest.approx(q, rel=1e-4)
    for other in ((0.97 * lr, momentum), (1.03 * lr, momentum), (lr, 0.97 * momentum), (lr, 1 - 0.97 * (1 - momentum))):
        assert not contraction(*other) < q * (1 + 1e-4)  # NaN: three hundredths more, and a long ravine is left


@pytest.mark.parametrize("plan", [None, "cosine", "inverse_sqrt"])
@pytest.mark.parametrize("problem", ["rosenbrock", "himmelblau", "ravine"])
def test_decoupled_decay_of_gradient_descent_is_an_l2_penalty_after_rescaling(problem, plan):
    """Loshchilov & Hutter 2019, arXiv:1711.05101, proposition 1: shrinking by w a step is a penalty of weight w / lr; all along the path.

    PyTorch's own loop is between the two: weights times 1 - w by hand, then a step of SGD; and SGD with weight_decay = w / lr.
    """
    rng, steps = np.random.default_rng(len(problem)), 150
    problem, lr = FUNCTIONS[problem], 2e-4
    schedule = (SCHEDULES[plan], {}) if plan else None
    rates = lr * (factors(SCHEDULES[plan], {}, steps) if plan else np.ones(steps))
    for shrink in rng.uniform(1e-4, 3e-2, 3):
        runs = [
            descend(
                problem, OPTIMIZERS["sgd"], problem.start, steps, lr=lr, schedule=schedule, conditions=Conditions(**{kind: shrink / lr})
            )
            for kind in ("l2", "decay")
        ]
        by_hand, penalty = (torch.tensor(problem.start, dtype=torch.float64, requires_grad=True) for _ in range(2))
        theirs = [torch.optim.SGD([by_hand], lr=lr), torch.optim.SGD([penalty], lr=lr, weight_decay=shrink / lr)]
        for t in range(steps + 1):
            ours = [run.path[t] for run in runs]
            for point in (*ours, by_hand.detach().numpy(), penalty.detach().numpy()):
                assert np.linalg.norm(point - ours[0]) <= 1e-12 * np.linalg.norm(ours[0]), t
            if t == steps:
                break
            for theta, optimizer in zip((by_hand, penalty), theirs, strict=True):
                theta.grad = torch.tensor(problem.gradient(theta.detach().numpy().copy()))
                optimizer.param_groups[0]["lr"] = rates[t]
            by_hand.data.mul_(1 - shrink * rates[t] / lr)
            for optimizer in theirs:
                optimizer.step()
        assert not np.allclose(runs[0].final, descend(problem, OPTIMIZERS["sgd"], problem.start, steps, lr=lr, schedule=schedule).final)


def test_for_momentum_and_adam_it_is_another_path():
    """Proposition 2: where a method keeps or divides its gradients, no weight of the penalty does what the decay does."""
    bowl = formula("(x - 1)**2/2 + 5*(y - 1)**2")
    for key in ("momentum", "adam"):
        l2, decay = (
            descend(bowl, OPTIMIZERS[key], (1, -1), 50, lr=0.02, conditions=Conditions(**{kind: 0.5})).path for kind in ("l2", "decay")
        )
        assert np.abs(l2 - decay).max() > 1e-3, key


@pytest.mark.parametrize("condition", [4.0, 25.0, 100.0])
@pytest.mark.parametrize("method", [method for method in OPTIMIZERS.values() if method.optimal], ids=lambda method: method.key)
def test_optimal_settings_contract_as_their_theorems_say(method, condition):
    """Along the flat direction each step multiplies by q = (k - 1)/(k + 1) (GD), or q is a double root: (sqrt k - 1)/(sqrt k + 1) (heavy
    ball), 1 - 1/sqrt k (NAG). Along the steep one -q takes its place, but for NAG, which is there at once: no direction is slower."""
    mu, root = 0.5, condition**0.5
    q = {"sgd": (condition - 1) / (condition + 1), "momentum": (root - 1) / (root + 1), "nesterov": 1 - 1 / root}[method.key]
    valley = formula(f"{mu}*(x**2 + {condition}*y**2)/2")
    flat, steep = descend(valley, method, (1, 1), 30, **method.optimal(mu, mu * condition)).path.T
    for way, sign in ((flat, 1), (steep, 0 if method.key == "nesterov" else -1)):
        roots = [sign * q] * (1 if method.key == "sgd" else 2)
        assert np.convolve(way, np.poly(roots), "valid")[1:] == pytest.approx(0.0, abs=1e-13)
    assert np.abs(flat[5]) > 1e-6


@pytest.mark.parametrize(("key", "evaluations"), [("sgd", 709), ("momentum", 95), ("nesterov", 158)])
def test_steps_to_a_millionth_at_the_optimal_settings(key, evaluations):
    """Row 26: eigenvalues 1 and 100, start (1, 1), until |x| < 1e-6."""
    method = OPTIMIZERS[key]
    run = descend(formula("(x**2 + 100*y**2)/2"), method, (1, 1), 800, **method.optimal(1.0, 100.0))
    assert int(np.flatnonzero(np.linalg.norm(run.path, axis=1) >= 1e-6)[-1]) + 1 == evaluations


@pytest.mark.parametrize("problem", PROBLEMS.values(), ids=lambda problem: problem.key)
def test_curvatures_are_told_of_quadratics_alone(problem):
    """A quadratic is what one Newton step solves from anywhere."""
    starts = np.random.default_rng(3).uniform(*np.array(problem.domain).T[:, :, None], size=(2, 20))
    found, minima = curvatures(problem), [point for point in problem.stationary_points() if point.kind == "minimum"]
    steps = [np.linalg.lstsq(problem.hessian(x), problem.gradient(x), rcond=None)[0] for x in starts.T]
    ends = starts.T - np.array(steps)
    solved = len(minima) == 1 and np.allclose(ends, [(minima[0].x, minima[0].y)], atol=1e-7)
    assert solved is not isinstance(found, str)
    if not isinstance(found, str):
        assert found == pytest.approx(tuple(np.linalg.eigvalsh(problem.hessian(problem.start))), rel=1e-9)
