"""What is drawn over a plane: a registry, in the order of the menu."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

Values = np.ndarray


@dataclass(frozen=True)
class Measure:
    key: str
    name: str
    part: Literal["train", "validation"]
    value: Callable[[Values, Values, Values, float], Values]  # loss, accuracy, |w|^2, the penalty's lambda -> what is drawn
    quantity: str = "loss"
    levels: Literal["log", "linear"] = "log"


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        Measure("train", "Training loss", "train", lambda loss, accuracy, squares, l2: loss),
        Measure("penalised", "Training loss + L2 penalty", "train", lambda loss, accuracy, squares, l2: loss + l2 / 2 * squares,
                "loss + penalty"),
        Measure("validation", "Validation loss", "validation", lambda loss, accuracy, squares, l2: loss),
        Measure("error", "Training error", "train", lambda loss, accuracy, squares, l2: 1.0 - accuracy, "share wrong", "linear"),
        Measure("validation_error", "Validation error", "validation", lambda loss, accuracy, squares, l2: 1.0 - accuracy,
                "share wrong", "linear"),
    )
}  # fmt: skip
