"""From the entries of a native JSON file to records. Knows that format and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import Any

import orjson

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Progress, Report
from datasets_app.formats.checked import checked_size
from datasets_app.formats.pictures import opener, safe_name
from datasets_app.ir import SPLITS, AnnotationRecord, ClassRecord, ImageRecord

_STATES = frozenset(("unlabelled", "in_progress", "annotated", "verified_empty", "skipped"))
_LARGEST_NUMBER = 2**31 - 1
_FLAGS = ("occluded", "truncated", "crowd")


class NativeReader:
    """Reads entries one by one. `trusted` entries were just written by this product and are taken as they are."""

    def __init__(self, folder: Path, classes: Iterable[ClassRecord], report: Report, *, trusted: bool) -> None:
        self._folder = folder.resolve()
        self._numbers = {entry.number for entry in classes}
        self._report = report
        self._trusted = trusted
        self._names: set[str] = set()

    def images(self, entries: Iterable[Any], progress: Progress, total: int) -> Iterator[ImageRecord]:
        for done, entry in enumerate(entries, 1):
            try:
                image = self._image(entry) if self._trusted else self._checked_image(entry)
            except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
                self._report.refuse(f"image {done}", f"The entry is not as documented: {_reason(error)}.")
            else:
                yield image
            progress(done, total)

    def _checked_image(self, entry: Mapping[str, Any]) -> ImageRecord:
        name = entry["name"]
        if not isinstance(name, str) or safe_name(name) != name:
            raise ValueError(f'the name {name!r} must be a relative path with "/" that stays in its folder')
        if name in self._names:
            raise ValueError(f"the name {name!r} came before; each may come once")
        size = entry["width"], entry["height"]
        if checked_size(*size, None) != size:
            raise ValueError(f"the size {size!r} must be two whole numbers of at least 1 that a picture can have")
        state, split = entry.get("state", "unlabelled"), entry.get("split")
        if state not in _STATES:
            raise ValueError(f"the state {state!r} must be one of {', '.join(sorted(_STATES))}")
        if split not in (None, *SPLITS) or entry.get("fixed_split", "") not in ("", *SPLITS):
            raise ValueError(f"the split must be one of {', '.join(SPLITS)}")
        if not all(isinstance(entry.get(key, ""), str) for key in ("uuid", "sha256", "group", "suffix", "path")):
            raise TypeError("uuid, sha256, group, suffix and path must be texts")
        if not all(isinstance(tag, str) for tag in entry.get("tags", ())):
            raise TypeError("the tags must be a list of texts")
        image = self._image(entry)
        self._names.add(name)
        return image

    def _image(self, entry: Mapping[str, Any]) -> ImageRecord:
        name, width, height = entry["name"], entry["width"], entry["height"]
        path = self._path(entry.get("path"), name)
        items = entry.get("annotations", ())
        if self._trusted:
            found = [_trusted_annotation(item) for item in items]
        else:
            checked = (self._annotation(item, name, width, height) for item in items)
            found = [annotation for annotation in checked if annotation is not None]
        return ImageRecord(
            number=int(entry["number"]),
            name=name,
            width=width,
            height=height,
            annotations=tuple(found),
            uuid=entry.get("uuid", ""),
            sha256=entry.get("sha256", ""),
            state=entry.get("state", "unlabelled"),
            split=entry.get("split"),
            fixed_split=entry.get("fixed_split", ""),
            tags=tuple(entry.get("tags", ())),
            group=entry.get("group", ""),
            suffix=entry.get("suffix", ""),
            path=path,
            open=opener(path) if path is not None else None,
        )

    def _path(self, value: str | None, name: str) -> Path | None:
        if value is None:
            return None
        if self._trusted:
            return self._folder / value
        try:
            path = (self._folder / value).resolve()
            is_file = path.is_file()
        except (OSError, ValueError):
            return None
        if not path.is_relative_to(self._folder):
            self._report.refuse(name, f"The path {value!r} leads out of the data set's folder; it must stay inside.")
            return None
        return path if is_file else None

    def _annotation(self, entry: Any, name: str, width: int, height: int) -> AnnotationRecord | None:
        try:
            where = f"{name}, annotation {entry.get('uuid', '')}".rstrip()
            _check_marks(entry)
        except (TypeError, ValueError, AttributeError) as error:
            self._report.refuse(f"{name}, an annotation", f"The entry is not as documented: {_reason(error)}.")
            return None
        if entry.get("class") not in self._numbers:
            self._report.refuse(where, f"Class {entry.get('class')!r} is not among the classes of the file.")
            return None
        try:
            area = entry.get("area")
            believed = area if isinstance(area, float) else None
            shape = canonical(entry.get("shape", {}), width, height, area=believed)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        if shape.mended:
            self._report.fix(where, shape.mended)
        return _record(entry, shape.type, shape.box, shape.area, shape.json)


def classes_from_entries(entries: Iterable[Any]) -> tuple[ClassRecord, ...]:
    """The classes as documented. Raises `KeyError`, `TypeError` or `ValueError`."""
    found: dict[int, ClassRecord] = {}
    for entry in entries:
        record = ClassRecord(**{**entry, "attributes": tuple(entry.get("attributes", ()))})
        if type(record.number) is not int or not 1 <= record.number <= _LARGEST_NUMBER or record.number in found:
            raise ValueError(f"the class number {record.number!r} must be a whole number from 1 on, each given once")
        if not record.name or not all(isinstance(text, str) for text in (record.name, record.color, record.hotkey)):
            raise ValueError(f"the class {record.number} needs a name, and a colour and a hotkey that are texts")
        if not all(isinstance(attribute, dict) for attribute in record.attributes):
            raise TypeError(f"the attributes of the class {record.number} must be a list of objects")
        if not isinstance(record.skeleton, dict) or not isinstance(record.uuid, str):
            raise TypeError(f"the skeleton of the class {record.number} must be an object, its uuid a text")
        found[record.number] = record
    return tuple(found.values())


def _check_marks(entry: Mapping[str, Any]) -> None:
    """Raise `TypeError` or `ValueError` unless everything but class and shape is of its type."""
    get = entry.get
    if not isinstance(get("attributes", {}), dict):
        raise TypeError("attributes must be an object")
    if not isinstance(get("uuid", ""), str) or not isinstance(get("source", ""), str):
        raise TypeError("uuid and source must be texts")
    if not all(isinstance(get(flag, False), bool) for flag in _FLAGS):
        raise TypeError("occluded, truncated and crowd must be true or false")
    for key in ("z_order", "group"):
        value = get(key)
        if value is not None and (type(value) is not int or abs(value) > _LARGEST_NUMBER):
            raise ValueError(f"{key} is {value!r}; it must be a whole number of at most {_LARGEST_NUMBER}")
    score = get("score")
    if score is not None and (type(score) not in (int, float) or not isfinite(score)):
        raise ValueError(f"the score is {score!r}; it must be a number")


def _trusted_annotation(entry: Mapping[str, Any]) -> AnnotationRecord:
    shape = entry["shape"]
    x, y, w, h = entry["box"]
    return _record(entry, shape["type"], (x, y, w, h), entry["area"], orjson.dumps(shape).decode())


def _record(
    entry: Mapping[str, Any], kind: str, box: tuple[float, float, float, float], area: float, text: str
) -> AnnotationRecord:
    get = entry.get
    return AnnotationRecord(
        get("uuid", ""),
        entry["class"],
        kind,
        box,
        area,
        text,
        get("attributes") or {},
        get("occluded", False),
        get("truncated", False),
        get("crowd", False),
        get("z_order") or 0,
        get("group"),
        get("source", "human"),
        get("score"),
    )


def _reason(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
