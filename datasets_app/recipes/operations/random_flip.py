"""Mirrored pictures. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, warped
from datasets_app.recipes.warp import Warp, shift, stretch


class RandomFlip(Operation):
    """Either axis by a chance of its own; no pixel changes its value."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        sideways, upside = (context.rng.random() < parameters[key] for key in ("left_right", "up_down"))
        width, height = sample.size
        if not sideways and not upside:
            return [sample]
        matrix = shift(width * sideways, height * upside) @ stretch(1 - 2 * sideways, 1 - 2 * upside)
        return [warped(sample, Warp(matrix, width, height), context)]
