"""COCO instances. Owns the layout and the writer; the reader is `coco_reader.py`. Knows no other format.

    annotations/instances_<split>.json     one for each split, `instances_default.json` for images that have none
    images/<file_name>                     the pictures, where they were asked for

Written so that pycocotools and what stands on it read it without surprises: annotation ids start at 1, `area` (COCO's
raster area) and `iscrowd` are always there, masks and polygons with holes are run-length text with `iscrowd` 0 unless
the object is a crowd, category ids are the class numbers, images without annotations are listed, `info` and `licenses`
exist. A box has `bbox` and an empty `segmentation`. `occluded` and `truncated` stand among the `attributes` where true.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.coco_reader import detect_coco, read_coco
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, AS_POLYGON, LEFT_OUT, count_lost
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {
    "tags": LEFT_OUT,
    "captions": LEFT_OUT,
    "rotated_boxes": AS_POLYGON,
    "holes": AS_MASK,
    "ellipses": AS_POLYGON,
    "polylines": LEFT_OUT,
    "skeletons": LEFT_OUT,
}
_SPOOLED_BYTES = 8 << 20
_RINGS_START = '{"type":"polygon","parts":[{"outer":[['
_RINGS_END = ']],"holes":[]}]}'
_RINGS_BETWEEN = ']],"holes":[]},{"outer":[['


class Coco(Format):
    """Instances with boxes, polygons and masks."""

    lossy = frozenset(
        (*_FATES, "z_order", "groups", "sources", "states", "verified_empty", "image_tags", "image_groups")
    )

    @override
    def detect(self, root: Path) -> float:
        return detect_coco(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_coco(root, report, progress)

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
        files: dict[str, _InstancesFile] = {}
        annotation_id = 0
        try:
            for done, image in enumerate(dataset.images, 1):
                split = image.split or "default"
                if split not in files:
                    files[split] = _InstancesFile(folder / f"instances_{safe_name(split)}.json", dataset)
                annotation_id = files[split].add(image, annotation_id)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
            if not files:
                files["default"] = _InstancesFile(folder / "instances_default.json", dataset)
        finally:
            for file in files.values():
                file.close()
        return report


class _InstancesFile:
    """One JSON file, written as it grows: annotations go straight to it, image entries wait for their turn on disk."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self._images = SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 (lives as long as this object)
        head = {
            "info": {"description": str(dataset.info.get("project", "")), "contributor": "Annotator", **dataset.info},
            "licenses": [],
            "categories": [{"id": entry.number, "name": entry.name, "supercategory": ""} for entry in dataset.classes],
        }
        self._file.write(orjson.dumps(head)[:-1] + b',"annotations":[')
        self._annotation_separator = self._image_separator = b"\n"

    def add(self, image: ImageRecord, last_id: int) -> int:
        """Append the image with its annotations, numbered on from `last_id`; the last number used."""
        entry = {"id": image.number, "file_name": safe_name(image.name), "width": image.width, "height": image.height}
        self._images.write(self._image_separator + orjson.dumps(entry))
        self._image_separator = b",\n"
        lines = []
        for annotation in image.annotations:
            written = fitted(annotation, image, _FATES)
            if written is not None:
                last_id += 1
                lines.append(orjson.dumps(_entry(written, image, last_id)))
        if lines:
            self._file.write(self._annotation_separator + b",\n".join(lines))
            self._annotation_separator = b",\n"
        return last_id

    def close(self) -> None:
        self._file.write(b'\n],"images":[')
        self._images.seek(0)
        shutil.copyfileobj(self._images, self._file, 1 << 20)
        self._file.write(b"\n]}\n")
        self._images.close()
        self._file.close()


def _entry(annotation: AnnotationRecord, image: ImageRecord, number: int) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": number,
        "image_id": image.number,
        "category_id": annotation.class_number,
        "bbox": annotation.box,
        "area": annotation.area,
        "iscrowd": 1 if annotation.crowd else 0,
        "segmentation": _segmentation(annotation, image),
    }
    if annotation.attributes or annotation.occluded or annotation.truncated:
        marks = {"occluded": annotation.occluded, "truncated": annotation.truncated}
        entry["attributes"] = {**annotation.attributes, **{name: True for name, is_set in marks.items() if is_set}}
    if annotation.score is not None:
        entry["score"] = annotation.score
    return entry


def _segmentation(annotation: AnnotationRecord, image: ImageRecord) -> Any:
    if annotation.shape_type == "box":
        return ()
    text = annotation.shape_json
    if text.startswith(_RINGS_START):
        # The canonical text holds the very numbers that COCO wants, with other brackets between them: rewriting those
        # is five times as fast as parsing and printing the numbers.
        body = text[len(_RINGS_START) : -len(_RINGS_END)].replace(_RINGS_BETWEEN, "|").replace("],[", ",")
        return orjson.Fragment(f"[[{body.replace('|', '],[')}]]")
    rle = shape_to_rle(annotation.shape, image.width, image.height)
    return {"size": (image.height, image.width), "counts": rle.to_string()}


FORMAT = Coco()
