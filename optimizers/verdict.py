"""Whether a claim holds over the seeds that were run: by ranks, so that one bad end or an infinite one counts no more than it should."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from landscape.claim import Claim

LUCK = 0.05  # how often chance alone may tell two racers apart that do equally well


@dataclass(frozen=True, eq=False)
class Verdict:
    """Both racers' ends, one a seed, lower being better, and what they say of the claim."""

    claim: Claim
    racer: np.ndarray  # (k,)
    than: np.ndarray  # (k,)

    def middle(self, of_racer: bool) -> float:
        """The median of the racer's ends, or of the other's."""
        return float(np.median(self.racer if of_racer else self.than))

    @property
    def chance(self) -> float:
        """How often equally good racers would differ by as much or more: Mann & Whitney 1947, Ann. Math. Statist. 18, two-sided."""
        from scipy.stats import mannwhitneyu  # takes half a second to load: not before somebody asks

        if len({*self.racer.tolist(), *self.than.tolist()}) == 1:
            return 1.0  # all ends are the same, which the test cannot rank
        return float(mannwhitneyu(self.racer, self.than).pvalue)

    @property
    def outcome(self) -> Literal["holds", "fails", "open"]:
        """That a racer is better must be shown; that it is no worse holds until the contrary is shown."""
        if self.chance >= LUCK:
            return "open"
        return "holds" if self.middle(True) < self.middle(False) else "fails"

    @property
    def words(self) -> str:
        """The outcome in a word or a few."""
        return {
            "better": {"holds": "true here", "fails": "false here: the other way round", "open": "not shown: inside the noise"},
            "no worse": {"holds": "true here", "fails": "false here", "open": "not refuted: inside the noise"},
        }[self.claim.relation][self.outcome]
