"""From "CVAT for images 1.1" of any origin to records. Knows only that layout.

The file is walked twice: labels that the head does not declare must be known before the first record leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

from datasets_app.formats.base import Progress, Report
from datasets_app.formats.checked import checked_size, joined_polygons, picture_record
from datasets_app.formats.cvat_reader import (
    AnnotationReader,
    CvatFile,
    classes_of,
    note_labels,
    records,
    split_of,
    survey,
)
from datasets_app.formats.cvat_shapes import SHAPE_TAGS
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

PART = "part_of"
"""Our field on polygons that are parts of one object. CVAT passes over fields that it does not know."""


def read_cvat_images(root: Path, report: Report, progress: Progress) -> Dataset:
    files = survey(root, "image", report, note_labels)
    classes = classes_of(files)
    numbers = {entry.name: entry.number for entry in classes}
    images, shapes = sum(file.records for file in files), sum(file.shapes for file in files)
    return Dataset(classes, _Reader(root, files, numbers, report).images(progress, images), images, shapes)


class _Reader:
    def __init__(self, root: Path, files: list[CvatFile], numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._files = files
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()

    def images(self, progress: Progress, total: int) -> Iterator[ImageRecord]:
        done = 0
        for file in self._files:
            reader = AnnotationReader(file, self._numbers, self._report)
            for element in records(file, "image"):
                done += 1
                image = self._image(element, done, reader)
                if image is not None:
                    yield image
                progress(done, total)

    def _image(self, element: Element, place: int, reader: AnnotationReader) -> ImageRecord | None:
        file = reader.file
        where = f"{file.name}: image {place}"
        said = element.get("name")
        if not said:
            self._report.refuse(where, "The <image> has no name.")
            return None
        name = safe_name(said)
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each picture may be listed once.")
            return None
        path = self._pictures.find(name, file.path.parent / "images")
        size = checked_size(element.get("width"), element.get("height"), path)
        if size is None:
            self._report.refuse(where, f"{name} has no width and height, and the picture is not at hand to tell them.")
            return None
        self._names.add(name)
        picture = picture_record(place, name, size, path)
        annotations = tuple(self._annotations(element, picture, f"{file.name}: {name}", reader))
        state = "annotated" if annotations else "unlabelled"
        split = split_of(element.get("subset")) or file.split
        return replace(picture, annotations=annotations, state=state, split=split)

    def _annotations(
        self, element: Element, picture: ImageRecord, where: str, reader: AnnotationReader
    ) -> Iterator[AnnotationRecord]:
        parts: dict[str, list[AnnotationRecord]] = {}
        found: list[list[AnnotationRecord]] = []
        for place, shape in enumerate((child for child in element if child.tag in SHAPE_TAGS), 1):
            record = reader.annotation(shape, shape.get("label") or "", picture, f"{where}, <{shape.tag}> {place}")
            if record is None:
                continue
            part = shape.get(PART)
            if part is None or record.shape_type != "polygon":
                found.append([record])
            elif part in parts:
                parts[part].append(record)
            else:
                # The number that holds the parts together is a group of its own only where a group was meant.
                own = replace(record, group=None) if shape.get("group_id") == part else record
                parts[part] = [own]
                found.append(parts[part])
        for records_of_one in found:
            yield joined_polygons(records_of_one, picture, where, self._report)
