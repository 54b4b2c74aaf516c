"""From a file or folder to a stream of records: unpacking under limits, finding out the format, opening it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from annotator.core.errors import DomainError
from annotator.core.storage.archives import HEAD_BYTES, ArchiveRefused, extract_archive, sniff_archive
from datasets_app.formats.base import FormatError
from datasets_app.formats.catalog import FORMATS
from datasets_app.formats.listing import SizeOf
from datasets_app.formats.pictures import PictureFolder, picture_size
from datasets_app.formats.read_apart import is_worthwhile, read_apart
from datasets_app.ir import Dataset
from datasets_app.services.imports.matching import Matcher
from datasets_app.services.imports.problems import ProblemLog
from datasets_app.services.imports.request import ImportRequest, imports_folder

SURE = 0.5
_UNREADABLE = (FormatError, OSError, ValueError, LookupError, RecursionError)


@dataclass(frozen=True, slots=True)
class Source:
    """What is read: the data set, where its problems go, which format with which confidence, pictures beside it.

    `matcher` finds the images of the project that the records mean.
    """

    dataset: Dataset
    log: ProblemLog
    facts: Mapping[str, Any]
    pictures: PictureFolder | None
    matcher: Matcher


@contextmanager
def source_open(request: ImportRequest, log: ProblemLog, *, key: str) -> Iterator[Source]:
    """The opened source, valid inside the block. Raises `DomainError` for what cannot be read as a whole."""
    with _unpacked(request.path, key) as root:
        chosen, found = _choose_format(request.format, root)
        pictures = PictureFolder(request.pictures) if request.pictures is not None else None
        matcher = Matcher(request.project)
        with _sentences(), _read(chosen, root, log, request.options, partial(_size_of, matcher, pictures)) as dataset:
            facts = {"format": chosen, "confidence": found.get(chosen, 1.0), "candidates": found}
            yield Source(dataset, log, facts, pictures, matcher)


def _read(
    key: str, root: Path, log: ProblemLog, options: Mapping[str, Any], size_of: SizeOf
) -> AbstractContextManager[Dataset]:
    """The data set, read by a process of its own where that is worth it."""
    reader = FORMATS.load(key)
    if reader.reads_apart and is_worthwhile(root):
        return read_apart(key, root, log, options)
    return nullcontext(reader.read(root, log, options={**options, "size_of": size_of}))


def _size_of(matcher: Matcher, pictures: PictureFolder | None, name: str) -> tuple[int, int] | None:
    """The option `size_of` of readers: what the project, then the folder beside the file, knows of a picture."""
    size = matcher.size_of(name)
    if size is None and pictures is not None and (path := pictures.find(name, pictures.root)) is not None:
        return picture_size(path)
    return size


@contextmanager
def _sentences() -> Iterator[None]:
    """What ends the reading of a file becomes a sentence."""
    try:
        yield
    except FormatError as error:
        raise DomainError("bad_import", str(error)) from error
    except RecursionError as error:
        raise DomainError("bad_import", "The file is nested too deeply to be a data set.") from error
    except UnicodeError as error:
        raise DomainError("bad_import", f"The text of the file is not UTF-8: {error}.") from error


def _choose_format(wanted: str, root: Path) -> tuple[str, dict[str, float]]:
    if wanted:
        return wanted, {}
    readable = [entry.key for entry in FORMATS if entry.facts["read"]]
    found = {key: confidence for key in readable if (confidence := _confidence(key, root)) > 0}
    found = dict(sorted(found.items(), key=lambda pair: -pair[1]))
    best = next(iter(found), "")
    if found.get(best, 0.0) < SURE:
        raise DomainError(
            "format_unknown",
            f"No known format was recognised in this file. Formats that can be read: {', '.join(readable)}.",
        )
    return best, found


def _confidence(key: str, root: Path) -> float:
    """A file that one format stumbles over may still be another's."""
    try:
        return round(FORMATS.load(key).detect(root), 3)
    except _UNREADABLE:
        return 0.0


@contextmanager
def _unpacked(path: Path, key: str) -> Iterator[Path]:
    """The folder to read: an archive is extracted under limits, anything else is read where it is."""
    if path.is_dir():
        yield path
        return
    with path.open("rb") as file:
        kind = sniff_archive(file.read(HEAD_BYTES))
    if kind is None:
        yield path
        return
    folder = imports_folder() / key / "tree"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        extract_archive(path, folder)
        yield folder
    except ArchiveRefused as refusal:
        raise DomainError(refusal.code, refusal.detail) from refusal
    finally:
        shutil.rmtree(folder, ignore_errors=True)
