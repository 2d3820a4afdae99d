"""The gradients that a run was handed: as they were measured, and as clipping left them.

The kernels of the loop themselves work them out anew, all ticks as lanes where a tick knows nothing of the others.
"""

from dataclasses import replace

import numpy as np

from landscape import Problem
from landscape.problem import WHOLE
from optimizers.conditions import Conditions, disturbed, with_replacement, without_replacement
from optimizers.descend import Batches
from optimizers.table import Table


def gradients(
    problem: Problem, queries: np.ndarray, conditions: Conditions, batches: Batches | None = None, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """(steps, n) each, for the queries (steps, n) of a single run: the gradient on its batch with its noise, and what is left of it when
    it has been clipped. Without penalty and decay."""
    x = np.ascontiguousarray(queries.T)
    steps = x.shape[1]
    f, raw = np.empty(steps), np.empty_like(x)
    with np.errstate(all="ignore"):
        problem.evaluate_kernel(x, problem.lane_params(steps), problem.data, drawn(batches, problem, steps, seed), f, raw)
        if conditions.noise:
            for t in range(steps):
                raw[:, t : t + 1] = _disturbed(raw[:, t : t + 1], Conditions(noise=conditions.noise), seed, t)
        clipped = _disturbed(raw, replace(conditions, noise=0.0, l2=0.0, decay=0.0), seed, 0)
    return raw.T, clipped.T


def drawn(batches: Batches | None, problem: Problem, steps: int, seed: int) -> np.ndarray:
    """Which samples each tick of a run looks at, (size, steps); no rows where that is all of them."""
    if batches is None:
        return WHOLE
    draw = with_replacement if batches.replacement else without_replacement
    order = np.arange(problem.data.shape[1])[:, None].copy()
    batch, seeds = np.zeros((batches.size, 1), dtype=np.int64), np.array([seed])
    columns = np.empty((batches.size, steps), dtype=np.int64)
    for t in range(steps):
        draw(batch, order, seeds, t)
        columns[:, t] = batch[:, 0]
    return columns


def _disturbed(g: np.ndarray, conditions: Conditions, seed: int, t: int) -> np.ndarray:
    """What the condition kernel makes of gradients (n, B); where they were measured does not matter to noise and clipping."""
    n, lanes = g.shape
    result, nowhere = g.copy(), np.zeros((n, lanes))
    seeds, settings = np.full(lanes, seed), Table.of(conditions.rows(), lanes).whole()
    disturbed(nowhere, nowhere.copy(), np.zeros(lanes), result, np.zeros((0, n, lanes)), np.zeros(lanes), settings, seeds, False, t)
    return result
