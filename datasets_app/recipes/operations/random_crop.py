"""Random crops. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Warp, shift


class RandomCrop(Operation):
    """Whole pixels, so that none changes its value."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts, share = happens(parameters, context), float(context.rng.uniform(parameters["least"], 1.0))
        across, down = context.rng.random(2).tolist()
        if not acts:
            return [sample]
        width, height = (max(1, round(side * share)) for side in sample.size)
        x, y = round((sample.record.width - width) * across), round((sample.record.height - height) * down)
        return [warped(sample, Warp(shift(-x, -y), width, height), context, min_visible=parameters["min_visible"])]
