"""CVAT for video 1.1. Owns the layout and the writer; the reader is `cvat_video_reader.py`.

    <video>/annotations.xml        a <track> for each object, its shape in every frame
    <video>/frames.jsonl           what CVAT's file has no place for: name, size and split of each frame
    <video>/images/<name>          the pictures, where they were asked for

A video is a group of images, in the order they come; images of no group form one called `frames`. Shapes with one
`track_id` and class are one track, others a track of one frame that our field `untracked` tells from it. CVAT reads the
XML alone, as the annotations of a task whose frames are in that order.
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

import orjson
from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.cvat_elements import attributes, element, head, skeleton, source, task
from datasets_app.formats.cvat_labels import LabelWriter
from datasets_app.formats.cvat_reader import cvat_signs
from datasets_app.formats.cvat_shapes import geometry_of
from datasets_app.formats.cvat_video_reader import FRAMES_FILE, PART, UNTRACKED, read_cvat_video
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.features import AS_MASK, LEFT_OUT, TRACK, count_lost
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.formats.spool import Spool
from datasets_app.formats.xml_stream import xml_text
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_NO_OPTIONS: Mapping[str, Any] = MappingProxyType({})
_SPOOLED_BYTES = 1 << 18
_FATES = {"tags": LEFT_OUT, "captions": LEFT_OUT, "holes": AS_MASK}
_NO_GROUP = "frames"
_FIRST_PART = 1 << 20
"""Groups that hold the parts of polygons together are numbered from here on, far from those that people made."""

_Strand = list[tuple[dict[str, Any], tuple[str, dict[str, str]]]]
"""(what is stored of an object, tag and fields of one of its shapes), frame by frame."""


class CvatVideo(Format):
    """Every shape but tags and captions, followed through the frames of a video."""

    lossy = frozenset((*_FATES, "sources", "states", "verified_empty", "image_tags"))

    @override
    def detect(self, root: Path) -> float:
        return cvat_signs(root, b"track", b"interpolation")

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = _NO_OPTIONS,
    ) -> Dataset:
        return read_cvat_video(root, report, progress)

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
        videos: dict[str, _VideoWriter] = {}
        folders = _Folders()
        mixed = 0
        with Spool() as spool:
            for done, image in enumerate(dataset.images, 1):
                if image.group not in videos:
                    videos[image.group] = _VideoWriter(
                        root / folders.take(image.group or _NO_GROUP), len(videos), spool
                    )
                video = videos[image.group]
                video.add(image)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, video.folder / "images" / safe_name(image.name))
                progress(done, dataset.image_count)
            for name, video in videos.items():
                mixed += video.write(dataset, name or _NO_GROUP)
        if not videos:
            labels = LabelWriter(dataset.classes)
            text = f"{head(task(dataset, '', 0, 'interpolation', labels.xml()))}</annotations>\n"
            (root / "annotations.xml").write_text(text, encoding="utf-8", newline="\n")
        if mixed:
            report.lost["attributes"] += mixed
        return report


class _Folders:
    """A folder for each video, told apart without regard to case."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        wanted = folder = safe_name(name).replace("/", "_")
        numbers = count(2)
        while folder.lower() in self._taken:
            folder = f"{wanted}_{next(numbers)}"
        self._taken.add(folder.lower())
        return folder


