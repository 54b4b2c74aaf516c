"""From COCO files of any origin to records: what is missing is mended, what cannot be is refused. Knows only COCO.

Read are all JSON files below the folder that have `images`; the split is told by words in the name of the file or its
folder (`train`, `val`, `valid`, `validation`, `test`). Files of one folder and split that list the same images, as
instances, keypoints and captions do, are read as one; panoptic files are a format of their own. Two passes:
`coco_index.py` says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from annotator.core.geometry.rings import canonical_rings
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import SPLIT_WORDS, checked_size, picture_record
from datasets_app.formats.coco_categories import Categories, read_categories
from datasets_app.formats.coco_entries import Outline, Picture, believed_area, entry_records, outlined_record
from datasets_app.formats.coco_index import CocoFile, CocoIndex, Indexed, id_text, image_name
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_PROBED_BYTES = 1 << 16
_KEYS = (b'"images"', b'"annotations"', b'"categories"')
PANOPTIC = b'"segments_info"'
_BATCH_ANNOTATIONS = 250
"""Outlines are checked so many at a time, for which their images are held in memory."""

_ASIDE = re.compile(r"^(panoptic|stuff|image_info)", re.IGNORECASE)
_CVAT_NOTE = (
    "Every run-length mask is marked as a crowd, which evaluation ignores. CVAT and Datumaro mark all masks so; where "
    "they are single objects, take the mark away after the import."
)


def detect_coco(root: Path) -> float:
    """0.95 where all three lists of COCO are named at the beginning or end of one file, less where only two are."""
    best = 0.0
    for path in json_files(root):
        ends = ends_of(path)
        found = {3: 0.95, 2: 0.6}.get(sum(key in ends for key in _KEYS), 0.0)
        best = max(best, min(found, 0.3) if PANOPTIC in ends else found)
    return best


def read_coco(root: Path, report: Report, progress: Progress) -> Dataset:
    index = _indexed(root, report)
    categories = read_categories(index, report)
    index.settle_ids()
    if index.masks["crowd"] and not index.masks["single"]:
        report.notes.append(_CVAT_NOTE)
    reader = _Reader(index, categories, PictureFolder(root), report)
    return Dataset(categories.classes, reader.images(progress), index.image_count, index.annotation_count, index.info)


def json_files(root: Path) -> list[Path]:
    if root.is_file():
        return [root] if root.suffix.lower() == ".json" else []
    return sorted(path for path in root.rglob("*") if path.suffix.lower() == ".json" and path.is_file())


def ends_of(path: Path) -> bytes:
    """The beginning and the end of a file; the lists of COCO are named in one of them."""
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_PROBED_BYTES)
        file.seek(max(size - _PROBED_BYTES, 0))
        return head + file.read(_PROBED_BYTES)


def split_of(path: Path, top: Path) -> str | None:
    for part in (path.stem, *reversed(path.relative_to(top).parts[:-1])):
        for word in re.split(r"[^a-z]+", part.lower()):
            if word in SPLIT_WORDS:
                return SPLIT_WORDS[word]
    return None


def _indexed(root: Path, report: Report) -> CocoIndex:
    top = root if root.is_dir() else root.parent
    index = CocoIndex(report)
    candidates = [path for path in json_files(root) if PANOPTIC not in ends_of(path)]
    if any(path.stem.lower().startswith("instances") for path in candidates):
        candidates = [path for path in candidates if not _ASIDE.match(path.stem)]
    # Instances first: what they say of an object goes before what other files repeat.
    for path in sorted(candidates, key=lambda path: not path.stem.lower().startswith("instances")):
        split = split_of(path, top)
        index.add(CocoFile(path, path.relative_to(top).as_posix(), split, (str(path.parent), split)))
    if not index.files:
        raise FormatError('No COCO file was found: a JSON object with the lists "images", "annotations", "categories".')
    return index


class _Reader:
    def __init__(self, index: CocoIndex, categories: Categories, pictures: PictureFolder, report: Report) -> None:
        self._index = index
        self._categories = categories
        self._pictures = pictures
        self._report = report
        self._file_numbers = {file.path: number for number, file in enumerate(index.files)}
        self._names: set[str] = set()
        self._numbers: dict[tuple[int, int], int] = {}
        """By file and category as the entries have it: what was found once is not written out as text again."""

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        total = self._index.image_count
        for batch in _batches(self._index.walk_images()):
            outlines = _outlines(batch)
            for (place, file, entry, number, found), known in zip(batch, outlines, strict=True):
                image = self._image(file, entry, number if self._index.keeps_ids else place + 1, found, known)
                if image is not None:
                    yield image
                progress(place + 1, total)
        for file, entry in self._index.walk_orphans():
            key = id_text(entry.get("image_id"))
            self._report.refuse(_where(file, entry), f"There is no image with the id {key!r} that could be read.")

    def _image(
        self, file: CocoFile, entry: Any, number: int, found: list[tuple[CocoFile, Any]], outlines: Sequence[Outline]
    ) -> ImageRecord | None:
        where = f"{file.name}: image {id_text(entry['id'])}"
        name = image_name(entry) or ""
        path = self._pictures.find(name, file.path.parent)
        if name in self._names:
            # Files of other splits may use the same names in folders of their own.
            name = safe_name(f"{file.path.parent.relative_to(self._pictures.root).as_posix()}/{name}")
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each file name may be listed once.")
            return None
        size = checked_size(entry.get("width"), entry.get("height"), path)
        if size is None:
            self._report.refuse(where, f"{name} has no width and height, and the picture is not at hand to tell them.")
            return None
        self._names.add(name)
        annotations = tuple(self._annotations(found, outlines, Picture(*size, self._report)))
        state = "annotated" if annotations else "unlabelled"
        return picture_record(number, name, size, path, annotations=annotations, state=state, split=file.split)

    def _annotations(
        self, found: list[tuple[CocoFile, Any]], outlines: Sequence[Outline], picture: Picture
    ) -> list[AnnotationRecord]:
        kept: list[AnnotationRecord] = []
        outlined: dict[tuple[str, int], tuple[CocoFile, int]] = {}
        group = 0
        is_alone = len(self._index.files) == 1
        for (file, entry), outline in zip(found, outlines, strict=True):
            number = self._class_number(file, entry)
            if is_alone and number is not None and (plain := outlined_record(entry, number, outline)) is not None:
                kept.append(plain)
                continue
            where = _where(file, entry)
            if number is None:
                self._report.refuse(where, f"There is no category with the id {entry.get('category_id')!r}.")
                continue
            records = entry_records(entry, number, picture, where, group + 1, outline)
            if not is_alone and records and "id" in entry and "caption" not in entry:
                first, place = outlined.setdefault((id_text(entry["id"]), number), (file, len(kept)))
                if first is not file:
                    # Keypoint files repeat the outline of the object that has the same id among the instances.
                    records = [replace(r, group=group + 1) for r in records if r.shape_type == "skeleton"]
                    if records:
                        kept[place] = replace(kept[place], group=group + 1)
                        group += 1
            group += len(records) > 1
            kept += records
        return kept

    def _class_number(self, file: CocoFile, entry: dict[str, Any]) -> int | None:
        category = entry.get("category_id")
        if type(category) is int and (known := self._numbers.get((id(file), category))) is not None:
            return known
        number = self._categories.numbers.get((self._file_numbers[file.path], id_text(category)))
        if number is None:
            return self._categories.caption if isinstance(entry.get("caption"), str) else None
        if type(category) is int:
            self._numbers[id(file), category] = number
        return number


def _batches(images: Iterable[Indexed]) -> Iterator[list[Indexed]]:
    batch: list[Indexed] = []
    room = _BATCH_ANNOTATIONS
    for image in images:
        batch.append(image)
        room -= 1 + len(image[-1])
        if room <= 0:
            yield batch
            batch, room = [], _BATCH_ANNOTATIONS
    if batch:
        yield batch


def _outlines(batch: list[Indexed]) -> list[list[Outline]]:
    """Of each image the outlines of its annotations, where they are what COCO files usually hold."""
    rings: list[Any] = []
    sizes: list[tuple[int, int]] = []
    areas: list[float | None] = []
    for _, _, image, _, found in batch:
        size = checked_size(image.get("width"), image.get("height"), None)
        for _, entry in found:
            segmentation = entry.get("segmentation") if size is not None else None
            is_ring = type(segmentation) is list and len(segmentation) == 1
            rings.append(segmentation[0] if is_ring and segmentation else None)
            sizes.append(size or (0, 0))
            areas.append(believed_area(entry))
    known = iter(canonical_rings(rings, sizes, areas))
    return [list(islice(known, len(image[-1]))) for image in batch]


def _where(file: CocoFile, annotation: Any) -> str:
    return f"{file.name}: annotation {annotation.get('id')!r}"
