"""Real images that scikit-learn ships: handwritten digits, and patches of two photographs."""

from functools import cache

import numpy as np

from landscape.nets.dataset import DRAW, Dataset, Part, Split, Targets, Values, count, held_out
from landscape.problem import Array

SIDE = 8  # pixels, of a digit and of a patch
DIGITS_IN_ALL = 1797


@cache
def _all_digits() -> tuple[Array, Targets]:
    from sklearn.datasets import load_digits  # takes seconds to import

    digits = load_digits()
    return digits.images[:, None] / 16.0, digits.target.astype(np.int64)  # (1797, 1, 8, 8) in [0, 1]


def _digits(values: Values) -> Split:
    """Shuffled once a draw; validation images are the last ones, so that more of the others changes none of them."""
    images, labels = _all_digits()
    samples, validation = int(values["samples"]), int(values["validation"])
    order = np.random.default_rng(int(values["draw"])).permutation(DIGITS_IN_ALL)
    train, held = order[:samples], order[DIGITS_IN_ALL - validation :]
    return Split(Part(images[train], labels[train]), Part(images[held], labels[held]))


@cache
def _photographs() -> tuple[Array, ...]:
    from sklearn.datasets import load_sample_images

    return tuple(photo / 255.0 for photo in load_sample_images().images)  # each (427, 640, 3): a temple in China, a flower


def _patches(values: Values) -> Split:
    """Which photograph is a patch of? The validation patches come from the right quarter of both, which training never sees."""
    photos, split = _photographs(), []
    for column, (key, left, right) in enumerate((("samples", 0.0, 0.75), ("validation", 0.75, 1.0))):
        rng = np.random.default_rng((int(values["draw"]), column))
        n = int(values[key])
        y = np.arange(n) % 2
        rows = rng.integers(0, photos[0].shape[0] - SIDE, n)
        columns = rng.integers(round(left * photos[0].shape[1]), round(right * photos[0].shape[1]) - SIDE, n)
        patches = [photos[k][r : r + SIDE, c : c + SIDE] for k, r, c in zip(y, rows, columns, strict=True)]
        split.append(Part(np.ascontiguousarray(np.moveaxis(np.array(patches), -1, 1)), y))
    return Split(*split)


DIGITS = Dataset(
    "digits", "Digits", "classes", (1, SIDE, SIDE), 10, (count(1437, 1437), held_out(360, 360), DRAW), _digits,
    "Alpaydin & Kaynak 1998, Optical recognition of handwritten digits, UCI; sklearn.datasets.load_digits",
)  # fmt: skip
PATCHES = Dataset(
    "patches", "Photo patches", "classes", (3, SIDE, SIDE), 2, (count(800, 4_000), held_out(400, 4_000), DRAW), _patches,
    "china.jpg, flower.jpg: sklearn.datasets.load_sample_images", classes=("temple", "flower"),
)  # fmt: skip
