"""What is said of one racer beside another, kept as a statement that can be tested where it is shown."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Claim:
    """That a racer ends better than another, or no worse; racers by their place among those that its landscape or preset opens with.

    With `tuned` each of the two gets the best of several learning rates on the same budget, else both run as they are.
    """

    text: str  # as it is said, a sentence
    racer: int
    than: int
    relation: Literal["better", "no worse"] = "better"
    tuned: bool = True
