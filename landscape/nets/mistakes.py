"""Which samples several nets find hardest, and what each says of them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landscape.problem import Array

SILENT = -1  # in place of a class: the outputs are not finite


@dataclass(frozen=True, eq=False)
class Hardest:
    """Samples in the order of their difficulty, for B nets."""

    samples: npt.NDArray[np.int64]  # (m,): places in the data, the hardest first
    classes: npt.NDArray[np.int64]  # (M, B): the class that each net chooses for each sample of the data, or SILENT
    able: npt.NDArray[np.bool_]  # (B,): nets that say something of some sample; the others are counted nowhere
    wrong: npt.NDArray[np.int64]  # (M,): how many of them are wrong on each sample

    @property
    def all_right(self) -> int:
        """Samples on which no net is wrong."""
        return int((self.wrong == 0).sum())


def hardest(said: Array, labels: npt.NDArray[np.int64], most: int) -> Hardest:
    """The `most` hardest samples: those that most nets get wrong, and among equals those whose true class they give least.

    `said` is (M, k, B), probabilities or other outputs as `boundary.answers` has them, `labels` (M,). What is given to the true class is
    the mean over the nets that say something; samples alike in both stay in the data's order.
    """
    fine = np.isfinite(said).all(axis=1)  # (M, B)
    classes = np.where(fine, said.argmax(axis=1), SILENT)
    able = np.asarray(fine.any(axis=0))
    wrong = (classes != labels[:, None])[:, able].sum(axis=1)
    truth = np.where(fine, np.take_along_axis(said, labels[:, None, None], axis=1)[:, 0], 0.0)[:, able]
    order = np.lexsort((truth.sum(axis=1), -wrong))
    return Hardest(order[:most], classes, able, wrong)
