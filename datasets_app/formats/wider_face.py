"""WIDER FACE: boxes of faces with six marks each. Knows no other format.

    wider_face_split/wider_face_<split>_bbx_gt.txt     for each picture its path, the count of faces, a row for each
    WIDER_<split>/images/<event>/<name>                the pictures, where they were asked for
    images.csv                                         names and sizes (`listing.py`)

A row is `x y w h blur expression illumination invalid occlusion pose`, whole pixels. The marks are attributes of those
names; `occlusion` above 0 is the occlusion mark too. Everything is a face: classes are lost. A picture without faces
has the count 0 and a row of zeros, as the original has it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from math import floor
from pathlib import Path
from typing import IO, Any

from typing_extensions import override

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.checked import checked_annotation, number, picture_record
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS, without
from datasets_app.formats.features import count_lost
from datasets_app.formats.lines import lines_of
from datasets_app.formats.listing import (
    Listing,
    SizeOf,
    UniqueNames,
    UniquePaths,
    listed_pictures,
    split_word,
    suffix_of,
    walk_files,
)
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import PICTURE_SUFFIXES, PictureFolder, copy_picture, picture_size, safe_name
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

FACE_MARKS = ("blur", "expression", "illumination", "invalid", "occlusion", "pose")
CLASS_NAME = "face"
_SPLITS = {"train": "train", "val": "val", "test": "test"}
_TEXT = frozenset((".txt",))
_LAYOUT = "images/"


class WiderFace(Format):
    """Boxes of one class in whole pixels."""

    lossy = frozenset(
        (
            *(*BOXES_ONLY, *without(MARKS, "occluded"), "sub_pixel", "classes"),
            *("verified_empty", "unused_classes", "unsplit"),
        )
    )

    @override
    def detect(self, root: Path) -> float:
        return 0.95 if next(_files(root), None) else 0.0

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `size_of`, the sizes of pictures that are not below `root` are asked for there."""
        keys = list(_files(root))
        if not keys:
            raise FormatError(
                "No WIDER FACE list was found: a text file of picture paths, each followed by a count and its faces."
            )
        top = root if root.is_dir() else root.parent
        has_faces = any(_first_count(top / key) for key in keys)
        classes = (ClassRecord(1, CLASS_NAME),) if has_faces else ()
        return Dataset(classes, _Reader(top, report, options.get("size_of")).images(keys, progress))

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        report = Report()
        unused = {entry.number for entry in dataset.classes}
        paths = UniquePaths()
        lists = _Lists(root)
        try:
            with Listing(root) as listing:
                for done, image in enumerate(dataset.images, 1):
                    split = _SPLITS.get(image.split or "", "train")
                    _, _, key = paths.take(f"{split}/{_inside(image.name)}", suffix_of(image)).partition("/")
                    found = [a for a in (fitted(a, image, BOXES_ONLY) for a in image.annotations) if a is not None]
                    lists.add(split, key, [_row(annotation, image) for annotation in found])
                    listing.add(f"WIDER_{split}/images/{key}", image)
                    unused.difference_update(annotation.class_number for annotation in found)
                    count_lost(image, self.lossy, report.lost)
                    if images:
                        copy_picture(image, root / f"WIDER_{split}" / "images" / key)
                    progress(done, dataset.image_count)
        finally:
            lists.close()
        if unused:
            report.lost["unused_classes"] = len(unused)
        return report


class _Lists:
    """The list of each split, written as it grows; one for train where there is no image at all."""

    def __init__(self, root: Path) -> None:
        self._folder = root / "wider_face_split"
        self._folder.mkdir()
        self._files: dict[str, IO[str]] = {}
        self._open("train")

    def add(self, split: str, key: str, rows: list[str]) -> None:
        self._open(split).write("\n".join((key, str(len(rows)), *(rows or ["0 0 0 0 0 0 0 0 0 0"]), "")))

    def close(self) -> None:
        for file in self._files.values():
            file.close()

    def _open(self, split: str) -> IO[str]:
        if split not in self._files:
            self._files[split] = (self._folder / f"wider_face_{split}_bbx_gt.txt").open("w", encoding="utf-8")
        return self._files[split]


def _inside(name: str) -> str:
    """The picture's path below `images`: always in a folder, as the lists' readers expect an event's."""
    safe = safe_name(name)
    return safe if "/" in safe else f"0--Images/{safe}"


def _row(annotation: AnnotationRecord, image: ImageRecord) -> str:
    x, y, width, height = annotation.box
    left, right = _span(x, x + width, image.width)
    top, bottom = _span(y, y + height, image.height)
    marks = [annotation.attributes.get(mark, 0) for mark in FACE_MARKS]
    levels = [int(mark) if isinstance(mark, (bool, int)) and 0 <= mark <= 9 else 0 for mark in marks]
    if annotation.occluded:
        levels[4] = levels[4] or 1
    return " ".join(map(str, (left, top, right - left, bottom - top, *levels)))


