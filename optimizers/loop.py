"""The one loop: evaluate, look, move. One tick is one evaluation; a block of lanes at a time.

Reverse communication: the loop asks the problem for loss and gradient at x and hands them to the rule, which moves x to wherever it wants
the next evaluation. The same lines run compiled and as plain Python (`plain(loop)`).

Each inner loop over lanes writes ONE array: LLVM vectorises a loop only if it can check at run time that what is written overlaps
nothing that is read, and it gives up after a few such pairs (measured: Adam took twice as long with three arrays written in one loop).
"""

import numpy as np
from numba import float64, int64, types, void

from landscape.kernel import EVALUATE, MATRIX, RULE, VECTOR, kernel, pointer

LARGEST = 1e300  # a loss or a squared gradient norm beyond this counts as infinite
FAR = 1e12  # a coordinate beyond this counts as diverged: the tick is reported and the lane's record ends

RECORD = types.Array(float64, 3, "A")  # (steps + 1, n, B), a slice of the whole run's record
TICKS = types.Array(int64, 1, "C")
LOOP = void(
    pointer(EVALUATE), pointer(RULE), MATRIX, MATRIX, VECTOR, MATRIX, MATRIX, MATRIX, types.boolean, int64, float64,
    RECORD, RECORD, TICKS, TICKS,
)  # fmt: skip


@kernel(LOOP)
def loop(evaluate, rule, x, params, f, g, state, hypers, looks_ahead, steps, tolerance, path, queries, diverged_at, settled_at):
    """Run `steps` ticks in place; x ends as the iterate.

    `diverged_at` (B,) holds -1 or the first tick whose evaluation was not finite or whose point was beyond FAR. `settled_at` (B,)
    holds -1 or the tick since which the gradient norm has stayed within the tolerance. `path` and `queries` may be empty: nothing is
    recorded.
    """
    n, lanes = x.shape
    iterate = state[:n] if looks_ahead else x
    square = np.zeros(lanes)
    if looks_ahead:
        for i in range(n):
            for b in range(lanes):
                iterate[i, b] = x[i, b]
    for t in range(steps):
        if path.shape[0] > 0:
            for i in range(n):
                for b in range(lanes):
                    path[t, i, b] = iterate[i, b]
        if queries.shape[0] > 0:
            for i in range(n):
                for b in range(lanes):
                    queries[t, i, b] = x[i, b]
        evaluate(x, params, f, g)
        for i in range(n):
            for b in range(lanes):
                square[b] = (square[b] if i > 0 else 0.0) + g[i, b] * g[i, b]
        # Comparisons with NaN are false: what is not finite is not fine. Looking is cheap, and only who has something to report writes.
        bad, moved = 0, 0
        for i in range(n):
            for b in range(lanes):
                bad |= not abs(x[i, b]) <= FAR
        for b in range(lanes):
            bad |= not (abs(f[b]) <= LARGEST and square[b] <= LARGEST)
        for b in range(lanes):
            moved |= (square[b] <= tolerance * tolerance) != (settled_at[b] >= 0)
        if bad:
            for b in range(lanes):
                fine = abs(f[b]) <= LARGEST and square[b] <= LARGEST
                for i in range(n):
                    fine = fine and abs(x[i, b]) <= FAR
                if not fine and diverged_at[b] < 0:
                    diverged_at[b] = t
        if moved:
            for b in range(lanes):
                settled = square[b] <= tolerance * tolerance
                settled_at[b] = (settled_at[b] if settled_at[b] >= 0 else t) if settled else -1
        rule(x, f, g, state, hypers, t)
    if path.shape[0] > 0:
        for i in range(n):
            for b in range(lanes):
                path[steps, i, b] = iterate[i, b]
    for i in range(n):
        for b in range(lanes):
            x[i, b] = iterate[i, b]
