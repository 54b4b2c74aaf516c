"""Two pictures blended. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens
from datasets_app.recipes.companions import covering, guests
from datasets_app.recipes.follow import follow
from datasets_app.recipes.warp import Pixels, warp_pixels

CAPTION = frozenset({"caption"})


class MixUp(Operation):
    """The picture and another one, blended by a share drawn from Beta(alpha, alpha), the picture's own the larger.

    Objects and tags of both stay, each with its picture's share as `weight`: classification learns a class by that
    share, detection learns from all boxes alike.
    """

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, drawn = happens(parameters, context), context.rng.beta(parameters["alpha"], parameters["alpha"])
        others = context.others(1) if acts else ()
        if not others:
            return [sample]
        (other,), share = others, float(max(drawn, 1 - drawn))
        warp = covering(other, *sample.size)
        own = tuple(replace(row, weight=row.weight * share) for row in sample.record.annotations)
        came = guests(other, "mix-up", but=CAPTION, weight=1 - share)
        came = follow(came, warp, other.size, context.classes, min_visible=parameters["min_visible"])
        read, read_other = sample.read, other.read

        def paint() -> Pixels:
            below = warp_pixels(read_other(), warp, fill=0).astype(np.float32)
            mixed: Pixels = np.rint(share * read() + (1 - share) * below).astype(np.uint8)
            return mixed

        record = replace(sample.record, annotations=own + came)
        return [replace(sample, record=record, read=paint, is_stored=False)]
