"""One call's arrays on their way through the loop: all together, or a chunk a core."""

import math
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Literal

import numpy as np

from landscape import Problem
from landscape.kernel import Kernel, plain
from landscape.parallel import CORES, pool
from optimizers.loop import blocks, judge, loop
from optimizers.run import Record, value
from optimizers.table import Table

Precision = Literal["float64", "float32"]
# Lanes a block: enough to make calls through pointers cheap, few enough for the caches. A multiple of 32 and 64, which is what one turn of
# an unrolled AVX-512 loop takes (a rest is done one by one), but no power of two: such rows would compete for the same places of a cache.
WIDTH = {"float64": 448, "float32": 832}
FEW = 128  # lanes that run all together, without a thread of their own
PACE = 64  # ticks between two questions whether to proceed


@dataclass(frozen=True)
class Work:
    """One call's arrays, ready for the loop; all with a lane axis."""

    kernels: tuple[Kernel, ...]
    switches: tuple[bool, ...]
    problem: Problem
    params: np.ndarray | None  # (p, B) where they differ between lanes
    table: Table
    ends: np.ndarray  # (6,): up to which of its rows start, params, hypers, settings, follow and aim go
    rows: int  # of state
    size: int  # of a mini-batch
    stride: int  # ticks a step, 0 where the method counts its steps
    seeds: np.ndarray
    plan: np.ndarray
    watched: np.ndarray
    tolerance: float
    record: Record

    def run_one(self, steps: int, native: bool, compiled: bool, proceed: Callable[[int], bool] | None) -> int:
        """All lanes together, in strides where somebody asks; the ticks done.

        A problem that is plain Python (PyTorch evaluates it) makes the loop plain too; rules stay compiled, unless `compiled` is False.
        """
        n, lanes = self.record.x.shape
        samples = self.problem.data.shape[1] if self.switches[0] else 0
        x, params, hypers, settings, follow, aim = np.split(self.table.whole(), self.ends[:-1])
        own = (x, np.zeros((self.rows, lanes)), slow := np.zeros((n, lanes)), np.zeros((3, lanes)), np.zeros((samples, lanes), np.int64))
        run, kernels = (loop, self.kernels) if native else (plain(loop), self.kernels if compiled else tuple(map(plain, self.kernels)))
        given = (params, self.problem.data, self.seeds, hypers[0].copy(), hypers, self.plan, settings, follow, aim, self.watched)
        begin, r = 0, self.record
        with nullcontext() if native else np.errstate(all="ignore"):  # a divergence is a result, not a warning
            while True:
                end = min(begin + PACE, steps) if proceed else steps
                run(
                    *kernels, *self.switches, *own, *given, self.size, self.stride, begin, end, self.tolerance,
                    r.path, r.queries, r.seen, *r.ticks,
                )  # fmt: skip
                begin = end
                if end >= steps or (proceed and not proceed(end)):
                    self.judge(slow, aim, end, native)
                    return end

    def run_blocks(self, lo: int, hi: int, steps: int, precision: Precision = "float64") -> None:
        """A chunk of the lanes, block after block, without the GIL."""
        r, run, kernels = self.record, blocks, self.kernels
        if precision == "float32":
            from landscape.single import single  # only where it is asked for

            run, kernels = single(blocks), tuple(map(single, kernels))
        ends = [each[..., lo:hi] for each in (r.x, r.loss)]
        x, loss = ends if precision == "float64" else [np.empty(each.shape, precision) for each in ends]
        records = (each[..., lo:hi].astype(precision, copy=False) for each in (r.path, r.queries, r.seen))
        plan, data = self.plan.astype(precision, copy=False), self.problem.data.astype(precision, copy=False)
        run(
            *kernels, *self.switches, x, loss, WIDTH[precision], self.rows, *self.table.chunk(lo, hi, precision), self.ends, data,
            self.seeds[lo:hi], plan, self.watched, self.size, self.stride, steps, self.tolerance, *records, *(at[lo:hi] for at in r.ticks),
        )  # fmt: skip
        if x is not ends[0]:
            ends[0][:], ends[1][:] = x, loss

    def judge(self, x: np.ndarray, aim: np.ndarray, steps: int, native: bool) -> None:
        """What no evaluation has seen: the last step."""
        r = self.record
        r.x[:], r.loss[:] = x, value(self.problem, self.params, x)
        with np.errstate(all="ignore"):
            (judge if native else plain(judge))(x, r.loss, aim, steps, *r.ticks)


def each_chunk(work: Callable[[int, int], None], lanes: int, shared: bool, precision: Precision = "float64") -> None:
    """Share the lanes out, a chunk a core: all lanes take the same time. Or do them all here."""
    if not shared:
        work(0, lanes)
        return
    share = math.ceil(lanes / WIDTH[precision] / CORES) * WIDTH[precision]
    list(pool().map(lambda lo: work(lo, min(lo + share, lanes)), range(0, lanes, share)))