class _VideoWriter:
    """Collects what is seen in each frame of one video on disk, then writes it track by track."""

    def __init__(self, folder: Path, key: int, spool: Spool) -> None:
        self.folder = folder
        self._key = key
        self._spool = spool
        self._length = 0
        self._size = (0, 0)
        self._tracks: dict[str, None] = {}

    def add(self, image: ImageRecord) -> None:
        """The next frame."""
        frame = self._length
        self._length += 1
        self._size = (max(self._size[0], image.width), max(self._size[1], image.height))
        facts = {"frame": frame, "name": safe_name(image.name), "width": image.width, "height": image.height}
        self._spool.add(f"{self._key}/frames/{frame // 1000}", {**facts, "group": image.group, "split": image.split})
        for annotation in image.annotations:
            written = fitted(annotation, image, _FATES)
            if written is None:
                continue
            track = annotation.attributes.get(TRACK)
            is_tracked = type(track) is int
            key = f"{self._key}/track/{track}/{annotation.class_number}" if is_tracked else f"{self._key}/{frame}"
            if is_tracked:
                self._tracks.setdefault(key)
            self._spool.add(key, {"frame": frame, **_stored(annotation, written)})

    def write(self, dataset: Dataset, name: str) -> int:
        """Write the files; how many values of attributes lost their kind."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / FRAMES_FILE).open("wb") as frames:
            for chunk in range(0, self._length, 1000):
                for said in self._spool.take(f"{self._key}/frames/{chunk // 1000}"):
                    frames.write(orjson.dumps(said, option=orjson.OPT_APPEND_NEWLINE))
        labels = LabelWriter(dataset.classes)
        with SpooledTemporaryFile(_SPOOLED_BYTES) as body:
            numbers = count()
            for key in self._tracks:
                for text in _tracks(self._spool.take(key), self._length, labels, numbers):
                    body.write(text.encode())
            for frame in range(self._length):
                for one in self._spool.take(f"{self._key}/{frame}"):
                    for text in _tracks([one], self._length, labels, numbers):
                        body.write(text.encode())
            body.seek(0)
            width, height = self._size
            more = (
                f"{labels.xml()}<original_size><width>{width}</width><height>{height}</height></original_size>\n"
                f"<source>{xml_text(name)}</source>\n"
            )
            with (self.folder / "annotations.xml").open("wb") as file:
                file.write(head(task(dataset, "", self._length, "interpolation", more)).encode())
                shutil.copyfileobj(body, file, 1 << 16)
                file.write(b"</annotations>\n")
        return labels.mixed()


def _stored(annotation: AnnotationRecord, written: AnnotationRecord) -> dict[str, Any]:
    return {
        "class": annotation.class_number,
        "kind": written.shape_type,
        "shape": orjson.Fragment(written.shape_json),
        "attributes": dict(annotation.attributes),
        "source": annotation.source,
        "marks": [annotation.occluded, annotation.truncated, annotation.crowd],
        "z_order": annotation.z_order,
        "group": annotation.group,
        "score": annotation.score,
    }


def _tracks(entries: list[dict[str, Any]], length: int, labels: LabelWriter, numbers: Iterator[int]) -> Iterator[str]:
    """The `<track>` elements of one object: one for each part of a polygon, kind of shape and group that it has."""
    strands: dict[tuple[int, int, str, int | None], _Strand] = {}
    in_frame: Counter[int] = Counter()
    for entry in entries:
        shape = entry["shape"]
        # A track that is in two places in one frame is written as two.
        in_frame[entry["frame"]] += 1
        again = in_frame[entry["frame"]]
        geometries = [("skeleton", {})] if shape["type"] == "skeleton" else list(geometry_of(shape))
        for place, geometry in enumerate(geometries):
            strands.setdefault((again, place, geometry[0], entry["group"]), []).append((entry, geometry))
    first = entries[0]
    has_parts = any(place for _, place, _, _ in strands)
    parts = {again: str(_FIRST_PART + next(numbers)) for again in range(1, max(in_frame.values()) + 1) if has_parts}
    for (again, _, tag, group), strand in strands.items():
        fields = {"id": str(next(numbers)), "label": labels.name(first["class"]), "source": source(_record(first))}
        track = first["attributes"].get(TRACK)
        fields |= {TRACK: str(track)} if type(track) is int else {UNTRACKED: "1"}
        if group is not None:
            fields["group_id"] = str(group)
        if has_parts and tag == "polygon":
            fields = {"group_id": parts[again], **fields, PART: parts[again]}
        yield element("track", fields, "".join(_shapes(strand, length, labels)))


def _shapes(strand: _Strand, length: int, labels: LabelWriter) -> Iterator[str]:
    for place, (entry, geometry) in enumerate(strand):
        yield _shape(entry, geometry, entry["frame"], labels, is_outside=False)
        after = strand[place + 1][0]["frame"] if place + 1 < len(strand) else length
        if after > entry["frame"] + 1:
            yield _shape(entry, geometry, entry["frame"] + 1, labels, is_outside=True)


def _shape(
    entry: dict[str, Any], geometry: tuple[str, dict[str, str]], frame: int, labels: LabelWriter, *, is_outside: bool
) -> str:
    record = _record(entry)
    tag, lengths = geometry
    fields = {
        "frame": str(frame),
        "keyframe": "1",
        "outside": str(int(is_outside)),
        "occluded": str(int(record.occluded)),
        "z_order": str(record.z_order),
    }
    inside = attributes(record, labels)
    if tag == "skeleton":
        return skeleton(
            record.class_number, entry["shape"]["points"], {**fields, "source": source(record)}, inside, labels
        )
    return element(tag, {**fields, **lengths}, inside)


def _record(entry: dict[str, Any]) -> AnnotationRecord:
    """What the writer of single shapes asks for."""
    occluded, truncated, crowd = entry["marks"]
    return AnnotationRecord(
        uuid="",
        class_number=entry["class"],
        shape_type=entry["kind"],
        box=(0.0, 0.0, 0.0, 0.0),
        area=0.0,
        shape_json="",
        attributes={name: value for name, value in entry["attributes"].items() if name != TRACK},
        occluded=occluded,
        truncated=truncated,
        crowd=crowd,
        z_order=entry["z_order"],
        group=entry["group"],
        source=entry["source"],
        score=entry["score"],
    )


FORMAT = CvatVideo()
