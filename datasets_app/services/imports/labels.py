"""From the labels of a record to rows: identity, size of the picture, values that every database holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from math import isfinite
from typing import Any
from uuid import UUID

import orjson

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Report
from datasets_app.ir import AnnotationRecord, ImageRecord
from datasets_app.services.bulk_rows import NewAnnotation
from datasets_app.services.imports.matching import Place, uuid_text

NumberedRow = tuple[int, NewAnnotation]
"""A row and the number of its class in the file."""

_INT32 = 2**31
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def label_rows(
    record: ImageRecord, place: Place, class_ids: Mapping[int, int | None], report: Report, *, salt: str = ""
) -> list[NumberedRow]:
    """The rows of a record's labels whose class is not left out.

    A label keeps the UUID that the file gives it. Any other gets one made of image and content, so that importing the
    file again finds it; with a `salt`, one that only the same import finds again.
    """
    fits = (record.width, record.height) == (place.width, place.height)
    if not fits and record.annotations:
        was, real = f"{record.width} x {record.height}", f"{place.width} x {place.height}"
        report.fix(record.name, f"The file says {was} pixels, the picture has {real}; labels stay at their pixels.")
    namespace = UUID(place.uuid).bytes
    same: dict[str, int] = {}
    rows: list[NumberedRow] = []
    for index, annotation in enumerate(record.annotations, 1):
        label_class = class_ids[annotation.class_number]
        text = annotation.shape_json
        number = same.get(text, 0)
        same[text] = number + 1
        if label_class is None:
            continue
        try:
            shape = _shape(annotation, place, fits=fits)
            uuid = uuid_text(annotation.uuid) if annotation.uuid and not salt else ""
            identity = f"{salt}{label_class}|{shape[1]}|{number}"
            # An object that keeps its UUID keeps its history; any other is known from here on as imported.
            source = annotation.source[:64] if uuid else "import"
            row = NewAnnotation(
                uuid or label_uuid(namespace, identity),
                place.id,
                label_class,
                *shape,
                _attributes(annotation.attributes) if annotation.attributes else {},
                annotation.occluded is True,
                annotation.truncated is True,
                annotation.crowd is True,
                annotation.z_order if annotation.z_order == 0 else _whole(annotation.z_order, "z_order"),
                annotation.group if annotation.group is None else _whole(annotation.group, "group"),
                source,
                annotation.score if annotation.score is None else _score(annotation.score),
            )
        except ShapeError as error:
            report.refuse(f"{record.name}, label {index}", str(error))
        else:
            rows.append((annotation.class_number, row))
    return rows


def _shape(
    annotation: AnnotationRecord, place: Place, *, fits: bool
) -> tuple[str, str, float, float, float, float, float]:
    """Type, text, x, y, width, height and area. Readers give canonical shapes for the size that the file states."""
    if fits:
        return (annotation.shape_type, annotation.shape_json, *annotation.box, annotation.area)
    shape = canonical(annotation.shape, place.width, place.height)
    return (shape.type, shape.json, *shape.box, shape.area)


def label_uuid(image: bytes, identity: str) -> str:
    """A UUID of version 8 (RFC 9562) made of the image's UUID and what the label says.

    Its first 48 bits are the image's: labels that are written together lie together in the indexes of the database,
    which halves the time of a large import.
    """
    digest = hashlib.sha1(image + identity.encode(), usedforsecurity=False).hexdigest()
    head = image.hex()
    return f"{head[:8]}-{head[8:12]}-8{digest[:3]}-{_VARIANT[digest[3]]}{digest[4:7]}-{digest[7:19]}"


def _attributes(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Without the character NUL, which PostgreSQL's JSON cannot hold."""
    try:
        text = orjson.dumps(dict(attributes))
    except TypeError as error:
        raise ShapeError(f"The attributes hold what JSON cannot: {error}.") from None
    cleaned: dict[str, Any] = orjson.loads(text.replace(rb"\u0000", b"")) if rb"\u0000" in text else dict(attributes)
    return cleaned


def _whole(value: Any, what: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT32 <= value < _INT32:
        raise ShapeError(f"{what} is {value!r:.60}; it must be a whole number of 32 bits.")
    return value


def _score(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ShapeError(f"The score is {value!r:.60}; it must be a finite number.")
    return float(value)
