"""From COCO files of any origin to records: what is missing is mended, what cannot be is refused. Knows only COCO.

Read are all JSON files below the folder that have `images`, `annotations` and `categories`; the split is told by words
in the name of the file or its folder (`train`, `val`, `valid`, `validation`, `test`). Where files named `instances…`
are among them, files of keypoints, captions and the like, which repeat the same images, are left aside.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from annotator.core.geometry.base import Canonical, ShapeError
from annotator.core.geometry.mask import canonical_mask
from annotator.core.geometry.rle import Rle, RleError
from annotator.core.geometry.shapes import canonical
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.pictures import PictureFolder, opener, picture_size, safe_name
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

_PROBED_BYTES = 1 << 16
_KEYS = (b'"images"', b'"annotations"', b'"categories"')
_SPLIT_WORDS = {"train": "train", "val": "val", "valid": "val", "validation": "val", "test": "test"}
_NOT_INSTANCES = re.compile(r"^(person_)?(keypoints|captions|panoptic|stuff|image_info)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    name: str
    split: str | None
    content: dict[str, Any]


def detect_coco(root: Path) -> float:
    """0.95 where all three lists of COCO are named at the beginning or end of one file, less where only two are."""
    best = max((sum(key in _ends(path) for key in _KEYS) for path in _json_files(root)), default=0)
    return {3: 0.95, 2: 0.6}.get(best, 0.0)


def read_coco(root: Path, report: Report, progress: Progress) -> Dataset:
    files = _load(root, report)
    classes, numbers = _classes(files, report)
    count = sum(len(file.content["images"]) for file in files)
    reader = _Reader(files, numbers, PictureFolder(root), report)
    annotations = sum(len(file.content["annotations"]) for file in files)
    return Dataset(classes, reader.images(progress, count), count, annotations, _info(files))


def _json_files(root: Path) -> list[Path]:
    if root.is_file():
        return [root] if root.suffix.lower() == ".json" else []
    return sorted(path for path in root.rglob("*") if path.suffix.lower() == ".json" and path.is_file())


def _ends(path: Path) -> bytes:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_PROBED_BYTES)
        file.seek(max(size - _PROBED_BYTES, 0))
        return head + file.read(_PROBED_BYTES)


def _load(root: Path, report: Report) -> list[_File]:
    top = root if root.is_dir() else root.parent
    candidates = _json_files(root)
    if any(path.stem.lower().startswith("instances") for path in candidates):
        candidates = [path for path in candidates if not _NOT_INSTANCES.match(path.stem)]
    files = []
    for path in candidates:
        name = path.relative_to(top).as_posix()
        try:
            content = orjson.loads(path.read_bytes())
        except orjson.JSONDecodeError as error:
            report.refuse(name, f"The file is not JSON: {error}.")
            continue
        if isinstance(content, dict) and isinstance(content.get("images"), list):
            for key in ("annotations", "categories"):
                if not isinstance(content.get(key), list):
                    report.fix(name, f'The list "{key}" is missing; it was taken as empty.')
                    content[key] = []
            files.append(_File(path, name, _split(path, top), content))
    if not files:
        raise FormatError('No COCO file was found: a JSON object with the lists "images", "annotations", "categories".')
    return files


def _split(path: Path, top: Path) -> str | None:
    for part in (path.stem, *reversed(path.relative_to(top).parts[:-1])):
        for word in re.split(r"[^a-z]+", part.lower()):
            if word in _SPLIT_WORDS:
                return _SPLIT_WORDS[word]
    return None


def _info(files: list[_File]) -> dict[str, Any]:
    info = files[0].content.get("info")
    return info if isinstance(info, dict) else {}


def _classes(files: list[_File], report: Report) -> tuple[tuple[ClassRecord, ...], dict[tuple[str, str], int]]:
    """The classes of all files, one for each name, and the class number of each (file name, category id)."""
    ids: dict[str, Any] = {}
    names: dict[tuple[str, str], str] = {}
    for file in files:
        for category in file.content["categories"]:
            if not isinstance(category, dict) or "id" not in category:
                report.refuse(f"{file.name}: categories", f"{category!r} has no id; a category needs an id and a name.")
                continue
            name = str(category.get("name") or f"class {category['id']}")
            names[file.name, str(category["id"])] = name
            ids.setdefault(name, category["id"])
    usable = all(type(value) is int and value >= 1 for value in ids.values()) and len(set(ids.values())) == len(ids)
    if not usable:
        report.fix("categories", "The ids are not all different whole numbers from 1 on; classes were numbered anew.")
        ids = {name: number for number, name in enumerate(ids, 1)}
    classes = tuple(ClassRecord(number=number, name=name) for name, number in ids.items())
    return classes, {key: ids[name] for key, name in names.items()}


class _Reader:
    def __init__(
        self, files: list[_File], numbers: dict[tuple[str, str], int], pictures: PictureFolder, report: Report
    ) -> None:
        self._files = files
        self._numbers = numbers
        self._pictures = pictures
        self._report = report
        self._names: set[str] = set()
        image_ids = [image.get("id") for file in files for image in file.content["images"] if isinstance(image, dict)]
        keeps = all(type(value) is int and value >= 1 for value in image_ids)
        self._keeps_ids = keeps and len(set(image_ids)) == len(image_ids)

    def images(self, progress: Progress, total: int) -> Iterator[ImageRecord]:
        done = 0
        for file in self._files:
            by_image = self._grouped(file)
            for entry in file.content["images"]:
                done += 1
                image = self._image(file, entry, done, by_image)
                if image is not None:
                    yield image
                progress(done, total)
            for key, orphans in by_image.items():
                for orphan in orphans:
                    where = _where(file, orphan)
                    self._report.refuse(where, f"There is no image with the id {key!r} that could be read.")

    def _grouped(self, file: _File) -> dict[str, list[dict[str, Any]]]:
        by_image = defaultdict(list)
        missing: Counter[str] = Counter()
        for annotation in file.content["annotations"]:
            if not isinstance(annotation, dict):
                self._report.refuse(file.name, f"The annotation {annotation!r:.60} is not an object.")
                continue
            by_image[str(annotation.get("image_id"))].append(annotation)
            missing.update(key for key in ("area", "iscrowd") if key not in annotation)
            missing.update(("keypoints",) if "keypoints" in annotation else ())
        sentences = {
            "area": "annotations lack the area; it was computed.",
            "iscrowd": "annotations lack iscrowd; they were read as single objects.",
            "keypoints": "annotations have keypoints; only their outline was read.",
        }
        for key, count in missing.items():
            self._report.fix(file.name, f"{count} {sentences[key]}")
        return by_image

    def _image(
        self, file: _File, entry: Any, done: int, by_image: dict[str, list[dict[str, Any]]]
    ) -> ImageRecord | None:
        where = f"{file.name}: image {done}"
        if not isinstance(entry, dict) or "id" not in entry or not isinstance(entry.get("file_name"), str):
            self._report.refuse(where, 'An image needs "id" and "file_name".')
            return None
        name = safe_name(entry["file_name"])
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each file name may be listed once.")
            return None
        path = self._pictures.find(name, file.path.parent)
        size = _size(entry) or (picture_size(path) if path else None)
        if size is None:
            self._report.refuse(where, f"{name} has no width and height, and the picture is not at hand to tell them.")
            return None
        self._names.add(name)
        width, height = size
        found = by_image.pop(str(entry["id"]), ())
        annotations = tuple(filter(None, (self._annotation(file, item, width, height) for item in found)))
        return ImageRecord(
            number=entry["id"] if self._keeps_ids else done,
            name=name,
            width=width,
            height=height,
            annotations=annotations,
            state="annotated" if annotations else "unlabelled",
            split=file.split,
            suffix=(path or Path(name)).suffix.lower(),
            path=path,
            open=opener(path) if path else None,
        )

    def _annotation(self, file: _File, entry: dict[str, Any], width: int, height: int) -> AnnotationRecord | None:
        number = self._numbers.get((file.name, str(entry.get("category_id"))))
        if number is None:
            self._report.refuse(_where(file, entry), f"There is no category with the id {entry.get('category_id')!r}.")
            return None
        try:
            checked, note = _checked(entry, width, height)
        except ShapeError as error:
            self._report.refuse(_where(file, entry), str(error))
            return None
        for sentence in filter(None, (note, checked.mended)):
            self._report.fix(_where(file, entry), sentence)
        attributes = entry.get("attributes")
        rest = dict(attributes) if isinstance(attributes, dict) else {}
        score = entry.get("score")
        return AnnotationRecord(
            uuid="",
            class_number=number,
            shape_type=checked.type,
            box=checked.box,
            area=checked.area,
            shape_json=checked.json,
            occluded=rest.pop("occluded", False) is True,
            truncated=rest.pop("truncated", False) is True,
            attributes=rest,
            crowd=bool(entry.get("iscrowd")),
            source="import",
            score=float(score) if isinstance(score, (int, float)) else None,
        )


def _where(file: _File, annotation: dict[str, Any]) -> str:
    return f"{file.name}: annotation {annotation.get('id')!r}"


def _believed_area(entry: dict[str, Any]) -> float | None:
    area = entry.get("area")
    return float(area) if isinstance(area, (int, float)) else None


def _size(entry: dict[str, Any]) -> tuple[int, int] | None:
    width, height = entry.get("width"), entry.get("height")
    if isinstance(width, (int, float)) and isinstance(height, (int, float)) and width >= 1 and height >= 1:
        return int(width), int(height)
    return None


def _checked(entry: dict[str, Any], width: int, height: int) -> tuple[Canonical, str]:
    """The shape and what had to be mended to get it. Raises `ShapeError`."""
    segmentation = entry.get("segmentation")
    if isinstance(segmentation, dict):
        return canonical_mask(_mask(segmentation, width, height)), ""
    if isinstance(segmentation, list) and segmentation:
        shape, note = _polygon(segmentation, entry.get("bbox"), width, height)
    elif entry.get("bbox") is None:
        raise ShapeError('The annotation has neither "segmentation" nor "bbox".')
    else:
        shape, note = {"type": "box", "box": entry["bbox"]}, ""
    return canonical(shape, width, height, area=_believed_area(entry)), note


def _mask(segmentation: dict[str, Any], width: int, height: int) -> Rle:
    if segmentation.get("size") != [height, width]:
        size = segmentation.get("size")
        raise ShapeError(f"The mask's size is {size!r}; it must be [height, width] of its image: [{height}, {width}].")
    counts = segmentation.get("counts")
    try:
        if isinstance(counts, str):
            return Rle.from_string(counts, height, width)
        return Rle.from_counts(counts if isinstance(counts, list) else (), height, width)
    except RleError as error:
        raise ShapeError(f"The mask cannot be read. {error}") from None


def _polygon(rings: list[Any], bbox: Any, width: int, height: int) -> tuple[dict[str, Any], str]:
    note = ""
    if not isinstance(rings[0], list):
        rings, note = [rings], "The segmentation was one flat list of numbers; it was read as one ring."
    parts, reasons = [], []
    for ring in rings:
        if not isinstance(ring, list) or len(ring) < 6 or len(ring) % 2:
            size = len(ring) if isinstance(ring, list) else 0
            reasons.append(f"A ring has {size} numbers; it needs an even count of at least 6.")
            continue
        part = {"outer": [list(point) for point in zip(ring[0::2], ring[1::2], strict=True)], "holes": []}
        parts.append(part)
    if len(parts) > 1:
        parts = [part for part in parts if _is_usable(part, width, height, reasons)]
    if parts:
        return {"type": "polygon", "parts": parts}, " ".join(filter(None, (note, *reasons)))
    if bbox is not None:
        return {"type": "box", "box": bbox}, f"{reasons[0]} The bbox was read instead."
    raise ShapeError(reasons[0])


def _is_usable(part: dict[str, Any], width: int, height: int, reasons: list[str]) -> bool:
    try:
        canonical({"type": "polygon", "parts": [part]}, width, height)
    except ShapeError as error:
        reasons.append(f"A part was left out: {error}")
        return False
    return True
