"""COCO instances, keypoints and captions. Owns layout and writer; `coco_reader.py` reads. Knows no other format.

    annotations/instances_<split>.json     one for each split, `instances_default.json` for images that have none
    annotations/captions_<split>.json      the same for captions, where there are any
    images/<file_name>                     the pictures, where they were asked for

Written so that pycocotools and what stands on it read it without surprises: annotation ids start at 1, `area` (COCO's
raster area) and `iscrowd` are always there, masks and polygons with holes are run-length text with `iscrowd` 0 unless
the object is a crowd, category ids are the class numbers, images without annotations are listed, `info` and `licenses`
exist. A box has `bbox` and an empty `segmentation`. `occluded` and `truncated` stand among the `attributes` where true.

A skeleton is an annotation with `keypoints`; where it shares its group and marks with one outline of its class, both
are one annotation. Every annotation of a class with a skeleton has `keypoints`, zeros where there are none, because
readers ask for them. A skeleton's `area` is that of its box: evaluation divides by it.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from annotator.core.geometry.mask_texts import texts_of_pictures
from annotator.core.geometry.shapes import shape_to_rle
from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.coco_categories import category_entry
from datasets_app.formats.coco_entries import is_hull
from datasets_app.formats.coco_reader import detect_coco, read_coco
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, AS_POLYGON, LEFT_OUT, count_lost, is_one_ring
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {
    "tags": LEFT_OUT,
    "rotated_boxes": AS_POLYGON,
    "holes": AS_MASK,
    "ellipses": AS_POLYGON,
    "polylines": LEFT_OUT,
}
_SPOOLED_BYTES = 8 << 20
_AT_ONCE = 100
"""Images whose entries are made before they are written."""
_WITHOUT_OUTLINE = frozenset(("box", "skeleton", "mask"))
"""Kinds whose entries say nothing else than their box, or get their mask together with others."""
_RINGS_START = '{"type":"polygon","parts":[{"outer":[['
_RINGS_END = ']],"holes":[]}]}'
_RINGS_BETWEEN = ']],"holes":[]},{"outer":[['


class Coco(Format):
    """Boxes, polygons, masks, skeletons and captions."""

    lossy = frozenset(
        (*_FATES, "z_order", "groups", "sources", "states", "verified_empty", "image_tags", "image_groups")
    )
    reads_apart = True

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
        files = _Files(folder, dataset)
        done = 0
        try:
            for batch in _batches(dataset.images):
                files.add(batch)
                for image in batch:
                    done += 1
                    count_lost(image, self.lossy, report.lost)
                    if images:
                        copy_picture(image, root / "images" / safe_name(image.name))
                    progress(done, dataset.image_count)
            files.finish()
        finally:
            files.close()
        return report


def _batches(images: Iterable[ImageRecord]) -> Iterator[list[ImageRecord]]:
    walk = iter(images)
    while batch := list(islice(walk, _AT_ONCE)):
        yield batch


class _Files:
    """The files of all splits, made when their first image comes. Annotations are numbered over all of them."""

    def __init__(self, folder: Path, dataset: Dataset) -> None:
        self._folder = folder
        self._dataset = dataset
        self._opened: dict[tuple[str, str], _File] = {}
        self._points = {entry.number: len(entry.skeleton["points"]) for entry in dataset.classes if entry.skeleton}
        self._last_id = 0

    def add(self, images: Sequence[ImageRecord]) -> None:
        """Append the images with their annotations."""
        masks = _Masks()
        found = [(image, *self._entries(image, masks)) for image in images]
        masks.write()
        for image, entries, captions in found:
            split = image.split or "default"
            self._file("instances", split).add(image, entries)
            if captions:
                self._file("captions", split).add(image, captions)

    def _entries(self, image: ImageRecord, masks: _Masks) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """Those of annotations and those of captions."""
        entries: list[dict[str, Any]] = []
        captions: list[dict[str, Any]] = []
        for shape, skeleton in _objects(image):
            self._last_id += 1
            entry = _entry(shape, image, self._last_id, masks)
            if shape.shape_type == "caption":
                captions.append(entry)
                continue
            entries.append(entry)
            points = self._points.get(shape.class_number, 0)
            if points or skeleton is not None:
                entry |= _keypoints(skeleton, points)
        return entries, captions

    def finish(self) -> None:
        """An export without images is a file without images."""
        if not self._opened:
            self._file("instances", "default")

    def close(self) -> None:
        for file in self._opened.values():
            file.close()

    def _file(self, kind: str, split: str) -> _File:
        key = (kind, split)
        if key not in self._opened:
            self._opened[key] = _File(self._folder / f"{kind}_{safe_name(split)}.json", self._dataset)
        return self._opened[key]


class _Masks:
    """Masks whose texts are still missing in their entries: many are written with one another in little more time than
    one by itself.
    """

    def __init__(self) -> None:
        self._entries: list[dict[str, Any]] = []
        self._shapes: list[dict[str, Any]] = []
        self._sizes: list[tuple[int, int]] = []

    def add(self, entry: dict[str, Any], shape: dict[str, Any], image: ImageRecord) -> None:
        self._entries.append(entry)
        self._shapes.append(shape)
        self._sizes.append((image.width, image.height))

    def write(self) -> None:
        shapes = self._shapes
        texts = texts_of_pictures(
            [shape["counts"] for shape in shapes], [shape["box"] for shape in shapes], self._sizes
        )
        for entry, (width, height), text in zip(self._entries, self._sizes, texts, strict=True):
            entry["segmentation"] = {"size": (height, width), "counts": text}


class _File:
    """One JSON file, written as it grows: annotations go straight to it, image entries wait for their turn on disk."""

    def __init__(self, path: Path, dataset: Dataset) -> None:
        self._file = path.open("wb", buffering=1 << 20)
        self._images = SpooledTemporaryFile(_SPOOLED_BYTES)  # noqa: SIM115 (lives as long as this object)
        head = {
            "info": {"description": str(dataset.info.get("project", "")), "contributor": "Annotator", **dataset.info},
            "licenses": [],
            "categories": [category_entry(entry) for entry in dataset.classes],
        }
        self._file.write(orjson.dumps(head)[:-1] + b',"annotations":[')
        self._annotation_separator = self._image_separator = b"\n"

    def add(self, image: ImageRecord, entries: list[dict[str, Any]]) -> None:
        entry = {"id": image.number, "file_name": safe_name(image.name), "width": image.width, "height": image.height}
        self._images.write(self._image_separator + orjson.dumps(entry))
        self._image_separator = b",\n"
        if entries:
            self._file.write(self._annotation_separator + b",\n".join(map(orjson.dumps, entries)))
            self._annotation_separator = b",\n"

    def close(self) -> None:
        self._file.write(b'\n],"images":[')
        self._images.seek(0)
        shutil.copyfileobj(self._images, self._file, 1 << 20)
        self._file.write(b"\n]}\n")
        self._images.close()
        self._file.close()


def _objects(image: ImageRecord) -> Iterator[tuple[AnnotationRecord, AnnotationRecord | None]]:
    """What is written as one annotation: an outline with its skeleton, or either alone."""
    found = [record for sent in image.annotations if (record := fitted(sent, image, _FATES)) is not None]
    partners = _partners(found) if any(record.group is not None for record in found) else {}
    for place, record in enumerate(found):
        partner = found[partners[place]] if place in partners else None
        if partner is None:
            yield record, record if record.shape_type == "skeleton" else None
        elif record.shape_type != "skeleton":
            yield record, partner


def _partners(found: list[AnnotationRecord]) -> dict[int, int]:
    """Places of outlines and skeletons that are one object: alone together in a group, of one class, marked alike."""
    groups = defaultdict(list)
    for place, record in enumerate(found):
        if record.group is not None:
            groups[record.group].append(place)
    pairs: dict[int, int] = {}
    for places in groups.values():
        kinds = sorted(found[place].shape_type == "skeleton" for place in places)
        if kinds == [False, True] and len({_marks_text(found[place]) for place in places}) == 1:
            first, second = places
            has_box = "box" in (found[first].shape_type, found[second].shape_type)
            # The reader would take such a box for the skeleton's own.
            if has_box and is_hull(found[first].box, found[second].box):
                continue
            pairs |= {first: second, second: first}
    return pairs


def _marks_text(record: AnnotationRecord) -> bytes:
    marks = (record.occluded, record.truncated, record.crowd, record.score, dict(record.attributes))
    return orjson.dumps((record.class_number, record.shape_type == "caption", marks), option=orjson.OPT_SORT_KEYS)


def _keypoints(skeleton: AnnotationRecord | None, count: int) -> dict[str, Any]:
    points = skeleton.shape["points"] if skeleton is not None else []
    flat = [value for point in points for value in point]
    return {
        "keypoints": flat + [0] * (3 * count - len(flat)),
        "num_keypoints": sum(visibility > 0 for visibility in flat[2::3]),
    }


def _entry(annotation: AnnotationRecord, image: ImageRecord, number: int, masks: _Masks) -> dict[str, Any]:
    kind, box = annotation.shape_type, annotation.box
    entry: dict[str, Any] = {"id": number, "image_id": image.number, "category_id": annotation.class_number}
    if kind == "caption":
        entry["caption"] = annotation.shape["text"]
    else:
        entry["bbox"] = box
        entry["area"] = box[2] * box[3] if kind == "skeleton" else annotation.area
        entry["iscrowd"] = 1 if annotation.crowd else 0
        entry["segmentation"] = () if kind in _WITHOUT_OUTLINE else _segmentation(annotation, image)
        if kind == "mask":
            masks.add(entry, annotation.shape, image)
    if annotation.attributes or annotation.occluded or annotation.truncated:
        marks = {"occluded": annotation.occluded, "truncated": annotation.truncated}
        entry["attributes"] = {**annotation.attributes, **{name: True for name, is_set in marks.items() if is_set}}
    if annotation.score is not None:
        entry["score"] = annotation.score
    return entry


def _segmentation(annotation: AnnotationRecord, image: ImageRecord) -> Any:
    text = annotation.shape_json
    if text.startswith(_RINGS_START):
        # The canonical text holds the very numbers that COCO wants, with other brackets between them: rewriting those
        # is five times as fast as parsing and printing the numbers.
        inner = text[len(_RINGS_START) : -len(_RINGS_END)]
        if is_one_ring(text):
            return orjson.Fragment(f"[[{inner.replace('],[', ',')}]]")
        rings = inner.split(_RINGS_BETWEEN)
        return orjson.Fragment(f"[[{'],['.join([ring.replace('],[', ',') for ring in rings])}]]")
    rle = shape_to_rle(annotation.shape, image.width, image.height)
    return {"size": (image.height, image.width), "counts": rle.to_string()}


FORMAT = Coco()
