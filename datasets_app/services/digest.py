"""Content digests: what a row says, hashed so that the digest of a whole state is the sum of its rows' digests.

A sum modulo 2**256 does not depend on the order of rows and is kept up to date by adding opened and subtracting closed
rows (Bellare and Micciancio, "A new paradigm for collision-free hashing", 1997, section on AdHash). It detects
differences between honest copies; it is no proof against somebody who may craft rows.
Only facts that travel with the native format enter a digest: UUIDs and content, never database ids or times.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from django.db.models import IntegerField, QuerySet, TextField
from django.db.models.functions import Cast

from datasets_app.models import Annotation, Image, ImageState, LabelClass, LabelClassState, Project
from datasets_app.services.bulk_rows import NewAnnotation, StateRow, dashed

MODULUS = 1 << 256
_TEXT, _NUMBER = TextField(), IntegerField()
_COLUMNS = (
    "image_id", "label_class_id", "shape", "attributes_text", "occluded_number", "truncated_number", "crowd_number",
    "z_order", "group", "source", "score",
)  # fmt: skip
_IMAGE_COLUMNS = (
    "image__name", "image__sha256", "image__width", "image__height", "status", "split", "tags_text", "group",
)  # fmt: skip
_OPTIONS = orjson.OPT_SORT_KEYS


def content_digest(content: Any) -> int:
    """The digest of one row's content, any JSON value."""
    return int.from_bytes(hashlib.sha256(orjson.dumps(content, option=_OPTIONS)).digest(), "big")


def contents_digest(contents: Iterable[Any]) -> int:
    """The sum of the digests of many rows' contents."""
    total = 0
    dumps, sha256, from_bytes = orjson.dumps, hashlib.sha256, int.from_bytes
    for content in contents:
        total += from_bytes(sha256(dumps(content, option=_OPTIONS)).digest(), "big")
    return total


def class_digest(state: LabelClassState, label_class: LabelClass) -> int:
    content = [str(label_class.uuid), label_class.number, state.name, state.color, state.hotkey, state.position]
    return content_digest(["class", *content, state.attributes, state.skeleton])


def image_digest(state: ImageState | StateRow, image: Image | StateRow) -> int:
    content = [str(image.uuid), image.name, image.sha256, image.width, image.height]
    return content_digest(["image", *content, state.status, state.split, state.tags, state.group])


def annotation_digest(row: Annotation, image_uuid: str, class_uuid: str) -> int:
    flags = [row.occluded, row.truncated, row.crowd, row.z_order, row.group]
    content = [str(row.uuid), image_uuid, class_uuid, row.shape, row.attributes, flags, row.source, row.score]
    return content_digest(["annotation", *content])


def annotation_digests(
    rows: Iterable[NewAnnotation], image_uuids: Mapping[int, str], class_uuids: Mapping[int, str]
) -> int:
    """The sum of what `annotation_digest` answers for each of the rows."""
    return contents_digest(
        (
            "annotation", uuid, image_uuids[image], class_uuids[label_class], shape, attributes,
            (occluded, truncated, crowd, z_order, group), source, score,
        )
        for (
            uuid, image, label_class, _, shape, _, _, _, _, _, attributes, occluded, truncated, crowd, z_order, group,
            source, score,
        ) in rows
    )  # fmt: skip


def to_hex(value: int) -> str:
    return f"{value % MODULUS:064x}"


def from_hex(text: str) -> int:
    return int(text, 16)


def state_digest(project: Project, *, revision: int) -> str:
    """The digest of the state at a revision, computed anew from its rows: what the kept digest must equal.

    UUIDs and JSON are read as text and marks as numbers: building objects of a million of them, or asking Django to
    convert them, costs more than hashing them.
    """
    classes = {row.pk: row for row in LabelClass.objects.filter(project=project)}
    total = 0
    for class_state in LabelClassState.objects.at(revision).filter(label_class__project=project):
        total += class_digest(class_state, classes[class_state.label_class_id])
    states = ImageState.objects.at(revision).filter(project=project).order_by()
    images = states.annotate(uuid_text=Cast("image__uuid", _TEXT), tags_text=Cast("tags", _TEXT))
    for uuid, name, sha256, width, height, status, split, tags, group in _rows(images, "uuid_text", *_IMAGE_COLUMNS):
        parsed = [] if tags == "[]" else orjson.loads(tags)
        total += content_digest(["image", dashed(uuid), name, sha256, width, height, status, split, parsed, group])
    own = Image.objects.filter(project=project).annotate(uuid_text=Cast("uuid", _TEXT)).order_by()
    image_uuids = {key: dashed(uuid) for key, uuid in _rows(own, "pk", "uuid_text")}
    class_uuids = {key: str(row.uuid) for key, row in classes.items()}
    rows = Annotation.objects.at(revision).filter(project=project).order_by()
    texts = rows.annotate(uuid_text=Cast("uuid", _TEXT), attributes_text=Cast("attributes", _TEXT))
    marked = texts.annotate(**{f"{name}_number": Cast(name, _NUMBER) for name in ("occluded", "truncated", "crowd")})
    total += contents_digest(
        (
            "annotation", dashed(uuid), image_uuids[image], class_uuids[label_class], shape,
            {} if attributes == "{}" else orjson.loads(attributes),
            (occluded == 1, truncated == 1, crowd == 1, z_order, group), source, score,
        )
        for (
            uuid, image, label_class, shape, attributes, occluded, truncated, crowd, z_order, group, source, score,
        ) in _rows(marked, "uuid_text", *_COLUMNS)
    )  # fmt: skip
    return to_hex(total)


def _rows(rows: QuerySet[Any], *columns: str) -> Iterator[tuple[Any, ...]]:
    return rows.values_list(*columns).iterator(chunk_size=5000)
