"""From LabelMe's JSON files of any origin, X-AnyLabeling's among them, to records. Knows only LabelMe.

Polygons of one label and one `group_id` are one object in several parts, as LabelMe means it. Flags of the picture are
tags, flags of a shape are marks or attributes. Every file is parsed twice: classes must be known first.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator
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
    whole_number,
)
from datasets_app.formats.json_walk import RECODED, Unreadable, parse_recoded
from datasets_app.formats.labelme_shapes import shape_of
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.probing import ends_of, files_ending_in
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

LABELS_FILE = "labels.txt"
LABELS_HEAD = ("__ignore__", "_background_")
"""LabelMe's own first lines of the list of labels: what is no class."""

MARKS = ("occluded", "truncated", "crowd")
_PROBED_FILES = 5
_MAX_BYTES = 512 << 20


def detect_labelme(root: Path) -> float:
    """0.95 times the share of the first JSON files that have LabelMe's keys; without any, its list of labels counts."""
    paths = files_ending_in(root, ".json")[:_PROBED_FILES]
    if not paths:
        return 0.95 if _listed_labels(root) is not None else 0.0
    heads = [ends_of(path) for path in paths]
    found = (b'"shapes"' in head and (b'"imagePath"' in head or b'"imageHeight"' in head) for head in heads)
    return 0.95 * sum(found) / len(heads)


def read_labelme(root: Path, report: Report, progress: Progress) -> Dataset:
    survey = _Survey()
    top = root if root.is_dir() else root.parent
    for path in files_ending_in(root, ".json"):
        survey.look(path, path.relative_to(top).as_posix(), report)
    listed = _listed_labels(root)
    if not survey.paths and listed is None:
        raise FormatError('No LabelMe file was found: a JSON object with "shapes" and "imagePath" for each picture.')
    names = dict.fromkeys((*(listed or ()), *survey.labels))
    classes = tuple(ClassRecord(number=place, name=name) for place, name in enumerate(names, 1))
    if survey.inside:
        report.notes.append(
            f"{survey.inside} files hold their picture themselves (imageData); pictures are read from files beside."
        )
    images = _Reader(root, survey.paths, {entry.name: entry.number for entry in classes}, report).images(progress)
    return Dataset(classes, images, len(survey.paths), survey.shapes)


def _listed_labels(root: Path) -> list[str] | None:
    path = root / LABELS_FILE
    try:
        lines = path.read_text(encoding="utf-8").split("\n") if path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return None
    if not lines or lines[0].strip() != LABELS_HEAD[0]:
        return None
    return [line for line in lines if line.strip() and line.strip() not in LABELS_HEAD]


@dataclass(slots=True)
class _Survey:
    """What a first walk over all files tells."""

    paths: list[Path] = field(default_factory=list)
    labels: dict[str, None] = field(default_factory=dict)
    shapes: int = 0
    inside: int = 0

    def look(self, path: Path, name: str, report: Report) -> None:
        try:
            content, is_recoded = _parse(path)
        except FormatError as error:
            report.refuse(name, str(error))
            return
        if not _is_labelme(content):
            return
        if is_recoded:
            report.fix(name, RECODED)
        self.paths.append(path)
        self.inside += bool(content.get("imageData"))
        for shape in content["shapes"]:
            self.shapes += 1
            if isinstance(shape, dict) and isinstance(shape.get("label"), str) and shape["label"]:
                self.labels.setdefault(shape["label"])
        self.labels.update(dict.fromkeys(_flags(content)))


