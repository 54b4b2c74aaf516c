"""From Label Studio's JSON of any origin to records. Knows only Label Studio.

Every file is walked twice: classes must be known before the first record leaves, and an export does not list them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    picture_record,
    plain_json,
    whole_number,
)
from datasets_app.formats.json_walk import JsonError, Unreadable, walk
from datasets_app.formats.label_studio_config import read_config
from datasets_app.formats.label_studio_tasks import (
    Region,
    Said,
    classes_in,
    name_in,
    names_of,
    picture_url,
    regions_of,
    said_of,
    score_of,
)
from datasets_app.formats.label_studio_values import is_region, shape_of
from datasets_app.formats.pictures import PictureFolder, picture_size, safe_name
from datasets_app.formats.probing import ends_of, files_ending_in
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

MARKS = ("occluded", "truncated", "crowd")
PART, POINT = "part_of", "point"
"""Our fields in `meta` that hold together the parts of a polygon and the points of a skeleton."""

_TASKS = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[\s*\{")
_EMPTY = re.compile(rb"^(?:\xef\xbb\xbf)?\s*\[\s*\]\s*$")
_MAX_POINTS = 1000


def detect_label_studio(root: Path) -> float:
    """By the keys of a task at the ends of a file that is a list; an empty list counts beside a configuration."""
    best = 0.0
    for path in files_ending_in(root, ".json"):
        ends = ends_of(path)
        if _EMPTY.match(ends) and read_config(path.parent) is not None:
            best = max(best, 0.95)
        elif _TASKS.match(ends) and b'"data"' in ends and (b'"annotations"' in ends or b'"predictions"' in ends):
            best = max(best, 0.95 if b'"from_name"' in ends or b'"result"' in ends else 0.7)
    return best


@dataclass(slots=True)
class _Survey:
    """What a first walk over all files tells."""

    paths: list[Path] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    broken: set[Path] = field(default_factory=set)
    tasks: int = 0
    regions: int = 0
    left_aside: int = 0


def read_label_studio(root: Path, report: Report, progress: Progress) -> Dataset:
    survey = _survey(root, report)
    if not survey.paths:
        raise FormatError('No Label Studio file was found: a JSON list of tasks with "data" and "annotations".')
    if survey.left_aside:
        report.notes.append(
            f"{survey.left_aside} annotations or predictions were left aside: of several for one task the ground truth "
            "counts, else the latest one."
        )
    classes = tuple(
        ClassRecord(number=place, name=name, color=color) for place, (name, color) in enumerate(survey.names.items(), 1)
    )
    reader = _Reader(root, survey, {entry.name: entry.number for entry in classes}, report)
    return Dataset(classes, reader.images(progress), survey.tasks, survey.regions)


def _survey(root: Path, report: Report) -> _Survey:
    survey = _Survey()
    top = root if root.is_dir() else root.parent
    for path in files_ending_in(root, ".json"):
        ends = ends_of(path)
        config = read_config(path.parent)
        is_empty = bool(_EMPTY.match(ends)) and config is not None
        if not is_empty and not _TASKS.match(ends):
            continue
        survey.names.update({name: color for name, color in (config or {}).items() if name not in survey.names})
        before = survey.tasks
        try:
            for found in walk(path):
                if found.is_item and isinstance(found.value, dict) and isinstance(found.value.get("data"), dict):
                    _look(survey, found.value)
        except JsonError as error:
            survey.broken.add(path)
            report.refuse(path.relative_to(top).as_posix(), f"{error} What stands before was read.")
        if is_empty or survey.tasks > before:
            survey.paths.append(path)
    return survey


def _look(survey: _Survey, task: dict[str, Any]) -> None:
    said = said_of(task)
    survey.tasks += 1
    survey.left_aside += said.left_aside
    survey.regions += len(said.results)
    for name in classes_in(said.results):
        survey.names.setdefault(name, "")


class _Reader:
    def __init__(self, root: Path, survey: _Survey, numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._survey = survey
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        done = 0
        for path in self._survey.paths:
            for task in self._tasks(path):
                done += 1
                image = self._image(task, done, path)
                if image is not None:
                    yield image
                progress(done, self._survey.tasks)

    def _tasks(self, path: Path) -> Iterator[dict[str, Any]]:
        where = path.relative_to(self._pictures.root).as_posix()
        place = 0
        try:
            for found in walk(path, report=self._report, name=where):
                place += found.is_item
                if not found.is_item:
                    continue
                if isinstance(found.value, dict) and isinstance(found.value.get("data"), dict):
                    yield found.value
                    continue
                detail = found.value.detail if isinstance(found.value, Unreadable) else 'A task needs "data".'
                self._report.refuse(f"{where}: task {place}", detail)
        except JsonError:
            if path not in self._survey.broken:
                raise FormatError(f"{where} changed while it was read.") from None

    def _image(self, task: dict[str, Any], place: int, path: Path) -> ImageRecord | None:
        where = f"{path.relative_to(self._pictures.root).as_posix()}: task {task.get('id', place)}"
        url = picture_url(task)
        if not url:
            self._report.refuse(where, 'The task\'s "data" names no picture.')
            return None
        name, found = self._picture(task, url, path)
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each picture may have one task.")
            return None
        said = said_of(task)
        size = self._size(task, said, found, where)
        if size is None:
            self._report.refuse(
                where, f"{name} has no original_width and original_height, and the picture is not here."
            )
            return None
        self._names.add(name)
        picture = picture_record(place, name, size, found)
        annotations = tuple(self._annotations(said, picture, where))
        state = said.state if annotations or said.state in ("verified_empty", "skipped") else "unlabelled"
        data = task["data"]
        split = data.get("split")
        tags, group = data.get("tags"), data.get("group")
        return replace(
            picture,
            annotations=annotations,
            state=state,
            split=SPLIT_WORDS.get(split.lower()) if isinstance(split, str) else None,
            tags=tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else (),
            group=group if isinstance(group, str) else "",
        )

    def _picture(self, task: dict[str, Any], url: str, path: Path) -> tuple[str, Path | None]:
        told = name_in(url)
        own = task["data"].get("name")
        if isinstance(own, str) and own and told.endswith(own):
            told = own
        name = safe_name(told)
        found = self._pictures.find(name, path.parent / "images")
        # Uploads keep the prefix that Label Studio gave them where its own export has the pictures with it.
        renamed = self._pictures.find(safe_name(url.rpartition("/")[2]), path.parent / "images")
        return name, found or renamed

    def _size(self, task: dict[str, Any], said: Said, found: Path | None, where: str) -> tuple[int, int] | None:
        """That of the picture as shown, to which the percent refer; without it what the results or the task state."""
        stated = next(
            (
                (result.get("original_width"), result.get("original_height"))
                for result in said.results
                if isinstance(result, dict) and whole_number(result.get("original_width"))
            ),
            (task["data"].get("width"), task["data"].get("height")),
        )
        shown = picture_size(found) if found is not None else None
        if shown is None:
            return checked_size(*stated, None)
        if stated[0] is not None and shown != stated:
            self._report.fix(
                where,
                f"The task states {stated[0]} x {stated[1]} pixels; the picture as shown has {shown[0]} x {shown[1]}.",
            )
        return shown

    def _annotations(self, said: Said, picture: ImageRecord, where: str) -> Iterator[AnnotationRecord]:
        found: list[list[AnnotationRecord]] = []
        parts: dict[str, list[AnnotationRecord]] = {}
        relations = 0
        for place, region in regions_of(said.results):
            if isinstance(said.results[place - 1], dict) and said.results[place - 1].get("type") == "relation":
                relations += 1
                continue
            for record, key in self._region(region, picture, said, f"{where}, result {place}"):
                if key is not None and key in parts:
                    parts[key].append(record)
                    continue
                one = [record]
                found.append(one)
                if key is not None:
                    parts[key] = one
        if relations:
            self._report.fix(where, f"{relations} relations between regions were left out.")
        for one in found:
            yield _joined(one, picture, where, self._report)

    def _region(
        self, region: Region, picture: ImageRecord, said: Said, where: str
    ) -> Iterator[tuple[AnnotationRecord, str | None]]:
        """The annotations of a region, one for each of its labels, with what holds it together with others."""
        result = region.geometry
        if result is None:
            self._report.refuse(where, 'A result needs a "value".')
            return
        names = names_of(region)
        if not names:
            self._report.refuse(where, f"The region of the type {result.get('type')!r:.60} has no label.")
            return
        meta = result.get("meta")
        more = meta if isinstance(meta, dict) else {}
        for name in names:
            try:
                shapes = self._shapes(region, result, picture, more)
            except ShapeError as error:
                self._report.refuse(where, str(error))
                return
            for shape in shapes:
                marks = _marks(region, more, score_of(result, said.score))
                record = checked_annotation(shape, self._numbers[name], picture, where, self._report, **marks)
                if record is not None:
                    key = more.get(PART) if shape["type"] in ("polygon", "skeleton") else None
                    yield record, f"{key}/{name}" if isinstance(key, str) else None

    def _shapes(
        self, region: Region, result: dict[str, Any], picture: ImageRecord, meta: dict[str, Any]
    ) -> list[dict[str, Any]]:
        value = region.value
        if not is_region(value):
            if "choices" in value:
                return [{"type": "tag"}]
            texts = value.get("text")
            return [{"type": "caption", "text": text} for text in (texts if isinstance(texts, list) else [texts])]
        if result.get("image_rotation") not in (None, 0):
            raise ShapeError("The picture was turned in Label Studio; turn it back there and export once more.")
        shape = shape_of(value, self._raster(value, result, picture))
        if shape["type"] == "skeleton" and isinstance(meta.get(POINT), list):
            shape["points"] = _spread(shape["points"][0], meta[POINT])
        return [shape]

    def _raster(self, value: dict[str, Any], result: dict[str, Any], picture: ImageRecord) -> tuple[int, int]:
        """The size that the region refers to. Brushes count pixels: theirs must be that of the picture."""
        stated = whole_number(result.get("original_width")), whole_number(result.get("original_height"))
        if "rle" in value and None not in stated and stated != (picture.width, picture.height):
            raise ShapeError(
                f"The brush was painted on {stated[0]} x {stated[1]} pixels; "
                f"the picture as shown has {picture.width} x {picture.height}."
            )
        return picture.width, picture.height


def _spread(point: list[float], said: list[Any]) -> list[list[float]]:
    """A skeleton of as many points as `said`, [place, count, mark], tells, the others absent. Raises `ShapeError`."""
    if len(said) != 3 or not all(type(entry) is int for entry in said):
        raise ShapeError("The point's place in its skeleton must be [place, count, mark], whole numbers.")
    place, count, mark = said
    if not 0 <= place < count <= _MAX_POINTS or mark not in (1, 2):
        raise ShapeError(f"The point is number {place} of {count}; it must be one of at most {_MAX_POINTS}.")
    points = [[0.0, 0.0, 0.0] for _ in range(count)]
    points[place] = [point[0], point[1], mark]
    return points


def _joined(records: list[AnnotationRecord], picture: ImageRecord, where: str, report: Report) -> AnnotationRecord:
    """One object of its parts or points."""
    first = records[0]
    if len(records) == 1:
        return first
    if first.shape_type == "polygon":
        return joined_polygons([one for one in records if one.shape_type == "polygon"], picture, where, report)
    points = first.shape["points"]
    for record in records[1:]:
        others = record.shape.get("points", [])
        points = [other if len(other) == 3 and other[2] else one for one, other in zip(points, others, strict=False)]
    whole = checked_annotation({"type": "skeleton", "points": points}, first.class_number, picture, where, report)
    return first if whole is None else replace(first, box=whole.box, shape_json=whole.shape_json)


def _marks(region: Region, meta: dict[str, Any], score: float | None) -> dict[str, Any]:
    own = meta.get("attributes")
    attributes = {**region.attributes, **(own if isinstance(own, dict) else {})}
    z_order, group = meta.get("z_order"), meta.get("group")
    return {
        **{mark: True for mark in MARKS if meta.get(mark) is True},
        "attributes": {name: value for name, value in attributes.items() if plain_json(value)},
        "z_order": z_order if type(z_order) is int and abs(z_order) < 2**31 else 0,
        "group": group if type(group) is int and abs(group) < 2**31 else None,
        "score": score,
    }
