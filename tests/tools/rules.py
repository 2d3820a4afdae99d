"""A rule fed with gradients of the test's choosing, outside the loop."""

import numpy as np

from optimizers import Optimizer


def rule_path(
    method: Optimizer, values: dict[str, float], start: np.ndarray, g: np.ndarray, factors: np.ndarray, alike: bool = False
) -> np.ndarray:
    """Where the rule goes, tick by tick, on given gradients; the last rows of a rule's table are whether lanes share their values, and the
    schedule's factor.
    """
    n = len(start)
    x, state = start.copy()[:, None], np.zeros((method.rows(n), 1))
    if method.looks_ahead:
        state[:n] = x
    table = np.array([*method.values(values).values(), float(alike), 1.0])[:, None]
    base = table[0].copy()
    path = []
    for t, factor in enumerate(factors):
        table[0], table[-1] = base * factor, factor
        with np.errstate(all="ignore"):  # without the compiler: what a select does not take may well be no number
            method.rule(x, np.zeros(1), np.ascontiguousarray(g[t][:, None]), np.zeros((0, 0, 0)), state, table, t)
        path.append(x[:, 0].copy())
    return np.array(path)
