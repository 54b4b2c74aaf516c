"""Grey pictures. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, recoloured
from datasets_app.recipes.warp import Pixels


class GreyPicture(Operation):
    """Three equal channels of the brightness that people see (ITU-R BT.601)."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        return [recoloured(sample, grey)]


def grey(pixels: Pixels) -> Pixels:
    single = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    return np.repeat(np.asarray(single, dtype=np.uint8)[:, :, None], 3, axis=2)
