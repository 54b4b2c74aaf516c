"""Turns the state of a project at a revision into the neutral form. The only module that knows both."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from annotator.core.storage.blobs import get_blobs
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from datasets_app.models import Annotation, Image, ImageState, Project, Version
from datasets_app.selectors.label_class import class_states
from datasets_app.services.bulk_rows import dashed
from datasets_app.splits import Assignment

PAGE = 500

_TEXT = TextField()
_IMAGE_COLUMNS = (
    "image_id", "image__name", "image__width", "image__height", "image__sha256", "image__suffix",
    "status", "split", "group",
)  # fmt: skip
_COLUMNS = (
    "image_id", "label_class_id", "type", "x", "y", "width", "height", "area", "shape",
    "occluded", "truncated", "crowd", "z_order", "group", "source", "score",
)  # fmt: skip


_drawing_order = itemgetter(*((*_COLUMNS, "sequence", "pk").index(name) for name in ("z_order", "sequence", "pk")))


def dataset_of(
    project: Project,
    *,
    version: Version | None = None,
    revision: int | None = None,
    image_ids: Sequence[int] | None = None,
) -> Dataset:
    """The project as it was at the version or revision (default: now), streamed in pages of images.

    With `image_ids`, in rising order, those of them that there were.
    """
    number = version.revision if version is not None else (project.revision if revision is None else revision)
    class_rows = class_states(project.pk, revision=number)
    records = tuple(
        ClassRecord(
            number=state.label_class.number,
            name=state.name,
            color=state.color,
            uuid=str(state.label_class.uuid),
            hotkey=state.hotkey,
            attributes=tuple(state.attributes),
            skeleton=state.skeleton,
        )
        for state in class_rows
    )
    numbers = {state.label_class_id: state.label_class.number for state in class_rows}
    splits = Assignment.unpack(bytes(version.assignment)).as_dict() if version is not None else {}
    info: dict[str, Any] = {"project": project.name, "task": project.task, "revision": number}
    if version is not None:
        info |= {"version": version.name, "digest": version.digest, "created_at": version.created_at.isoformat()}
    ids = _ids(project, number, image_ids)
    return Dataset(
        classes=records,
        images=_images(number, ids, numbers, splits),
        image_count=len(ids),
        annotation_count=_annotation_count(project, number, None if image_ids is None else ids),
        info=info,
    )


def image_records(project: Project, images: Iterable[int]) -> Iterator[ImageRecord]:
    """Single images of the project as they are now, in the order asked for; a few queries for each."""
    numbers = {
        state.label_class_id: state.label_class.number for state in class_states(project.pk, revision=project.revision)
    }
    wanted = list(images)
    own = set(Image.objects.filter(project=project, pk__in=wanted).values_list("pk", flat=True))
    for image in wanted:
        if image in own:
            yield from _images(project.revision, [image], numbers, {})


def _ids(project: Project, revision: int, chosen: Sequence[int] | None) -> Sequence[int]:
    """Images of the project at the revision, in order; those of them that were chosen."""
    states = ImageState.objects.at(revision).filter(project=project).order_by()
    wanted = None if chosen is None else set(chosen)
    found = states.values_list("image_id", flat=True).iterator(chunk_size=10_000)
    return array("q", sorted(image for image in found if wanted is None or image in wanted))


def _annotation_count(project: Project, revision: int, ids: Sequence[int] | None) -> int:
    if ids is not None:
        starts = range(0, len(ids), PAGE)
        rows = Annotation.objects.at(revision)
        return sum(rows.filter(image_id__in=ids[start : start + PAGE]).count() for start in starts)
    if revision == project.revision:
        return sum(project.counts.get("classes", {}).values())
    return Annotation.objects.at(revision).filter(project=project).count()


def _images(
    revision: int, ids: Sequence[int], numbers: Mapping[int, int], splits: Mapping[int, str]
) -> Iterator[ImageRecord]:
    """Page by page. Rows are asked for by their images alone: a database that has to choose between the index of the
    images and one of the project takes the latter and reads all of the project for each page.
    """
    states = ImageState.objects.at(revision).order_by("image_id")
    # UUIDs and JSON columns are read as text: building objects of them costs more than the rest.
    rows = states.annotate(uuid_text=Cast("image__uuid", _TEXT), tags_text=Cast("tags", _TEXT))
    columns = rows.values_list(*_IMAGE_COLUMNS, "uuid_text", "tags_text")
    open_blob = get_blobs().open
    for start in range(0, len(ids), PAGE):
        piece = ids[start : start + PAGE]
        annotations = _annotations(Annotation.objects.at(revision).filter(image_id__in=piece), numbers)
        page = list(columns.filter(image_id__in=piece))
        for image, name, width, height, sha256, suffix, status, fixed_split, group, uuid, tags in page:
            yield ImageRecord(
                number=image,
                name=name,
                width=width,
                height=height,
                annotations=tuple(annotations.get(image, ())),
                uuid=dashed(uuid),
                sha256=sha256,
                state=status,
                split=splits.get(image) or fixed_split or None,
                fixed_split=fixed_split,
                tags=() if tags == "[]" else tuple(orjson.loads(tags)),
                group=group,
                suffix=suffix,
                open=partial(open_blob, sha256, suffix),
            )


def _annotations(labels: QuerySet[Annotation], numbers: Mapping[int, int]) -> dict[int, list[AnnotationRecord]]:
    rows = labels.annotate(uuid_text=Cast("uuid", _TEXT), attributes_text=Cast("attributes", _TEXT))
    ordered = rows.order_by().values_list(*_COLUMNS, "sequence", "pk", "uuid_text", "attributes_text")
    found: dict[int, list[AnnotationRecord]] = {}
    # Straight from the cursor and positional: this loop runs once for every label of an export, and converting what
    # needs no conversion would cost as much as the rest of it.
    with connection.cursor() as cursor:
        cursor.execute(*ordered.query.sql_with_params())
        lines = cursor.fetchall()
    # A database that sorts them carries their shapes along.
    lines.sort(key=_drawing_order)
    for (
        image, label_class, kind, x, y, width, height, area, shape,
        occluded, truncated, crowd, z_order, group, source, score, _, _, uuid, attributes,
    ) in lines:  # fmt: skip
        record = AnnotationRecord(
            dashed(uuid), numbers[label_class], kind, (x, y, width, height), area, shape,
            {} if attributes == "{}" else orjson.loads(attributes),
            occluded == 1, truncated == 1, crowd == 1, z_order, group, source, score,
        )  # fmt: skip
        found.setdefault(image, []).append(record)
    return found
