"""The one loop: evaluate, look, move. One tick is one evaluation; a block of lanes at a time.

Reverse communication: the loop asks the problem for loss and gradient at x and hands them to the rule, which moves x to wherever it wants
the next evaluation. The same lines run compiled and as plain Python (`plain(loop)`). What differs from run to run (problem, method, mini-
batches, conditions, schedule, what is put around) is behind typed pointers: none of it recompiles the loop. What is off is not
called (a call through a pointer takes some 25 ns).

Inner loops run over lanes and do all that they can in one pass: memory traffic is most of what is left besides divisions and roots.
"""

import numpy as np
from numba import boolean, float64, int32, int64, types, void

from landscape.kernel import CURVATURE, EVALUATE, MATRIX, RULE, VECTOR, deferred, kernel, piece, pointer
from optimizers.around import AROUND
from optimizers.conditions import CONDITION, DRAW, SEEDS
from optimizers.schedules import RATE

LARGEST = 1e300  # a loss or a squared gradient norm beyond this counts as infinite
NEVER = 2**31 - 1  # the tick of what has not happened; a Run says -1
FAR = 1e12  # coordinates whose sizes add up to more count as diverged: the tick is reported and the lane's record ends

RECORD = types.Array(float64, 3, "A")  # (steps + 1, n, B), a slice of the whole run's record
TICKS = types.Array(int32, 1, "C")
WATCHED = types.Array(int64, 1, "C")
ORDER = types.Array(int64, 2, "C")
PARTS = (pointer(EVALUATE), pointer(CURVATURE), pointer(DRAW), pointer(RATE), pointer(CONDITION), pointer(RULE), pointer(AROUND))
SWITCHES = (boolean,) * 7  # drawn, curved, scheduled, conditioned, ahead, followed, rated: what is on, or has a learning rate
GIVEN = (MATRIX, MATRIX, SEEDS)  # params, data, seeds
ROWS = (MATRIX, MATRIX, MATRIX, MATRIX, MATRIX, WATCHED)  # hypers, plan, settings, follow, aim, watched
LEFT = (RECORD, RECORD, RECORD, TICKS, TICKS, TICKS)  # path, queries, seen, diverged_at, settled_at, arrived_at
LOOP = void(
    *PARTS, *SWITCHES, MATRIX, MATRIX, MATRIX, MATRIX, ORDER, *GIVEN, VECTOR, *ROWS, int64, int64, int64, int64, float64, *LEFT
)  # fmt: skip
SLICE = types.Array(float64, 2, "A")  # some lanes of (n, B)
TABLE = (VECTOR, WATCHED, SLICE, WATCHED)  # common, place, spread, ends; see optimizers.table
BLOCKS = void(*PARTS, *SWITCHES, SLICE, VECTOR, int64, int64, *TABLE, MATRIX, SEEDS, MATRIX, WATCHED, int64, int64, int64, float64, *LEFT)


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
def unfollowed(x, iterate, slow, settings, steps, ahead, t):
    pass


@piece
def copied(source, target):
    for i in range(source.shape[0]):
        for b in range(source.shape[1]):
            target[i, b] = source[i, b]


