"""What is seen, larger or smaller, and moved. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import exp, log
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample, happens, warped
from datasets_app.recipes.warp import Warp, shift, stretch


class RandomZoom(Operation):
    """Halving is as likely as doubling: the factor is drawn on a logarithmic scale."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        acts = happens(parameters, context)
        factor = exp(context.rng.uniform(log(parameters["least"]), log(parameters["greatest"])))
        across, down = context.rng.random(2).tolist()
        if not acts:
            return [sample]
        width, height = sample.size
        matrix = shift((width - width * factor) * across, (height - height * factor) * down) @ stretch(factor, factor)
        rest = {"fill": parameters["fill"], "min_visible": parameters["min_visible"]}
        return [warped(sample, Warp(matrix, width, height), context, **rest)]
