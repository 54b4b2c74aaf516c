"""Turns the state of a project at a revision into the neutral form. The only module that knows both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import orjson
from django.db.models import TextField
from django.db.models.functions import Cast

from annotator.core.storage.blobs import get_blobs
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord
from datasets_app.models import Annotation, ImageState, Project, Version
from datasets_app.selectors.label_class import class_states
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


def dataset_of(project: Project, *, version: Version | None = None, revision: int | None = None) -> Dataset:
    """The project as it was at the version or revision (default: now), streamed in pages of images."""
    number = version.revision if version is not None else (project.revision if revision is None else revision)
    states = class_states(project.pk, revision=number)
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
        for state in states
    )
    numbers = {state.label_class_id: state.label_class.number for state in states}
    splits = Assignment.unpack(bytes(version.assignment)).as_dict() if version is not None else {}
    info: dict[str, Any] = {"project": project.name, "task": project.task, "revision": number}
    if version is not None:
        info |= {"version": version.name, "digest": version.digest, "created_at": version.created_at.isoformat()}
    return Dataset(
        classes=records,
        images=_images(project.pk, number, numbers, splits),
        image_count=ImageState.objects.at(number).filter(project=project).count(),
        annotation_count=Annotation.objects.at(number).filter(project=project).count(),
        info=info,
    )


def image_records(project: Project, images: Iterable[int]) -> Iterator[ImageRecord]:
    """Single images of the project as they are now, in the order asked for; a few queries for each."""
    states = class_states(project.pk, revision=project.revision)
    numbers = {state.label_class_id: state.label_class.number for state in states}
    for image in images:
        yield from _images(project.pk, project.revision, numbers, {}, only=image)


def _images(
    project_id: int, revision: int, numbers: Mapping[int, int], splits: Mapping[int, str], *, only: int | None = None
) -> Iterator[ImageRecord]:
    """Pages of images. UUIDs and JSON columns are read as text: building objects of them costs more than the rest."""
    states = ImageState.objects.at(revision).filter(project_id=project_id).order_by("image_id")
    states = states if only is None else states.filter(image_id=only)
    rows = states.annotate(uuid_text=Cast("image__uuid", _TEXT), tags_text=Cast("tags", _TEXT))
    last = 0
    while page := list(rows.filter(image_id__gt=last).values_list(*_IMAGE_COLUMNS, "uuid_text", "tags_text")[:PAGE]):
        first, last = page[0][0], page[-1][0]
        annotations = _annotations(project_id, revision, first, last, numbers)
        for image, name, width, height, sha256, suffix, status, fixed_split, group, uuid, tags in page:
            yield ImageRecord(
                number=image,
                name=name,
                width=width,
                height=height,
                annotations=tuple(annotations.get(image, ())),
                uuid=_dashed(uuid),
                sha256=sha256,
                state=status,
                split=splits.get(image) or fixed_split or None,
                fixed_split=fixed_split,
                tags=tuple(orjson.loads(tags)),
                group=group,
                suffix=suffix,
                open=partial(get_blobs().open, sha256, suffix),
            )


def _annotations(
    project_id: int, revision: int, first: int, last: int, numbers: Mapping[int, int]
) -> dict[int, list[AnnotationRecord]]:
    labels = Annotation.objects.at(revision).filter(project_id=project_id, image_id__gte=first, image_id__lte=last)
    rows = labels.annotate(uuid_text=Cast("uuid", _TEXT), attributes_text=Cast("attributes", _TEXT))
    ordered = rows.order_by("image_id", "z_order", "sequence", "pk")
    found: dict[int, list[AnnotationRecord]] = {}
    # Positional on purpose: this loop runs once for every label of an export.
    for (
        image, label_class, kind, x, y, width, height, area, shape,
        occluded, truncated, crowd, z_order, group, source, score, uuid, attributes,
    ) in ordered.values_list(*_COLUMNS, "uuid_text", "attributes_text"):  # fmt: skip
        record = AnnotationRecord(
            _dashed(uuid), numbers[label_class], kind, (x, y, width, height), area, shape,
            {} if attributes == "{}" else orjson.loads(attributes),
            occluded, truncated, crowd, z_order, group, source, score,
        )  # fmt: skip
        found.setdefault(image, []).append(record)
    return found


def _dashed(uuid: str) -> str:
    """SQLite keeps UUIDs as 32 hex digits, PostgreSQL writes them with dashes."""
    return uuid if len(uuid) == 36 else f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"
