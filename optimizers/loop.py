"""The one loop: evaluate, look, move. One tick is one evaluation; a block of lanes at a time.

Reverse communication: the loop asks the problem for loss and gradient at x and hands them to the rule, which moves x to wherever it wants
the next evaluation. The same lines run compiled and as plain Python (`plain(loop)`). What differs from run to run (problem, method, mini-
batches, conditions, schedule, what is put around) is behind typed pointers: none of it recompiles the loop. What is off is not
called (a call through a pointer takes some 25 ns).

Inner loops run over lanes and do all that they can in one pass: memory traffic is most of what is left besides divisions and roots.
"""

import numpy as np
from numba import boolean, float64, int64, types, void

from landscape.kernel import CURVATURE, EVALUATE, MATRIX, RULE, VECTOR, deferred, kernel, piece, pointer
from optimizers.around import AROUND
from optimizers.conditions import CONDITION, DRAW, SEEDS
from optimizers.schedules import RATE

LARGEST = 1e300  # a loss or a squared gradient norm beyond this counts as infinite
FAR = 1e12  # a coordinate beyond this counts as diverged: the tick is reported and the lane's record ends

RECORD = types.Array(float64, 3, "A")  # (steps + 1, n, B), a slice of the whole run's record
TICKS = types.Array(int64, 1, "C")
ORDER = types.Array(int64, 2, "C")
PARTS = (pointer(EVALUATE), pointer(CURVATURE), pointer(DRAW), pointer(RATE), pointer(CONDITION), pointer(RULE), pointer(AROUND))
SWITCHES = (boolean,) * 7  # drawn, curved, scheduled, conditioned, ahead, followed, rated: what is on, or has a learning rate
GIVEN = (MATRIX, MATRIX, SEEDS)  # params, data, seeds
ROWS = (MATRIX, MATRIX, MATRIX, MATRIX, MATRIX, TICKS)  # hypers, plan, settings, follow, aim, watched
LEFT = (RECORD, RECORD, RECORD, TICKS, TICKS, TICKS)  # path, queries, seen, diverged_at, settled_at, arrived_at
LOOP = void(
    *PARTS, *SWITCHES, MATRIX, MATRIX, MATRIX, MATRIX, ORDER, *GIVEN, VECTOR, *ROWS, int64, int64, int64, float64, *LEFT
)  # fmt: skip
BLOCKS = void(*PARTS, *SWITCHES, MATRIX, int64, *GIVEN, *ROWS, int64, int64, float64, *LEFT)
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


@piece
def copied(source, target):
    for i in range(source.shape[0]):
        for b in range(source.shape[1]):
            target[i, b] = source[i, b]


@piece
def look(x, f, g, square, aim, tolerance, t, diverged_at, settled_at, arrived_at):
    """Note at tick t who diverged, settled or arrived.

    Comparisons with NaN are false: what is not finite is not fine. Looking is cheap, and only who has something to report writes.
    """
    n, lanes = x.shape
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
    if aim.shape[0] > 0:
        arrive(x, f, square, aim, t, arrived_at)


@piece
def arrive(x, f, square, aim, t, arrived_at):
    """aim (n + 2, B): a centre, a squared radius round it, and a loss: who is within all of that, and since when."""
    n, lanes = x.shape
    moved = 0
    for i in range(n):
        for b in range(lanes):
            square[b] = (square[b] if i > 0 else 0.0) + (x[i, b] - aim[i, b]) ** 2
    for b in range(lanes):
        moved |= ((square[b] <= aim[n, b]) & (f[b] <= aim[n + 1, b])) != (arrived_at[b] >= 0)
    if moved:
        for b in range(lanes):
            there = square[b] <= aim[n, b] and f[b] <= aim[n + 1, b]
            arrived_at[b] = (arrived_at[b] if arrived_at[b] >= 0 else t) if there else -1


@piece
def rescaled(base, factor, rate):
    for b in range(base.shape[0]):
        rate[b] = base[b] * factor[b]


@piece
def watch(state, watched, seen):
    for k in range(watched.shape[0]):
        for b in range(state.shape[1]):
            seen[k, b] = state[watched[k], b]


