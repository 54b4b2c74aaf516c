"""What a picture's colours are on average, so that those of a data set can be summed up without its pixels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from PIL import Image

from datasets_app.ingest.colour import on_white

COLOUR_MOMENTS = "colour_moments"
"""Their name among the facts of an image."""

Moments = tuple[float, float, float, float, float, float]
"""Means of red, green and blue from 0 to 1, then the means of their squares."""


def colour_moments(image: Image.Image) -> Moments:
    """Of a small picture; what shows through is white."""
    pixels = np.asarray(on_white(image).convert("RGB"), dtype=np.float64).reshape(-1, 3) / 255
    means: list[float] = np.concatenate((pixels.mean(axis=0), (pixels**2).mean(axis=0))).round(6).tolist()
    red, green, blue, *squares = means
    red2, green2, blue2 = squares
    return red, green, blue, red2, green2, blue2


def colour_statistics(sums: Sequence[float], images: int) -> dict[str, Any] | None:
    """Means and standard deviations of red, green and blue from 0 to 1, each image counting the same, from the sums of
    the moments of so many images; None of none.
    """
    if not images:
        return None
    means = [value / images for value in sums]
    deviations = [max(square - mean**2, 0.0) ** 0.5 for mean, square in zip(means[:3], means[3:], strict=True)]
    return {
        "images": images,
        "mean": [round(value, 4) for value in means[:3]],
        "std": [round(value, 4) for value in deviations],
    }