@piece
def aligned(rows, lanes, like):
    """Zeros (rows, lanes) that begin at a cache line: vectors that straddle two lines took Adam more than twice the time (Zen 4)."""
    size = like.itemsize
    whole = np.zeros(rows * lanes + 64 // size, dtype=like.dtype)
    begin = (64 - whole.ctypes.data % 64) % 64 // size
    return whole[begin : begin + rows * lanes].reshape(rows, lanes)


@piece
def carved(arena, first, rows, lanes):
    """Rows of an arena that all blocks share: memory that is fetched anew for each of them costs as much as ten ticks."""
    return arena[first * lanes : (first + rows) * lanes].reshape(rows, lanes)


@piece
def write(common, place, spread, lo, rows):
    """The lanes of a table from `lo` on."""
    for i in range(rows.shape[0]):
        if place[i] < 0:
            for b in range(rows.shape[1]):
                rows[i, b] = common[i]
        else:
            for b in range(rows.shape[1]):
                rows[i, b] = spread[place[i], lo + b]


@piece
def look(x, f, g, square, reach, aim, tolerance, t, diverged_at, settled_at, arrived_at):
    """Note at tick t who diverged, settled or arrived.

    Comparisons with NaN are false: what is not finite is not fine. Nothing branches, so that LLVM makes vectors of it: in a map there is
    always somebody who has something to report. A minimum is written whole, where "the old one, if" becomes a masked store: half as fast.
    """
    n, lanes = x.shape
    now, never, little = np.int32(t), np.int32(NEVER), tolerance * tolerance
    for i in range(n - 2):
        for b in range(lanes):
            square[b] = (square[b] if i > 0 else 0.0) + g[i, b] * g[i, b]
            reach[b] = (reach[b] if i > 0 else 0.0) + abs(x[i, b])
    for b in range(lanes):  # the last two coordinates at once: most landscapes have no others
        size = (square[b] if n > 2 else 0.0) + (g[n - 2, b] * g[n - 2, b] if n > 1 else 0.0) + g[n - 1, b] * g[n - 1, b]
        far = (reach[b] if n > 2 else 0.0) + (abs(x[n - 2, b]) if n > 1 else 0.0) + abs(x[n - 1, b])
        fine = (far <= FAR) & (abs(f[b]) <= LARGEST) & (size <= LARGEST)
        diverged_at[b] = min(diverged_at[b], never if fine else now)
        settled_at[b] = min(settled_at[b], now) if size <= little else never
    if aim.shape[0] > 0:
        arrive(x, f, square, aim, now, never, arrived_at)


@piece
def arrive(x, f, square, aim, now, never, arrived_at):
    """aim (n + 2, B): a loss, a squared radius and the centre that it is round, or (1, B): the loss alone. Who is there, and since when."""
    lanes = x.shape[1]
    for i in range(aim.shape[0] - 2):
        for b in range(lanes):
            square[b] = (square[b] if i > 0 else 0.0) + (x[i, b] - aim[2 + i, b]) ** 2
    if aim.shape[0] == 1:
        for b in range(lanes):
            arrived_at[b] = min(arrived_at[b], now) if f[b] <= aim[0, b] else never
    else:
        for b in range(lanes):
            arrived_at[b] = min(arrived_at[b], now) if (f[b] <= aim[0, b]) & (square[b] <= aim[1, b]) else never


@piece
def note_alike(hypers, seen):
    """1 in the row before the last where all lanes share every hyperparameter but the first and nobody watches the state, else 0."""
    apart, row = 1 if seen else 0, hypers.shape[0] - 2
    for k in range(1, row):
        for b in range(hypers.shape[1]):
            apart += 1 if hypers[k, b] != hypers[k, 0] else 0  # a count, unlike a way out, is a loop of vectors
    for b in range(hypers.shape[1]):
        hypers[row, b] = 0.0 if apart > 0 else 1.0


@piece
def rescaled(base, factor, rate):
    for b in range(base.shape[0]):
        rate[b] = base[b] * factor[b]


@piece
def count(ticks, stride, steps):
    for b in range(steps.shape[0]):
        steps[b] = ticks / stride


@piece
def begin_anew(x, iterate, steps):
    """A method whose iterate was moved asks there, and not where it would have gone on."""
    for i in range(x.shape[0]):
        for b in range(x.shape[1]):
            x[i, b] = iterate[i, b] if steps[b] == 0.0 else x[i, b]


@piece
def watch(state, watched, seen):
    for k in range(watched.shape[0]):
        for b in range(state.shape[1]):
            seen[k, b] = state[watched[k], b]


@kernel(LOOP)
def loop(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
    x, state, slow, memory, order, params, data, seeds, base, hypers, plan, settings, follow, aim, watched,
    size, stride, begin, end, tolerance, path, queries, seen, diverged_at, settled_at, arrived_at,
):  # fmt: skip
    """Run the ticks from `begin` up to `end` in place; x (n, B) is where the next evaluation will be, slow (n, B) ends as the iterate.

    `state`, `memory` (the schedule's) and `order` (of the samples) start as zeros and go on where another call left them; `size` samples
    a batch, `stride` ticks a step, 0 where the method counts its steps. `hypers` (h + 2, B): the method's, the learning rate first, of
    which `base` (B,) keeps the unscheduled value, then whether lanes share the others, noted here, and last the schedule's factor. `plan`,
    `settings` and `follow` are the rows of schedule, conditions and around.

    `diverged_at` (B,) holds NEVER or the first tick whose evaluation was not finite or whose point was beyond FAR;
    `settled_at` (B,) NEVER or the tick since which the gradient norm has stayed within the tolerance; `arrived_at` the same for `aim`,
    where that is not empty. `path` and `queries` may be empty: nothing is recorded. `seen` gets the rows `watched` of the state.
    """
    n, lanes = x.shape
    factor = hypers[hypers.shape[0] - 1]
    g, rows = aligned(n, lanes, x), aligned(4, lanes, x)
    f, square, reach = rows[0], rows[1], rows[2]
    steps = rows[3] if stride > 0 else state[state.shape[0] - 1]
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
    note_alike(hypers, watched.shape[0] > 0)
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
        look(x, f, g, square, reach, aim, tolerance, t, diverged_at, settled_at, arrived_at)
        if scheduled:
            schedule(f, plan, memory, factor, t)
            if rated:
                rescaled(base, factor, lr)
        if conditioned:
            condition(x, iterate, f, g, h, lr, settings, seeds, ahead, t)
        rule(x, f, g, h, state, hypers, t)
        if followed:
            if stride > 0:
                count(t + 1, stride, steps)
            around(x, iterate, slow, follow, steps, ahead, t)
            if stride == 0:
                begin_anew(x, iterate, steps)
        if watched.shape[0] > 0:
            watch(state, watched, seen[t])
    copied(result, slow)
    if path.shape[0] > 0:
        copied(result, path[end])


@kernel(void(MATRIX, VECTOR, MATRIX, int64, TICKS, TICKS, TICKS))
def judge(x, f, aim, steps, diverged_at, settled_at, arrived_at):
    """After `steps` ticks, at the last iterate x (n, B) and its loss f (B,), which nobody has seen: the ticks as a `Run` has them."""
    n, lanes = x.shape
    for b in range(lanes):
        far = 0.0
        for i in range(n):
            far += abs(x[i, b])
        if diverged_at[b] == NEVER:
            diverged_at[b] = -1 if far <= FAR and f[b] == f[b] else steps  # a landscape may have a hole, or end
        well = diverged_at[b] < 0
        settled_at[b] = settled_at[b] if well and settled_at[b] != NEVER else -1
        there, away = well and aim.shape[0] > 0 and f[b] <= aim[0, b], 0.0
        for i in range(aim.shape[0] - 2):  # as `arrive` sees it
            away += (x[i, b] - aim[2 + i, b]) ** 2
        there = there and (aim.shape[0] == 1 or away <= aim[1, b])
        arrived_at[b] = (steps if arrived_at[b] == NEVER else arrived_at[b]) if there else -1


@kernel(BLOCKS)
def blocks(
    evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
    x, loss, block, rows, common, place, spread, ends, data, seeds, plan, watched, size, stride, steps, tolerance,
    path, queries, seen, diverged_at, settled_at, arrived_at,
):  # fmt: skip
    """`loop` and `judge`, on a block of lanes after another: handing seven kernels over from Python takes longer than running a block.

    x (n, B) becomes the iterate, loss (B,) the loss there, without noise and over all the data. The table's rows up to each of `ends` are
    start, params, hypers, settings, follow and aim.
    """
    n, samples, given = x.shape[0], data.shape[1] if drawn else 0, common.shape[0]
    width, kept = min(block, x.shape[1]), rows + 3 + n  # state, the schedule's memory, slow
    arena, ticks = aligned(1, (given + kept + 2 + n) * width, x)[0], aligned(1, 3 * width, diverged_at)[0]
    for lo in range(0, x.shape[1], block):
        hi = min(lo + block, x.shape[1])
        lanes = hi - lo
        table, state, memory = carved(arena, 0, given, lanes), carved(arena, given, rows, lanes), carved(arena, given + rows, 3, lanes)
        slow, base = carved(arena, given + rows + 3, n, lanes), carved(arena, given + kept, 1, lanes)[0]
        f, g = carved(arena, given + kept + 1, 1, lanes)[0], carved(arena, given + kept + 2, n, lanes)
        params, aim, whole = table[n : ends[1]], table[ends[4] :], np.zeros((0, lanes), dtype=np.int64)
        at = carved(ticks, 0, 3, lanes)
        write(common, place, spread, lo, table)
        for b in range(lanes):
            base[b] = table[ends[1], b]
            at[0, b] = at[1, b] = at[2, b] = NEVER
        for i in range(given, given + kept):
            for b in range(lanes):
                arena[i * lanes + b] = 0.0
        loop(
            evaluate, curvature, draw, schedule, condition, rule, around, drawn, curved, scheduled, conditioned, ahead, followed, rated,
            table[:n], state, slow, memory, np.zeros((samples, lanes), dtype=np.int64),
            params, data, seeds[lo:hi], base, table[ends[1] : ends[2]], plan, table[ends[2] : ends[3]],
            table[ends[3] : ends[4]], aim, watched, size, stride, 0, steps, tolerance,
            path[:, :, lo:hi], queries[:, :, lo:hi], seen[:, :, lo:hi], at[0], at[1], at[2],
        )  # fmt: skip
        evaluate(slow, params, data, whole, f, g)
        judge(slow, f, aim, steps, at[0], at[1], at[2])
        copied(slow, x[:, lo:hi])
        for b in range(lanes):
            loss[lo + b] = f[b]
            diverged_at[lo + b], settled_at[lo + b], arrived_at[lo + b] = at[0, b], at[1, b], at[2, b]
