"""An object by its brightness: global, Otsu's, several levels, local. Needs no weights. No Django here.

Otsu 1979; several levels by Liao, Chen, Chung 2001 (`skimage.filters.threshold_multiotsu`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from skimage import filters
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

RULES = ("otsu", "multi_otsu", "local", "level")
LEVELS = 3
"""Kinds of brightness that several levels tell apart."""
FINEST_WINDOW = 3


class Threshold(RegionMethod):
    title = "Threshold"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        gray = np.asarray(
            cv2.GaussianBlur(cv2.cvtColor(scene.picture, cv2.COLOR_RGB2GRAY), (0, 0), 1.0), dtype=np.uint8
        )
        return scene.chosen(self._labels(gray, parameters))

    def _labels(self, gray: Mask, parameters: Mapping[str, Any]) -> Any:
        rule = parameters["rule"]
        if rule == "level":
            return (gray > float(parameters["level"])).astype(np.int32)
        if rule == "local":
            side = max(FINEST_WINDOW, round(float(parameters["window"]) * max(gray.shape))) | 1
            return (gray > filters.threshold_local(gray, side, method="gaussian")).astype(np.int32)
        values = len(np.unique(gray))
        if rule == "multi_otsu" and values > LEVELS:
            return np.digitize(gray, filters.threshold_multiotsu(gray, LEVELS)).astype(np.int32)
        return (gray > filters.threshold_otsu(gray)).astype(np.int32)
