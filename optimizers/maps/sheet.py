"""What a map is made of: how each of many runs ended."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Literal

import numpy as np

from landscape import Problem
from optimizers.run import Run

STATUS = ("running", "converged", "diverged", "left")
OUTSIDE = 3.0  # a run has left that ended beyond the landscape's domain, made this many times as wide and high round its middle
LARGEST = 512 * 2**20  # bytes of a finished map; what is asked for beyond is refused
BYTES = 64  # a lane, generously: its ends, and what is made of them on the way to a picture
Precision = Literal["float64", "float32"]


@dataclass(frozen=True)
class Ends:
    """Where each of B lanes ended, and when it got there."""

    loss: np.ndarray  # (B,) float64: at the last iterate; not finite where the run diverged
    arrived: np.ndarray  # (B,) int32: evaluations after which it came to where it was to come and stayed; -1
    diverged_at: np.ndarray  # (B,) int32: the tick; -1
    status: np.ndarray  # (B,) int8: see STATUS
    end: np.ndarray  # (2, B): the last iterate
    which: np.ndarray  # (B,) int16: index of the minimum it ended in; -1

    @classmethod
    def of(cls, run: Run, problem: Problem) -> "Ends":
        over = STATUS.index("left" if problem.ends else "diverged")  # where a landscape ends at its frame, nothing else ends a run
        status = np.select([run.diverged_at >= 0, left(problem, run.final), run.settled_at >= 0], [over, 3, 1], 0)
        ticks = (run.arrived_at.astype(np.int32), run.diverged_at.astype(np.int32))
        return cls(np.asarray(run.final_loss), *ticks, status.astype(np.int8), run.final, np.full(len(status), -1, np.int16))

    @classmethod
    def room(cls, lanes: int) -> "Ends":
        """For so many lanes, nothing of them known yet."""
        never = np.full(lanes, -1, np.int32)
        return cls(
            np.full(lanes, np.nan), never, never.copy(), np.zeros(lanes, np.int8), np.full((2, lanes), np.nan), np.full(lanes, -1, np.int16)
        )

    def put(self, lanes: np.ndarray, part: "Ends") -> None:
        """Write the ends of some lanes."""
        for field in fields(self):
            getattr(self, field.name)[..., lanes] = getattr(part, field.name)

    def take(self, lanes: np.ndarray) -> "Ends":
        return Ends(*(getattr(self, field.name)[..., lanes] for field in fields(self)))

    @classmethod
    def joined(cls, parts: "Sequence[Ends]") -> "Ends":
        return cls(*(np.concatenate([getattr(part, field.name) for part in parts], axis=-1) for field in fields(cls)))


def left(problem: Problem, end: np.ndarray) -> np.ndarray:
    """Which of the points (2, B) lie outside of OUTSIDE times the domain."""
    low, high = np.array(problem.domain).T[:, :, None]
    return np.any(np.abs(end - (low + high) / 2) > OUTSIDE * (high - low) / 2, axis=0)


def refuse_beyond_memory(nx: int, ny: int, bytes_each: int = BYTES) -> None:
    """Raise ValueError for a map that would take more than LARGEST bytes."""
    if (needed := nx * ny * bytes_each) > LARGEST:
        raise ValueError(
            f"A map of {nx:,} x {ny:,} runs would take {needed / 2**20:,.0f} MB of memory, more than the {LARGEST // 2**20} MB "
            f"there are for one: ask for {int((LARGEST / bytes_each) ** 0.5):,} a side, or zoom in."
        )


@dataclass(frozen=True)
class Sheet:
    """A map: rows are ys, columns xs."""

    xs: np.ndarray  # (nx,)
    ys: np.ndarray  # (ny,)
    loss: np.ndarray  # (ny, nx) float64: at the end, as it is; not finite where the run diverged
    arrived: np.ndarray  # (ny, nx) int32: evaluations to come within the tolerance of the lowest known minimum, and stay; or -1
    diverged_at: np.ndarray  # (ny, nx) int32: the tick, or -1
    status: np.ndarray  # (ny, nx) int8: see STATUS
    end: np.ndarray  # (2, ny, nx): the last iterate
    precision: Precision

    def share(self, status: str) -> float:
        """The share of the runs with this status."""
        return float(np.mean(self.status == STATUS.index(status)))
