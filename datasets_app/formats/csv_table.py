"""One table of boxes and tags. Owns the layout and the writer; the reader is `csv_reader.py`. Knows no other format.

    annotations.csv
        image,width,height,split,label,xmin,ymin,xmax,ymax,instance_id,
        occluded,truncated,crowd,z_order,group,score,attributes               (one line)
    images/<image>           the pictures, where they were asked for

RFC 4180 with a header. Corners are pixels from 0, the last one excluded, fractions and all. A row without corners is a
tag of the whole image, a row without a label an image without annotations. `instance_id` counts from 1 in each image,
`attributes` is a JSON object. Texts that a spreadsheet would run have an apostrophe in front (`table.py`).
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.csv_reader import COLUMNS, detect_csv, read_csv
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, REVIEW, without
from datasets_app.formats.features import count_lost
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.table import guarded
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

FILE_NAME = "annotations.csv"
_FATES = without(BOXES_ONLY, "tags")


class CsvTable(Format):
    """Boxes with their marks, and tags."""

    lossy = frozenset((*_FATES, *REVIEW, "unused_classes"))

    @override
    def detect(self, root: Path) -> float:
        return detect_csv(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `size_of`, the sizes of pictures that the table does not tell are asked for there."""
        return read_csv(root, report, progress, options.get("size_of"))

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
        names = {entry.number: guarded(entry.name) for entry in dataset.classes}
        unused = set(names)
        with (root / FILE_NAME).open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for done, image in enumerate(dataset.images, 1):
                found = [a for a in (fitted(a, image, _FATES) for a in image.annotations) if a is not None]
                table.writerows(_rows(image, found, names))
                unused.difference_update(annotation.class_number for annotation in found)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
        if unused:
            report.lost["unused_classes"] = len(unused)
        return report


def _rows(image: ImageRecord, found: list[AnnotationRecord], names: Mapping[int, str]) -> Iterator[list[Any]]:
    start = [guarded(safe_name(image.name)), image.width, image.height, image.split or ""]
    for number, annotation in enumerate(found, 1):
        yield [
            *start,
            names[annotation.class_number],
            *_corners(annotation),
            number,
            *(int(mark) for mark in (annotation.occluded, annotation.truncated, annotation.crowd)),
            annotation.z_order,
            "" if annotation.group is None else annotation.group,
            "" if annotation.score is None else annotation.score,
            orjson.dumps(dict(annotation.attributes)).decode() if annotation.attributes else "",
        ]
    if not found:
        yield [*start, *([""] * (len(COLUMNS) - len(start)))]


def _corners(annotation: AnnotationRecord) -> tuple[Any, ...]:
    if annotation.shape_type == "tag":
        return "", "", "", ""
    x, y, width, height = annotation.box
    # Sums of floats have noise in their last digits, which is none of anybody's business.
    return tuple(round(value, 6) for value in (x, y, x + width, y + height))


FORMAT = CsvTable()