def _parse(path: Path) -> tuple[Any, bool]:
    """What the file holds, and whether its text had to be recoded."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise FormatError(f"The file is larger than {_MAX_BYTES >> 20} MiB.")
        content, is_recoded = parse_recoded(path.read_bytes())
    except OSError as error:
        raise FormatError(f"The file cannot be read: {error.strerror}.") from None
    if isinstance(content, Unreadable):
        raise FormatError(content.detail)
    return content, is_recoded


def _is_labelme(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("shapes"), list) and "imagePath" in content


def _flags(entry: dict[str, Any]) -> dict[str, bool]:
    flags = entry.get("flags")
    return {name: value is True for name, value in flags.items() if name} if isinstance(flags, dict) else {}


class _Reader:
    def __init__(self, root: Path, paths: list[Path], numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._paths = paths
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        for done, path in enumerate(self._paths, 1):
            content, _ = _parse(path)
            image = self._image(done, path, content)
            if image is not None:
                yield image
            progress(done, len(self._paths))

    def _image(self, place: int, path: Path, content: dict[str, Any]) -> ImageRecord | None:
        where = path.relative_to(self._pictures.root).as_posix()
        name = self._name(path, content["imagePath"])
        if name in self._names:
            self._report.refuse(where, f"{name} was described before; each picture may have one file.")
            return None
        found = self._pictures.find(name, path.parent)
        size = checked_size(content.get("imageWidth"), content.get("imageHeight"), found)
        if size is None:
            self._report.refuse(where, "There is no imageWidth and imageHeight, and no picture at hand to tell them.")
            return None
        self._names.add(name)
        picture = picture_record(place, name, size, found)
        annotations = (*self._shapes(content["shapes"], picture, where), *self._tags(content, picture, where))
        split = content.get("split")
        return replace(
            picture,
            annotations=annotations,
            state="annotated" if annotations else "unlabelled",
            split=SPLIT_WORDS.get(split) if isinstance(split, str) else None,
        )

    def _name(self, path: Path, said: Any) -> str:
        """The picture's path from the top folder; its name alone where the file names a place outside of it."""
        text = said.replace("\\", "/") if isinstance(said, str) else ""
        base = path.parent.relative_to(self._pictures.root).as_posix()
        whole = posixpath.normpath(posixpath.join(base, text or f"{path.stem}.jpg"))
        if whole.startswith(("/", "..")) or ":" in text:
            whole = posixpath.join(base, PurePosixPath(text).name)
        return safe_name(whole)

    def _shapes(self, entries: list[Any], picture: ImageRecord, where: str) -> list[AnnotationRecord]:
        found: list[tuple[int | None, list[AnnotationRecord]]] = []
        polygons: dict[tuple[int, int], list[AnnotationRecord]] = {}
        for place, entry in enumerate(entries, 1):
            record, group = self._shape(entry, picture, f"{where}: shape {place}")
            if record is None:
                continue
            parts = [record]
            if group is not None and record.shape_type == "polygon":
                parts = polygons.setdefault((record.class_number, group), [])
                parts.append(record)
            if len(parts) == 1:
                found.append((group, parts))
        members = Counter(group for group, _ in found)
        return [
            replace(joined_polygons(parts, picture, where, self._report), group=_group(group, parts, members))
            for group, parts in found
        ]

    def _shape(self, entry: Any, picture: ImageRecord, where: str) -> tuple[AnnotationRecord | None, int | None]:
        """The annotation and LabelMe's `group_id`."""
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str) or not entry["label"]:
            self._report.refuse(where, 'A shape needs a "label" and "points".')
            return None, None
        try:
            shape = shape_of(entry, picture)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None, None
        score = number(entry.get("score"))
        record = checked_annotation(
            shape,
            self._numbers[entry["label"]],
            picture,
            where,
            self._report,
            score=score if score is not None and 0 <= score <= 1 else None,
            z_order=_small(entry.get("z_order")) or 0,
            group=_small(entry.get("group")),
            **_marks(entry),
        )
        return record, _small(entry.get("group_id"))

    def _tags(self, content: dict[str, Any], picture: ImageRecord, where: str) -> Iterator[AnnotationRecord]:
        for name, is_set in _flags(content).items():
            if is_set:
                record = checked_annotation({"type": "tag"}, self._numbers[name], picture, where, self._report)
                if record is not None:
                    yield record


def _group(group: int | None, parts: list[AnnotationRecord], members: Counter[int | None]) -> int | None:
    """The group of an object; a number that only held its parts together is none."""
    if parts[0].group is not None:
        return parts[0].group
    return None if len(parts) > 1 and members[group] == 1 else group


def _marks(entry: dict[str, Any]) -> dict[str, Any]:
    """Marks and attributes: from flags, from X-AnyLabeling's and our `attributes`, from the description."""
    flags = _flags(entry)
    marks: dict[str, Any] = {mark: flags.pop(mark) for mark in MARKS if mark in flags}
    stated = entry.get("attributes")
    attributes: dict[str, Any] = {**flags, **(stated if isinstance(stated, dict) else {})}
    if isinstance(entry.get("description"), str) and entry["description"]:
        attributes.setdefault("description", entry["description"])
    if entry.get("difficult") is True:
        attributes["difficult"] = True
    return {**marks, "attributes": {name: value for name, value in attributes.items() if plain_json(value)}}


def _small(value: Any) -> int | None:
    found = None if isinstance(value, str) else whole_number(value)
    return found if found is not None and abs(found) < 2**31 else None
