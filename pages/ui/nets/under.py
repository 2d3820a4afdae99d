"""What is chosen in the tabs under the picture: a part of the address, and of nothing that is trained on screen."""

from dataclasses import dataclass

TITLES = {
    "answers": "What the nets say",
    "starts": "Many starts",
    "truth": "True loss",
    "slice": "On the slice",
    "between": "Between two ends",
    "sharp": "Sharpness",
    "depth": "Depth",
    "skips": "Skips and norms",
    "claims": "Claims, tested",
    "factors": "Fisher and K-FAC",
    "files": "Files",
}
LEAST_STARTS, MOST_STARTS = 2, 500
RADII = (0.001, 10.0)  # of the weights' length: from hardly any way to ten times as far as the origin is


@dataclass(frozen=True)
class Under:
    tab: str = ""  # a key of TITLES; empty: the one that the preset is about
    radius: float = 0.1  # of the weights' length: how far away the loss's rise is measured
    starts: int = 0  # 0: as many as do not take long
    widths: tuple[int, ...] | None = None  # beside the net on screen; None: those that show something
    stuck: float = 0.2  # of the untrained net's loss: an end above is called stuck
    layers: int = 30  # of the net whose gradients are looked at layer by layer
    drawn: str = "he"  # how its weights are drawn: a key of pages.ui.nets.depth.WAYS
    norm: str = "none"
    skip: bool = False
