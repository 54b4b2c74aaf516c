"""Inserts many annotation rows at the speed of the database: no model objects, no returned keys.

Only the revision door calls this; it owns counters, digest and revision numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from datasets_app.models import Annotation


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


_COLUMNS = (*NewAnnotation._fields, "project_id", "sequence", "created_in")
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""What PostgreSQL's text form of a row writes differently."""


def annotations_insert(rows: Sequence[NewAnnotation], *, project_id: int, created_in: int, first_sequence: int) -> None:
    """Writes the rows in their order as true from `created_in` on."""
    if not rows:
        return
    values = (
        (*_columns_of(row), project_id, sequence, created_in) for sequence, row in enumerate(rows, start=first_sequence)
    )
    table = connection.ops.quote_name(Annotation._meta.db_table)
    places = {field.attname: str(field.column) for field in Annotation._meta.concrete_fields}
    names = ", ".join(connection.ops.quote_name(places[name]) for name in _COLUMNS)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.copy_expert(f"COPY {table} ({names}) FROM STDIN", _copy_text(values))
        else:
            marks = ", ".join(["%s"] * len(_COLUMNS))
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
