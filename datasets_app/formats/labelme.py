"""LabelMe. Owns the layout and the writer; the reader is `labelme_reader.py`. Knows no other format.

    <folder>/<stem>.json       a file for each picture, beside it; <stem>.<ending>.json where that name is taken
    <folder>/<name>            the pictures, where they were asked for
    labels.txt                 the classes, as LabelMe's option --labels reads them

`imageData` is null and `imagePath` the picture's name. Tags are flags of the picture, marks are flags of a shape, the
parts of a polygon share a `group_id`. Fields that LabelMe does not know, but keeps, hold the rest: `attributes`,
`score`, `z_order` and `group` of a shape, `split` of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, AS_POLYGON, LEFT_OUT, count_lost
from datasets_app.formats.labelme_reader import LABELS_FILE, LABELS_HEAD, MARKS, detect_labelme, read_labelme
from datasets_app.formats.labelme_shapes import entries_of
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {"captions": LEFT_OUT, "holes": AS_MASK, "ellipses": AS_POLYGON}
_FATES_OF_CIRCLES = {feature: fate for feature, fate in _FATES.items() if feature != "ellipses"}
_VERSION = "5.5.0"


class LabelMe(Format):
    """Every shape but captions; of ellipses the circles."""

    lossy = frozenset((*_FATES, "sources", "states", "verified_empty", "image_tags", "image_groups"))

    @override
    def detect(self, root: Path) -> float:
        return detect_labelme(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_labelme(root, report, progress)

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
        names = {entry.number: entry.name for entry in dataset.classes}
        lines = (*LABELS_HEAD, *(name.replace("\n", " ") for name in names.values()))
        (root / LABELS_FILE).write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        for done, image in enumerate(dataset.images, 1):
            name = safe_name(image.name)
            path = _free_path(root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(orjson.dumps(_content(image, name, names), option=orjson.OPT_INDENT_2))
            count_lost(image, self.lossy, report.lost)
            report.lost.subtract(["ellipses"] * sum(map(_is_circle, image.annotations)))
            if images:
                copy_picture(image, root / name)
            progress(done, dataset.image_count)
        report.lost = +report.lost
        return report


def _free_path(root: Path, name: str) -> Path:
    """Where the JSON of a picture goes: pictures that differ in their ending alone must not share a file."""
    path = (root / name).with_suffix(".json")
    number = 1
    while path.exists():
        path = root / (f"{name}.json" if number == 1 else f"{name}.{number}.json")
        number += 1
    return path


def _content(image: ImageRecord, name: str, names: Mapping[int, str]) -> dict[str, Any]:
    tags = {names[found.class_number]: True for found in image.annotations if found.shape_type == "tag"}
    used = {found.group for found in image.annotations if found.group is not None}
    shapes: list[dict[str, Any]] = []
    for found in image.annotations:
        if found.shape_type == "tag":
            continue
        written = fitted(found, image, _FATES_OF_CIRCLES if _is_circle(found) else _FATES)
        if written is not None:
            shapes.extend(_shapes(written, names[found.class_number], used))
    split = {"split": image.split} if image.split else {}
    return {
        "version": _VERSION,
        "flags": tags,
        "shapes": shapes,
        "imagePath": PurePosixPath(name).name,
        "imageData": None,
        "imageHeight": image.height,
        "imageWidth": image.width,
        **split,
    }


def _is_circle(annotation: AnnotationRecord) -> bool:
    if annotation.shape_type != "ellipse":
        return False
    first, second = annotation.shape["radii"]
    return bool(first == second)


def _shapes(annotation: AnnotationRecord, label: str, used: set[int]) -> list[dict[str, Any]]:
    entries = entries_of(annotation.shape)
    more: dict[str, Any] = {}
    group = annotation.group
    if len(entries) > 1:
        # A number of its own, for LabelMe takes what shares one for one object.
        group = max(used, default=0) + 1
        used.add(group)
    if annotation.group is not None and annotation.shape_type == "polygon":
        group = group if len(entries) > 1 else None
        more["group"] = annotation.group
    if annotation.attributes:
        more["attributes"] = dict(annotation.attributes)
    if annotation.score is not None:
        more["score"] = annotation.score
    if annotation.z_order:
        more["z_order"] = annotation.z_order
    flags = {mark: True for mark in MARKS if getattr(annotation, mark)}
    said = {"label": label, "group_id": group, "description": "", "flags": flags, "mask": None}
    return [{**said, **entry, **more} for entry in entries]


FORMAT = LabelMe()
