"""Traces of strong compression. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, recoloured
from datasets_app.recipes.warp import Pixels


class JpegArtefacts(Operation):
    """JPEG and back."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, quality = happens(parameters, context), int(context.rng.integers(parameters["least"], 101))
        return [recoloured(sample, lambda pixels: pressed(pixels, quality))] if acts else [sample]


def pressed(pixels: Pixels, quality: int) -> Pixels:
    # The order of channels matters to JPEG, which keeps brightness finer than colour.
    _, packed = cv2.imencode(".jpg", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality])
    read: Any = cv2.imdecode(packed, cv2.IMREAD_COLOR)
    return np.asarray(cv2.cvtColor(read, cv2.COLOR_BGR2RGB), dtype=np.uint8)
