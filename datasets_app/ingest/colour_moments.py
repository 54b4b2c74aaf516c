"""What a picture's colours are on average, so that those of a data set can be summed up without its pixels."""

from __future__ import annotations

import numpy as np
from PIL import Image

from datasets_app.ingest.colour import on_white

Moments = tuple[float, float, float, float, float, float]
"""Means of red, green and blue from 0 to 1, then the means of their squares."""


def colour_moments(image: Image.Image) -> Moments:
    """Of a small picture; what shows through is white."""
    pixels = np.asarray(on_white(image).convert("RGB"), dtype=np.float64).reshape(-1, 3) / 255
    means: list[float] = np.concatenate((pixels.mean(axis=0), (pixels**2).mean(axis=0))).round(6).tolist()
    red, green, blue, *squares = means
    red2, green2, blue2 = squares
    return red, green, blue, red2, green2, blue2
