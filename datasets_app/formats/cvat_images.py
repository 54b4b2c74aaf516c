"""CVAT for images 1.1. Owns the layout and the writer; the reader is `cvat_images_reader.py`.

    annotations.xml            <annotations>, in it <meta> with the labels and an <image> for each picture
    images/<name>              the pictures, where they were asked for

The subset of an image is its split. The head is that of a project with a task for each subset, for Datumaro finds the
images of a subset by that. A polygon in several parts is written as several in one group, and those carry a field
`part_of` that CVAT passes over and our reader joins them by. `truncated`, `crowd` and the score stand among the
attributes. Coordinates are written with all their digits.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any

from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.cvat_elements import attributes, element, head, marks, project_name, skeleton, task
from datasets_app.formats.cvat_images_reader import PART, read_cvat_images
from datasets_app.formats.cvat_labels import LabelWriter
from datasets_app.formats.cvat_reader import cvat_signs
from datasets_app.formats.cvat_shapes import geometry_of
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, LEFT_OUT, count_lost
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.xml_stream import xml_attribute, xml_text
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_NO_SUBSET = "default"
_SPOOLED_BYTES = 1 << 18
_FATES = {"captions": LEFT_OUT, "holes": AS_MASK}


class CvatImages(Format):
    """Every shape but captions."""

    lossy = frozenset((*_FATES, "sources", "states", "verified_empty", "image_tags", "image_groups"))

    @override
    def detect(self, root: Path) -> float:
        return cvat_signs(root, b"image", b"annotation")

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_cvat_images(root, report, progress)

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
        labels = LabelWriter(dataset.classes)
        subsets: Counter[str] = Counter()
        # The head declares every attribute, and which there are is known only at the end.
        with SpooledTemporaryFile(_SPOOLED_BYTES) as body:
            for done, image in enumerate(dataset.images, 1):
                subsets[image.split or _NO_SUBSET] += 1
                body.write(_image(image, done - 1, labels).encode())
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
            body.seek(0)
            with (root / "annotations.xml").open("wb") as file:
                file.write(_head(dataset, labels, subsets).encode())
                shutil.copyfileobj(body, file, 1 << 16)
                file.write(b"</annotations>\n")
        if labels.mixed():
            report.lost["attributes"] += labels.mixed()
        return report


def _head(dataset: Dataset, labels: LabelWriter, subsets: Counter[str]) -> str:
    if not subsets:
        return head(task(dataset, "", 0, "annotation", labels.xml()))
    tasks = "".join(task(dataset, subset, size, "annotation", "") for subset, size in subsets.items())
    names = xml_text("\n".join(subsets))
    project = f"<project>\n<id>1</id>\n<name>{project_name(dataset)}</name>\n{labels.xml()}<subsets>{names}</subsets>\n"
    return head(f"{project}<tasks>\n{tasks}</tasks>\n</project>\n")


def _image(image: ImageRecord, number: int, labels: LabelWriter) -> str:
    subset = f' subset="{xml_attribute(image.split or _NO_SUBSET)}"'
    numbers = count(max((found.group or 0 for found in image.annotations), default=0) + 1)
    shapes = "".join(_annotation(found, image, labels, numbers) for found in image.annotations)
    return (
        f'<image id="{number}" name="{xml_attribute(safe_name(image.name))}"{subset}'
        f' width="{image.width}" height="{image.height}">\n{shapes}</image>\n'
    )


def _annotation(record: AnnotationRecord, image: ImageRecord, labels: LabelWriter, numbers: Iterator[int]) -> str:
    written = fitted(record, image, _FATES)
    if written is None:
        return ""
    fields = {"label": labels.name(record.class_number), **marks(record)}
    if record.group is not None:
        fields["group_id"] = str(record.group)
    inside = attributes(record, labels)
    shape = written.shape
    if shape["type"] == "skeleton":
        return skeleton(record.class_number, shape["points"], fields, inside, labels)
    geometries = list(geometry_of(shape))
    if len(geometries) > 1:
        part = str(next(numbers))
        fields = {"group_id": part, **fields, PART: part}
    return "".join(element(tag, {**fields, **geometry}, inside) for tag, geometry in geometries)


FORMAT = CvatImages()
