"""Maps: every outcome at once. What many runs of one case come to, over two hyperparameters, over starts, over seeds, over methods."""

from optimizers.maps.axis import Axis, axes, axis_of
from optimizers.maps.basins import Basins, basins, refined_basins
from optimizers.maps.board import Score, pros_and_cons, scoreboard
from optimizers.maps.bounds import Bound, bound
from optimizers.maps.case import Case
from optimizers.maps.escape import Escape, escape
from optimizers.maps.robustness import Merits, Robustness, merits, robustness
from optimizers.maps.seeds import Fan, Region, fan
from optimizers.maps.sheet import STATUS, Sheet
from optimizers.maps.tiles import Cancelled
from optimizers.maps.tuning import refined_tuning, tuning

__all__ = [
    "STATUS", "Axis", "Basins", "Bound", "Cancelled", "Case", "Escape", "Fan", "Merits", "Region", "Robustness", "Score", "Sheet", "axes",
    "axis_of", "basins", "bound", "escape", "fan", "merits", "pros_and_cons", "refined_basins", "refined_tuning", "robustness",
    "scoreboard", "tuning",
]  # fmt: skip
