"""MOT Challenge: objects followed through sequences of frames. Owns the writer; the reader is `mot_reader.py`.

    <split>/<sequence>/gt/gt.txt         `frame,id,left,top,width,height,conf,class,visibility`, frames from 1
    <split>/<sequence>/gt/labels.txt     the names of the classes, the first one is class 1
    <split>/<sequence>/img1/000001.jpg   the frames, where they were asked for
    <split>/<sequence>/seqinfo.ini       name, frame rate, length, size, and how corners are counted
    images.csv                           names and sizes (`listing.py`)

A sequence is a group of images; images of no group form one called `images`. The attribute `track_id` is the `id`;
objects without one get ids of their own, from 1,000,001 on. Corners are counted from 1, as MOT Challenge says of all
its numbers; with the option `coordinates: "raw"` from 0. Knows no other format.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typing_extensions import override

from datasets_app.formats.base import Format, Progress, Report, no_progress
from datasets_app.formats.fallbacks import fitted
from datasets_app.formats.fates import BOXES_ONLY, MARKS, without
from datasets_app.formats.features import TRACK, count_lost
from datasets_app.formats.listing import Listing, suffix_of
from datasets_app.formats.mot_reader import COORDINATES_KEY, FIRST_FREE, GROUPED_KEY, detect_mot, read_mot
from datasets_app.formats.options import FRAME_RATE, MOT_COORDINATES, NO_OPTIONS, chosen
from datasets_app.formats.pictures import copy_picture, safe_name
from datasets_app.ir import AnnotationRecord, Dataset, ImageRecord

_SPLITS = {"train": "train", "val": "val", "test": "test"}
NO_GROUP = "images"


class Mot(Format):
    """Boxes with the track that each belongs to."""

    lossy = frozenset(
        (*BOXES_ONLY, *without(MARKS, "tracks", "occluded", "image_groups"), "untracked", "verified_empty", "unsplit")
    )

    @override
    def detect(self, root: Path) -> float:
        return detect_mot(root)

    @override
    def read(
        self,
        root: Path,
        report: Report,
        *,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Dataset:
        """With the option `coordinates` ("one_based" or "raw") for files that do not say it themselves.

        With the option `size_of`, the sizes of pictures that are not below `root` are asked for there.
        """
        return read_mot(root, report, progress, chosen(MOT_COORDINATES, options), options.get("size_of"))

    @override
    def write(
        self,
        dataset: Dataset,
        root: Path,
        *,
        images: bool,
        progress: Progress = no_progress,
        options: Mapping[str, Any] = NO_OPTIONS,
    ) -> Report:
        report = Report()
        first = 1 if chosen(MOT_COORDINATES, options) == "one_based" else 0
        classes = {entry.number: place for place, entry in enumerate(dataset.classes, 1)}
        names = "".join(f"{' '.join(entry.name.split())}\n" for entry in dataset.classes)
        sequences = _Sequences(root, names)
        (root / "train").mkdir()
        (root / "labels.txt").write_text(names, encoding="utf-8")
        with Listing(root) as listing:
            for done, image in enumerate(dataset.images, 1):
                sequence = sequences.of(image)
                sequence.length += 1
                sequence.size = sequence.size or (image.width, image.height)
                found = [a for a in (fitted(a, image, BOXES_ONLY) for a in image.annotations) if a is not None]
                sequence.append([_row(a, sequence, classes[a.class_number], first) for a in found])
                key = f"{sequence.key}/img1/{sequence.length:06d}{suffix_of(image)}"
                listing.add(key, image)
                count_lost(image, self.lossy, report.lost)
                if images:
                    copy_picture(image, root / key)
                progress(done, dataset.image_count)
        sequences.close(chosen(FRAME_RATE, options), "one_based" if first else "raw")
        return report


@dataclass(slots=True)
class _Sequence:
    root: Path
    key: str
    group: str
    length: int = 0
    size: tuple[int, int] | None = None
    suffix: str = ".jpg"
    next_free: int = FIRST_FREE

    def append(self, rows: list[tuple[Any, ...]]) -> None:
        with (self.root / self.key / "gt" / "gt.txt").open("a", encoding="ascii", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)


class _Sequences:
    """The sequences by split and group. Their files are opened for each image: there may be more than a process may."""

    def __init__(self, root: Path, names: str) -> None:
        self._root = root
        self._names = names
        self._found: dict[tuple[str, str], _Sequence] = {}
        self._taken: set[str] = set()

    def of(self, image: ImageRecord) -> _Sequence:
        split = _SPLITS.get(image.split or "", "train")
        if (split, image.group) not in self._found:
            wanted = safe_name(image.group or NO_GROUP).replace("/", "_")
            key, number = f"{split}/{wanted}", 1
            while key.lower() in self._taken:
                number += 1
                key = f"{split}/{wanted}_{number}"
            self._taken.add(key.lower())
            folder = self._root / key / "gt"
            folder.mkdir(parents=True)
            (folder / "labels.txt").write_text(self._names, encoding="utf-8")
            self._found[split, image.group] = _Sequence(self._root, key, image.group, suffix=suffix_of(image))
        return self._found[split, image.group]

    def close(self, frame_rate: int, coordinates: str) -> None:
        for sequence in self._found.values():
            width, height = sequence.size or (0, 0)
            text = (
                f"[Sequence]\nname={sequence.group or NO_GROUP}\nimDir=img1\nframeRate={frame_rate}\n"
                f"seqLength={sequence.length}\nimWidth={width}\nimHeight={height}\nimExt={sequence.suffix}\n"
                f"{COORDINATES_KEY}={coordinates}\n{GROUPED_KEY}={int(bool(sequence.group))}\n"
            )
            (self._root / sequence.key / "seqinfo.ini").write_text(text, encoding="utf-8")


def _row(annotation: AnnotationRecord, sequence: _Sequence, class_id: int, first: int) -> tuple[Any, ...]:
    track = annotation.attributes.get(TRACK)
    if not isinstance(track, int) or isinstance(track, bool) or track < 0:
        track = sequence.next_free
        sequence.next_free += 1
    x, y, width, height = (round(value, 6) for value in annotation.box)
    visibility = 0.5 if annotation.occluded else 1
    return sequence.length, track, x + first, y + first, width, height, 1, class_id, visibility


FORMAT = Mot()
