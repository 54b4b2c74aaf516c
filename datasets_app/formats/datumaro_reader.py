"""From Datumaro's JSON of any origin to records. Knows only Datumaro.

Every file is walked twice: categories may stand behind the items, and captions have no category at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
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
    plain_json,
)
from datasets_app.formats.datumaro_shapes import ROTATION, shape_of
from datasets_app.formats.json_walk import JsonError, Unreadable, walk
from datasets_app.formats.pictures import PICTURE_SUFFIXES, PictureFolder, safe_name
from datasets_app.formats.probing import ends_of, files_ending_in
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

VERSION = "dm_format_version"
CAPTION = "caption"
"""The class of captions, which have none in files of others."""

ARTIFICIAL = "artificial_group"
"""Our field where a group has no purpose but to hold the parts of a polygon together."""

MARKS = {"occluded": "occluded", "truncated": "truncated", "is_crowd": "crowd"}
"""Attributes that are marks here."""

_STATES = frozenset(("unlabelled", "in_progress", "annotated", "verified_empty", "skipped"))


def detect_datumaro(root: Path) -> float:
    """By the version that Datumaro writes; files from before that have its three keys and less to show."""
    best = 0.0
    for path in files_ending_in(root, ".json"):
        ends = ends_of(path)
        if b'"dm_format_version"' in ends[:4096]:
            return 0.98
        keys = (b'"items"', b'"categories"', b'"label_groups"')
        best = max(best, 0.7 if all(key in ends for key in keys) else 0.0)
    return best


@dataclass(slots=True)
class _File:
    """What a first walk over a file tells."""

    path: Path
    name: str
    labels: dict[int, str] = field(default_factory=dict)
    colors: dict[str, str] = field(default_factory=dict)
    skeletons: dict[str, dict[str, Any]] = field(default_factory=dict)
    is_datumaro: bool = False
    is_broken: bool = False
    items: int = 0
    annotations: int = 0
    captions: int = 0


def read_datumaro(root: Path, report: Report, progress: Progress) -> Dataset:
    top = root if root.is_dir() else root.parent
    surveyed = (_survey(path, path.relative_to(top).as_posix(), report) for path in files_ending_in(root, ".json"))
    files = [file for file in surveyed if file.is_datumaro]
    if not files:
        raise FormatError('No Datumaro file was found: a JSON object with "categories" and "items".')
    classes = _classes(files)
    reader = _Reader(root, files, {entry.name: entry.number for entry in classes}, report)
    items = sum(file.items for file in files)
    return Dataset(classes, reader.images(progress, items), items, sum(file.annotations for file in files))


def _survey(path: Path, name: str, report: Report) -> _File:
    file = _File(path, name)
    try:
        keys = set()
        for found in walk(path, ("items",)):
            keys.add(found.key)
            if found.key == "categories" and isinstance(found.value, dict):
                _read_categories(file, found.value, report)
            elif found.is_item and found.key == "items" and isinstance(found.value, dict):
                file.items += 1
                annotations = found.value.get("annotations")
                for entry in annotations if isinstance(annotations, list) else ():
                    file.annotations += 1
                    file.captions += isinstance(entry, dict) and _is_bare_caption(entry)
    except JsonError as error:
        # Other files in the folder may be anything; only what began as Datumaro's is worth a word.
        if {"categories", "items"} & keys:
            file.is_broken = True
            report.refuse(name, f"{error} What stands before was read.")
    file.is_datumaro = {"categories", "items"} <= keys
    return file


def _is_bare_caption(entry: Mapping[str, Any]) -> bool:
    return entry.get("type") == "caption" and entry.get("label_id") is None


def _read_categories(file: _File, categories: dict[str, Any], report: Report) -> None:
    for place, label in enumerate(_entries(categories, "label", "labels")):
        name = label.get("name")
        if isinstance(name, str) and name:
            file.labels[place] = name
        else:
            report.refuse(f"{file.name}: label {place}", "A label needs a name.")
    for color in _entries(categories, "mask", "colormap"):
        name, parts = file.labels.get(_id(color)), [color.get(part) for part in ("r", "g", "b")]
        if name is not None and all(type(part) is int and 0 <= part <= 255 for part in parts):
            file.colors[name] = "#" + "".join(f"{part:02x}" for part in parts)
    for item in _entries(categories, "points", "items"):
        name, points = file.labels.get(_id(item)), item.get("labels")
        if name is not None and isinstance(points, list) and points and all(isinstance(one, str) for one in points):
            file.skeletons[name] = {"points": points, "edges": _edges(item.get("joints"), len(points))}


def _entries(categories: dict[str, Any], kind: str, key: str) -> list[dict[str, Any]]:
    category = categories.get(kind)
    entries = category.get(key) if isinstance(category, dict) else None
    return [entry if isinstance(entry, dict) else {} for entry in entries] if isinstance(entries, list) else []


def _id(entry: Mapping[str, Any]) -> int:
    value = entry.get("label_id")
    return value if type(value) is int else -1


def _edges(joints: Any, count: int) -> list[list[int]]:
    """Joints are counted from 1, as in COCO."""
    found = joints if isinstance(joints, list) else []
    pairs = (joint for joint in found if isinstance(joint, list) and len(joint) == 2)
    return [[a - 1, b - 1] for a, b in pairs if type(a) is type(b) is int and 1 <= a <= count and 1 <= b <= count]


def _classes(files: list[_File]) -> tuple[ClassRecord, ...]:
    names = dict.fromkeys(name for file in files for name in file.labels.values())
    if any(file.captions for file in files):
        names.setdefault(CAPTION)
    colors = {name: color for file in reversed(files) for name, color in file.colors.items()}
    skeletons = {name: skeleton for file in reversed(files) for name, skeleton in file.skeletons.items()}
    return tuple(
        ClassRecord(number=place, name=name, color=colors.get(name, ""), skeleton=skeletons.get(name, {}))
        for place, name in enumerate(names, 1)
    )


class _Reader:
    def __init__(self, root: Path, files: list[_File], numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._files = files
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()

    def images(self, progress: Progress, total: int) -> Iterator[ImageRecord]:
        done = 0
        for file in self._files:
            for item, where in self._items(file):
                done += 1
                image = self._image(item, done, file, where)
                if image is not None:
                    yield image
                progress(done, total)

    def _items(self, file: _File) -> Iterator[tuple[dict[str, Any], str]]:
        place = 0
        try:
            for found in walk(file.path, ("items",), report=self._report, name=file.name):
                if found.key != "items" or not found.is_item:
                    continue
                place += 1
                where = f"{file.name}: item {place}"
                if isinstance(found.value, dict):
                    yield found.value, where
                    continue
                detail = found.value.detail if isinstance(found.value, Unreadable) else "An item must be an object."
                self._report.refuse(where, detail)
        except JsonError:
            if not file.is_broken:
                raise FormatError(f"{file.name} changed while it was read.") from None

    def _image(self, item: dict[str, Any], place: int, file: _File, where: str) -> ImageRecord | None:
        said = item.get("image")
        image = said if isinstance(said, dict) else {}
        name = _name(item.get("id"), image.get("path"))
        if name is None:
            self._report.refuse(where, 'An item needs an "id".')
            return None
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each picture may be listed once.")
            return None
        path = self._find(name, image.get("path"), file)
        stated = image.get("size")
        height, width = stated if isinstance(stated, list) and len(stated) == 2 else (None, None)
        size = checked_size(width, height, path)
        if size is None:
            self._report.refuse(where, f"{name} has no size, and the picture is not at hand to tell it.")
            return None
        self._names.add(name)
        picture = picture_record(place, name, size, path)
        annotations = tuple(self._annotations(item, picture, file, where))
        return replace(
            picture, annotations=annotations, split=SPLIT_WORDS.get(file.path.stem.lower()), **_facts(item, annotations)
        )

    def _find(self, name: str, path: Any, file: _File) -> Path | None:
        folder = file.path.parent.parent / "images" / file.path.stem
        return self._pictures.find(safe_name(path) if isinstance(path, str) and path else name, folder)

    def _annotations(
        self, item: dict[str, Any], picture: ImageRecord, file: _File, where: str
    ) -> Iterator[AnnotationRecord]:
        entries = item.get("annotations")
        found: list[list[AnnotationRecord]] = []
        parts: dict[tuple[Any, ...], list[AnnotationRecord]] = {}
        for place, entry in enumerate(entries if isinstance(entries, list) else (), 1):
            record = self._annotation(entry, picture, file, f"{where}, annotation {place}")
            if record is None:
                continue
            key = _part(entry, record)
            if key is None or key not in parts:
                found.append([record])
                if key is not None:
                    parts[key] = found[-1]
            else:
                parts[key].append(record)
        for of_one in found:
            yield joined_polygons(of_one, picture, where, self._report)

    def _annotation(self, entry: Any, picture: ImageRecord, file: _File, where: str) -> AnnotationRecord | None:
        if not isinstance(entry, dict):
            self._report.refuse(where, "An annotation must be an object.")
            return None
        name = CAPTION if _is_bare_caption(entry) else file.labels.get(_id(entry))
        if name is None:
            self._report.refuse(where, f"There is no label with the number {entry.get('label_id')!r:.40}.")
            return None
        try:
            shape = shape_of(entry, (picture.width, picture.height))
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None
        return checked_annotation(
            shape,
            self._numbers[name],
            picture,
            where,
            self._report,
            z_order=_small(entry.get("z_order")) or 0,
            group=None if entry.get(ARTIFICIAL) is True else _small(entry.get("group")) or None,
            **_marks(entry, shape["type"]),
        )


def _name(key: Any, path: Any) -> str | None:
    """The picture's name: its id with the ending of its path, which tells the id again where that has an ending too."""
    if not isinstance(key, str) or not key:
        return None
    told = path.replace("\\", "/") if isinstance(path, str) else ""
    suffix = PurePosixPath(told).suffix
    if told in (key, key + suffix):
        return safe_name(told)
    has_ending = PurePosixPath(key).suffix.lower() in PICTURE_SUFFIXES
    return safe_name(key if has_ending else key + (suffix or ".jpg"))


