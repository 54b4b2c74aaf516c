"""What differs between two states of a project: counts, changed objects with both sides, changed images."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np
import orjson
from django.db import connection

from annotator.core.geometry.overlap import shape_iou
from datasets_app.ir import SPLITS
from datasets_app.models import Annotation, Image, ImageState, LabelClassState, Version
from datasets_app.selectors.annotation import annotation_bodies_by_pk
from datasets_app.selectors.diff_sql import IMAGE_KINDS, OBJECT_KINDS, Span, changes, sums
from datasets_app.selectors.label_class import class_states
from datasets_app.splits import Assignment

IOU_BINS = 10
IOU_SAMPLE = 1000
"""Reshaped objects whose overlap is measured for the histogram; measuring a million would take minutes."""

OVERLAY_LIMIT = 5000
CLASS_FIELDS = ("name", "color", "hotkey", "position", "attributes", "skeleton")
_IMAGE = "coalesce(f.image_id, t.image_id)"
_CLASS = "(f.label_class_id = %(label_class)s OR t.label_class_id = %(label_class)s)"


@dataclass(frozen=True, slots=True)
class ObjectFilter:
    """Which changed objects are wanted; what is empty does not filter."""

    kinds: tuple[str, ...] = ()
    image: int | None = None
    label_class: int | None = None


def object_counts(span: Span, *, label_class: int | None = None) -> dict[str, Any]:
    """Objects by kind of change, per class and per pair of classes, and how much the changed shapes overlap.

    `label_class` leaves only objects that have the class on either side.
    """
    kinds = tuple(OBJECT_KINDS)
    where, extra = _object_conditions(ObjectFilter(label_class=label_class))
    span = replace(span, extra=extra)
    columns = f"f.label_class_id, t.label_class_id, count(*), {sums(kinds, OBJECT_KINDS)}"
    totals: Counter[str] = Counter()
    per_class: dict[int, Counter[str]] = {}
    relabels = []
    for before, after, count, *found in changes(Annotation, span, columns, where=where, tail="GROUP BY 1, 2"):
        totals.update(dict(zip(kinds, found, strict=True)))
        if before is None or after is None:
            per_class.setdefault(before or after, Counter())["removed" if after is None else "added"] += count
            continue
        totals["changed"] += count
        for key in {before, after}:
            per_class.setdefault(key, Counter())["changed"] += count
        if before != after:
            relabels.append({"from": before, "to": after, "count": count})
    return {
        **{kind: totals[kind] for kind in ("added", "removed", "changed", *kinds[2:])},
        "per_class": [
            {"class": key, **{kind: found[kind] for kind in ("added", "removed", "changed")}}
            for key, found in sorted(per_class.items())
        ],
        "relabels": sorted(relabels, key=lambda row: -row["count"]),
        "iou": _iou_histogram(span, where, totals["moved"] + totals["reshaped"]),
    }


def _iou_histogram(span: Span, where: str, total: int) -> dict[str, Any]:
    values: list[float] = []
    if total:
        where += f" AND f.shape <> t.shape AND (t.area > 0 OR f.area > 0) LIMIT {IOU_SAMPLE}"
        rows = changes(Annotation, span, "f.image_id, f.shape, t.shape", where=where)
        values = [value for value in _ious(rows) if value is not None]
    bins, _ = np.histogram(values, bins=IOU_BINS, range=(0.0, 1.0))
    mean = float(np.mean(values)) if values else None
    return {"bins": bins.tolist(), "measured": len(values), "total": total, "mean": mean}


def _ious(rows: Sequence[tuple[int, str, str]]) -> list[float | None]:
    """Overlap of two shapes of an image each."""
    sizes = _sizes({image for image, _, _ in rows})
    return [shape_iou(orjson.loads(one), orjson.loads(two), *sizes[image]) for image, one, two in rows]


def _sizes(ids: Iterable[int]) -> dict[int, tuple[int, int]]:
    rows = Image.objects.filter(pk__in=list(ids)).values_list("pk", "width", "height")
    return {key: (width, height) for key, width, height in rows}


def image_counts(span: Span) -> dict[str, Any]:
    """Images by kind of change, and how many went from which state and which fixed split to which."""
    kinds = tuple(IMAGE_KINDS)
    columns = f"f.status, t.status, f.split, t.split, count(*), {sums(kinds, IMAGE_KINDS)}"
    totals: Counter[str] = Counter()
    moves: dict[str, Counter[tuple[str, str]]] = {"states": Counter(), "splits": Counter()}
    for was, now, split_was, split_now, count, *found in changes(ImageState, span, columns, tail="GROUP BY 1, 2, 3, 4"):
        totals.update(dict(zip(kinds, found, strict=True)))
        if was is None or now is None:
            continue
        totals["changed"] += count
        moves["states"][was, now] += count if was != now else 0
        moves["splits"][split_was, split_now] += count if split_was != split_now else 0
    return {kind: totals[kind] for kind in ("added", "removed", "changed", *kinds[2:])} | {
        noun: [{"from": one, "to": two, "count": count} for (one, two), count in sorted(found.items()) if count]
        for noun, found in moves.items()
    }


def class_changes(span: Span) -> list[dict[str, Any]]:
    """Classes that were added, retired or changed, with both sides and the names of the changed fields."""
    before, after = (
        {state.label_class_id: state for state in class_states(span.project_id, revision=revision)}
        for revision in (span.start, span.end)
    )
    found = []
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        fields = []
        if old is not None and new is not None:
            fields = [name for name in CLASS_FIELDS if getattr(old, name) != getattr(new, name)]
            if not fields:
                continue
        kind = "added" if old is None else "removed" if new is None else "changed"
        found.append({"class": key, "kind": kind, "fields": fields, "from": class_side(old), "to": class_side(new)})
    return found


def class_side(state: LabelClassState | None) -> dict[str, Any] | None:
    return None if state is None else {name: getattr(state, name) for name in CLASS_FIELDS}


def assignment_changes(start: Version, end: Version) -> dict[str, Any]:
    """Images of both versions that were dealt to another split."""
    one, two = (Assignment.unpack(bytes(version.assignment)) for version in (start, end))
    _, left, right = np.intersect1d(one.ids, two.ids, assume_unique=True, return_indices=True)
    pairs = Counter(zip(one.splits[left].tolist(), two.splits[right].tolist(), strict=True))
    moves = [
        {"from": SPLITS[old], "to": SPLITS[new], "count": count}
        for (old, new), count in sorted(pairs.items())
        if old != new
    ]
    return {"moved": sum(move["count"] for move in moves), "moves": moves}


def changed_objects(
    span: Span, wanted: ObjectFilter, *, limit: int, after: Sequence[Any] | None = None
) -> list[dict[str, Any]]:
    """Up to `limit` changed objects by image and UUID, with both sides, kinds of change and overlap."""
    where, extra = _object_conditions(wanted)
    if wanted.image is not None:
        span = replace(span, images=(wanted.image,))
    if after is not None:
        key = UUID(str(after[1]))
        extra |= {"image": int(after[0]), "uuid": Annotation._meta.get_field("uuid").get_db_prep_value(key, connection)}
        where += f" AND ({_IMAGE} > %(image)s OR {_IMAGE} = %(image)s AND coalesce(f.uuid, t.uuid) > %(uuid)s)"
    flags = ", ".join(f"({condition})" for condition in OBJECT_KINDS.values())
    shapes = "CASE WHEN f.shape <> t.shape THEN f.shape END, CASE WHEN f.shape <> t.shape THEN t.shape END"
    columns = f"f.id, t.id, {_IMAGE}, {shapes}, {flags}"
    tail = f"ORDER BY {_IMAGE}, coalesce(f.uuid, t.uuid) LIMIT {limit}"
    rows = changes(Annotation, replace(span, extra=extra), columns, where=where, tail=tail)
    return _with_sides(span.project_id, rows)


def _object_conditions(wanted: ObjectFilter) -> tuple[str, dict[str, Any]]:
    where, extra = "", {}
    if wanted.kinds:
        where += " AND (" + " OR ".join(OBJECT_KINDS[kind] for kind in wanted.kinds) + ")"
    if wanted.label_class is not None:
        where += f" AND {_CLASS}"
        extra["label_class"] = wanted.label_class
    return where, extra


def _with_sides(project_id: int, rows: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    keys = [key for row in rows for key in row[:2] if key is not None]
    bodies = annotation_bodies_by_pk(project_id, Annotation.objects.filter(pk__in=keys))
    reshaped = [(row[0], row[2:5]) for row in rows if row[3] is not None]
    ious = dict(zip((key for key, _ in reshaped), _ious([shapes for _, shapes in reshaped]), strict=True))
    found = []
    for before, after, image, _, _, *flags in rows:
        kinds = [kind for kind, is_so in zip(OBJECT_KINDS, flags, strict=True) if is_so]
        old, new = bodies.get(before), bodies.get(after)
        uuid = str((new or old or {})["uuid"])
        found.append({"uuid": uuid, "image": image, "kinds": kinds, "iou": ious.get(before), "from": old, "to": new})
    return found


def image_diff(image: Image, span: Span) -> dict[str, Any]:
    """Both states of one image and every object that differs, for drawing them over the picture."""
    narrowed = replace(span, images=(image.pk,))
    sides = [ImageState.objects.at(revision).filter(image=image).first() for revision in (span.start, span.end)]
    objects = changed_objects(narrowed, ObjectFilter(), limit=OVERLAY_LIMIT)
    same = Annotation.objects.filter(image=image).at(span.start)
    changed = {row["uuid"] for row in objects}
    unchanged = [
        body for body in annotation_bodies_by_pk(image.project_id, same).values() if str(body["uuid"]) not in changed
    ]
    return {"from": state_side(sides[0]), "to": state_side(sides[1]), "objects": objects, "unchanged": unchanged}


def state_side(state: ImageState | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {"state": state.status, "split": state.split, "tags": state.tags, "group": state.group}


def changed_images(
    span: Span, *, limit: int, after: int = 0, kinds: Sequence[str] = (), label_class: int | None = None
) -> list[dict[str, Any]]:
    """Up to `limit` images by id that differ: their state on both sides and objects by kind of change."""
    extra: dict[str, Any] = {"after": after}
    where, more = _object_conditions(ObjectFilter(tuple(kinds), None, label_class))
    narrowed = replace(span, extra=extra | more)
    names = tuple(OBJECT_KINDS)
    tail = f"ORDER BY {_IMAGE} LIMIT {limit}"
    objects = changes(
        Annotation,
        narrowed,
        f"{_IMAGE}, count(*), {sums(names, OBJECT_KINDS)}",
        where=f"{where} AND {_IMAGE} > %(after)s",
        tail=f"GROUP BY {_IMAGE} {tail}",
    )
    counts: dict[int, Mapping[str, int]] = {row[0]: dict(zip(names, row[2:], strict=True)) for row in objects}
    states: dict[int, tuple[Any, Any]] = {}
    if not where:
        columns = f"{_IMAGE}, f.id, t.id"
        rows = changes(ImageState, narrowed, columns, where=f"AND {_IMAGE} > %(after)s", tail=tail)
        states = {image: (old, new) for image, old, new in rows}
    return _image_lines(sorted({*counts, *states})[:limit], counts, states, span)


def _image_lines(
    ids: Sequence[int], counts: Mapping[int, Mapping[str, int]], states: Mapping[int, tuple[Any, Any]], span: Span
) -> list[dict[str, Any]]:
    images = Image.objects.in_bulk(ids)
    sides = [
        {row.image_id: row for row in ImageState.objects.at(revision).filter(image_id__in=ids)}
        for revision in (span.start, span.end)
    ]
    none = dict.fromkeys(OBJECT_KINDS, 0)
    return [
        {
            "image": images[key],
            "objects": counts.get(key, none),
            "is_changed": key in states,
            "from": state_side(sides[0].get(key)),
            "to": state_side(sides[1].get(key)),
        }
        for key in ids
    ]
