"""Pascal VOC boxes. Owns the layout and the writer; the reader is `voc_reader.py`. Knows no other format.

    VOCdevkit/VOC2012/                     VOC2007 where there is a test split: only there do readers look for one
        Annotations/<id>.xml
        ImageSets/Main/{train,val,trainval}.txt, test.txt where there is a test split
        JPEGImages/<id>.jpg                where pictures were asked for; always JPEG, readers look for nothing else
        labelmap.txt                       classes with colours; without it Datumaro reads no classes but VOC's

An id is the picture's name without its ending, "/" and blanks replaced, because the split files divide at blanks; the
name itself stands in `<source><image>`. Corners are whole pixels, counted from 1, the last one included, as VOC counts;
with the option `coordinates: "raw"` they are what most tools take them for: counted from 0, the last one excluded.
`<source><annotation>` says which, and `<source><database>` says Annotator.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from math import floor
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, FormatError, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS, without
from datasets_app.formats.features import count_lost
from datasets_app.formats.pictures import copy_picture_as_jpeg
from datasets_app.formats.small_files import small_files_of
from datasets_app.formats.voc_layout import TEST_YEAR, YEAR, Ids, SplitFiles, write_labelmap
from datasets_app.formats.voc_reader import COORDINATES, OUR_DATABASE, detect_voc, read_voc
from datasets_app.ir import AnnotationRecord, Box, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Voc(Format):
    """Boxes only: other outlines are replaced by their bounding box, tags, captions, lines and points are left out."""

    lossy = frozenset(
        (
            *without(BOXES_ONLY, "multi_part"),
            *without(MARKS, "tracks", "occluded", "truncated"),
            *("sub_pixel", "verified_empty", "unused_classes", "unsplit", "pictures"),
        )
    )

    @override
    def detect(self, root: Path) -> float:
        return detect_voc(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        """With the option `coordinates` ("one_based" or "raw"); without it a corner at 0 anywhere means raw."""
        return read_voc(root, report, progress, options.get("coordinates"))

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
        coordinates = options.get("coordinates", "one_based")
        if coordinates not in COORDINATES:
            raise FormatError(f"coordinates is {coordinates!r}; it must be one of: {', '.join(COORDINATES)}.")
        report = Report()
        names = {entry.number: _text(entry.name) for entry in dataset.classes}
        folder = root / "VOCdevkit" / YEAR
        (folder / "Annotations").mkdir(parents=True, exist_ok=True)
        (folder / "JPEGImages").mkdir(exist_ok=True)
        write_labelmap(folder, dataset.classes)
        files = small_files_of(options)
        ids = Ids()
        unused = set(names)
        with SplitFiles(folder / "ImageSets" / "Main") as splits:
            for done, image in enumerate(dataset.images, 1):
                key = ids.take(image.name)
                objects = [found for found in (fitted(a, image, BOXES_ONLY) for a in image.annotations) if found]
                text = _xml(image, objects, key, names, coordinates)
                files.write(f"{folder}/Annotations/{key}.xml", text.encode())
                splits.add(key, image.split)
                count_lost(image, self.lossy, report.lost)
                unused.difference_update(found.class_number for found in objects)
                if images and copy_picture_as_jpeg(image, folder / "JPEGImages" / f"{key}.jpg"):
                    report.lost["pictures"] += 1
                progress(done, dataset.image_count)
        if splits.has_test:
            files.rename(folder, folder.with_name(TEST_YEAR))
        if unused:
            report.lost["unused_classes"] = len(unused)
        return report


def _xml(
    image: ImageRecord, found: list[AnnotationRecord], key: str, names: Mapping[int, str], coordinates: str
) -> str:
    objects = "".join(
        _object(annotation, names[annotation.class_number], _corners(annotation.box, image, coordinates))
        for annotation in found
    )
    return (
        "<annotation>\n"
        f"\t<folder>JPEGImages</folder>\n\t<filename>{_text(key)}.jpg</filename>\n"
        f"\t<source>\n\t\t<database>{OUR_DATABASE}</database>\n\t\t<annotation>{COORDINATES[coordinates]}</annotation>\n"
        f"\t\t<image>{_text(image.name)}</image>\n\t</source>\n"
        f"\t<size>\n\t\t<width>{image.width}</width>\n\t\t<height>{image.height}</height>\n\t\t<depth>3</depth>\n\t</size>\n"
        f"\t<segmented>0</segmented>\n{objects}</annotation>\n"
    )


def _object(annotation: AnnotationRecord, name: str, corners: tuple[int, int, int, int]) -> str:
    attributes = dict(annotation.attributes)
    difficult = int(bool(attributes.pop("difficult", False)) or annotation.crowd)
    pose = _text(str(attributes.pop("pose", "Unspecified")))
    xmin, ymin, xmax, ymax = corners
    return (
        f"\t<object>\n\t\t<name>{name}</name>\n\t\t<pose>{pose}</pose>\n"
        f"\t\t<truncated>{annotation.truncated:d}</truncated>\n\t\t<difficult>{difficult}</difficult>\n"
        f"\t\t<occluded>{annotation.occluded:d}</occluded>\n"
        f"\t\t<bndbox>\n\t\t\t<xmin>{xmin}</xmin>\n\t\t\t<ymin>{ymin}</ymin>\n"
        f"\t\t\t<xmax>{xmax}</xmax>\n\t\t\t<ymax>{ymax}</ymax>\n\t\t</bndbox>\n"
        f"{_attributes(attributes) if attributes else ''}\t</object>\n"
    )


def _attributes(attributes: Mapping[str, Any]) -> str:
    lines = "".join(
        f"\t\t\t<attribute>\n\t\t\t\t<name>{_text(name)}</name>\n\t\t\t\t<value>{_text(_value(value))}</value>\n"
        "\t\t\t</attribute>\n"
        for name, value in attributes.items()
    )
    return f"\t\t<attributes>\n{lines}\t\t</attributes>\n"


def _value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _corners(box: Box, image: ImageRecord, coordinates: str) -> tuple[int, int, int, int]:
    """(xmin, ymin, xmax, ymax) of the nearest whole pixels, at least one wide and high, inside the picture."""
    x, y, width, height = box
    left, right = _span(x, x + width, image.width)
    top, bottom = _span(y, y + height, image.height)
    first = 1 if coordinates == "one_based" else 0
    return left + first, top + first, right, bottom


def _span(start: float, end: float, limit: int) -> tuple[int, int]:
    first = min(floor(start + 0.5), limit - 1)
    return first, max(min(floor(end + 0.5), limit), first + 1)


def _text(value: str) -> str:
    return escape(_NOT_XML.sub("", value), quote=False)


FORMAT = Voc()