def _span(start: float, end: float, limit: int) -> tuple[int, int]:
    first = min(floor(start + 0.5), limit - 1)
    return first, max(min(floor(end + 0.5), limit), first + 1)


def _files(root: Path) -> Iterator[str]:
    """The lists: their first line ends like a picture's name, the second is a count, or there is none at all."""
    top = root if root.is_dir() else root.parent
    keys = walk_files(root, _TEXT, depth=4) if root.is_dir() else [root.name] if root.is_file() else []
    for key in keys:
        lines = [text for _, text in islice(lines_of(top / key, key, Report()), 3)]
        is_named = "wider_face" in key.lower() and "bbx_gt" in key.lower()
        if (not lines and is_named) or (
            len(lines) == 3 and _is_picture(lines[0]) and lines[1].isdecimal() and len(lines[2].split()) in (4, 10)
        ):
            yield key


def _is_picture(text: str) -> bool:
    return Path(text).suffix.lower() in PICTURE_SUFFIXES


def _has_face(text: str) -> bool:
    return len(text.split()) in (4, 10)


def _first_count(path: Path) -> bool:
    """Whether any picture of the list has a face."""
    return any(text.isdecimal() and text != "0" for _, text in lines_of(path, "", Report()))


class _Reader:
    def __init__(self, top: Path, report: Report, size_of: SizeOf | None) -> None:
        self._top = top
        self._report = report
        self._size_of = size_of
        self._pictures = PictureFolder(top)
        self._listed = {found.key: found for found in listed_pictures(top, report)}
        self._names = UniqueNames()

    def images(self, keys: list[str], progress: Progress) -> Iterator[ImageRecord]:
        number = 0
        for key in keys:
            for line, name, rows in self._entries(key):
                number += 1
                image = self._image(number, key, line, name)
                if image is not None:
                    found = (self._annotation(f"{key}: line {at}", text, image) for at, text in rows)
                    annotations = tuple(annotation for annotation in found if annotation is not None)
                    state = "annotated" if annotations else "unlabelled"
                    yield replace(image, annotations=annotations, state=state)
                progress(number, -1)

    def _entries(self, key: str) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
        """(line, picture, rows of faces with their lines). The names decide, whatever the counts say."""
        name, start, count = "", 0, -1
        rows: list[tuple[int, str]] = []
        for line, text in lines_of(self._top / key, key, self._report):
            if _is_picture(text):
                if name:
                    self._check_count(key, start, count, rows)
                    yield start, name, rows
                name, start, count, rows = text, line, -1, []
            elif not name:
                self._report.refuse(f"{key}: line {line}", "The row stands before any picture's name.")
            elif count < 0 and text.isdecimal() and len(text) < 10:
                count = int(text)
            elif count or any(cell != "0" for cell in text.split()):
                rows.append((line, text))
        if name:
            self._check_count(key, start, count, rows)
            yield start, name, rows

    def _check_count(self, key: str, line: int, count: int, rows: list[tuple[int, str]]) -> None:
        if count != len(rows):
            said = "no count" if count < 0 else f"the count {count}"
            self._report.fix(f"{key}: line {line}", f"The picture has {said} and {len(rows)} rows; the rows were read.")

    def _image(self, number: int, key: str, line: int, text: str) -> ImageRecord | None:
        said = safe_name(text)
        split = split_word(next((word for word in key.replace(".", "_").split("_") if split_word(word)), ""))
        place = f"WIDER_{split or 'train'}/images/{said}"
        path = self._pictures.find(said, (self._top / place).parent)
        listed = self._listed.get(place)
        size = (picture_size(path) if path else None) or (listed.size if listed else None)
        size = size or (self._size_of(said) if self._size_of else None)
        if size is None:
            self._report.refuse(
                f"{key}: line {line}", f"{said} is not at hand to tell its size; import it together with its labels."
            )
            return None
        name = self._names.take(listed.name if listed else said, place)
        return replace(picture_record(number, name, size, path), split=split)

    def _annotation(self, where: str, text: str, image: ImageRecord) -> AnnotationRecord | None:
        try:
            box, levels = _face(text)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        attributes = {mark: level for mark, level in zip(FACE_MARKS, levels, strict=False) if level}
        occluded = len(levels) > 4 and levels[4] > 0
        return checked_annotation(
            {"type": "box", "box": box}, 1, image, where, self._report, attributes=attributes, occluded=occluded
        )


def _face(text: str) -> tuple[list[float], list[int]]:
    """Box and marks of a row. Raises `ShapeError`."""
    cells = [number(cell) for cell in text.split()]
    known = [cell for cell in cells if cell is not None]
    if len(known) != len(cells) or len(cells) not in (4, 10) or any(abs(cell) > 2**31 for cell in known[4:]):
        raise ShapeError(f"A row must be ten numbers: x y w h {' '.join(FACE_MARKS)}.")
    return known[:4], [int(cell) for cell in known[4:]]


FORMAT = WiderFace()
