"""Blur. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, recoloured
from datasets_app.recipes.warp import Pixels


class RandomBlur(Operation):
    """A Gaussian of random width."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, radius = happens(parameters, context), float(context.rng.uniform(0.05, parameters["radius"]))
        return [recoloured(sample, lambda pixels: blurred(pixels, radius))] if acts else [sample]


def blurred(pixels: Pixels, radius: float) -> Pixels:
    return np.asarray(cv2.GaussianBlur(pixels, (0, 0), radius, borderType=cv2.BORDER_REFLECT_101), dtype=np.uint8)
