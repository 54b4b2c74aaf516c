"""Classes made one, or called otherwise. Knows no other operation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from typing_extensions import override

from datasets_app.ir import ClassRecord
from datasets_app.recipes.base import Context, Operation, Sample


class RemapClasses(Operation):
    """A class that becomes one that is there goes up in it; the first that becomes a new name is renamed."""

    @override
    def apply(self, sample: Sample, parameters: Mapping[str, Any], context: Context) -> Iterable[Sample]:
        before = tuple(context.classes.values())
        number_of = {record.name: record.number for record in self.classes(before, parameters)}
        becomes = {row.number: number_of[parameters["names"].get(row.name, row.name)] for row in before}
        annotations = tuple(
            row
            if becomes[row.class_number] == row.class_number
            else replace(row, class_number=becomes[row.class_number])
            for row in sample.record.annotations
        )
        return [replace(sample, record=replace(sample.record, annotations=annotations))]

    @override
    def classes(self, classes: Sequence[ClassRecord], parameters: Mapping[str, Any]) -> tuple[ClassRecord, ...]:
        becomes: Mapping[str, str] = parameters["names"]
        stay = {record.name for record in classes if becomes.get(record.name, record.name) == record.name}
        found: list[ClassRecord] = []
        for record in classes:
            name = becomes.get(record.name, record.name)
            if record.name in stay:
                found.append(record)
            elif name not in stay:
                stay.add(name)
                found.append(replace(record, name=name))
        return tuple(found)
