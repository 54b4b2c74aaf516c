"""Perspective. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import cv2
import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Warp


class RandomPerspective(Operation):
    """Every corner moves inwards by less than half a side: the picture stays a convex four-sided figure."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, moves = happens(parameters, context), context.rng.uniform(0, parameters["strength"], (4, 2))
        if not acts:
            return [sample]
        width, height = sample.size
        corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], dtype=np.float32)
        inwards = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * moves * (width, height)
        matrix = cv2.getPerspectiveTransform(corners, (corners + inwards).astype(np.float32))
        warp = Warp(np.asarray(matrix, dtype=np.float64), width, height)
        return [warped(sample, warp, context, fill=parameters["fill"], min_visible=parameters["min_visible"])]