@kernel(LOOP)
def loop(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
    x, state, slow, memory, order, params, data, seeds, base, hypers, plan, settings, follow, aim, watched, size, begin, end, tolerance,
    path, queries, seen, diverged_at, settled_at, arrived_at,
):  # fmt: skip
    """Run the ticks from `begin` up to `end` in place; x (n, B) is where the next evaluation will be, slow (n, B) ends as the iterate.

    `state`, `memory` (the schedule's) and `order` (of the samples) start as zeros and go on where another call left them; `size` samples
    a batch. `hypers` (h + 1, B): the method's, the learning rate first, of which `base` (B,) keeps the unscheduled value, and last the
    schedule's factor. `plan`, `settings` and `follow` are the rows of schedule, conditions and around. `diverged_at` (B,) holds -1 or the
    first tick whose evaluation was not finite or whose point was beyond FAR; `settled_at` (B,) -1 or the tick since which the gradient
    norm has stayed within the tolerance; `arrived_at` the same for `aim`, where that is not empty. `path` and `queries` may be empty:
    nothing is recorded. `seen` gets the rows `watched` of the state after each tick.
    """
    n, lanes = x.shape
    factor = hypers[hypers.shape[0] - 1]
    f, g, square = np.zeros(lanes, dtype=x.dtype), np.zeros((n, lanes), dtype=x.dtype), np.zeros(lanes, dtype=x.dtype)
    h = np.zeros((n if curved else 0, n, lanes), dtype=x.dtype)
    batch = np.zeros((size, lanes if drawn else 0), dtype=np.int64)
    iterate = state[:n] if ahead else x
    if begin == 0:
        copied(x, iterate)
        copied(x, slow)
        for k in range(order.shape[0]):
            for b in range(order.shape[1]):
                order[k, b] = k
    result = slow if followed else iterate
    lr = hypers[0] if rated else factor
    for t in range(begin, end):
        if path.shape[0] > 0:
            copied(result, path[t])
        if queries.shape[0] > 0:
            copied(x, queries[t])
        if drawn:
            draw(batch, order, seeds, t)
        evaluate(x, params, data, batch, f, g)
        if curved:
            curvature(x, params, data, batch, h)
        look(x, f, g, square, aim, tolerance, t, diverged_at, settled_at, arrived_at)
        if scheduled:
            schedule(f, plan, memory, factor, t)
            if rated:
                rescaled(base, factor, lr)
        if conditioned:
            condition(x, iterate, f, g, h, lr, settings, seeds, ahead, t)
        rule(x, f, g, h, state, hypers, t)
        if followed:
            around(x, iterate, slow, follow, ahead, t)
        if watched.shape[0] > 0:
            watch(state, watched, seen[t])
    copied(result, slow)
    if path.shape[0] > 0:
        copied(result, path[end])


@kernel(BLOCKS)
def blocks(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
    x, rows, params, data, seeds, hypers, plan, settings, follow, aim, watched, size, steps, tolerance,
    path, queries, seen, diverged_at, settled_at, arrived_at,
):  # fmt: skip
    """`loop`, on a block of lanes after another: handing seven kernels over from Python takes longer than running a block.

    x (n, B) ends as the iterate.
    """
    n, samples = x.shape[0], data.shape[1] if drawn else 0
    for lo in range(0, x.shape[1], BLOCK):
        hi = min(lo + BLOCK, x.shape[1])
        lanes, slow = hi - lo, np.zeros((n, hi - lo), dtype=x.dtype)
        loop(
            evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
            x[:, lo:hi].copy(), np.zeros((rows, lanes), dtype=x.dtype), slow, np.zeros((3, lanes), dtype=x.dtype),
            np.zeros((samples, lanes), dtype=np.int64), params[:, lo:hi].copy(), data, seeds[lo:hi],
            hypers[0, lo:hi].copy(), hypers[:, lo:hi].copy(), plan, settings[:, lo:hi].copy(), follow[:, lo:hi].copy(),
            aim[:, lo:hi].copy(), watched, size, 0, steps, tolerance, path[:, :, lo:hi], queries[:, :, lo:hi], seen[:, :, lo:hi],
            diverged_at[lo:hi], settled_at[lo:hi], arrived_at[lo:hi],
        )  # fmt: skip
        copied(slow, x[:, lo:hi])
