"""Pixels deeper than 8 bits, made visible: which range of values becomes black to white."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

DEEP_MODES = frozenset({"I", "F", "I;16", "I;16B", "I;16L", "I;16N"})

INTEGER_CEILINGS = (255, 1023, 4095, 16383, 65535)
"""8, 10, 12, 14 and 16 bits: what sensors deliver, whatever the file's own depth."""

FLOAT_CEILINGS = (1.0, 255.0, 65535.0)

PERCENTILES = (0.1, 99.9)
SAMPLE = 1_000_000

Window = tuple[float, float]


def to_eight_bit(image: Image.Image) -> tuple[Image.Image, Window]:
    """The picture as 8-bit grey, and the values that became 0 and 255.

    A picture that uses at least half of a natural range (8 to 16 bits; 0 to 1 for floats) is shown on that range, so
    that pictures of one series get one scale. Any other one is stretched from its 0.1st to its 99.9th percentile.
    """
    values = np.asarray(image)
    low, high = _window(values)
    scaled = np.subtract(values, low, dtype=np.float32)
    scaled *= 255.0 / (high - low)
    np.nan_to_num(scaled, copy=False, nan=0.0, posinf=255.0, neginf=0.0)
    np.clip(scaled, 0, 255, out=scaled)
    np.rint(scaled, out=scaled)
    return Image.fromarray(scaled.astype(np.uint8)), (low, high)


def _window(values: npt.NDArray[np.generic]) -> Window:
    flat = values.reshape(-1)
    sample = flat[:: max(1, flat.size // SAMPLE)].astype(np.float64)
    sample = sample[np.isfinite(sample)]
    if sample.size == 0:
        return 0.0, 1.0
    low, high = (float(value) for value in np.percentile(sample, PERCENTILES))
    integer = np.issubdtype(values.dtype, np.integer)
    if float(sample.min()) >= 0:
        top = float(sample.max())
        ceiling = next((c for c in (INTEGER_CEILINGS if integer else FLOAT_CEILINGS) if top <= c), None)
        if ceiling is not None and (high >= ceiling / 2 or (integer and ceiling == INTEGER_CEILINGS[0])):
            return 0.0, float(ceiling)
    return (low, high) if high > low else (low, low + 1.0)
