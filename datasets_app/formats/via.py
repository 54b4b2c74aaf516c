"""VGG Image Annotator 2. Owns the layout and the writer; the reader is `via_reader.py`.

    via_project.json           the project, to be opened in VIA from the folder that it lies in
    <name>                     the pictures, where they were asked for

The class is the attribute `class`, chosen from a list; further attributes are texts. Tags are ticked options of the
file, its width, height and split are attributes of it. A hole is joined to its outline by a bridge of no width, which
the attribute `annotator_bridged` tells; the parts of a polygon and the points of a skeleton share `annotator_part_of`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import SpooledTemporaryFile
from types import MappingProxyType
from typing import Any

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_POLYGON, LEFT_OUT, count_lost
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.via_classes import CLASS, TAGS
from datasets_app.formats.via_reader import BRIDGED, DEFINITIONS, IMAGES, MARKS, PART, POINT, detect_via, read_via
from datasets_app.formats.via_shapes import regions_of
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_FATES = {"captions": LEFT_OUT, "rotated_boxes": AS_POLYGON, "masks": AS_POLYGON}
_UNKNOWN_BYTES = -1
_SPOOLED_BYTES = 1 << 18


class Via(Format):
    """Every shape but captions; rotated boxes and masks as polygons."""

    lossy = frozenset(
        (*_FATES, "holes", "attributes", "sources", "states", "verified_empty", "image_tags", "image_groups")
    )

    @override
    def detect(self, root: Path) -> float:
        return detect_via(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_via(root, report, progress)

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
        used: dict[str, None] = {}
        separator = b"\n"
        with (
            SpooledTemporaryFile(_SPOOLED_BYTES) as keys,
            (root / "via_project.json").open("wb", buffering=1 << 18) as file,
        ):
            file.write(orjson.dumps(_head(dataset))[:-1] + f',"{IMAGES}":{{'.encode())
            for done, image in enumerate(dataset.images, 1):
                name = safe_name(image.name)
                if images:
                    copy_picture(image, root / name)
                size = (root / name).stat().st_size if images else _UNKNOWN_BYTES
                key = orjson.dumps(f"{name}{size}")
                file.write(separator + key + b":" + orjson.dumps(_entry(image, name, size, names, used)))
                keys.write(separator + key)
                separator = b",\n"
                count_lost(image, self.lossy, report.lost)
                progress(done, dataset.image_count)
            file.write(f'\n}},"{DEFINITIONS}":'.encode() + orjson.dumps(_definitions(dataset, used)))
            file.write(b',"_via_image_id_list":[')
            keys.seek(0)
            shutil.copyfileobj(keys, file, 1 << 16)
            file.write(b"\n]}\n")
        return report


def _head(dataset: Dataset) -> dict[str, Any]:
    project = str(dataset.info.get("project", "")) or "Annotator"
    core = {"buffer_size": 18, "filepath": {}, "default_filepath": ""}
    return {
        "_via_data_format_version": "2.0.10",
        "_via_settings": {"core": core, "project": {"name": project}},
    }


def _definitions(dataset: Dataset, used: Mapping[str, None]) -> dict[str, Any]:
    options = {entry.name: "" for entry in dataset.classes}
    chosen = {"type": "dropdown", "description": "", "options": options, "default_options": {}}
    text = {"type": "text", "description": "", "default_value": ""}
    further = {name: text for name in used if name != CLASS}
    ticked = {**chosen, "type": "checkbox"}
    return {
        "region": {CLASS: chosen, **further},
        "file": {TAGS: ticked, **dict.fromkeys(("width", "height", "split"), text)},
    }


def _entry(image: ImageRecord, name: str, size: int, names: Mapping[int, str], used: dict[str, None]) -> dict[str, Any]:
    about: dict[str, Any] = {"width": str(image.width), "height": str(image.height)}
    if image.split:
        about["split"] = image.split
    tags = [names[found.class_number] for found in image.annotations if found.shape_type == "tag"]
    if tags:
        about[TAGS] = dict.fromkeys(tags, True)
    regions: list[dict[str, Any]] = []
    for place, found in enumerate(image.annotations, 1):
        written = None if found.shape_type == "tag" else fitted(found, image, _FATES)
        if written is not None:
            regions += _regions(written, names[found.class_number], str(place))
    for region in regions:
        used.update(dict.fromkeys(region["region_attributes"]))
    return {"filename": name, "size": size, "regions": regions, "file_attributes": about}


def _regions(annotation: AnnotationRecord, label: str, key: str) -> Iterator[dict[str, Any]]:
    shape = annotation.shape
    said = {CLASS: label, **_texts(annotation)}
    regions = regions_of(shape)
    points = shape["points"] if shape["type"] == "skeleton" else []
    for place, (region, has_bridges) in enumerate(regions):
        own = dict(said)
        if points and (len(points) > 1 or points[0][2] != 2):
            mark = points[place][2]
            if not mark:
                continue
            own[POINT] = f"{place}/{len(points)}/{mark}"
        if len(regions) > 1:
            own[PART] = key
        if has_bridges:
            own[BRIDGED] = "true"
        yield {"shape_attributes": region, "region_attributes": own}


def _texts(annotation: AnnotationRecord) -> dict[str, str]:
    values: dict[str, Any] = {name: value for name, value in annotation.attributes.items() if name != CLASS}
    values |= {mark: True for mark in MARKS if getattr(annotation, mark)}
    if annotation.z_order:
        values["z_order"] = annotation.z_order
    if annotation.group is not None:
        values["group"] = annotation.group
    if annotation.score is not None:
        values["score"] = annotation.score
    return {name: value if isinstance(value, str) else orjson.dumps(value).decode() for name, value in values.items()}


FORMAT = Via()
