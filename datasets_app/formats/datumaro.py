"""Datumaro. Owns the layout and the writer; the reader is `datumaro_reader.py`. Knows no other format.

    annotations/<subset>.json      one for each split, `default` for images that have none
    images/<subset>/<name>         the pictures, where they were asked for

The parts of a polygon have one number and one group, as Datumaro itself writes what it read from COCO. Marks and score
stand among the attributes, state, tags and group of an image under `attr`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.datumaro_reader import ARTIFICIAL, MARKS, VERSION, detect_datumaro, read_datumaro
from datasets_app.formats.datumaro_shapes import entries_of
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, count_lost
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {"holes": AS_MASK}
_IMAGES = 2
"""Datumaro's number for data sets of pictures."""


class Datumaro(Format):
    """Every shape; polygons with holes as masks."""

    lossy = frozenset((*_FATES, "sources"))

    @override
    def detect(self, root: Path) -> float:
        return detect_datumaro(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_datumaro(root, report, progress)

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
        folder = root / "annotations"
        folder.mkdir(parents=True, exist_ok=True)
        files: dict[str, _SubsetFile] = {}
        try:
            for done, image in enumerate(dataset.images, 1):
                subset = safe_name(image.split or "default").replace("/", "_")
                if subset not in files:
                    files[subset] = _SubsetFile(folder / f"{subset}.json", dataset)
                files[subset].add(image)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / "images" / subset / safe_name(image.name))
                progress(done, dataset.image_count)
            if not files:
                files["default"] = _SubsetFile(folder / "default.json", dataset)
        finally:
            for file in files.values():
                file.close()
        return report


class _SubsetFile:
    """One JSON file, written as it grows."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self._file = path.open("wb", buffering=1 << 18)
        self._labels = {entry.number: place for place, entry in enumerate(dataset.classes)}
        self._ids: set[str] = set()
        self._numbers = count(1)
        self._separator = b"\n"
        infos = {"author": "Annotator", **dataset.info}
        head = {VERSION: "1.0", "media_type": _IMAGES, "infos": infos, "categories": _categories(dataset)}
        self._file.write(orjson.dumps(head)[:-1] + b',"items":[')

    def add(self, image: ImageRecord) -> None:
        name = safe_name(image.name)
        key = str(PurePosixPath(name).with_suffix(""))
        # Datumaro tells items apart by their id alone.
        key = name if key in self._ids else key
        self._ids.add(key)
        facts = {"state": image.state, "tags": image.tags, "group": image.group}
        item = {
            "id": key,
            "annotations": list(self._entries(image)),
            "attr": {fact: value for fact, value in facts.items() if value},
            "image": {"path": name, "size": [image.height, image.width]},
        }
        self._file.write(self._separator + orjson.dumps(item))
        self._separator = b",\n"

    def _entries(self, image: ImageRecord) -> Iterator[dict[str, Any]]:
        groups = count(max((found.group or 0 for found in image.annotations), default=0) + 1)
        for annotation in image.annotations:
            written = fitted(annotation, image, _FATES)
            if written is None:
                continue
            entries = entries_of(written.shape, (image.width, image.height))
            said = {
                "id": next(self._numbers),
                "group": annotation.group or 0,
                "label_id": self._labels[annotation.class_number],
                "z_order": annotation.z_order,
            }
            if len(entries) > 1 and not annotation.group:
                said |= {"group": next(groups), ARTIFICIAL: True}
            for entry in entries:
                attributes = {**_attributes(annotation), **entry.get("attributes", {})}
                yield {**said, **entry, "attributes": attributes}

    def close(self) -> None:
        self._file.write(b"\n]}\n")
        self._file.close()


def _attributes(annotation: AnnotationRecord) -> dict[str, Any]:
    marks = {name: True for name, mark in MARKS.items() if getattr(annotation, mark)}
    score = {} if annotation.score is None else {"score": annotation.score}
    return {**annotation.attributes, **marks, **score}


def _categories(dataset: Dataset) -> dict[str, Any]:
    labels = [
        {"name": entry.name, "parent": "", "attributes": sorted(str(found.get("name")) for found in entry.attributes)}
        for entry in dataset.classes
    ]
    categories: dict[str, Any] = {"label": {"labels": labels, "label_groups": [], "attributes": []}}
    colors = [
        {"label_id": place, **dict(zip("rgb", bytes.fromhex(entry.color[1:]), strict=True))}
        for place, entry in enumerate(dataset.classes)
        if _is_color(entry.color)
    ]
    if colors:
        categories["mask"] = {"colormap": colors}
    skeletons = [
        {
            "label_id": place,
            "labels": list(entry.skeleton["points"]),
            "joints": [[start + 1, end + 1] for start, end in entry.skeleton.get("edges", ())],
            "positions": [],
        }
        for place, entry in enumerate(dataset.classes)
        if entry.skeleton
    ]
    if skeletons:
        categories["points"] = {"items": skeletons}
    return categories


def _is_color(color: str) -> bool:
    return len(color) == 7 and color[0] == "#" and all(letter in "0123456789abcdefABCDEF" for letter in color[1:])


FORMAT = Datumaro()
