"""What a computation leaves of a zero."""

import numpy as np

ROUNDING = 1e-13  # of the frame: an error of a few hundred roundings
ZERO = 1e-9  # of the frame: what is smaller is 0 but for rounding


def swept(at: np.ndarray, domain: tuple[tuple[float, float], tuple[float, float]]) -> np.ndarray:
    """A place, (2,); coordinates that are 0 but for rounding are 0."""
    return np.where(np.abs(at) < ZERO * np.ptp(np.array(domain)), 0.0, at)


def brushed(vector: np.ndarray, domain: tuple[tuple[float, float], tuple[float, float]]) -> np.ndarray:
    """A place, a step or a slope: beside a coordinate of any size, one of rounding is 0. As the scene writes them (format.js)."""
    size = np.max(np.abs(vector), initial=0.0)
    dust = min(ROUNDING * float(np.hypot(*np.ptp(np.array(domain), axis=1))), ZERO * size) if np.isfinite(size) else 0.0
    return np.where(np.abs(vector) < dust, 0.0, vector)
