"""Contrast evened out region by region (CLAHE). Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, recoloured
from datasets_app.recipes.warp import Pixels


class LocalContrast(Operation):
    """Contrast-limited adaptive histogram equalization of the lightness alone: colours keep their hue."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        limit, regions = float(parameters["limit"]), int(parameters["regions"])
        return [recoloured(sample, lambda pixels: evened(pixels, limit, regions))]


def evened(pixels: Pixels, limit: float, regions: int) -> Pixels:
    lab = cv2.cvtColor(pixels, cv2.COLOR_RGB2LAB)
    lab[:, :, 0] = cv2.createCLAHE(clipLimit=limit, tileGridSize=(regions, regions)).apply(lab[:, :, 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2RGB), dtype=np.uint8)
