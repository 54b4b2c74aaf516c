"""Open Images tables. Owns the layout and the writer; the reader is `open_images_reader.py`. Knows no other format.

    <split>-annotations-bbox.csv                  ImageID,Source,LabelName,Confidence,XMin,XMax,YMin,YMax,IsOccluded,…
    <split>-annotations-human-imagelabels.csv     ImageID,Source,LabelName,Confidence: tags
    class-descriptions-boxable.csv                LabelName,name, without a header
    <split>/<ImageID>.*                           the pictures, where they were asked for
    images.csv                                    names and sizes (`listing.py`)

Corners are fractions of the picture's size. An `ImageID` is the stem of the picture's file; a `LabelName` of ours is
`/c/<class number>`. `IsGroupOf` is the crowd mark; `Confidence` is 1, or the score of an object that has one. The split
called val is `validation` here.
"""

from __future__ import annotations

import csv
import posixpath
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS, without
from datasets_app.formats.features import count_lost
from datasets_app.formats.listing import Listing, UniquePaths, suffix_of
from datasets_app.formats.open_images_reader import BOX_COLUMNS, BOXES, NAMES, TAG_COLUMNS, TAGS, detect, read
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.table import guarded
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_SPLITS = {"train": "train", "val": "validation", "test": "test"}
_FATES = without(BOXES_ONLY, "tags")


class OpenImages(Format):
    """Boxes with occlusion, truncation and the group mark, and tags."""

    lossy = frozenset(
        (*_FATES, *without(MARKS, "occluded", "truncated", "scores", "crowd"), "verified_empty", "unsplit")
    )

    @override
    def detect(self, root: Path) -> float:
        return detect(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `size_of`, the sizes of pictures that are not below `root` are asked for there."""
        return read(root, report, progress, options.get("size_of"))

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        report = Report()
        with (root / NAMES).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((f"/c/{entry.number}", guarded(entry.name)) for entry in dataset.classes)
        paths = UniquePaths()
        tables = _Tables(root)
        try:
            with Listing(root) as listing:
                for done, image in enumerate(dataset.images, 1):
                    split = _SPLITS.get(image.split or "", "train")
                    key = paths.take(safe_name(image.name).replace("/", "_"), suffix_of(image))
                    tables.add(split, posixpath.splitext(key)[0], image)
                    listing.add(f"{split}/{key}", image)
                    count_lost(image, self.lossy, report.lost)
                    if images:
                        copy_picture(image, root / split / key)
                    progress(done, dataset.image_count)
        finally:
            tables.close()
        return report


class _Tables:
    """The tables of each split, made when the first row comes; those of boxes for train in any case."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._files: list[IO[str]] = []
        self._tables: dict[tuple[str, str], Any] = {}
        self._table("train", BOXES, BOX_COLUMNS)

    def add(self, split: str, image_id: str, image: ImageRecord) -> None:
        for annotation in image.annotations:
            found = fitted(annotation, image, _FATES)
            if found is None:
                continue
            score = 1 if found.score is None else found.score
            row = (guarded(image_id), "human", f"/c/{found.class_number}", score)
            if found.shape_type == "tag":
                self._table(split, TAGS, TAG_COLUMNS).writerow(row)
            else:
                self._table(split, BOXES, BOX_COLUMNS).writerow((*row, *_corners(found, image), *_marks(found)))

    def close(self) -> None:
        for file in self._files:
            file.close()

    def _table(self, split: str, name: str, columns: tuple[str, ...]) -> Any:
        if (split, name) not in self._tables:
            file = (self._root / f"{split}{name}").open("w", encoding="utf-8", newline="")
            self._files.append(file)
            self._tables[split, name] = csv.writer(file)
            self._tables[split, name].writerow(columns)
        return self._tables[split, name]


def _corners(annotation: AnnotationRecord, image: ImageRecord) -> tuple[str, ...]:
    x, y, width, height = annotation.box
    sides = (x / image.width, (x + width) / image.width, y / image.height, (y + height) / image.height)
    return tuple(f"{min(max(side, 0.0), 1.0):.9f}" for side in sides)


def _marks(annotation: AnnotationRecord) -> tuple[int, ...]:
    return int(annotation.occluded), int(annotation.truncated), int(annotation.crowd), 0, 0


FORMAT = OpenImages()
