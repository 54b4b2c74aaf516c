"""Shear. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import radians, tan
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Warp, shift


class RandomSlant(Operation):
    """Slants around the middle, along both axes."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        limit = float(parameters["degrees"])
        acts, angles = happens(parameters, context), context.rng.uniform(-limit, limit, 2).tolist()
        if not acts:
            return [sample]
        width, height = sample.size
        across, down = (tan(radians(angle)) for angle in angles)
        # One slant after the other: both at 45 degrees at once would fold the picture into a line.
        slant = np.array([[1, across, 0], [0, 1, 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [down, 1, 0], [0, 0, 1]])
        matrix = shift(width / 2, height / 2) @ slant @ shift(-width / 2, -height / 2)
        rest = {"fill": parameters["fill"], "min_visible": parameters["min_visible"]}
        return [warped(sample, Warp(matrix, width, height), context, **rest)]
