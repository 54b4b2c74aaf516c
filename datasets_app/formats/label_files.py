"""Pictures with a text file of labels each, and words in place of class names. Knows no format.

classes.csv          `word,name`: which class a word means, where a format's names may hold no blanks
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import Progress, Report
from datasets_app.formats.checked import picture_record
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
from datasets_app.formats.table import guarded, plain, rows_of
from datasets_app.ir import AnnotationRecord, ClassRecord, ImageRecord

WORDS_NAME = "classes.csv"
_WORDS_HEADER = ["word", "name"]
_TEXT = frozenset((".txt",))
_LOOKED_AT = 1000
_SHOWN = 5

SplitOf = Callable[[str], str | None]
Parse = Callable[[str, ImageRecord, str], AnnotationRecord | None]
"""(line, picture, where) → the record; None where the line holds none. Raises `ShapeError`."""


def words_of(classes: Iterable[ClassRecord]) -> dict[int, str]:
    """A word without blanks for each class number, each given once."""
    words: dict[int, str] = {}
    taken: set[str] = set()
    for entry in classes:
        word = free = re.sub(r"[\s,]+", "_", entry.name.strip()) or "class"
        number = 1
        while free in taken:
            number += 1
            free = f"{word}_{number}"
        taken.add(free)
        words[entry.number] = free
    return words


def write_words(root: Path, classes: Iterable[ClassRecord], words: Mapping[int, str]) -> None:
    with (root / WORDS_NAME).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(_WORDS_HEADER)
        rows.writerows((guarded(words[entry.number]), guarded(entry.name)) for entry in classes)


def read_words(root: Path) -> dict[str, str]:
    """Word → name as `classes.csv` has it; {} where there is no such file."""
    path = root / WORDS_NAME
    if not plain_file(path):
        return {}
    rows = [cells for _, cells in rows_of(path)]
    if not rows or rows[0] != _WORDS_HEADER:
        return {}
    return {plain(cells[0]): plain(cells[1]) for cells in rows[1:] if len(cells) == 2 and all(cells)}


def named_classes(words: Iterable[str], names: Mapping[str, str]) -> tuple[tuple[ClassRecord, ...], dict[str, int]]:
    """The classes that a list names and those that the labels use, and the class number of each word."""
    meaning = {word: names.get(word, word) for word in (*names, *words)}
    numbers = {name: number for number, name in enumerate(dict.fromkeys(meaning.values()), 1)}
    classes = tuple(ClassRecord(number, name) for name, number in numbers.items())
    return classes, {word: numbers[name] for word, name in meaning.items()}


class LabelFolder:
    """The pictures below a folder with the label file of each: a file of its stem in a folder called one of `labels`.

    Both sorts of folders belong to the format and not to the names of pictures. Where there is no such folder, label
    files are those whose first line `fits`. `split_of` may know better than the folders which split the picture at a
    path belongs to.
    """

    def __init__(
        self,
        root: Path,
        pictures: Sequence[str],
        labels: Sequence[str],
        fits: Callable[[str], bool],
        split_of: SplitOf | None = None,
    ) -> None:
        self.root = root
        self._split_of = split_of
        self._fits = fits
        self._pictures = pictures
        self._labels = labels
        self._layout = frozenset(name.lower() for name in (*pictures, *labels))

    def label_files(self) -> Iterator[str]:
        """The text files in folders called one of `labels`; without such a folder those that begin as labels do."""
        yield from self._loose() if self._is_loose else self._in_folders()

    def has_folder(self, *names: str) -> bool:
        """Whether a folder near the root is called one of `names`, or of `labels` where none is given."""
        found = (path for pattern in ("*", "*/*") for path in islice(self.root.glob(pattern), _LOOKED_AT))
        return self.root.is_dir() and any(path.name in (names or self._labels) and path.is_dir() for path in found)

    @cached_property
    def _is_loose(self) -> bool:
        if next(self._in_folders(), None) is not None:
            return False
        return any(self._begins_as_label(key) for key in islice(walk_files(self.root, _TEXT), _LOOKED_AT))

    def _in_folders(self) -> Iterator[str]:
        wanted = {name.lower() for name in self._labels}
        for key in walk_files(self.root, _TEXT):
            if wanted & {part.lower() for part in PurePosixPath(key).parts[:-1]}:
                yield key

    def _loose(self) -> Iterator[str]:
        return (key for key in walk_files(self.root, _TEXT) if self._begins_as_label(key))

    def _begins_as_label(self, key: str) -> bool:
        return any(self._fits(text) for _, text in islice(lines_of(self.root / key, key, Report()), 1))

    def images(self, parse: Parse, report: Report, progress: Progress, size_of: SizeOf | None) -> Iterator[ImageRecord]:
        names = UniqueNames()
        used: set[str] = set()
        number = 0
        for number, found in enumerate(found_pictures(self.root, report), 1):
            label = self._label(found.key)
            if label is not None:
                used.add(label)
            yield from self._image(number, found, label, names, parse, report, size_of)
            progress(number, -1)
        for label in self.label_files():
            if label not in used:
                number += 1
                yield from self._image(number, self._unseen(label, size_of), label, names, parse, report, size_of)
                progress(number, -1)
        if self._is_loose:
            others = [key for key in walk_files(self.root, _TEXT) if not self._begins_as_label(key)]
            if others:
                shown = ", ".join(others[:_SHOWN])
                report.notes.append(f"{len(others)} text files do not begin as labels do and were not read: {shown}")

    def _unseen(self, label: str, size_of: SizeOf | None) -> Found:
        """The picture of a label file that is not at hand, by the name that it has elsewhere where it has one."""
        keys = picture_keys(label, self._labels, self._pictures, ".png")
        _, name = split_and_name(keys[0], self._layout)
        known = known_picture((name, *keys), size_of)
        return Found(keys[-1], None) if known is None else Found(keys[-1], None, *known)

    def _label(self, key: str) -> str | None:
        path = PurePosixPath(key).with_suffix(".txt")
        if self._is_loose:
            return str(path) if plain_file(self.root / path) and self._begins_as_label(str(path)) else None
        for place in range(len(path.parts) - 2, -1, -1):
            if path.parts[place].lower() in self._pictures:
                for name in self._labels:
                    label = str(PurePosixPath(*path.parts[:place], name, *path.parts[place + 1 :]))
                    if plain_file(self.root / label):
                        return label
        return None

    def _image(  # noqa: PLR0913, PLR0917  all of it is what one picture is made of
        self,
        number: int,
        found: Found,
        label: str | None,
        names: UniqueNames,
        parse: Parse,
        report: Report,
        size_of: SizeOf | None,
    ) -> Iterator[ImageRecord]:
        size = found.known_size(size_of)
        if size is None:
            report.refuse(
                label or found.key, "The picture cannot be read, or is not at hand and nothing tells its size."
            )
            return
        split, name = split_and_name(found.key, self._layout)
        split = (self._split_of(found.key) if self._split_of else None) or split
        image = replace(
            picture_record(number, names.take(found.name or name, found.key), size, found.path), split=split
        )
        annotations = []
        for line, text in lines_of(self.root / label, label, report) if label else ():
            where = f"{label}: line {line}"
            try:
                annotation = parse(text, image, where)
            except ShapeError as error:
                report.refuse(where, str(error))
                continue
            if annotation is not None:
                annotations.append(annotation)
        yield replace(image, annotations=tuple(annotations), state="annotated" if annotations else "unlabelled")
