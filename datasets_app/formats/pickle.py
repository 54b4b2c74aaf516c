"""Pickle, written and never read: unpickling runs whatever code the file names. Knows no other format.

    dataset.pickle
    images/<name>            the pictures, where they were asked for

One dictionary of plain dictionaries, lists, numbers, texts and NumPy arrays:

    {"format": "annotator", "version": 1, "info": {...}, "classes": [{"number", "name", "color", ...}],
     "images": [{"number", "name", "width", "height", "state", "split", "tags", "path"?,
                 "annotations": [{"class", "type", "box": float64[4], "area", "shape", ...}]}]}

`shape` is that of the native format with arrays in it: a polygon's rings are float64[n, 2]; a mask has `pixels`,
bool[height, width] of its box, in place of `counts`; the points of lines and skeletons are float64[n, 2 or 3].
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from typing_extensions import override

from annotator.core.geometry.rle import Rle
from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

VERSION = 1
FILE_NAME = "dataset.pickle"
_PROTOCOL = 5
_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})


class Pickle(Format):
    """A one-way street for Python scripts."""

    lossy = frozenset[str]()

    @override
    def detect(self, root: Path) -> float:
        return 0.0

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        raise FormatError("Pickle files are never read, because reading one runs its code; import native JSON instead.")

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
        content = {
            "format": "annotator",
            "version": VERSION,
            "info": dict(dataset.info),
            "classes": [{**asdict(entry), "attributes": list(entry.attributes)} for entry in dataset.classes],
            "images": _StreamedList(_entries(dataset, root, progress, images=images)),
        }
        with (root / FILE_NAME).open("wb", buffering=1 << 20) as file:
            pickler = pickle.Pickler(file, protocol=_PROTOCOL)
            # No memo: it would keep every image in memory to the end. Nothing here refers to anything twice.
            pickler.fast = True
            pickler.dump(content)
        return Report()


class _StreamedList:
    """Is pickled as a plain list, its items taken from the iterator one by one."""

    def __init__(self, items: Iterable[Any]) -> None:
        self._items = items

    @override
    def __reduce__(self) -> tuple[type[list[Any]], tuple[()], None, Iterator[Any]]:
        return list, (), None, iter(self._items)


def _entries(dataset: Dataset, root: Path, progress: Progress, *, images: bool) -> Iterator[dict[str, Any]]:
    for done, image in enumerate(dataset.images, 1):
        entry = _image_entry(image)
        if images:
            entry["path"] = f"images/{safe_name(image.name)}"
            copy_picture(image, root / entry["path"])
        yield entry
        progress(done, dataset.image_count)


def _image_entry(image: ImageRecord) -> dict[str, Any]:
    names = ("number", "name", "width", "height", "uuid", "sha256", "state", "split", "group")
    return {
        **{name: getattr(image, name) for name in names},
        "tags": list(image.tags),
        "annotations": [_annotation_entry(annotation) for annotation in image.annotations],
    }


def _annotation_entry(annotation: AnnotationRecord) -> dict[str, Any]:
    names = ("uuid", "area", "occluded", "truncated", "crowd", "z_order", "group", "source", "score")
    return {
        **{name: getattr(annotation, name) for name in names},
        "class": annotation.class_number,
        "type": annotation.shape_type,
        "box": np.array(annotation.box, dtype=np.float64),
        "attributes": dict(annotation.attributes),
        "shape": _with_arrays(annotation.shape),
    }


def _with_arrays(shape: dict[str, Any]) -> dict[str, Any]:
    if "parts" in shape:
        rings = [(part["outer"], part["holes"]) for part in shape["parts"]]
        parts = [{"outer": _points(outer), "holes": [_points(hole) for hole in holes]} for outer, holes in rings]
        return {**shape, "parts": parts}
    if "counts" in shape:
        _, _, width, height = shape["box"]
        return {"type": shape["type"], "box": shape["box"], "pixels": _pixels(shape["counts"], height, width)}
    if "points" in shape:
        return {**shape, "points": _points(shape["points"])}
    return shape


def _points(ring: list[list[float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array(ring, dtype=np.float64)


def _pixels(counts: str, height: int, width: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    return Rle.from_string(counts, height, width).to_mask()


FORMAT = Pickle()
