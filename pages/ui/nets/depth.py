"""What becomes of a gradient on its way through a deep net that nobody has trained, by how its weights were drawn. Knows no Streamlit."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from landscape.nets import MLP, PRESETS, NetProblem, Signals, signals

PRESET = "deep_signal"
LEAST, MOST = 2, 64  # layers; more would have more weights than are interactive


@dataclass(frozen=True)
class Drawn:
    """A way to draw the initial weights."""

    key: str
    name: str
    init: str  # a key of INITS
    scale: float
    deviation: float  # of a weight, times the square root of the layer's width

    def factor(self) -> float:
        """By which each layer of ReLUs multiplies the gradient's length: half of its squares pass (He et al. 2015, section 2.2)."""
        return self.deviation / math.sqrt(2)


WIDTH = cast(MLP, PRESETS[PRESET].model).widths[0]
WAYS: dict[str, Drawn] = {
    way.key: way
    for way in (
        Drawn("small", "Normal, deviation 0.01", "normal", 0.01, 0.01 * math.sqrt(WIDTH)),
        Drawn("torch", "PyTorch's default", "torch", 1.0, math.sqrt(1 / 3)),  # uniform up to 1 / sqrt(width) on both sides
        Drawn("xavier", "Xavier", "xavier", 1.0, 1.0),
        Drawn("he", "He", "he", 1.0, math.sqrt(2)),
        Drawn("he_3", "3 times He", "he", 3.0, 3 * math.sqrt(2)),
    )
}


@dataclass(frozen=True)
class Deep:
    """A net of so many layers, all as wide; its last layer counts."""

    layers: int
    norm: str
    skip: bool
    seed: int

    @property
    def plain(self) -> bool:
        """Whether the law of a factor a layer holds."""
        return self.norm == "none" and not self.skip

    def problem(self, way: Drawn) -> NetProblem:
        base = PRESETS[PRESET]
        model = replace(cast(MLP, base.model), widths=(WIDTH,) * (self.layers - 1), norm=self.norm, skip=self.skip, init=way.init,
                        scale=way.scale)  # fmt: skip
        return replace(base, model=model, seed=self.seed)


@lru_cache(maxsize=32)
def fares(deep: Deep) -> dict[str, Signals]:
    """Activations and gradients at every layer, for every way to draw the weights."""
    return {key: signals(deep.problem(way)) for key, way in WAYS.items()}


def a_layer(found: Signals) -> float:
    """The factor by which a layer multiplied the gradient, the geometric mean over all."""
    return float(found.first_over_last ** (1 / (len(found.gradients) - 1)))
