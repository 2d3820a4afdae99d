"""The loop in NumPy for a method that searches or uses curvature, and what it is tried on, in any number of dimensions."""

import numpy as np

from optimizers import OPTIMIZERS


def follow(key, fun, start, ticks, curvature=None, **values):
    """The loop in NumPy, for any n: iterates, queries, and the state after each tick. fun: x -> f, g; curvature: x -> (n, n)."""
    method, n = OPTIMIZERS[key], len(start)
    x, state = np.array(start, float)[:, None], np.zeros((method.rows(n), 1))
    hypers = np.array([*method.values(values).values(), 0.0, 1.0])[:, None]
    if method.looks_ahead:
        state[:n] = x
    iterates, queries, states = [x[:, 0].copy()], [], []
    for t in range(ticks):
        queries.append(x[:, 0].copy())
        f, g = fun(x[:, 0])
        h = np.zeros((0, 0, 0)) if curvature is None else np.array(curvature(x[:, 0]), float)[:, :, None].copy()
        with np.errstate(all="ignore"):
            method.rule(x, np.array([float(f)]), np.array(g, float)[:, None].copy(), h, state, hypers, t)
        iterates.append((state[:n] if method.looks_ahead else x)[:, 0].copy())
        states.append(state[:, 0].copy())
    return np.array(iterates), np.array(queries), np.array(states)


def quadratic(n, seed=0, negative=0):
    rng = np.random.default_rng(seed)
    q = np.linalg.qr(rng.normal(size=(n, n)))[0]
    signs = np.where(np.arange(n) < negative, -1.0, 1.0)
    a, centre = q @ np.diag(signs * np.geomspace(1, 50, n)) @ q.T, rng.normal(size=n)
    a = (a + a.T) / 2
    return a, centre, lambda x: (0.5 * (x - centre) @ a @ (x - centre), a @ (x - centre))


def changes(path):
    """The iterates without repetitions."""
    return path[np.r_[True, np.any(np.diff(path, axis=0) != 0, axis=1)]]


def residuals(x):
    """Rosenbrock's function as least squares, More, Garbow & Hillstrom 1981, problem 1: residuals and their Jacobian."""
    return np.array([10 * (x[1] - x[0] ** 2), 1 - x[0]]), np.array([[-20 * x[0], 10], [-1.0, 0.0]])


def half_squares(x):
    r, j = residuals(x)
    return 0.5 * r @ r, j.T @ r


def gauss_newton_matrix(x):
    j = residuals(x)[1]
    return j.T @ j
