"""Some classes only. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from datasets_app.ir import ClassRecord
from datasets_app.recipes.base import Context, Operation, Sample


class FilterClasses(Operation):
    """Annotations of other classes are taken out; their pictures stay."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        kept = {record.number for record in self.classes(tuple(context.classes.values()), parameters)}
        annotations = tuple(row for row in sample.record.annotations if row.class_number in kept)
        return [replace(sample, record=replace(sample.record, annotations=annotations))]

    @override
    def classes(self, classes: Sequence[ClassRecord], parameters: Mapping[str, Any]) -> tuple[ClassRecord, ...]:
        named = set(parameters["names"])
        keeps = parameters["mode"] == "keep"
        return tuple(record for record in classes if (record.name in named) == keeps)
