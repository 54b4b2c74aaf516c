"""From YOLO label files of any origin to records. Knows the folders and rows of Ultralytics and no single format.

Pictures are found by `images.csv`, then by walking the folder; a picture's labels lie where the last folder `images` of
its path is called `labels`, or beside it. The split is what `data.yaml` says, else what the folders are called.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from math import isfinite
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import checked_annotation, picture_record
from datasets_app.formats.lines import lines_of, plain_file
from datasets_app.formats.listing import (
    Found,
    SizeOf,
    UniqueNames,
    found_pictures,
    known_picture,
    picture_keys,
    split_and_name,
    walk_files,
)
from datasets_app.formats.yolo_head import Head, find_head
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

COMMENT = "# Annotator export: "
"""How the first line of our own data.yaml begins; the key of the format follows."""

_LAYOUT = frozenset(("images", "labels", "obj_train_data", "obj_valid_data", "data"))
_TEXT = frozenset((".txt",))
_NOT_LABELS = frozenset(("classes.txt", "obj.names", "readme.txt", "train.txt", "val.txt", "valid.txt", "test.txt"))
_PROBED_FILES, _PROBED_ROWS, _LOOKED_AT = 40, 60, 2000
_FAR = 2.0
"""Beyond this a number is no fraction of a picture that somebody drew across the edge, but a pixel."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the numbers behind the class, and the size of the picture that they are fractions of."""

    values: list[float]
    width: int
    height: int
    head: Head

    def points(self, values: list[float]) -> list[list[float]]:
        """Pairs of fractions in pixels, to a ten-thousandth of one: what lies behind is noise of the fractions."""
        # NumPy pays for its start from a dozen points on.
        pixels = np.asarray(values).reshape(-1, 2) * (self.width, self.height)
        points: list[list[float]] = np.round(pixels, 4).tolist()
        return points

    def box(self) -> tuple[float, float, float, float]:
        cx, cy, w, h = self.values[:4]
        left, right = (round(edge * self.width, 4) for edge in (cx - w / 2, cx + w / 2))
        top, bottom = (round(edge * self.height, 4) for edge in (cy - h / 2, cy + h / 2))
        return left, top, round(right - left, 4), round(bottom - top, 4)


@dataclass(frozen=True, slots=True)
class Kind:
    """One YOLO format to the reader.

    `fits` says how surely rows of these lengths are its own, `without_rows` how surely empty label files are.
    `parse` gives the shape of a row, what had to be mended to get it, and the row's confidence; it raises `ShapeError`.
    """

    key: str
    fits: Callable[[set[int], Head], float]
    parse: Callable[[Row, int], tuple[dict[str, Any], str, float | None]]
    without_rows: float = 0.0


def detect_yolo(root: Path, kind: Kind) -> float:
    """How surely the rows below `root` are those of `kind`; our own files say it in data.yaml."""
    if not root.is_dir():
        return 0.0
    head = find_head(root)
    if head.made_by.startswith(COMMENT):
        return 0.98 if head.made_by == COMMENT + kind.key else 0.1
    lengths = _lengths(head.folder)
    if lengths is None:
        return 0.0
    if not lengths:
        return kind.without_rows if head.has_yaml else 0.0
    return kind.fits(lengths, head) * (1.0 if head.names else 0.85)


def read_yolo(root: Path, kind: Kind, report: Report, progress: Progress, size_of: SizeOf | None) -> Dataset:
    head = find_head(root)
    if not root.is_dir() or not (head.has_yaml or _lengths(head.folder)):
        raise FormatError(
            "No YOLO data set was found: a folder with a data.yaml that lists names, or with label files "
            "whose rows are a class number and fractions of the picture's size."
        )
    if not head.names:
        head = replace(head, names=_names_from_rows(head.folder))
        report.notes.append("No file names the classes, so they were called by their numbers.")
    classes = tuple(
        ClassRecord(number, name, skeleton=head.skeleton(number - 1)) for number, name in enumerate(head.names, 1)
    )
    return Dataset(classes, _Reader(head, kind, report, size_of).images(progress))


