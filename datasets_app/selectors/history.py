"""What happened to one object, one image or one class, and who did it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from datasets_app.models import Annotation, Image, ImageState, LabelClass, LabelClassState, Revision
from datasets_app.models.temporal import TemporalRow
from datasets_app.selectors.annotation import annotation_bodies_by_pk
from datasets_app.selectors.diff import CLASS_FIELDS, class_side, state_side
from datasets_app.selectors.timeline import numbers_of_image

FLAGS = ("occluded", "truncated", "crowd", "z_order", "group")
STATE_FIELDS = {"status": "state", "split": "split", "tags": "tags", "group": "group"}


def object_history(image: Image, uuid: UUID) -> list[dict[str, Any]]:
    """Every change of one object, newest first, with the object as it was from there on."""
    rows = list(Annotation.objects.filter(image=image, uuid=uuid).order_by("created_in"))
    bodies = annotation_bodies_by_pk(image.project_id, Annotation.objects.filter(image=image, uuid=uuid))
    events = [
        {"number": number, "kinds": kinds, "object": None if row is None else bodies[row.pk]}
        for number, kinds, row in _events(rows, object_kinds)
    ]
    return _with_revisions(image.project_id, events)


def class_history(label_class: LabelClass) -> list[dict[str, Any]]:
    """Every change of one class, newest first, with the class as it was from there on."""
    rows = list(LabelClassState.objects.filter(label_class=label_class).order_by("created_in"))
    events = [
        {"number": number, "kinds": kinds, "state": class_side(row)}  # type: ignore[arg-type]  # rows of classes
        for number, kinds, row in _events(rows, lambda one, two: _differing(one, two, CLASS_FIELDS))
    ]
    return _with_revisions(label_class.project_id, events)


def image_history(image: Image, *, limit: int, before: int | None = None) -> list[dict[str, Any]]:
    """The revisions that touched one image, newest first: objects added, removed, changed, and the image's state."""
    numbers = sorted((n for n in numbers_of_image(image.pk) if before is None or n < before), reverse=True)[:limit]
    counts: dict[int, Counter[str]] = {number: Counter() for number in numbers}
    opened: dict[int, set[UUID]] = {number: set() for number in numbers}
    closed: dict[int, set[UUID]] = {number: set() for number in numbers}
    rows = Annotation.objects.filter(image=image).order_by().values_list("uuid", "created_in", "deleted_in")
    for uuid, created, deleted in rows:
        if created in opened:
            opened[created].add(uuid)
        if deleted in closed:
            closed[deleted].add(uuid)
    for number in numbers:
        both = opened[number] & closed[number]
        counts[number].update(added=len(opened[number] - both), removed=len(closed[number] - both), changed=len(both))
    states = list(ImageState.objects.filter(image=image).order_by("created_in"))
    moves = {number: (kinds, row) for number, kinds, row in _events(states, _state_kinds)}
    events = []
    for number in numbers:
        kinds, row = moves.get(number, ([], None))
        events.append(
            {
                "number": number,
                "objects": {count: counts[number][count] for count in ("added", "removed", "changed")},
                "kinds": kinds,
                "state": state_side(row),  # type: ignore[arg-type]  # rows of images
            }
        )
    return _with_revisions(image.project_id, events)


def _events(rows: Sequence[TemporalRow], kinds_of: Any) -> list[tuple[int, list[str], TemporalRow | None]]:
    """(revision, kinds of change, row from there on) of the rows of one thing, newest first."""
    found: list[tuple[int, list[str], TemporalRow | None]] = []
    before: TemporalRow | None = None
    for row in rows:
        if before is not None and before.deleted_in == row.created_in:
            found.append((row.created_in, kinds_of(before, row), row))
        else:
            if before is not None and before.deleted_in is not None:
                found.append((before.deleted_in, ["removed"], None))
            found.append((row.created_in, ["added" if before is None else "restored"], row))
        before = row
    if before is not None and before.deleted_in is not None:
        found.append((before.deleted_in, ["removed"], None))
    return found[::-1]


def object_kinds(one: Annotation, two: Annotation) -> list[str]:
    """In which ways two states of an object differ: the kinds of a diff."""
    found = []
    if one.shape != two.shape:
        found.append("moved" if _is_same_size(one, two) else "reshaped")
    if one.label_class_id != two.label_class_id:
        found.append("relabelled")
    if one.attributes != two.attributes:
        found.append("attributes")
    if _differing(one, two, FLAGS):
        found.append("flags")
    if _differing(one, two, ("source", "score")):
        found.append("source")
    return found or ["confirmed"]


def _is_same_size(one: Annotation, two: Annotation) -> bool:
    """The rule of `diff_sql`, for rows that are loaded."""
    return (
        one.type == two.type
        and (one.x, one.y) != (two.x, two.y)
        and abs(one.width - two.width) <= 0.01
        and abs(one.height - two.height) <= 0.01
        and abs(one.area - two.area) <= 1 + 0.02 * one.area
    )


def _state_kinds(one: ImageState, two: ImageState) -> list[str]:
    return [STATE_FIELDS[name] for name in _differing(one, two, STATE_FIELDS)]


def _differing(one: Any, two: Any, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(one, name) != getattr(two, name)]


def _with_revisions(project_id: int, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events with who, when and why of their revision."""
    numbers = [event["number"] for event in events]
    rows = Revision.objects.filter(project_id=project_id, number__in=numbers).select_related("author")
    revisions = {row.number: row for row in rows}
    for event in events:
        row = revisions.get(event["number"])
        event |= {
            "revision": None if row is None else row.pk,
            "kind": "" if row is None else row.kind,
            "message": "" if row is None else row.message,
            "author": row.author.get_username() if row is not None and row.author else None,
            "created_at": None if row is None else row.created_at,
        }
    return events
