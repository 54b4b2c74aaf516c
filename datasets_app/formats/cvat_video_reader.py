"""From "CVAT for video 1.1" of any origin to records. Knows only that layout.

What is seen of a track in each frame is put down on disk and handed out frame by frame. The attribute `track_id` holds
an object together; the video's name is the group of its frames. Our own files have a list of their frames beside them;
of others only frames come that have a picture or a shape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any
from xml.etree.ElementTree import Element

import orjson

from datasets_app.formats.base import Progress, Report
from datasets_app.formats.checked import (
    SPLIT_WORDS,
    checked_annotation,
    checked_size,
    joined_polygons,
    picture_record,
    whole_number,
)
from datasets_app.formats.cvat_labels import Label
from datasets_app.formats.cvat_reader import AnnotationReader, CvatFile, classes_of, records, survey
from datasets_app.formats.cvat_shapes import SHAPE_TAGS
from datasets_app.formats.cvat_tracks import Seen, count_of_frames, in_every_frame, with_shape, without_double_frames
from datasets_app.formats.features import TRACK
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.spool import Spool
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

FRAMES_FILE = "frames.jsonl"
UNTRACKED, PART = "untracked", "part_of"
"""Our fields on tracks: of an object that is in no track, and of polygons that are parts of one object."""

MAX_FRAMES = 1_000_000
MAX_SHAPES = 10_000_000
"""What two keyframes may ask for; more is refused."""

_STEP = re.compile(r"step\s*=\s*(\d{1,6})")
_MAX_LINE = 1 << 20


@dataclass(slots=True)
class _Video:
    """A file and the frames that it speaks of."""

    file: CvatFile
    name: str
    size: tuple[int, int] | None
    start: int
    last: int
    step: int
    listed: Path | None
    frames: set[int] = field(default_factory=set)


def read_cvat_video(root: Path, report: Report, progress: Progress) -> Dataset:
    highest: dict[Path, int] = {}

    def look(file: CvatFile, element: Element) -> None:
        name = element.get("label")
        if name and name not in file.labels:
            file.labels[name] = Label(name)
        for shape in element:
            if shape.tag in SHAPE_TAGS:
                file.shapes += 1
                highest[file.path] = max(highest.get(file.path, 0), _frame(shape) or 0)

    files = survey(root, "track", report, look)
    classes = classes_of(files)
    videos = [_video(file, highest.get(file.path, 0)) for file in files]
    reader = _Reader(root, videos, {entry.name: entry.number for entry in classes}, report)
    return Dataset(classes, reader.images(progress), -1, sum(file.shapes for file in files))


def _frame(element: Element) -> int | None:
    frame = whole_number(element.get("frame"))
    return frame if frame is not None and 0 <= frame < 2**31 else None


def _video(file: CvatFile, highest: int) -> _Video:
    meta = file.meta if file.meta is not None else Element("meta")

    def said(path: str) -> int | None:
        return whole_number(meta.findtext(path) or meta.findtext(f".//{path.rpartition('/')[2]}"))

    start = min(max(said("task/start_frame") or 0, 0), 2**31)
    step_text = _STEP.search(meta.findtext("task/frame_filter") or "")
    step = max(int(step_text[1]), 1) if step_text else 1
    stop, count = said("task/stop_frame"), said("task/size")
    last = stop if stop is not None and count != 0 else start + (count - 1) * step if count is not None else highest
    size = checked_size(meta.findtext(".//original_size/width"), meta.findtext(".//original_size/height"), None)
    source = (meta.findtext(".//source") or meta.findtext("task/name") or "").strip()
    listed = file.path.parent / FRAMES_FILE
    is_listed = listed.is_file() and not listed.is_symlink()
    name = PurePosixPath(safe_name(source)).stem if source else file.path.parent.name
    last = min(last, start + MAX_FRAMES * step)
    return _Video(file, name, size, start, last, step, listed if is_listed else None)


class _Reader:
    def __init__(self, root: Path, videos: list[_Video], numbers: dict[str, int], report: Report) -> None:
        self._pictures = PictureFolder(root)
        self._videos = videos
        self._numbers = numbers
        self._report = report
        self._names: set[str] = set()
        self._done = 0

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        for video in self._videos:
            with Spool() as spool:
                budget = MAX_SHAPES
                reader = AnnotationReader(video.file, self._numbers, self._report)
                for place, element in enumerate(records(video.file, "track"), 1):
                    budget -= self._spool_track(element, place, budget, video, reader, spool)
                for image in self._frames(video, spool):
                    self._done += 1
                    yield image
                    progress(self._done, -1)

    def _spool_track(
        self, element: Element, place: int, budget: int, video: _Video, reader: AnnotationReader, spool: Spool
    ) -> int:
        """Put down what is seen of the track in each frame; how many shapes that were."""
        where = f"{video.file.name}: track {place}"
        name = element.get("label") or ""
        canvas = self._canvas(video)
        found: list[Seen] = []
        for shape in element:
            frame = _frame(shape) if shape.tag in SHAPE_TAGS else None
            if frame is None:
                if shape.tag in SHAPE_TAGS:
                    self._report.refuse(where, f"The frame {shape.get('frame')!r:.40} is no whole number from 0 on.")
                continue
            is_outside = _is_outside(shape)
            if is_outside and found:
                found.append(Seen(frame, True, found[-1].shape, found[-1].record))
            elif not is_outside:
                record = reader.annotation(shape, name, canvas, f"{where}, frame {frame}")
                if record is not None:
                    found.append(Seen(frame, False, record.shape, record))
        track = without_double_frames(found)
        count = count_of_frames(track, video.step, video.last)
        if count > min(budget, MAX_FRAMES + len(track)):
            self._report.refuse(
                where, f"It asks for {count} shapes; a track may have one for each of {MAX_FRAMES} frames."
            )
            return 0
        common = _common(element, place)
        for frame, shape_between, record in in_every_frame(track, video.step, video.last):
            video.frames.add(frame)
            spool.add(str(frame), _stored(record, shape_between, common))
        return count

    def _canvas(self, video: _Video) -> ImageRecord:
        """A picture to check shapes against before it is known which frame they are in: as large as any."""
        width, height = video.size or (1 << 15, 1 << 15)
        return ImageRecord(0, "", width, height)

    def _frames(self, video: _Video, spool: Spool) -> Iterator[ImageRecord]:
        for frame, said in self._listed(video) if video.listed is not None else self._numbered(video):
            image = self._image(video, frame, said)
            if image is None:
                continue
            annotations = tuple(self._annotations(spool.take(str(frame)), image, f"{video.file.name}: frame {frame}"))
            yield replace(image, annotations=annotations, state="annotated" if annotations else "unlabelled")
        for key, left in spool.rest():
            self._report.refuse(
                f"{video.file.name}: frame {key}", f"{len(left)} shapes are in a frame that is not there."
            )

    def _listed(self, video: _Video) -> Iterator[tuple[int, dict[str, Any]]]:
        """The frames that our own list names."""
        if video.listed is None:
            return
        with video.listed.open("rb") as file:
            for place, line in enumerate(iter(lambda: file.readline(_MAX_LINE), b""), 1):
                try:
                    said = orjson.loads(line)
                except orjson.JSONDecodeError:
                    said = None
                if isinstance(said, dict) and type(said.get("frame")) is int:
                    yield said["frame"], said
                else:
                    self._report.refuse(f"{FRAMES_FILE}: line {place}", "A line must be an object with a frame number.")

    def _numbered(self, video: _Video) -> Iterator[tuple[int, dict[str, Any]]]:
        for frame in range(video.start, video.last + 1, video.step):
            if frame in video.frames or self._pictures.find_stem(_stem(frame), _folder(video)) is not None:
                yield frame, {}
        regular = range(video.start, video.last + 1, video.step)
        for frame in sorted(frame for frame in video.frames if frame not in regular):
            yield frame, {}

    def _image(self, video: _Video, frame: int, said: dict[str, Any]) -> ImageRecord | None:
        near, stem = _folder(video), _stem(frame)
        named = said.get("name")
        if isinstance(named, str) and named:
            name = safe_name(named)
            path = self._pictures.find(name, near)
        else:
            path = self._pictures.find_stem(stem, near)
            name = safe_name(f"{video.name}/{path.name if path is not None else f'{stem}.png'}")
        size = checked_size(said.get("width"), said.get("height"), None) or video.size or checked_size(None, None, path)
        where = f"{video.file.name}: frame {frame}"
        if name in self._names:
            self._report.refuse(where, f"{name} was listed before; each picture may be listed once.")
            return None
        if size is None:
            self._report.refuse(where, "There is no original_size, and the picture is not at hand to tell it.")
            return None
        self._names.add(name)
        split, group = said.get("split"), said.get("group", video.name)
        return replace(
            picture_record(self._done + 1, name, size, path),
            split=SPLIT_WORDS.get(split) if isinstance(split, str) else None,
            group=group if isinstance(group, str) else video.name,
        )

    def _annotations(self, stored: list[Any], image: ImageRecord, where: str) -> Iterator[AnnotationRecord]:
        found: list[list[AnnotationRecord]] = []
        parts: dict[str, list[AnnotationRecord]] = {}
        for entry in stored:
            marks = {name: value for name, value in entry.items() if name not in ("shape", "class", "part")}
            record = checked_annotation(entry["shape"], entry["class"], image, where, self._report, **marks)
            if record is None:
                continue
            part = entry["part"]
            if part is None or record.shape_type != "polygon":
                found.append([record])
            elif part in parts:
                parts[part].append(record)
            else:
                found.append([record])
                parts[part] = found[-1]
        for of_one in found:
            whole = joined_polygons(of_one, image, where, self._report)
            yield with_shape(of_one[0], whole)


def _folder(video: _Video) -> Path:
    return video.file.path.parent / "images"


def _stem(frame: int) -> str:
    """What CVAT calls the picture of a frame."""
    return f"frame_{frame:06d}"


def _is_outside(element: Element) -> bool:
    """Whether the object is not seen: said of it, or of all points of a skeleton."""
    if element.get("outside") is not None or element.tag != "skeleton":
        return element.get("outside") == "1"
    points = list(element.iterfind("points"))
    return bool(points) and all(point.get("outside") == "1" for point in points)


def _common(element: Element, place: int) -> dict[str, Any]:
    """What a track says of all its shapes."""
    own, number = whole_number(element.get(TRACK)), whole_number(element.get("id"))
    track = own if own is not None else number if number is not None else place
    group = whole_number(element.get("group_id"))
    part = element.get(PART)
    return {
        "track": None if element.get(UNTRACKED) == "1" or abs(track) >= 2**53 else track,
        "group": group if group and abs(group) < 2**31 and element.get(PART) != str(group) else None,
        "part": part,
    }


def _stored(record: AnnotationRecord, shape: dict[str, Any], common: dict[str, Any]) -> dict[str, Any]:
    track = {} if common["track"] is None else {TRACK: common["track"]}
    return {
        "shape": shape,
        "class": record.class_number,
        "part": common["part"],
        "group": common["group"],
        "attributes": {**record.attributes, **track},
        **{name: getattr(record, name) for name in ("occluded", "truncated", "crowd", "z_order", "score")},
    }
