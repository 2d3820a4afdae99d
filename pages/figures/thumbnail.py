"""A landscape as a picture of a few hundred bytes, for menus."""

import io

import numpy as np
from PIL import Image

from landscape import Problem

BANDS = 12
LOW, MIDDLE, HIGH = np.array([26, 44, 92]), np.array([96, 134, 168]), np.array([236, 232, 214])  # deep valley to bright ridge


def thumbnail(problem: Problem, size: int = 64) -> bytes:
    """A PNG of size x size pixels: equally filled bands of the loss over the domain, low is dark.

    Evaluated by NumPy from the formula's tree, so that a menu of pictures compiles nothing.
    """
    (x0, x1), (y0, y1) = problem.domain
    x, y = np.meshgrid(np.linspace(x0, x1, size), np.linspace(y1, y0, size))
    with np.errstate(all="ignore"):
        z = problem.sketch(x, y)
    rank = np.argsort(np.argsort(np.where(np.isfinite(z), z, np.inf), axis=None)).reshape(z.shape) / z.size
    band = np.minimum((rank * BANDS).astype(np.uint8), BANDS - 1)
    image = Image.fromarray(band, "P")
    image.putpalette(_palette().tobytes())
    buffer = io.BytesIO()
    image.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _palette() -> np.ndarray:
    t = np.linspace(0.0, 1.0, BANDS)[:, None]
    below, above = np.minimum(2 * t, 1.0), np.maximum(2 * t - 1.0, 0.0)
    return (LOW + (MIDDLE - LOW) * below + (HIGH - MIDDLE) * above).astype(np.uint8)
