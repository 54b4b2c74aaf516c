"""Brightness, contrast, saturation, hue. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, recoloured
from datasets_app.recipes.warp import Pixels

GREY = np.array([0.299, 0.587, 0.114])
"""How bright red, green and blue look (ITU-R BT.601), as torchvision weighs them too."""


class VaryColour(Operation):
    """Brightness multiplies, contrast moves away from the mean grey, saturation from each pixel's own grey."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts = happens(parameters, context)
        factors = [
            1.0 + float(context.rng.uniform(-parameters[key], parameters[key]))
            for key in ("brightness", "contrast", "saturation")
        ]
        hue = float(context.rng.uniform(-parameters["hue"], parameters["hue"]))
        return [recoloured(sample, lambda pixels: changed(pixels, factors, hue))] if acts else [sample]


def changed(pixels: Pixels, factors: list[float], hue: float) -> Pixels:
    brightness, contrast, saturation = factors
    values = np.clip(pixels.astype(np.float32) * brightness, 0, 255)
    mean = float((values @ GREY).mean())
    values = np.clip((values - mean) * contrast + mean, 0, 255)
    own = (values @ GREY)[:, :, None]
    values = np.clip((values - own) * saturation + own, 0, 255).astype(np.float32)
    if hue:
        hsv = cv2.cvtColor(values / 255.0, cv2.COLOR_RGB2HSV)
        hsv[:, :, 0] = (hsv[:, :, 0] + hue) % 360.0
        values = np.asarray(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)) * 255.0
    found: Pixels = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return found
