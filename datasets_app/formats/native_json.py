"""Native JSON: everything, without loss, in one file. Owns its text; knows no other format.

    dataset.json
    images/<name>            the pictures, where they were asked for

`dataset.json` is one JSON object. Its writer puts each image on a line of its own, so that its reader needs to hold one
image at a time; a file that was laid out anew is read as well, at the price of holding it whole.

    {"format": "annotator", "version": 1,
     "info": {...},
     "classes": [{"number": 1, "name": "cat", "color": "#ff0000", "uuid": "", "hotkey": "", "attributes": []}],
     "image_count": 2, "annotation_count": 1,                        -1 where the writer did not know
     "images": [
    {"number": 1, "name": "a.jpg", "width": 640, "height": 480, "state": "annotated", "path": "images/a.jpg",
     "annotations": [{"class": 1, "shape": {"type": "box", "box": [1.0, 2.0, 3.0, 4.0]}, "box": [...], "area": 12.0}]},
    {...}
    ]}

Fields that hold their default (see `datasets_app/ir.py`) are left out. `path` is relative to the file and may not leave
its folder. The product hands a data set to its own training process with the option `paths`, which writes absolute
paths, and reads it with the option `trusted`, which takes paths and shapes as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.native_entries import image_entry
from datasets_app.formats.native_reader import NativeReader, classes_from_entries
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import Dataset, ImageRecord

VERSION = 1
FILE_NAME = "dataset.json"
_OPENING = b'"images":['
_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


class NativeJson(Format):
    """The one format that gives back the records it was given."""

    lossy = frozenset[str]()

    @override
    def detect(self, root: Path) -> float:
        path = _find(root)
        if path is None:
            return 0.0
        with path.open("rb") as file:
            head = file.read(4096)
        return 1.0 if b'"format":"annotator"' in head.replace(b" ", b"") else 0.0

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        path = _find(root)
        if path is None:
            raise FormatError(f"There is no {FILE_NAME} in {root.name}.")
        header, lines = _open(path)
        try:
            classes = classes_from_entries(header["classes"])
            count, annotation_count = int(header["image_count"]), int(header["annotation_count"])
            info = dict(header["info"])
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise FormatError(f"{path.name}: the head of the file is not as documented: {error}.") from None
        reader = NativeReader(path.parent, classes, report, trusted=bool(options.get("trusted")))
        return Dataset(classes, reader.images(lines, progress, count), count, annotation_count, info)

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Report:
        report = Report()
        header = {
            "format": "annotator",
            "version": VERSION,
            "info": dict(dataset.info),
            "classes": [asdict(entry) for entry in dataset.classes],
            "image_count": dataset.image_count,
            "annotation_count": dataset.annotation_count,
        }
        with (root / FILE_NAME).open("wb", buffering=1 << 20) as file:
            file.write(orjson.dumps(header)[:-1] + b"," + _OPENING)
            separator = b"\n"
            for done, image in enumerate(dataset.images, 1):
                path = _written_path(image, images=images, options=options)
                file.write(separator + orjson.dumps(image_entry(image, path)))
                separator = b",\n"
                if images:
                    copy_picture(image, root / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
            file.write(b"\n]}\n")
        return report


def _written_path(image: ImageRecord, *, images: bool, options: Mapping[str, Any]) -> str | None:
    if images:
        return f"images/{safe_name(image.name)}"
    return str(image.path) if options.get("paths") and image.path is not None else None


def _find(root: Path) -> Path | None:
    path = root / FILE_NAME if root.is_dir() else root
    return path if path.is_file() and path.suffix.lower() == ".json" else None


def _open(path: Path) -> tuple[dict[str, Any], Iterator[Any]]:
    """The head of the file and its image entries."""
    with path.open("rb") as file:
        first = file.readline()
    if first.rstrip().endswith(_OPENING):
        return _checked(first.rstrip()[: -len(_OPENING)].rstrip(b", ") + b"}", path), _entries_by_line(path)
    header = _checked(path.read_bytes(), path)
    entries = header.pop("images", None)
    if not isinstance(entries, list):
        raise FormatError(f'{path.name}: "images" must be a list.')
    return header, iter(entries)


def _checked(text: bytes, path: Path) -> dict[str, Any]:
    try:
        header = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{path.name} is not JSON: {error}.") from None
    if not isinstance(header, dict) or header.get("format") != "annotator":
        raise FormatError(f'{path.name} is not native JSON: it must be an object with "format": "annotator".')
    if header.get("version") != VERSION:
        raise FormatError(f"{path.name} has version {header.get('version')!r}; this product reads version {VERSION}.")
    return header


def _entries_by_line(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        file.readline()
        for number, line in enumerate(file, 2):
            text = line.rstrip(b",\r\n ")
            if text == b"]}":
                return
            try:
                yield orjson.loads(text)
            except orjson.JSONDecodeError as error:
                raise FormatError(f"{path.name}, line {number} is not JSON: {error}.") from None
    raise FormatError(f"{path.name} stops before its end; the file was cut off.")


FORMAT = NativeJson()
