"""A map's runs, a tile after another, on any `concurrent.futures.Executor`: progress and cancelling within a tile's time.

A tile is a number of lanes that takes about TILE seconds: the first ones are small, and their times say how many the next ones get.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from functools import cache
from typing import Generic, Protocol, TypeVar

import numpy as np

TILE = 0.04  # s: so long another session may wait, and so late may a tile notice that nobody wants it any more
FIRST, FEWEST, MOST = 128, 16, 65_536  # lanes a tile
AHEAD = 2  # tiles handed out for each worker that there is; a cluster's workers are not known to us, see ELSEWHERE
ELSEWHERE = 32  # tiles handed out to an executor that is not ours
PATIENCE = 0.02  # s between two questions whether to go on
NICE = 10  # of a map's threads: who moves a slider goes first

Part = TypeVar("Part", covariant=True)
Progress = Callable[[float], None]


class Cancelled(Exception):
    """Raised by a computation that was asked to stop; there is no result."""


class Job(Protocol[Part]):
    """What can be computed in tiles; picklable."""

    def tile(self, lanes: np.ndarray) -> Part:
        """The result for these lanes."""


@cache
def pool() -> Executor:
    """The one thread pool of the process for maps, apart from that for races."""
    return ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="maps", initializer=_step_back)


def _step_back() -> None:
    """On Linux, where a thread has a priority of its own, maps run below everything else; elsewhere they share alike."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


class Timed(Generic[Part]):
    """A tile's result, and how long it took."""

    def __init__(self, job: Job[Part], lanes: np.ndarray) -> None:
        begun = time.perf_counter()
        self.part = job.tile(lanes)
        self.seconds = time.perf_counter() - begun


def compute(
    job: Job[Part], lanes: np.ndarray, keep: Callable[[np.ndarray, Part], None], *,
    executor: Executor | None = None, progress: Progress | None = None, cancelled: Callable[[], bool] | None = None,
    first: int = FIRST, largest: int = MOST,
) -> None:  # fmt: skip
    """Compute all lanes in the order given; `keep(lanes, part)` takes what a tile has found, here in the caller's thread.

    progress: called with the share that is done. cancelled: asked every PATIENCE seconds. first: lanes of the first tile;
    largest: of any.

    Raises:
        Cancelled: `cancelled` said so. What runs already ends by itself within a tile's time, what waits never begins.
    """
    workers = pool() if executor is None else executor
    most = AHEAD * (os.cpu_count() or 1) if executor is None else ELSEWHERE
    waiting: dict[Future[Timed[Part]], np.ndarray] = {}
    begun, done, size = 0, 0, min(first, largest)
    try:
        while done < len(lanes):
            while begun < len(lanes) and len(waiting) < most:
                tile = lanes[begun : begun + size]
                waiting[workers.submit(Timed, job, tile)] = tile
                begun += len(tile)
            ended, _ = wait(waiting, timeout=PATIENCE, return_when=FIRST_COMPLETED)
            if cancelled and cancelled():
                raise Cancelled
            for future in ended:
                tile, timed = waiting.pop(future), future.result()
                keep(tile, timed.part)
                done += len(tile)
                size = min(next_size(len(tile), timed.seconds, min(FEWEST, first)), largest)
                if progress:
                    progress(done / len(lanes))
    finally:
        for future in waiting:
            future.cancel()


def next_size(lanes: int, seconds: float, fewest: int) -> int:
    """Lanes for a tile that takes about TILE seconds, after one of `lanes` took so many; at most eight times as many at once."""
    return int(min(max(lanes * min(TILE / max(seconds, 1e-6), 8.0), fewest), MOST))


def coarse_first(shape: tuple[int, int], coarse: int) -> Sequence[np.ndarray]:
    """The lanes of a map (ny, nx): an even sample of about coarse x coarse of them, then the rest."""
    sampled = np.zeros(shape, dtype=bool)
    sampled[sample(shape[0], coarse)[:, None], sample(shape[1], coarse)] = True
    return np.flatnonzero(sampled), np.flatnonzero(~sampled)


def sample(count: int, coarse: int) -> np.ndarray:
    """About `coarse` of the numbers 0 .. count - 1, evenly spread."""
    stride = max(1, count // max(coarse, 1))
    return np.arange(min(stride // 2, count - 1), count, stride)
