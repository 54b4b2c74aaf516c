"""Watershed: the steepness of the picture is flooded from the marks. Needs no weights. No Django here.

Beucher, Meyer 1993 (`skimage.segmentation.watershed`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from skimage.segmentation import watershed
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod


class Watershed(RegionMethod):
    title = "Watershed"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lab = scene.lab(float(parameters["blur"]))
        steep = np.max(
            [np.hypot(cv2.Sobel(part, -1, 1, 0), cv2.Sobel(part, -1, 0, 1)) for part in cv2.split(lab)], axis=0
        )
        found = watershed(steep, scene.markers(), compactness=float(parameters["compactness"]))
        return (found == 2).astype(np.uint8)
