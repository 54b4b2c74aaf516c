"""Pictures without annotations left out. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from typing_extensions import override

from datasets_app.recipes.base import Context, Operation, Sample


class DropEmpty(Operation):
    """Keeps a share of them: a model that never saw an empty picture finds things everywhere."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        stays = context.rng.random() < parameters["keep"]
        return [sample] if sample.record.annotations or stays else []
