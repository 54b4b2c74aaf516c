"""Resizing: stretch, fit, fill, pad, long side. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, warped
from datasets_app.recipes.warp import Warp, shift, stretch


class ResizePicture(Operation):
    """Sizes are whole pixels, so that each mode's picture is filled to its edges."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        warp = resize(sample.size, parameters["mode"], (parameters["width"], parameters["height"]))
        if (warp.width, warp.height) == sample.size:
            return [sample]
        return [warped(sample, warp, context, fill=parameters["fill"], min_visible=parameters["min_visible"])]


def resize(size: tuple[int, int], mode: str, target: tuple[int, int]) -> Warp:
    """The warp from a picture of `size` to what `mode` makes of `target`."""
    factors = target[0] / size[0], target[1] / size[1]
    if mode == "stretch":
        return Warp(stretch(*factors), *target)
    if mode == "long_side":
        factor = target[0] / max(size)
    else:
        factor = max(factors) if mode == "fill" else min(factors)
    inner = max(1, round(size[0] * factor)), max(1, round(size[1] * factor))
    scale = stretch(inner[0] / size[0], inner[1] / size[1])
    if mode in {"fit", "long_side"}:
        return Warp(scale, *inner)
    return Warp(shift((target[0] - inner[0]) // 2, (target[1] - inner[1]) // 2) @ scale, *target)
