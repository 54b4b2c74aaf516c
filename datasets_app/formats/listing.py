"""`images.csv`: the pictures of an export whose labels say neither their names nor their sizes. Knows no format.

    path,name,width,height
    images/train/a_2.png,a.png,640,480

`path` is where the picture lies (or would lie) in the export, `name` what the project calls it. Formats that put down
fractions of a picture's size, or that need other file names than the project's, cannot be read back without it when the
pictures did not travel; other tools do not look at it.
"""

from __future__ import annotations

import csv
import os
import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self

from datasets_app.formats.base import Report
from datasets_app.formats.checked import SPLIT_WORDS, checked_size
from datasets_app.formats.lines import plain_file
from datasets_app.formats.pictures import PICTURE_SUFFIXES, picture_size, safe_name
from datasets_app.formats.table import guarded, plain, rows_of
from datasets_app.ir import ImageRecord

FILE_NAME = "images.csv"
HEADER = ["path", "name", "width", "height"]

SizeOf = Callable[[str], tuple[int, int] | None]
"""The option `size_of` of a reader: tells the size of a picture that is not at hand but known elsewhere."""


@dataclass(frozen=True, slots=True)
class Found:
    """A picture of the data set: `key` is its path relative to the data set's folder, `path` its file if there is one.

    `name` is "" where only the key tells it.
    """

    key: str
    path: Path | None
    name: str = ""
    size: tuple[int, int] | None = None

    @property
    def stem(self) -> str:
        return PurePosixPath(self.key).stem

    def known_size(self, size_of: SizeOf | None = None) -> tuple[int, int] | None:
        """The size of the file where there is one, else what the listing says, else what `size_of` does."""
        if self.path is not None:
            return picture_size(self.path) or self.size
        return self.size or (size_of(self.name or self.key) if size_of else None)


def known_picture(names: Iterable[str], size_of: SizeOf | None) -> tuple[str, tuple[int, int]] | None:
    """The first of the names under which the picture is known elsewhere, and its size; None where it is not known."""
    if size_of is None:
        return None
    sizes = ((name, size_of(name)) for name in names)
    return next(((name, size) for name, size in sizes if size is not None), None)


def picture_keys(label: str, labels: Collection[str], pictures: Collection[str], suffix: str) -> list[str]:
    """Where the picture of a label file may lie: in one of the folders `pictures` for one of `labels`, or beside it."""
    path = PurePosixPath(label).with_suffix(suffix)
    found = [str(path)]
    wanted = {name.lower() for name in labels}
    for place in range(len(path.parts) - 2, -1, -1):
        if path.parts[place].lower() in wanted:
            before, behind = path.parts[:place], path.parts[place + 1 :]
            found[:0] = [str(PurePosixPath(*before, name, *behind)) for name in pictures]
            break
    return found


class Listing:
    """Writes `images.csv` line by line."""

    def __init__(self, root: Path) -> None:
        self._file = (root / FILE_NAME).open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(self._file, lineterminator="\n")
        self._rows.writerow(HEADER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, path: str, image: ImageRecord) -> None:
        self._rows.writerow((guarded(path), guarded(safe_name(image.name)), image.width, image.height))


class UniquePaths:
    """Paths that differ in more than their ending and the case of their letters: one label file belongs to each."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, wanted: str, suffix: str | None = None) -> str:
        """`wanted`, numbered where it was taken, with `suffix` in place of its own ending where one is given."""
        # No path objects on the way of every image: they keep each name for good.
        stem, ending = posixpath.splitext(wanted)
        ending = ending if suffix is None else suffix
        free, number = stem, 1
        while free.lower() in self._taken:
            number += 1
            free = f"{stem}_{number}"
        self._taken.add(free.lower())
        return f"{free}{ending}"


class UniqueNames:
    """Names of pictures, each given once: the same name in two splits is told apart by its folder."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str, key: str) -> str:
        """`name`, or the whole `key` where it was taken before, numbered where that was taken too."""
        free, number = name, 1
        while free in self._taken:
            stem, ending = posixpath.splitext(key)
            free = key if number == 1 else f"{stem}_{number}{ending}"
            number += 1
        self._taken.add(free)
        return free


def suffix_of(image: ImageRecord) -> str:
    """The ending that a file with the picture's stored bytes needs."""
    return image.suffix.lower() or posixpath.splitext(safe_name(image.name))[1]


def has_listing(folder: Path) -> bool:
    """Whether the folder holds an `images.csv` of ours."""
    path = folder / FILE_NAME
    return plain_file(path) and next((cells == HEADER for _, cells in rows_of(path)), False)


def walk_files(root: Path, suffixes: frozenset[str], *, depth: int = 64) -> Iterator[str]:
    """The files below `root` with one of those endings, in order, relative with "/". Links are not followed."""
    # No path objects on the way of every file: their parts would be kept as long as the process runs.
    start = len(os.fspath(root)) + 1
    for folder, folders, names in os.walk(root):
        folders.sort()
        inside = f"{folder[start:]}/".lstrip("/").replace(os.sep, "/")
        if inside.count("/") >= depth:
            folders.clear()
        for name in sorted(names):
            suffix = os.path.splitext(name)[1]  # noqa: PTH122
            if suffix.lower() in suffixes and not os.path.islink(os.path.join(folder, name)):  # noqa: PTH114, PTH118
                yield f"{inside}{name}"


def listed_pictures(root: Path, report: Report) -> Iterator[Found]:
    """The pictures that `images.csv` names, whether they travelled or not."""
    if not has_listing(root):
        return
    for line, cells in rows_of(root / FILE_NAME, report):
        found = _listed(root, cells)
        if found is not None:
            yield found
        elif cells != HEADER:
            report.refuse(f"{FILE_NAME}: line {line}", f"A line needs {', '.join(HEADER)}.")


def found_pictures(root: Path, report: Report) -> Iterator[Found]:
    """The listed pictures, then all others below the folder."""
    listed: set[str] = set()
    for found in listed_pictures(root, report):
        if found.key not in listed:
            listed.add(found.key)
            yield found
    for key in walk_files(root, PICTURE_SUFFIXES):
        if key not in listed:
            yield Found(key, root / key)


def _listed(root: Path, cells: list[str]) -> Found | None:
    if len(cells) != len(HEADER):
        return None
    key, name = safe_name(plain(cells[0])), safe_name(plain(cells[1]))
    size = checked_size(cells[2], cells[3], None)
    if size is None:
        return None
    path = root / key
    return Found(key, path if plain_file(path) else None, name, size)


def split_word(part: str) -> str | None:
    """The split that a folder's name means: "train", "valid", "test2017" …; None for other names."""
    word = part.lower().rstrip("0123456789").rstrip("-_ ")
    return "test" if word == "testing" else SPLIT_WORDS.get(word)


def split_and_name(key: str, layout: frozenset[str]) -> tuple[str | None, str]:
    """What the folders of a path say: the split, and the name behind those that belong to the `layout`."""
    *folders, file = PurePosixPath(key).parts
    split, first, last = None, None, -1
    for place, part in enumerate(folders):
        word = split_word(part)
        if word is None and part.lower() not in layout:
            if first is not None:
                break
            continue
        first = place if first is None else first
        split, last = split or word, place
    return split, "/".join((*folders[last + 1 :], file))
