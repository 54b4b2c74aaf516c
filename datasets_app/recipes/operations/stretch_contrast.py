"""Contrast stretched over the whole picture. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, recoloured
from datasets_app.recipes.warp import Pixels


class StretchContrast(Operation):
    """The same for all channels, so that colours keep their tint."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        cut = float(parameters["cut"])
        return [recoloured(sample, lambda pixels: stretched(pixels, cut))]


def stretched(pixels: Pixels, cut: float) -> Pixels:
    low, high = np.percentile(pixels, (cut, 100 - cut))
    if high <= low:
        return pixels
    levels = (np.arange(256) - low) * (255.0 / (high - low))
    found: Pixels = np.clip(np.rint(levels), 0, 255).astype(np.uint8)[pixels]
    return found
