"""The one loop: evaluate, look, move. One tick is one evaluation; a block of lanes at a time.

Reverse communication: the loop asks the problem for loss and gradient at x and hands them to the rule, which moves x to wherever it wants
the next evaluation. The same lines run compiled and as plain Python (`plain(loop)`). What differs from run to run (problem, method, mini-
batches, conditions, schedule, what is put around) is behind typed pointers: none of it recompiles the loop. What is off is not
called (a call through a pointer takes some 25 ns).

Inner loops run over lanes and do all that they can in one pass: memory traffic is most of what is left besides divisions and roots.
"""

import numpy as np
from numba import boolean, float64, int64, types, void

from landscape.kernel import CURVATURE, EVALUATE, MATRIX, RULE, deferred, kernel, pointer
from optimizers.around import AROUND
from optimizers.conditions import CONDITION, DRAW, SEEDS
from optimizers.schedules import RATE

LARGEST = 1e300  # a loss or a squared gradient norm beyond this counts as infinite
FAR = 1e12  # a coordinate beyond this counts as diverged: the tick is reported and the lane's record ends

RECORD = types.Array(float64, 3, "A")  # (steps + 1, n, B), a slice of the whole run's record
TICKS = types.Array(int64, 1, "C")
PARTS = (pointer(EVALUATE), pointer(CURVATURE), pointer(DRAW), pointer(RATE), pointer(CONDITION), pointer(RULE), pointer(AROUND))
SWITCHES = (boolean,) * 7  # drawn, curved, scheduled, conditioned, ahead, followed, rated: what is on, or has a learning rate
LOOP = void(
    *PARTS, *SWITCHES, int64, int64, MATRIX, MATRIX, MATRIX, SEEDS, MATRIX, MATRIX, MATRIX, MATRIX,
    int64, float64, RECORD, RECORD, TICKS, TICKS,
)  # fmt: skip
BLOCK = 128  # lanes a block: enough to make a call through a pointer cheap, few enough that its state stays in the first-level cache


# What stands where nothing is on: not called, but a pointer needs something to point to that is compiled at once.
@deferred(CURVATURE)
def uncurved(x, params, data, batch, h):
    pass


@deferred(DRAW)
def undrawn(batch, order, seeds, t):
    pass


@deferred(RATE)
def unscheduled(f, plan, memory, factor, t):
    pass


@deferred(CONDITION)
def undisturbed(x, iterate, f, g, h, lr, settings, seeds, ahead, t):
    pass


@deferred(AROUND)
def unfollowed(x, iterate, slow, settings, ahead, t):
    pass


@kernel(LOOP)
def loop(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated, rows, size,
    x, params, data, seeds, hypers, plan, settings, follow, steps, tolerance, path, queries, diverged_at, settled_at,
):  # fmt: skip
    """Run `steps` ticks in place; x (n, B) ends as the iterate.

    `rows` of state, `size` samples a batch. `hypers` (h + 1, B): the method's, the learning rate first, and last the schedule's factor.
    `plan`, `settings` and `follow` are the rows of schedule, conditions and around. `diverged_at` (B,) holds -1 or the first tick whose
    evaluation was not finite or whose point was beyond FAR; `settled_at` (B,) -1 or the tick since which the gradient norm has stayed
    within the tolerance. `path` and `queries` may be empty: nothing is recorded.
    """
    n, lanes = x.shape
    base, factor, memory = hypers[0].copy(), hypers[hypers.shape[0] - 1], np.zeros((3, lanes))
    f, g, h = np.zeros(lanes), np.zeros((n, lanes)), np.zeros((n if curved else 0, n, lanes))
    state, square = np.zeros((rows, lanes)), np.zeros(lanes)
    batch = np.zeros((size, lanes if drawn else 0), dtype=np.int64)
    order = np.zeros((data.shape[1] if drawn else 0, lanes), dtype=np.int64)
    for k in range(order.shape[0]):
        for b in range(lanes):
            order[k, b] = k
    iterate = state[:n] if ahead else x
    slow = np.zeros((n, lanes))
    for i in range(n):
        for b in range(lanes):
            iterate[i, b] = x[i, b]
            slow[i, b] = x[i, b]
    result = slow if followed else iterate
    for t in range(steps):
        if path.shape[0] > 0:
            for i in range(n):
                for b in range(lanes):
                    path[t, i, b] = result[i, b]
        if queries.shape[0] > 0:
            for i in range(n):
                for b in range(lanes):
                    queries[t, i, b] = x[i, b]
        if drawn:
            draw(batch, order, seeds, t)
        evaluate(x, params, data, batch, f, g)
        if curved:
            curvature(x, params, data, batch, h)
        # Comparisons with NaN are false: what is not finite is not fine. Looking is cheap, and only who has something to report writes.
        bad, moved = 0, 0
        for i in range(n - 1):
            for b in range(lanes):
                square[b] = (square[b] if i > 0 else 0.0) + g[i, b] * g[i, b]
                bad |= not abs(x[i, b]) <= FAR
        for b in range(lanes):
            square[b] = (square[b] if n > 1 else 0.0) + g[n - 1, b] * g[n - 1, b]
            bad |= not ((abs(x[n - 1, b]) <= FAR) & (abs(f[b]) <= LARGEST) & (square[b] <= LARGEST))
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
        if scheduled:
            schedule(f, plan, memory, factor, t)
            if rated:
                for b in range(lanes):
                    hypers[0, b] = base[b] * factor[b]
        if conditioned:
            condition(x, iterate, f, g, h, hypers[0] if rated else factor, settings, seeds, ahead, t)
        rule(x, f, g, h, state, hypers, t)
        if followed:
            around(x, iterate, slow, follow, ahead, t)
    for i in range(n):
        for b in range(lanes):
            x[i, b] = result[i, b]
    if path.shape[0] > 0:
        for i in range(n):
            for b in range(lanes):
                path[steps, i, b] = x[i, b]


@kernel(LOOP)
def blocks(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated, rows, size,
    x, params, data, seeds, hypers, plan, settings, follow, steps, tolerance, path, queries, diverged_at, settled_at,
):  # fmt: skip
    """`loop`, on a block of lanes after another: handing seven kernels over from Python takes longer than running a block."""
    for lo in range(0, x.shape[1], BLOCK):
        hi = min(lo + BLOCK, x.shape[1])
        point = x[:, lo:hi].copy()
        loop(
            evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
            rows, size, point, params[:, lo:hi].copy(), data, seeds[lo:hi], hypers[:, lo:hi].copy(), plan, settings[:, lo:hi].copy(),
            follow[:, lo:hi].copy(), steps, tolerance, path[:, :, lo:hi], queries[:, :, lo:hi], diverged_at[lo:hi], settled_at[lo:hi],
        )  # fmt: skip
        for i in range(point.shape[0]):
            for b in range(hi - lo):
                x[i, lo + b] = point[i, b]
