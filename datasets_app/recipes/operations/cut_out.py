"""Covered rectangles. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, recoloured
from datasets_app.recipes.warp import Pixels

Rectangle = tuple[int, int, int, int]
"""Left, top, right, bottom."""


class CutOut(Operation):
    """Teaches a model to know an object by what is left of it, so annotations stay."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, count = happens(parameters, context), int(context.rng.integers(1, parameters["count"] + 1))
        shares = context.rng.uniform(0, parameters["side"], (count, 2))
        places = context.rng.random((count, 2))
        if not acts:
            return [sample]
        sides = (shares * sample.size).round().astype(int)
        corners = ((sample.size - sides) * places).round().astype(int)
        rectangles = [(x, y, x + w, y + h) for (x, y), (w, h) in zip(corners.tolist(), sides.tolist(), strict=True)]
        return [recoloured(sample, lambda pixels: covered(pixels, rectangles, parameters["fill"]))]


def covered(pixels: Pixels, rectangles: list[Rectangle], fill: int) -> Pixels:
    copy = pixels.copy()
    for left, top, right, bottom in rectangles:
        copy[top:bottom, left:right] = fill
    return copy
