"""Numbers for many lanes, row by row: what is the same in all of them is kept once.

A map of 65,536 runs has a dozen rows, of which two or three differ between lanes; writing out the others takes longer than forty ticks.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Table:
    """Rows that the loop reads, one number a lane each."""

    common: np.ndarray  # (rows,): the number that all lanes share
    place: np.ndarray  # (rows,): or the row of `spread` that it is, -1 for none
    spread: np.ndarray  # (k, B)

    @classmethod
    def of(cls, values: Iterable[np.ndarray], lanes: int) -> "Table":
        """A row a value, each () or (1,), or (B,)."""
        rows = [np.asarray(value, dtype=np.float64).reshape(-1) for value in values]
        apart = [len(row) > 1 for row in rows]
        common = np.array([0.0 if own else row[0] for own, row in zip(apart, rows, strict=True)])
        place = np.where(apart, np.cumsum(apart, dtype=np.int64) - 1, -1)
        spread = [row for own, row in zip(apart, rows, strict=True) if own]
        return cls(common, place, np.stack(spread) if spread else np.empty((0, lanes)))

    def whole(self, lo: int = 0, hi: int | None = None, first: int = 0) -> np.ndarray:
        """Rows from `first` on, written out for the lanes lo to hi."""
        common, place, spread = self.common[first:], self.place[first:], self.spread[:, lo:hi]
        rows = np.empty((len(common), spread.shape[1]))
        rows[:] = common[:, None]
        rows[place >= 0] = spread[place[place >= 0]]
        return rows

    def chunk(self, lo: int, hi: int, precision: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Lanes lo to hi, as `blocks` takes them."""
        return self.common.astype(precision, copy=False), self.place, self.spread[:, lo:hi].astype(precision, copy=False)
