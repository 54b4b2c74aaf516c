"""Builds checked annotation rows from what clients, importers and models send. Writes nothing by itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from annotator.core.errors import DomainError
from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.models import Annotation, Image
from datasets_app.services.class_schema import values_problem

FLAGS = ("occluded", "truncated", "crowd")
EDITABLE = ("class", "shape", "attributes", *FLAGS, "z_order", "group", "source", "score")


class AnnotationError(DomainError):
    """One object of a batch is not usable; `fields` names the object and the field."""


def annotation_row(image: Image, data: Mapping[str, Any], *, class_ids: Collection[int]) -> Annotation:
    """A new row from the API's form of an annotation. Raises `AnnotationError`."""
    key = _uuid(data.get("uuid"))
    row = Annotation(project_id=image.project_id, image=image, uuid=key)
    for required in ("class", "shape"):
        if required not in data:
            raise _error(key, required, f"every new annotation needs `{required}`")
    for field, value in annotation_values(image, key, data, class_ids=class_ids).items():
        setattr(row, field, value)
    return row


def annotation_values(
    image: Image, key: UUID, data: Mapping[str, Any], *, class_ids: Collection[int]
) -> dict[str, Any]:
    """The column values for the fields that `data` names, checked. Raises `AnnotationError`."""
    unknown = data.keys() - {*EDITABLE, "uuid"}
    if unknown:
        raise _error(key, min(unknown), f"unknown field; known are {', '.join(EDITABLE)}")
    values: dict[str, Any] = {}
    for field, value in data.items():
        if field == "class":
            if value not in class_ids:
                raise _error(key, "class", f"{value!r} is not the id of a class of this project")
            values["label_class_id"] = value
        elif field == "shape":
            values |= shape_values(image, key, value)
        elif field != "uuid":
            values[field] = _checked(key, field, value)
    return values


def attributes_check(
    key: UUID, definitions: Sequence[Mapping[str, Any]], values: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    """Raise `AnnotationError` where a value that is new does not keep to its definition."""
    if sentence := values_problem(definitions, values, before):
        raise _error(key, "attributes", sentence)


def shape_values(image: Image, key: UUID, shape: Any) -> dict[str, Any]:
    """Shape text, type, box and area columns. Raises `AnnotationError`."""
    try:
        checked = canonical(shape, image.width, image.height)
    except ShapeError as error:
        raise _error(key, "shape", str(error)) from error
    x, y, width, height = checked.box
    return {
        "type": checked.type,
        "shape": checked.json,
        "x": x,
        "y": y,
        "width": width,
        "height": height,
        "area": checked.area,
    }


def _is_whole(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_known_source(value: Any) -> bool:
    return isinstance(value, str) and (value == "human" or value.startswith("method:"))


_IS_FLAG: tuple[Callable[[Any], bool], str] = (lambda value: isinstance(value, bool), "must be true or false")
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    **dict.fromkeys(FLAGS, _IS_FLAG),
    "attributes": (lambda value: isinstance(value, dict), "must be an object of names and values"),
    "z_order": (lambda value: _is_whole(value, -(10**6), 10**6), "must be a whole number from -1000000 to 1000000"),
    "group": (
        lambda value: value is None or _is_whole(value, 0, 2**31 - 1),
        "must be a whole number from 0, or null",
    ),
    "score": (
        lambda value: value is None or (isinstance(value, int | float) and 0 <= value <= 1),
        "must be a number from 0 to 1, or null",
    ),
    "source": (_is_known_source, "must be human or method:<key>; other sources are set by the server"),
}


def _checked(key: UUID, field: str, value: Any) -> Any:
    is_right, sentence = _CHECKS[field]
    if not is_right(value):
        raise _error(key, field, sentence)
    return value


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise AnnotationError(
            "bad_uuid", f"uuid: {value!r} is not a UUID; make one for each new annotation.", fields={"uuid": "a UUID"}
        ) from None


def _error(key: UUID, field: str, sentence: str) -> AnnotationError:
    return AnnotationError(
        "bad_annotation", f"Annotation {key}, {field}: {sentence}.", fields={str(key): {field: sentence}}
    )
