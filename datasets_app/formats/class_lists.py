"""Lists that say the class of each picture, as ImageNet's come beside its folders. Knows those lists only.

val.txt, train.txt                    `<path of a picture> <class>`, a word or its place in the list of words
ImageSets/CLS-LOC/train_cls.txt       `<folder of a class>/<picture> <number of the line>`
LOC_val_solution.csv                  ImageId,PredictionString: `<word> <four corners>` for each object
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath

from datasets_app.formats.base import Report
from datasets_app.formats.lines import lines_of
from datasets_app.formats.listing import split_word, walk_files
from datasets_app.formats.pictures import PICTURE_SUFFIXES, safe_name
from datasets_app.formats.table import rows_of

SYNSET = re.compile(r"n\d{8}")
_LISTS = frozenset((".txt", ".csv"))
_NAME = re.compile(r"(train|val|valid|test)(_cls)?\.txt|loc_\w+_solution\.csv", re.IGNORECASE)
_COLUMNS = ["ImageId", "PredictionString"]
_DEPTH, _PROBED = 4, 20


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture with the word of its class; `where` names the line."""

    picture: str
    word: str
    split: str | None
    where: str


def class_lists(base: Path) -> list[str]:
    """The lists near the top of the folder, relative to it."""
    keys = walk_files(base, _LISTS, depth=_DEPTH) if base.is_dir() else ()
    return [key for key in keys if _NAME.fullmatch(PurePosixPath(key).name) and _begins_as_list(base, key)]


def entries_of(base: Path, key: str, words: Sequence[str], report: Report) -> Iterator[Entry]:
    """The pictures of one list; lines that say no class are refused. `words` are those of the list of words."""
    split = split_word(re.split(r"[_.]", re.sub(r"^loc_", "", PurePosixPath(key).name.lower()))[0])
    for line, cells in _cells(base, key, report):
        where = f"{key}: line {line}"
        if cells == _COLUMNS:
            continue
        word = _word(cells, words)
        if word is None:
            report.refuse(where, "A line must be the path of a picture and its class: a word, or its place from 0 on.")
        else:
            yield Entry(safe_name(cells[0]), word, split, where)


def _cells(base: Path, key: str, report: Report) -> Iterator[tuple[int, list[str]]]:
    if key.lower().endswith(".csv"):
        yield from rows_of(base / key, report)
        return
    for line, text in lines_of(base / key, key, report):
        path, _, word = text.rpartition(" ")
        yield line, [path.strip(), word]


def _begins_as_list(base: Path, key: str) -> bool:
    rows = [cells for _, cells in islice(_cells(base, key, Report()), _PROBED)]
    if key.lower().endswith(".csv"):
        return rows[:1] == [_COLUMNS]
    return bool(rows) and all(_has_picture(cells[0]) or _folder_word(cells[0]) for cells in rows)


def _has_picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in PICTURE_SUFFIXES


def _folder_word(path: str) -> str | None:
    """The word that a folder of the path is, as ImageNet names its own."""
    return next((part for part in PurePosixPath(path).parts[:-1] if SYNSET.fullmatch(part)), None)


def _word(cells: Sequence[str], words: Sequence[str]) -> str | None:
    if len(cells) != 2 or not cells[0].strip() or not cells[1].split():
        return None
    said = cells[1].split()[0]
    folder = _folder_word(cells[0])
    if folder is not None and said not in words:
        return folder
    if said.isdecimal() and said.isascii() and len(said) <= 6:
        place = int(said)
        return words[place] if place < len(words) else None if words else f"class {place}"
    return said
