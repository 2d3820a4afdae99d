"""What a computation leaves of a zero."""

import numpy as np

ZERO = 1e-9  # of the frame: what is smaller is 0 but for rounding


def swept(at: np.ndarray, domain: tuple[tuple[float, float], tuple[float, float]]) -> np.ndarray:
    """A place, (2,); coordinates that are 0 but for rounding are 0."""
    return np.where(np.abs(at) < ZERO * np.ptp(np.array(domain)), 0.0, at)
