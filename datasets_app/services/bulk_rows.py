"""Reads and inserts many rows at the speed of the database: no model objects, no returned keys.

Only the revision door calls this; it owns counters, digest and revision numbers.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, NamedTuple

import orjson
from django.db import connection, models
from django.db.models.functions import Cast

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
    """The state of an image, with what never changes of the image itself; `uuid` is written with dashes."""

    id: int
    image_id: int
    status: str
    split: str
    tags: list[str]
    group: str
    uuid: str
    name: str
    sha256: str
    width: int
    height: int


_FIELDS: tuple[str, ...] = NewAnnotation._fields
_UPTO, _BEHIND = _FIELDS.index("attributes"), _FIELDS.index("attributes") + 1
_COLUMNS = ("uuid", "attributes", "project_id", "sequence", "created_in", *_FIELDS[1:_UPTO], *_FIELDS[_BEHIND:])
_STATE_COLUMNS = ("image_id", "status", "split", "tags", "group", "project_id", "created_in")
_STATE_LOOKUPS = (
    *("id", "image_id", "status", "split", "tags_text", "group", "uuid_text"),
    *(f"image__{name}" for name in ("name", "sha256", "width", "height")),
)
MAX_VALUES = 999
"""In one statement: what every SQLite takes."""

_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
"""What PostgreSQL's text form of a row writes differently."""


def annotations_insert(rows: Sequence[NewAnnotation], *, project_id: int, created_in: int, first_sequence: int) -> None:
    """Writes the rows in their order as true from `created_in` on."""
    values = (
        (
            row.uuid.replace("-", ""),
            orjson.dumps(row.attributes).decode() if row.attributes else "{}",
            project_id,
            sequence,
            created_in,
            *row[1:_UPTO],
            *row[_BEHIND:],
        )
        for sequence, row in enumerate(rows, start=first_sequence)
    )
    if rows:
        _insert(Annotation, _COLUMNS, values)


def states_live(images: Sequence[int], *, before: int) -> Iterator[StateRow]:
    """The live states of these images that were opened before the revision `before`."""
    states = ImageState.objects.now().filter(image_id__in=images, created_in__lt=before)
    texts = states.annotate(
        uuid_text=Cast("image__uuid", models.TextField()), tags_text=Cast("tags", models.TextField())
    )
    for row in texts.values_list(*_STATE_LOOKUPS):
        key, image, status, split, tags, group, uuid, name, sha256, width, height = row
        parsed = [] if tags == "[]" else orjson.loads(tags)
        yield StateRow(key, image, status, split, parsed, group, dashed(uuid), name, sha256, width, height)


def dashed(uuid: str) -> str:
    """A UUID that was read as text: SQLite keeps 32 hex digits, PostgreSQL writes them with dashes."""
    return uuid if len(uuid) == 36 else f"{uuid[:8]}-{uuid[8:12]}-{uuid[12:16]}-{uuid[16:20]}-{uuid[20:]}"


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
            _insert_together(cursor, f"INSERT INTO {table} ({names}) VALUES ", list(values))  # noqa: S608  our own names


def _insert_together(cursor: Any, head: str, rows: list[tuple[Any, ...]]) -> None:
    """Several rows with each statement, which costs a third less than a statement for each."""
    marks = f"({', '.join(['%s'] * len(rows[0]))})"
    together = MAX_VALUES // len(rows[0])
    whole = len(rows) - len(rows) % together
    parts = [tuple(chain.from_iterable(rows[start : start + together])) for start in range(0, whole, together)]
    if parts:
        cursor.executemany(head + ", ".join([marks] * together), parts)
    if whole < len(rows):
        cursor.executemany(head + marks, rows[whole:])


def _copy_text(rows: Iterable[tuple[Any, ...]]) -> io.StringIO:
    """The rows as PostgreSQL's COPY takes them."""
    lines = list(rows)
    text = _copy_lines(lines)
    # Where there are no more of the special signs than stand between values, none stands in one: asking that costs a
    # quarter of looking through each value.
    nulls = sum(row.count(None) for row in lines)
    between = sum(map(len, lines)) - len(lines)
    counts = (text.count("\\"), text.count("\t"), text.count("\n"), text.count("\r"))
    if counts != (nulls, between, len(lines), 0):
        text = _copy_lines([tuple(v.translate(_ESCAPES) if type(v) is str else v for v in row) for row in lines])
    return io.StringIO(text)


def _copy_lines(rows: Iterable[tuple[Any, ...]]) -> str:
    lines = [
        "\t".join([value if type(value) is str else "\\N" if value is None else str(value) for value in row])
        for row in rows
    ]
    return "".join([f"{line}\n" for line in lines])
