"""An object inside the edges around it: Canny's, closed where they have gaps. Needs no weights. No Django here.

Canny 1986 (`skimage.feature.canny`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import cv2
import numpy as np
from skimage.feature import canny
from typing_extensions import override

from annotator.smart.methods._scene import Mask, Scene
from annotator.smart.methods._surroundings import RegionMethod

WEAK = 0.1
"""Edges among this further share of the pixels count where they go on from a strong one."""


class Contours(RegionMethod):
    title = "Edges"

    @override
    def cut(self, scene: Scene, parameters: Mapping[str, Any]) -> Mask:
        lightness = scene.lab()[..., 0] / 100
        steepest = 1 - float(parameters["share"])
        edges = canny(
            lightness,
            sigma=float(parameters["sigma"]),
            low_threshold=max(0.0, steepest - WEAK),
            high_threshold=steepest,
            use_quantiles=True,
        ).astype(np.uint8)
        side = 2 * int(parameters["gap"]) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        walls = cv2.dilate(edges, kernel)
        _, rooms = cv2.connectedComponents(1 - walls, connectivity=4)
        # The walls are no room: they fall to the object by growing it back by as much as they were widened.
        outside = np.setdiff1d(np.unique(rooms[scene.background()]), [0])
        within = (walls == 0) & ~np.isin(rooms, outside)
        for column, row in scene.positive:
            within |= (rooms == rooms[row, column]) & (walls == 0)
        for column, row in scene.negative:
            within &= rooms != rooms[row, column]
        return np.asarray(cv2.dilate(within.astype(np.uint8), kernel), dtype=np.uint8)
