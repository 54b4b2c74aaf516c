"""The dry run: reads everything, writes nothing, and says what an import would do and how it could be helped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from datasets_app.formats.base import Progress
from datasets_app.services.imports.chunks import Placer, chunks
from datasets_app.services.imports.classes import ClassPlan, classes_plan
from datasets_app.services.imports.request import ImportRequest
from datasets_app.services.imports.source import Source
from datasets_app.services.imports.tally import Tally, answer_of
from datasets_app.services.imports.writing import Labelled, Rules, piece_foresee

PREVIEW_IMAGES = 12
PREVIEW_LABELS = 50
PREVIEW_CHARACTERS = 4_000
SUGGESTED_NAMES = 50


def import_foresee(request: ImportRequest, source: Source, progress: Progress) -> dict[str, Any]:
    """What the import would answer, with suggestions for unmatched names and a preview of the first images."""
    plans = classes_plan(request.project, source.dataset.classes, request.classes)
    placer = Placer(source.matcher, source.pictures, source.log)
    rules = Rules(request.mode, _foreseen_ids(plans), "dry run|" if request.mode == "add" else "")
    tally = Tally()
    preview: list[dict[str, Any]] = []
    for piece in chunks(source.dataset.images):
        items = placer.place(piece)
        part, found = piece_foresee(request.project, items, rules, placer.seen, source.log)
        tally.add(part)
        tally.records += len(piece)
        names = {plan.record.number: plan.name or plan.record.name for plan in plans}
        preview += [_preview(entry, names) for entry in found[: PREVIEW_IMAGES - len(preview)]]
        progress(tally.records, source.dataset.image_count)
    answer = {**source.facts, "mode": request.mode, "dry_run": True, **answer_of(tally, plans, source.log)}
    unmatched = source.log.unmatched[:SUGGESTED_NAMES]
    answer["images"]["suggestions"] = {name: alike for name in unmatched if (alike := source.matcher.suggest(name))}
    return answer | {"preview": preview}


def _foreseen_ids(plans: Sequence[ClassPlan]) -> dict[int, int | None]:
    """Classes that would be made get numbers below 0, one for each name: no label of theirs can be there already."""
    made: dict[str, int] = {}
    ids: dict[int, int | None] = {}
    for plan in plans:
        if plan.action == "created":
            ids[plan.record.number] = made.setdefault(plan.name, -1 - len(made))
        else:
            ids[plan.record.number] = plan.target
    return ids


def _preview(entry: Labelled, names: dict[int, str]) -> dict[str, Any]:
    labels = []
    room = PREVIEW_CHARACTERS
    for number, row in entry.rows[:PREVIEW_LABELS]:
        room -= len(row.shape)
        labels.append(
            {
                "class": names[number],
                "type": row.type,
                "box": [row.x, row.y, row.width, row.height],
                # Long shapes are left to their boxes: the preview is looked at, not imported.
                "shape": row.shape if room > 0 else None,
            }
        )
    return {
        "name": entry.record.name,
        "image": entry.place.id or None,
        "image_name": entry.place.name,
        "width": entry.place.width,
        "height": entry.place.height,
        "annotation_count": len(entry.rows),
        "annotations": labels,
    }
