"""Points in the plane and on a line: moons, circles, spirals, XOR, clouds, a curve; and Gaussian noise to send through a deep net."""

import numpy as np

from landscape.nets.dataset import DRAW, Dataset, Split, Targets, Values, count, drawn, held_out, noise
from landscape.problem import Array, Parameter

SCIKIT = "Pedregosa et al. 2011, JMLR 12, sklearn.datasets"  # whose points these are, before noise; importing it takes seconds


def _two(first: Array, second: Array, values: Values, rng: np.random.Generator) -> tuple[Array, Targets]:
    """Two curves (2, n) of points, the classes 0 and 1, with noise."""
    x = np.concatenate([first, second], axis=1)
    y = np.repeat([0, 1], [first.shape[1], second.shape[1]])
    return (x + values["noise"] * rng.standard_normal(x.shape)).T, y


def _moons(values: Values) -> Split:
    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        upper, lower = np.linspace(0.0, np.pi, n // 2), np.linspace(0.0, np.pi, n - n // 2)
        return _two(np.stack([np.cos(upper), np.sin(upper)]), np.stack([1.0 - np.cos(lower), 0.5 - np.sin(lower)]), values, rng)

    return drawn(values, make)


def _circles(values: Values) -> Split:
    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        outer, inner = (np.linspace(0.0, 2.0 * np.pi, size, endpoint=False) for size in (n // 2, n - n // 2))
        ring = np.stack([np.cos(inner), np.sin(inner)])
        return _two(np.stack([np.cos(outer), np.sin(outer)]), values["factor"] * ring, values, rng)

    return drawn(values, make)


def _spirals(values: Values) -> Split:
    """Archimedes' spirals, half a turn apart: Lang & Witbrock 1988, "Learning to tell two spirals apart"."""

    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        y = np.arange(n) % 2
        along = np.sqrt(rng.uniform(0.02, 1.0, n))  # the root spreads the points evenly over the disc
        angle = 2.0 * np.pi * values["turns"] * along + np.pi * y
        x = 1.5 * along * np.stack([np.cos(angle), np.sin(angle)])
        return (x + values["noise"] * rng.standard_normal((2, n))).T, y

    return drawn(values, make)


def _xor(values: Values) -> Split:
    """Four corners, equal signs against different ones: Minsky & Papert 1969, Perceptrons."""

    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        corner = np.arange(n) % 4
        signs = np.stack([1 - 2 * (corner // 2), 1 - 2 * (corner % 2)])
        return (signs + values["noise"] * rng.standard_normal((2, n))).T, (signs[0] != signs[1]).astype(np.int64)

    return drawn(values, make)


def _clouds(values: Values) -> Split:
    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        y = np.arange(n) % 3
        centres = 1.3 * np.stack([np.cos(2.0 * np.pi * y / 3.0), np.sin(2.0 * np.pi * y / 3.0)])
        return (centres + values["noise"] * rng.standard_normal((2, n))).T, y

    return drawn(values, make)


def _curve(values: Values) -> Split:
    """A fast and a slow wave, with noise."""

    def make(n: int, rng: np.random.Generator) -> tuple[Array, Targets]:
        x = rng.uniform(-1.0, 1.0, n)
        y = np.sin(np.pi * x) + 0.3 * np.sin(4.0 * np.pi * x) + values["noise"] * rng.standard_normal(n)
        return x[:, None], y[:, None]

    return drawn(values, make)


def _gaussian(values: Values) -> Split:
    return drawn(values, lambda n, rng: (rng.standard_normal((n, 64)), np.zeros((n, 64))))


MOONS = Dataset("moons", "Two moons", "classes", (2,), 2, (count(), noise(0.15, 1.0), held_out(), DRAW), _moons, SCIKIT)
CIRCLES = Dataset(
    "circles", "Circles", "classes", (2,), 2,
    (count(), noise(0.1, 0.5),
     Parameter("factor", "Inner radius", 0.5, 0.1, 0.9, help="Of the inner circle; the outer one has radius 1."), held_out(), DRAW),
    _circles, SCIKIT,
)  # fmt: skip
SPIRALS = Dataset(
    "spirals", "Spirals", "classes", (2,), 2,
    (count(300), noise(0.04, 0.3),
     Parameter("turns", "Turns", 1.25, 0.25, 3.0, help="How often each spiral winds round."), held_out(), DRAW),
    _spirals, "Lang & Witbrock 1988, Proc. Connectionist Models Summer School, pp. 52-59",
)  # fmt: skip
XOR = Dataset("xor", "XOR", "classes", (2,), 2, (count(), noise(0.35, 1.0), held_out(), DRAW), _xor, "Minsky & Papert 1969, Perceptrons")
CLOUDS = Dataset("clouds", "Three clouds", "classes", (2,), 3, (count(150), noise(0.7, 2.0), held_out(), DRAW), _clouds, "Ravine")
CURVE = Dataset("curve", "A curve", "numbers", (1,), 1, (count(60), noise(0.1, 1.0), held_out(), DRAW), _curve, "Ravine")
GAUSSIAN = Dataset("gaussian", "Gaussian noise", "numbers", (64,), 64, (count(256), held_out(256), DRAW), _gaussian, "Ravine")
