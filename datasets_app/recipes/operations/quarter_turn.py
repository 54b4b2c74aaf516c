"""Turns by quarters. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Matrix, Warp, shift

CLOCKWISE: Matrix = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], dtype=np.float64)


class QuarterTurn(Operation):
    """No pixel changes its value; width and height change places after one and three quarters."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, quarters = happens(parameters, context), int(context.rng.integers(1, 4))
        if not acts:
            return [sample]
        width, height = sample.size
        turned = (height, width) if quarters % 2 else (width, height)
        back = {1: (height, 0), 2: (width, height), 3: (0, width)}[quarters]
        matrix = shift(*back) @ np.linalg.matrix_power(CLOCKWISE, quarters)
        return [warped(sample, Warp(matrix, *turned), context)]
