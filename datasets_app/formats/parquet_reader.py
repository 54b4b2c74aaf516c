"""From the tables of native Parquet to records. Knows that format, and checks entries as native JSON does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
from pyarrow import parquet

from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.native_reader import NativeReader, classes_from_entries
from datasets_app.formats.parquet_tables import ANNOTATIONS, CLASSES, IMAGES, VERSION, TableReader, file_name
from datasets_app.formats.spool import Spool
from datasets_app.ir import ClassRecord, Dataset

_ANNOTATION_FIELDS = (
    *("uuid", "class", "shape", "area", "attributes", "occluded", "truncated", "crowd", "z_order", "group", "source"),
    "score",
)
_IMAGE_FIELDS = tuple(name for name in IMAGES.names if name != "path")
_Entry = dict[str, Any]


def detect_parquet(root: Path) -> float:
    """1 where images.parquet says it is ours."""
    path = root / file_name(IMAGES) if root.is_dir() else root
    if not path.is_file():
        return 0.0
    try:
        return 1.0 if b"annotator" in (parquet.read_metadata(path).metadata or {}) else 0.0
    except (pa.ArrowException, OSError):
        return 0.0


def read_parquet(root: Path, report: Report, progress: Progress) -> Dataset:
    folder = root if root.is_dir() else root.parent
    pictures, annotations, classes = (TableReader(folder, schema) for schema in (IMAGES, ANNOTATIONS, CLASSES))
    pictures.require("number", "name", "width", "height")
    annotations.require("image", "class", "shape")
    classes.require("number", "name")
    head = _head(pictures)
    records = _classes(classes)
    entries = _entries(pictures, annotations, report)
    reader = NativeReader(folder, records, report, trusted=False)
    count, info = head.get("annotation_count"), head.get("info")
    return Dataset(
        records,
        reader.images(entries, progress, pictures.count),
        pictures.count,
        count if isinstance(count, int) else annotations.count,
        info if isinstance(info, dict) else {},
    )


def _head(table: TableReader) -> dict[str, Any]:
    try:
        head = orjson.loads(table.metadata.get(b"annotator", b"{}"))
    except orjson.JSONDecodeError:
        head = None
    if not isinstance(head, dict):
        raise FormatError(f'{table.name}: its metadata "annotator" must be a JSON object.')
    if head.get("version", VERSION) != VERSION:
        raise FormatError(f"{table.name} has version {head['version']!r}; this product reads version {VERSION}.")
    return head


def _classes(table: TableReader) -> tuple[ClassRecord, ...]:
    found = []
    rows = table.rows("number", "position", "name", "color", "uuid", "hotkey", "attributes", "skeleton")
    for place, (number, position, name, color, uuid, hotkey, attributes, skeleton) in enumerate(rows):
        where = f"{table.name}, row {place + 1}"
        if number is None or name is None:
            raise FormatError(f"{where}: a class needs a number and a name.")
        entry = {"number": number, "name": name, "color": color or "", "uuid": uuid or "", "hotkey": hotkey or ""}
        entry |= {"attributes": _json(attributes, list, where) or (), "skeleton": _json(skeleton, dict, where) or {}}
        found.append((place if position is None else position, entry))
    try:
        return classes_from_entries(entry for _, entry in sorted(found, key=itemgetter(0)))
    except (KeyError, TypeError, ValueError) as error:
        raise FormatError(f"{table.name} is not as documented: {error}.") from None


def _json(text: str | None, kind: type, where: str) -> Any:
    """The parsed value; None where there is none. Raises `FormatError`."""
    if text is None:
        return None
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{where}: {text[:40]!r} is not JSON: {error}.") from None
    if not isinstance(value, kind):
        raise FormatError(f"{where}: {text[:40]!r} must be a JSON {'list' if kind is list else 'object'}.")
    return value


def _entries(pictures: TableReader, annotations: TableReader, report: Report) -> Iterator[_Entry]:
    """Images with their annotations, as the entries of native JSON."""
    images = (_present((*_IMAGE_FIELDS, "path"), row) for row in pictures.rows(*_IMAGE_FIELDS, "path"))
    rows = annotations.rows("image", *_ANNOTATION_FIELDS)
    if _go_together(pictures, annotations):
        groups = groupby(rows, itemgetter(0))
        number, found = next(groups, (None, ()))
        for image in images:
            image["annotations"] = ()
            if image.get("number") == number:
                image["annotations"] = _annotation_entries(found, image, report)
                number, found = next(groups, (None, ()))
            yield image
        return
    with Spool() as spool:
        for row in rows:
            spool.add(str(row[0]), row)
        for image in images:
            image["annotations"] = _annotation_entries(spool.take(str(image.get("number"))), image, report)
            yield image
        for key, orphans in spool.rest():
            report.refuse(
                f"{annotations.name}: image {key}", f"{len(orphans)} annotations are of an image that is not listed."
            )


def _go_together(pictures: TableReader, annotations: TableReader) -> bool:
    """Whether the annotations stand in the order of their images, so that both tables can be read side by side."""
    numbers = (number for (number,) in pictures.rows("number") if number is not None)
    # Each search goes on where the last one ended: true only where the order is the same.
    return all(number in numbers for number, _ in groupby(row[0] for row in annotations.rows("image")))


def _annotation_entries(rows: Iterable[Sequence[Any]], image: _Entry, report: Report) -> list[_Entry]:
    found = []
    for row in rows:
        entry = _present(_ANNOTATION_FIELDS, row[1:])
        try:
            for name in ("shape", "attributes"):
                entry[name] = orjson.loads(entry.get(name, "{}"))
        except orjson.JSONDecodeError as error:
            where = f"{image.get('name')}, annotation {entry.get('uuid', '')}".rstrip()
            report.refuse(where, f"The {name} is not JSON: {error}.")
        else:
            found.append(entry)
    return found


def _present(names: Sequence[str], row: Sequence[Any]) -> _Entry:
    return {name: value for name, value in zip(names, row, strict=True) if value is not None}
