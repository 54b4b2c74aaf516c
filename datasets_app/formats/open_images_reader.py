"""From Open Images tables to records. Knows only those.

Tables are known by their columns, whatever their names; the split is what the name of the table begins with. Rows of
one image need not stand together. Pictures are found by their stem, which is the `ImageID`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import box_between, checked_annotation, number, picture_record
from datasets_app.formats.listing import Found, SizeOf, UniqueNames, found_pictures, split_word, walk_files
from datasets_app.formats.spool import Spool
from datasets_app.formats.table import plain, rows_of
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

BOXES, TAGS = "-annotations-bbox.csv", "-annotations-human-imagelabels.csv"
NAMES = "class-descriptions-boxable.csv"
TAG_COLUMNS = ("ImageID", "Source", "LabelName", "Confidence")
BOX_COLUMNS = (
    *(*TAG_COLUMNS, "XMin", "XMax", "YMin", "YMax"),
    *("IsOccluded", "IsTruncated", "IsGroupOf", "IsDepiction", "IsInside"),
)
_SIDES = ("XMin", "XMax", "YMin", "YMax")
_CSV = frozenset((".csv",))


def detect(root: Path) -> float:
    """0.97 where a table has the columns of boxes, 0.9 where only one of labels is there."""
    kinds = {_has_box(columns) for _, columns in _tables(root)}
    return 0.97 if True in kinds else 0.9 if kinds else 0.0


def read(root: Path, report: Report, progress: Progress, size_of: SizeOf | None) -> Dataset:
    tables = list(_tables(root))
    if not tables:
        raise FormatError(
            "No Open Images table was found: a CSV file with the columns ImageID, LabelName, XMin, XMax, YMin, YMax."
        )
    top = root if root.is_dir() else root.parent
    names = _names(top)
    spool = Spool()
    for key, columns in tables:
        split = _split_of(key)
        for line, cells in rows_of(top / key, report):
            if line == 1:
                continue
            values = {name: plain(cells[at]).strip() for name, at in columns.items() if at < len(cells)}
            if not values.get("ImageID") or not values.get("LabelName"):
                report.refuse(f"{key}: line {line}", "The row needs an ImageID and a LabelName.")
                continue
            names.setdefault(values["LabelName"], values["LabelName"])
            spool.add(values["ImageID"], [key, line, split, values])
    numbers = {name: place for place, name in enumerate(dict.fromkeys(names.values()), 1)}
    classes = tuple(ClassRecord(place, name) for name, place in numbers.items())
    by_label = {label: numbers[name] for label, name in names.items()}
    return Dataset(classes, _Reader(top, by_label, report, size_of).images(spool, progress), -1, len(spool))


def _tables(root: Path) -> Iterator[tuple[str, dict[str, int]]]:
    """(path, places of the columns) of each table."""
    top = root if root.is_dir() else root.parent
    keys = walk_files(root, _CSV, depth=6) if root.is_dir() else [root.name] if root.suffix.lower() in _CSV else []
    for key in keys:
        _, header = next(rows_of(top / key), (0, []))
        columns = {name.strip(): at for at, name in enumerate(header)}
        if {"ImageID", "LabelName"} <= set(columns):
            yield key, columns


def _has_box(columns: Mapping[str, int]) -> bool:
    return set(_SIDES) <= set(columns)


def _split_of(key: str) -> str | None:
    words = re.split(r"[^A-Za-z0-9]+", PurePosixPath(key).stem)
    return next((split for split in map(split_word, words) if split), None)


def _names(top: Path) -> dict[str, str]:
    """LabelName → name, from the tables of class descriptions, whose label names begin with a slash."""
    names: dict[str, str] = {}
    for key in walk_files(top, _CSV, depth=6):
        if "class" in key.lower():
            for _, cells in rows_of(top / key):
                if len(cells) == 2 and cells[0].startswith("/") and cells[1].strip():
                    names.setdefault(cells[0].strip(), plain(cells[1]).strip())
    return names


class _Reader:
    def __init__(self, top: Path, numbers: Mapping[str, int], report: Report, size_of: SizeOf | None) -> None:
        self._top = top
        self._numbers = numbers
        self._report = report
        self._size_of = size_of
        self._names = UniqueNames()

    def images(self, spool: Spool, progress: Progress) -> Iterator[ImageRecord]:
        number = 0
        with spool:
            for number, found in enumerate(found_pictures(self._top, self._report), 1):
                yield from self._image(number, found, spool.take(found.stem))
                progress(number, -1)
            for image_id, rows in spool.rest():
                number += 1
                yield from self._image(number, Found(f"{image_id}.jpg", None), rows)
                progress(number, -1)

    def _image(self, number: int, found: Found, rows: list[list[Any]]) -> Iterator[ImageRecord]:
        size = found.known_size(self._size_of)
        if size is None:
            where = f"{rows[0][0]}: line {rows[0][1]}" if rows else found.key
            self._report.refuse(
                where, f"{found.key} is not at hand or cannot be read; corners are fractions of its size."
            )
            return
        *folders, file = PurePosixPath(found.key).parts
        split = next((word for part in reversed(folders) if (word := split_word(part))), rows[0][2] if rows else None)
        name = self._names.take(found.name or file, found.key)
        image = replace(picture_record(number, name, size, found.path), split=split)
        read = (self._annotation(f"{key}: line {line}", values, image) for key, line, _, values in rows)
        annotations = tuple(annotation for annotation in read if annotation is not None)
        yield replace(image, annotations=annotations, state="annotated" if annotations else "unlabelled")

    def _annotation(self, where: str, values: Mapping[str, str], image: ImageRecord) -> AnnotationRecord | None:
        score = number(values.get("Confidence", "1"))
        marks: dict[str, Any] = {"score": score if score is not None and 0 <= score < 1 else None}
        if not any(values.get(side) for side in _SIDES):
            if score == 0:
                # A label that a person looked for and did not find.
                return None
            return checked_annotation(
                {"type": "tag"}, self._numbers[values["LabelName"]], image, where, self._report, **marks
            )
        try:
            shape = _shape(values, image)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        for mark, column in (("occluded", "IsOccluded"), ("truncated", "IsTruncated"), ("crowd", "IsGroupOf")):
            marks[mark] = values.get(column) == "1"
        named = (("depiction", "IsDepiction"), ("inside", "IsInside"))
        marks["attributes"] = {name: True for name, column in named if values.get(column) == "1"}
        return checked_annotation(shape, self._numbers[values["LabelName"]], image, where, self._report, **marks)


def _shape(values: Mapping[str, str], image: ImageRecord) -> dict[str, Any]:
    known = [value for side in _SIDES if (value := number(values.get(side, ""))) is not None]
    if len(known) < 4:
        raise ShapeError(f"The box needs four finite numbers: {', '.join(_SIDES)}.")
    if max(map(abs, known)) > 2:
        raise ShapeError(f"The row holds {max(known, key=abs):g}; corners are fractions of the picture's size, 0 to 1.")
    left, right = (round(value * image.width, 4) for value in known[:2])
    top, bottom = (round(value * image.height, 4) for value in known[2:])
    if right <= left or bottom <= top:
        raise ShapeError("The box encloses no area; XMax must be greater than XMin and YMax greater than YMin.")
    return {"type": "box", "box": list(box_between(left, top, right, bottom))}