def _part(entry: Mapping[str, Any], record: AnnotationRecord) -> tuple[Any, ...] | None:
    """What parts of one polygon have in common: number, group and label."""
    key, group = entry.get("id"), entry.get("group")
    if record.shape_type != "polygon" or type(key) is not int or type(group) is not int or not group:
        return None
    return key, group, record.class_number


def _facts(item: Mapping[str, Any], annotations: tuple[AnnotationRecord, ...]) -> dict[str, Any]:
    said = item.get("attr")
    attr = said if isinstance(said, dict) else {}
    state, tags, group = attr.get("state"), attr.get("tags"), attr.get("group")
    return {
        "state": state if isinstance(state, str) and state in _STATES else "annotated" if annotations else "unlabelled",
        "tags": tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
        "group": group if isinstance(group, str) else "",
    }


def _marks(entry: Mapping[str, Any], kind: str) -> dict[str, Any]:
    said = entry.get("attributes")
    attributes = {name: value for name, value in said.items() if plain_json(value)} if isinstance(said, dict) else {}
    marks: dict[str, Any] = {
        mark: attributes.pop(name) for name, mark in MARKS.items() if type(attributes.get(name)) is bool
    }
    score = None if isinstance(attributes.get("score"), str) else number(attributes.get("score"))
    if score is not None and 0 <= score <= 1:
        marks["score"] = score
        attributes.pop("score")
    if kind in ("box", "rotated_box", "ellipse") and type(attributes.get(ROTATION)) in (int, float):
        attributes.pop(ROTATION)
    return {**marks, "attributes": attributes}


def _small(value: Any) -> int | None:
    return value if type(value) is int and abs(value) < 2**31 else None
