"""Mosaics of four pictures. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.ir import AnnotationRecord
from datasets_app.recipes.base import Context, Operation, Sample, happens
from datasets_app.recipes.companions import covering, guests
from datasets_app.recipes.follow import follow
from datasets_app.recipes.warp import Pixels, Warp, shift, warp_pixels

LEAST = 0.3
"""The meeting point keeps this share of a side from the edges."""
Cell = tuple[int, int, int, int]
"""Left, top, width, height."""


class FourMosaic(Operation):
    """The picture and three others, each covering its quarter; the size stays, captions and tags are the picture's."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, middle = happens(parameters, context), context.rng.uniform(LEAST, 1 - LEAST, 2)
        others = context.others(3) if acts else ()
        if len(others) < 3:
            return [sample]
        width, height = sample.size
        x, y = (round(float(share) * side) for share, side in zip(middle, sample.size, strict=True))
        cells = [(0, 0, x, y), (x, 0, width - x, y), (0, y, x, height - y), (x, y, width - x, height - y)]
        members = [sample, *others]
        if any(not cell[2] or not cell[3] for cell in cells):
            return [sample]
        pieces = [covering(member, *cell[2:]) for member, cell in zip(members, cells, strict=True)]
        annotations: list[AnnotationRecord] = []
        for place, (member, warp, cell) in enumerate(zip(members, pieces, cells, strict=True)):
            rows = guests(member, f"mosaic-{place}") if place else member.record.annotations
            inside = follow(rows, warp, member.size, context.classes, min_visible=parameters["min_visible"])
            onto = Warp(shift(cell[0], cell[1]), *sample.size)
            annotations += follow(inside, onto, cell[2:], context.classes)
        readers = [member.read for member in members]

        def paint() -> Pixels:
            canvas = np.full((height, width, 3), parameters["fill"], dtype=np.uint8)
            for read, warp, (left, top, w, h) in zip(readers, pieces, cells, strict=True):
                canvas[top : top + h, left : left + w] = warp_pixels(read(), warp, fill=parameters["fill"])
            return canvas

        record = replace(sample.record, annotations=tuple(annotations))
        return [replace(sample, record=record, read=paint, is_stored=False)]
