"""Turns by any angle. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import cos, radians, sin
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Warp, shift


class FreeTurn(Operation):
    """Around the middle; corners that leave the picture are cut, and the gaps are filled."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        limit = float(parameters["degrees"])
        acts, angle = happens(parameters, context), radians(float(context.rng.uniform(-limit, limit)))
        if not acts:
            return [sample]
        width, height = sample.size
        turn = np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
        matrix = shift(width / 2, height / 2) @ turn @ shift(-width / 2, -height / 2)
        rest = {"fill": parameters["fill"], "min_visible": parameters["min_visible"]}
        return [warped(sample, Warp(matrix, width, height), context, **rest)]
