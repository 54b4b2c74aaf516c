"""Reads and inserts many rows at the speed of the database: no model objects, no returned keys.

Only the revision door calls this; it owns counters, digest and revision numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import connection, models

from datasets_app.models import Annotation, ImageState


class NewAnnotation(NamedTuple):
    """One annotation to insert. `uuid` is written with dashes; the rest are the columns of `Annotation`."""

    uuid: str
    image_id: int
    label_class_id: int
    type: str
    shape: str
    x: float
    y: float
    width: float
    height: float
    area: float
    attributes: dict[str, Any]
    occluded: bool
    truncated: bool
    crowd: bool
    z_order: int
    group: int | None
    source: str
    score: float | None


class StateRow(NamedTuple):
    """The state of an image, with what never changes of the image itself."""

    id: int
    image_id: int
    status: str
    split: str
    tags: list[str]
    group: str
    uuid: UUID
    name: str
    sha256: str
    width: int
    height: int


_COLUMNS = (*NewAnnotation._fields, "project_id", "sequence", "created_in")
_STATE_COLUMNS = ("image_id", "status", "split", "tags", "group", "project_id", "created_in")
_STATE_LOOKUPS = (
    *("id", "image_id", "status", "split", "tags", "group"),
    *(f"image__{name}" for name in ("uuid", "name", "sha256", "width", "height")),
)
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""What PostgreSQL's text form of a row writes differently."""


def annotations_insert(rows: Sequence[NewAnnotation], *, project_id: int, created_in: int, first_sequence: int) -> None:
    """Writes the rows in their order as true from `created_in` on."""
    values = (
        (*_columns_of(row), project_id, sequence, created_in) for sequence, row in enumerate(rows, start=first_sequence)
    )
    if rows:
        _insert(Annotation, _COLUMNS, values)


def states_live(images: Sequence[int], *, before: int) -> Iterator[StateRow]:
    """The live states of these images that were opened before the revision `before`."""
    states = ImageState.objects.now().filter(image_id__in=images, created_in__lt=before)
    yield from map(StateRow._make, states.values_list(*_STATE_LOOKUPS))


def states_insert(rows: Sequence[StateRow], *, project_id: int, created_in: int) -> None:
    """Writes the states, without their ids, as true from `created_in` on."""
    values = (
        (row.image_id, row.status, row.split, orjson.dumps(row.tags).decode(), row.group, project_id, created_in)
        for row in rows
    )
    if rows:
        _insert(ImageState, _STATE_COLUMNS, values)


def _insert(model: type[models.Model], columns: Sequence[str], values: Iterable[tuple[Any, ...]]) -> None:
    table = connection.ops.quote_name(model._meta.db_table)
    places = {field.attname: str(field.column) for field in model._meta.concrete_fields}
    names = ", ".join(connection.ops.quote_name(places[name]) for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _copy_text(values))
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values))  # noqa: S608  our own names


def _columns_of(row: NewAnnotation) -> tuple[Any, ...]:
    attributes = orjson.dumps(row.attributes).decode() if row.attributes else "{}"
    return (row.uuid.replace("-", ""), *row[1:10], attributes, *row[11:])


def _copy_text(rows: Iterable[tuple[Any, ...]]) -> io.StringIO:
    return io.StringIO("".join(_copy_line(row) for row in rows))


def _copy_line(row: tuple[Any, ...]) -> str:
    return (
        "\t".join(
            [
                value.translate(_ESCAPES) if type(value) is str else ("\\N" if value is None else str(value))
                for value in row
            ]
        )
        + "\n"
    )
