"""Tiles with overlap. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from math import ceil
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, warped
from datasets_app.recipes.warp import Warp, shift


class CutTiles(Operation):
    """The last tile of a row ends at the picture's edge: tiles are equally large, and nothing is added."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        width, height = sample.size
        lefts = starts(width, parameters["width"], parameters["overlap"])
        tops = starts(height, parameters["height"], parameters["overlap"])
        if len(lefts) * len(tops) == 1:
            return [sample]
        size = min(width, parameters["width"]), min(height, parameters["height"])
        return self._tiles(sample, [(x, y) for y in tops for x in lefts], size, parameters, context)

    def _tiles(
        self,
        sample: Sample,
        corners: list[tuple[int, int]],
        size: tuple[int, int],
        parameters: Mapping[str, Any],
        context: Context,
    ) -> Iterator[Sample]:
        leaves_out = parameters["drop_bare"] and sample.record.annotations
        for number, (x, y) in enumerate(corners, 1):
            tile = warped(sample, Warp(shift(-x, -y), *size), context, min_visible=parameters["min_visible"])
            if not leaves_out or tile.record.annotations:
                yield replace(tile, part=f"{sample.part}~tile{number}")


def starts(length: int, tile: int, overlap: float) -> list[int]:
    """Where tiles begin along a side: evenly spread, neighbours sharing at least `overlap` of a tile."""
    if length <= tile:
        return [0]
    step = max(1, int(tile * (1 - overlap)))
    count = ceil((length - tile) / step)
    return [round(n * (length - tile) / count) for n in range(count + 1)]
