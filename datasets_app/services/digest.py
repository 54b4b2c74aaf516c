"""Content digests: what a row says, hashed so that the digest of a whole state is the sum of its rows' digests.

A sum modulo 2**256 does not depend on the order of rows and is kept up to date by adding opened and subtracting closed
rows (Bellare and Micciancio, "A new paradigm for collision-free hashing", 1997, section on AdHash). It detects
differences between honest copies; it is no proof against somebody who may craft rows.
Only facts that travel with the native format enter a digest: UUIDs and content, never database ids or times.
"""

from __future__ import annotations

import hashlib
from typing import Any

import orjson

from datasets_app.models import Annotation, Image, ImageState, LabelClass, LabelClassState, Project
from datasets_app.services.bulk_rows import NewAnnotation

MODULUS = 1 << 256
_OPTIONS = orjson.OPT_SORT_KEYS


def content_digest(content: Any) -> int:
    """The digest of one row's content, any JSON value."""
    return int.from_bytes(hashlib.sha256(orjson.dumps(content, option=_OPTIONS)).digest(), "big")


def class_digest(state: LabelClassState, label_class: LabelClass) -> int:
    content = [str(label_class.uuid), label_class.number, state.name, state.color, state.hotkey, state.position]
    return content_digest(["class", *content, state.attributes, state.skeleton])


def image_digest(state: ImageState, image: Image) -> int:
    content = [str(image.uuid), image.name, image.sha256, image.width, image.height]
    return content_digest(["image", *content, state.status, state.split, state.tags, state.group])


def annotation_digest(row: Annotation | NewAnnotation, image_uuid: str, class_uuid: str) -> int:
    flags = [row.occluded, row.truncated, row.crowd, row.z_order, row.group]
    content = [str(row.uuid), image_uuid, class_uuid, row.shape, row.attributes, flags, row.source, row.score]
    return content_digest(["annotation", *content])


def to_hex(value: int) -> str:
    return f"{value % MODULUS:064x}"


def from_hex(text: str) -> int:
    return int(text, 16)


def state_digest(project: Project, *, revision: int) -> str:
    """The digest of the state at a revision, computed anew from its rows: what the kept digest must equal."""
    images = Image.objects.in_bulk(Image.objects.filter(project=project).values_list("pk", flat=True))
    classes = {row.pk: row for row in LabelClass.objects.filter(project=project)}
    total = 0
    for class_state in LabelClassState.objects.at(revision).filter(label_class__project=project):
        total += class_digest(class_state, classes[class_state.label_class_id])
    for image_state in ImageState.objects.at(revision).filter(project=project).iterator():
        total += image_digest(image_state, images[image_state.image_id])
    for row in Annotation.objects.at(revision).filter(project=project).iterator():
        total += annotation_digest(row, str(images[row.image_id].uuid), str(classes[row.label_class_id].uuid))
    return to_hex(total)
