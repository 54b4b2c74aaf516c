"""From VIA's project files and exported annotations to records. Knows only VIA.

Every file is walked twice: which attribute is the class shows only at the end. VIA does not store the sizes of
pictures; they are taken from the pictures, or from attributes of the file named width and height.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import (
    SPLIT_WORDS,
    checked_annotation,
    checked_size,
    joined_polygons,
    number,
    picture_record,
    typed,
    whole_number,
)
from datasets_app.formats.json_walk import JsonError, walk
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.probing import ends_of, files_ending_in
from datasets_app.formats.via_classes import NAMELESS, TAGS, Attributes, class_names
from datasets_app.formats.via_shapes import shape_of
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

IMAGES = "_via_img_metadata"
DEFINITIONS = "_via_attributes"
MARKS = ("occluded", "truncated", "crowd")
PART, POINT, BRIDGED = "annotator_part_of", "annotator_point", "annotator_bridged"
"""Our attributes that hold the parts of a polygon and the points of a skeleton together, and tell bridges apart."""

_MAX_POINTS = 1000


def detect_via(root: Path) -> float:
    """By the key of a project, else by the keys that every entry of exported annotations has."""
    best = 0.0
    for path in files_ending_in(root, ".json"):
        ends = ends_of(path)
        if b'"_via_img_metadata"' in ends or b'"_via_settings"' in ends:
            return 0.98
        if all(key in ends for key in (b'"filename"', b'"regions"', b'"file_attributes"')):
            best = 0.95
    return best


@dataclass(slots=True)
class _Survey:
    """What a first walk over all files tells."""

    paths: list[Path] = field(default_factory=list)
    broken: set[Path] = field(default_factory=set)
    attributes: Attributes = field(default_factory=Attributes)
    images: int = 0


def read_via(root: Path, report: Report, progress: Progress) -> Dataset:
    survey = _Survey()
    top = root if root.is_dir() else root.parent
    for path in files_ending_in(root, ".json"):
        _look(survey, path, path.relative_to(top).as_posix(), report)
    if not survey.paths:
        raise FormatError('No VIA file was found: a JSON project with "_via_img_metadata", or annotations from it.')
    attributes = survey.attributes
    name, names = attributes.class_attribute(), attributes.class_list()
    if attributes.regions:
        report.notes.append(
            f'The attribute "{name}" was read as the class.'
            if name
            else f'No attribute is the class; all is "{NAMELESS}".'
        )
    classes = tuple(ClassRecord(number=place, name=entry) for place, entry in enumerate(names, 1))
    reader = _Reader(root, survey, {entry.name: entry.number for entry in classes}, report)
    return Dataset(classes, reader.images(progress), survey.images, attributes.regions)


def _look(survey: _Survey, path: Path, where: str, report: Report) -> None:
    is_via = False
    try:
        for found in walk(path, long_objects=(IMAGES,)):
            if found.key == DEFINITIONS:
                survey.attributes.define(found.value)
            is_via = is_via or found.key == IMAGES
            for entry in _entries(found.key, found.value, is_item=found.is_item):
                is_via = True
                survey.images += 1
                for region in _regions(entry):
                    survey.attributes.look(_attributes(region, "region_attributes"))
                survey.attributes.tags.update(dict.fromkeys(_tags(entry)))
    except JsonError as error:
        if is_via:
            survey.broken.add(path)
            report.refuse(where, f"{error} What stands before was read.")
    if is_via:
        survey.paths.append(path)


def _entries(key: str, value: Any, *, is_item: bool) -> Iterator[dict[str, Any]]:
    """The image that a value of the file describes: in a project a member of one object, else one of the file."""
    if key == IMAGES:
        if not is_item:
            return
        (value,) = value.values()
    if isinstance(value, dict) and "filename" in value and "regions" in value:
        yield value


def _regions(entry: Mapping[str, Any]) -> list[Any]:
    """Version 1 numbers the regions in an object."""
    regions = entry.get("regions")
    if isinstance(regions, dict):
        return list(regions.values())
    return regions if isinstance(regions, list) else []


def _attributes(entry: Any, key: str) -> dict[str, Any]:
    found = entry.get(key) if isinstance(entry, dict) else None
    return found if isinstance(found, dict) else {}


def _tags(entry: Mapping[str, Any]) -> list[str]:
    value = _attributes(entry, "file_attributes").get(TAGS)
    return class_names(value) if isinstance(value, dict) else []


class _Reader:
    def __init__(self, root: Path, survey: _Survey, numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._survey = survey
        self._class = survey.attributes.class_attribute()
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        done = 0
        for path in self._survey.paths:
            where = path.relative_to(self._pictures.root).as_posix()
            try:
                for found in walk(path, long_objects=(IMAGES,), report=self._report, name=where):
                    for entry in _entries(found.key, found.value, is_item=found.is_item):
                        done += 1
                        image = self._image(entry, done, path, where)
                        if image is not None:
                            yield image
                        progress(done, self._survey.images)
            except JsonError:
                if path not in self._survey.broken:
                    raise FormatError(f"{where} changed while it was read.") from None

    def _image(self, entry: dict[str, Any], place: int, path: Path, where: str) -> ImageRecord | None:
        said = entry["filename"]
        if not isinstance(said, str) or not said:
            self._report.refuse(f"{where}: image {place}", "An image needs a filename.")
            return None
        name = safe_name(said)
        if name in self._names:
            self._report.refuse(f"{where}: {name}", "It was listed before; each picture may be listed once.")
            return None
        about = _attributes(entry, "file_attributes")
        found = self._pictures.find(name, path.parent)
        size = checked_size(about.get("width"), about.get("height"), None) or checked_size(None, None, found)
        if size is None:
            sentence = "VIA stores no sizes; put the pictures beside the file, or give its files width and height."
            self._report.refuse(f"{where}: {name}", sentence)
            return None
        self._names.add(name)
        picture = picture_record(place, name, size, found)
        annotations = tuple(self._annotations(entry, picture, f"{where}: {name}"))
        split = about.get("split")
        return replace(
            picture,
            annotations=annotations,
            state="annotated" if annotations else "unlabelled",
            split=SPLIT_WORDS.get(split.lower()) if isinstance(split, str) else None,
        )

    def _annotations(self, entry: dict[str, Any], picture: ImageRecord, where: str) -> Iterator[AnnotationRecord]:
        found: list[list[AnnotationRecord]] = []
        parts: dict[str, list[AnnotationRecord]] = {}
        for place, region in enumerate(_regions(entry), 1):
            for record, key in self._region(region, picture, f"{where}, region {place}"):
                if key is not None and key in parts:
                    parts[key].append(record)
                    continue
                found.append([record])
                if key is not None:
                    parts[key] = found[-1]
        for records in found:
            yield _joined(records, picture, where, self._report)
        for name in _tags(entry):
            tag = checked_annotation({"type": "tag"}, self._numbers[name], picture, where, self._report)
            if tag is not None:
                yield tag

    def _region(self, region: Any, picture: ImageRecord, where: str) -> Iterator[tuple[AnnotationRecord, str | None]]:
        """The annotations of a region, one for each class it has, with what holds it together with others."""
        attributes = dict(_attributes(region, "region_attributes"))
        names = class_names(attributes.pop(self._class or "", "")) or [NAMELESS]
        part, point, bridges = (attributes.pop(key, None) for key in (PART, POINT, BRIDGED))
        try:
            shape = shape_of(_attributes(region, "shape_attributes"), has_bridges=bridges == "true")
            if shape["type"] == "skeleton" and isinstance(point, str):
                shape["points"] = _spread(shape["points"][0], point)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return
        for name in names:
            if name not in self._numbers:
                self._report.refuse(where, f"There are too many classes for {name!r:.40} to be one of them.")
                continue
            record = checked_annotation(shape, self._numbers[name], picture, where, self._report, **_marks(attributes))
            if record is not None:
                is_part = isinstance(part, str) and record.shape_type in ("polygon", "skeleton")
                yield record, f"{record.shape_type}/{part}/{name}" if is_part else None


def _spread(point: list[float], said: str) -> list[list[float]]:
    """A skeleton of all points that "place/count/mark" tells, the others absent. Raises `ShapeError`."""
    numbers = [whole_number(text) for text in said.split("/")]
    if len(numbers) != 3 or None in numbers:
        raise ShapeError(f'The point {said!r:.40} must be "place/count/mark".')
    place, count, mark = (value or 0 for value in numbers)
    if not 0 <= place < count <= _MAX_POINTS or mark not in (1, 2):
        raise ShapeError(f'The point {said!r:.40} must be "place/count/mark", the mark 1 or 2.')
    points = [[0.0, 0.0, 0.0] for _ in range(count)]
    points[place] = [point[0], point[1], mark]
    return points


def _joined(records: list[AnnotationRecord], picture: ImageRecord, where: str, report: Report) -> AnnotationRecord:
    """One object of its parts or points."""
    first = records[0]
    if len(records) == 1 or first.shape_type == "polygon":
        return joined_polygons(records, picture, where, report)
    points = first.shape["points"]
    for record in records[1:]:
        points = [other if other[2] else one for one, other in zip(points, record.shape["points"], strict=False)]
    whole = checked_annotation({"type": "skeleton", "points": points}, first.class_number, picture, where, report)
    return first if whole is None else replace(first, box=whole.box, shape_json=whole.shape_json)


def _marks(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes are texts; what looks like a number or a truth value is one."""
    values = {name: _value(value) for name, value in attributes.items() if name}
    marks: dict[str, Any] = {mark: values.pop(mark) for mark in MARKS if isinstance(values.get(mark), bool)}
    score = None if isinstance(values.get("score"), str) else number(values.get("score"))
    if score is not None and 0 <= score <= 1:
        marks["score"] = score
        values.pop("score")
    for mark in ("z_order", "group"):
        value = values.get(mark)
        if type(value) is int and abs(value) < 2**31:
            marks[mark] = values.pop(mark)
    return {**marks, "attributes": values}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return typed(value)
    return class_names(value) if isinstance(value, dict) else value if isinstance(value, (bool, float)) else str(value)
