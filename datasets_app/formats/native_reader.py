"""From the entries of a native JSON file to records. Knows that format and no other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from annotator.core.geometry.base import ShapeError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import Progress, Report
from datasets_app.formats.pictures import opener
from datasets_app.ir import AnnotationRecord, ClassRecord, ImageRecord


class NativeReader:
    """Reads entries one by one. `trusted` entries were just written by this product and are taken as they are."""

    def __init__(self, folder: Path, classes: Iterable[ClassRecord], report: Report, *, trusted: bool) -> None:
        self._folder = folder.resolve()
        self._numbers = {entry.number for entry in classes}
        self._report = report
        self._trusted = trusted

    def images(self, entries: Iterable[Any], progress: Progress, total: int) -> Iterator[ImageRecord]:
        for done, entry in enumerate(entries, 1):
            try:
                image = self._image(entry)
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                self._report.refuse(f"image {done}", f"The entry is not as documented: {_reason(error)}.")
            else:
                yield image
            progress(done, total)

    def _image(self, entry: Mapping[str, Any]) -> ImageRecord:
        name, width, height = str(entry["name"]), int(entry["width"]), int(entry["height"])
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
        path = (self._folder / value).resolve()
        if not path.is_relative_to(self._folder):
            self._report.refuse(name, f"The path {value!r} leads out of the data set's folder; it must stay inside.")
            return None
        return path if path.is_file() else None

    def _annotation(self, entry: Mapping[str, Any], name: str, width: int, height: int) -> AnnotationRecord | None:
        where = f"{name}, annotation {entry.get('uuid', '')}".rstrip()
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
        get("z_order", 0),
        get("group"),
        get("source", "human"),
        get("score"),
    )


def _reason(error: Exception) -> str:
    return f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