class _Reader:
    def __init__(self, head: Head, kind: Kind, report: Report, size_of: SizeOf | None) -> None:
        self._head = head
        self._kind = kind
        self._report = report
        self._size_of = size_of
        self._names = UniqueNames()
        self._used: set[str] = set()

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        number = 0
        for number, found in enumerate(found_pictures(self._head.folder, self._report), 1):
            label = self._label(found.key)
            if label is not None:
                self._used.add(label)
            image = self._image(number, found, label)
            if image is not None:
                yield image
            progress(number, -1)
        for label in walk_files(self._head.folder, _TEXT):
            if label in self._used or PurePosixPath(label).name.lower() in _NOT_LABELS or not self._is_label(label):
                continue
            number += 1
            image = self._image(number, self._unseen(label), label)
            if image is not None:
                yield image
            progress(number, -1)

    def _unseen(self, label: str) -> Found:
        """The picture of a label file that is not at hand, by the name that it has elsewhere where it has one."""
        keys = picture_keys(label, ("labels",), ("images",), ".jpg")
        known = known_picture((split_and_name(keys[0], _LAYOUT)[1], *keys), self._size_of)
        return Found(keys[-1], None) if known is None else Found(keys[-1], None, *known)

    def _is_label(self, label: str) -> bool:
        return "labels" in PurePosixPath(label.lower()).parts or bool(_row_lengths(self._head.folder / label))

    def _label(self, key: str) -> str | None:
        path = PurePosixPath(key).with_suffix(".txt")
        folders = [part.lower() for part in path.parent.parts]
        candidates = [path]
        if "images" in folders:
            place = len(folders) - 1 - folders[::-1].index("images")
            candidates.insert(0, PurePosixPath(*path.parts[:place], "labels", *path.parts[place + 1 :]))
        found = (str(candidate) for candidate in candidates if plain_file(self._head.folder / candidate))
        return next(found, None)

    def _image(self, number: int, found: Found, label: str | None) -> ImageRecord | None:
        size = found.known_size(self._size_of)
        if size is None:
            self._report.refuse(
                label or found.key,
                "The picture is not at hand or cannot be read, so fractions of its size say nothing; "
                "import it together with its picture.",
            )
            return None
        split, name = self._head.split_of(found.key) or split_and_name(found.key, _LAYOUT)
        name = self._names.take(found.name or name, found.key)
        image = replace(picture_record(number, name, size, found.path), split=split)
        if label is None:
            return image
        annotations, rows = self._annotations(label, image)
        state = "annotated" if annotations else "unlabelled" if rows else "verified_empty"
        return replace(image, annotations=annotations, state=state)

    def _annotations(self, label: str, image: ImageRecord) -> tuple[tuple[AnnotationRecord, ...], int]:
        found, rows = [], 0
        for line, text in lines_of(self._head.folder / label, label, self._report):
            rows += 1
            where = f"{label}: line {line}"
            try:
                annotation = self._annotation(text.split(), image, where)
            except ShapeError as error:
                self._report.refuse(where, str(error))
                continue
            if annotation is not None:
                found.append(annotation)
        return tuple(found), rows

    def _annotation(self, cells: list[str], image: ImageRecord, where: str) -> AnnotationRecord | None:
        index, values = _numbers(cells)
        if index >= len(self._head.names):
            raise ShapeError(f"There is no class {index}; the names go from 0 to {len(self._head.names) - 1}.")
        shape, mended, score = self._kind.parse(Row(values, image.width, image.height, self._head), index)
        if mended:
            self._report.fix(where, mended)
        return checked_annotation(shape, index + 1, image, where, self._report, score=score)


def _numbers(cells: list[str]) -> tuple[int, list[float]]:
    """The class and the numbers behind it. Raises `ShapeError`."""
    try:
        first, *values = (float(cell) for cell in cells)
    except ValueError:
        raise ShapeError("The row holds something that is no number; a row is a class number and fractions.") from None
    if not isfinite(first) or first < 0 or first % 1:
        raise ShapeError(f"The class is {cells[0]}; it must be a whole number from 0 on.")
    if not all(map(isfinite, values)):
        raise ShapeError("The row holds a number that is not finite; coordinates are fractions from 0 to 1.")
    return int(first), values


def check_fractions(values: list[float]) -> None:
    """Raise `ShapeError` where a coordinate is no fraction of the picture's size."""
    worst = max(values, key=abs, default=0.0)
    if abs(worst) > _FAR:
        raise ShapeError(f"The row holds {worst:g}; coordinates must be fractions of the picture's size, from 0 to 1.")


def parse_box(row: Row, _index: int) -> tuple[dict[str, Any], str, float | None]:
    """The shape of a row of four or five numbers. Raises `ShapeError`."""
    if len(row.values) not in (4, 5):
        raise ShapeError(f"The row has {len(row.values) + 1} numbers; it must be: class cx cy w h.")
    check_fractions(row.values[:4])
    score = row.values[4] if len(row.values) == 5 else None
    if score is not None and not 0 <= score <= 1:
        raise ShapeError(f"The confidence is {score:g}; it must lie between 0 and 1.")
    return {"type": "box", "box": row.box()}, "", score


def _lengths(folder: Path) -> set[int] | None:
    """The lengths of the first rows below `folder`, class included; None where no label file was found."""
    lengths: set[int] = set()
    seen = 0
    for label in islice(walk_files(folder, _TEXT, depth=8), _LOOKED_AT):
        path = folder / label
        if PurePosixPath(label).name.lower() in _NOT_LABELS:
            continue
        found = _row_lengths(path)
        if found is None:
            continue
        seen += 1
        lengths |= found
        if seen >= _PROBED_FILES:
            break
    return lengths if seen else None


def _row_lengths(path: Path) -> set[int] | None:
    """The lengths of the first rows of a label file, {} for an empty file, None where a row is no YOLO row."""
    lengths: set[int] = set()
    for _, text in islice(lines_of(path, "", Report()), _PROBED_ROWS):
        cells = text.split()
        try:
            _, values = _numbers(cells)
            check_fractions(values[:4])
        except ShapeError:
            return None
        if len(cells) < 5:
            return None
        lengths.add(len(cells))
    return lengths


def _names_from_rows(folder: Path) -> tuple[str, ...]:
    """Names for as many classes as the rows count; a number beyond any data set is left to be refused."""
    highest = -1
    for label in walk_files(folder, _TEXT):
        if PurePosixPath(label).name.lower() in _NOT_LABELS:
            continue
        for _, text in lines_of(folder / label, "", Report()):
            first = text.split(maxsplit=1)[0]
            if first.isdecimal() and first.isascii() and len(first) <= 4:
                highest = max(highest, int(first))
    return tuple(f"class {index}" for index in range(highest + 1))
