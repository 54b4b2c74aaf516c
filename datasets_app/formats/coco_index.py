"""Where everything stands in COCO files: one pass that keeps places instead of contents. Knows only COCO.

COCO lists annotations apart from their images and in any order. Put down of each are its image, its file and its place
there, some twenty bytes; with them a second pass reads what belongs to one image together, so memory does not hold the
data set, and nothing has to be sorted on disk.
"""

from __future__ import annotations

import operator
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from datasets_app.formats.base import Report
from datasets_app.formats.json_walk import Found, JsonError, Unreadable, read_value, read_values, walk
from datasets_app.formats.pictures import safe_name

LISTS = ("images", "annotations", "categories")
_OPEN_FILES = 64
_GAP_BYTES = 16
"""A comma and the blanks around it."""

Slot = int
"""The number of an image over all files, in the order in which they are first named."""


@dataclass(frozen=True, slots=True)
class CocoFile:
    """A file; `family` is the same for files that may list the same images: instances, keypoints and captions."""

    path: Path
    name: str
    split: str | None
    family: tuple[str, str | None]


Indexed = tuple[int, CocoFile, Any, int, list[tuple[CocoFile, Any]]]
"""An image: its place, file, entry and id where ids are kept, and its annotations with their files."""


@dataclass(slots=True)
class _Scan:
    """What is only needed while one file is walked: its ids, and the image each of them means."""

    number: int
    file: CocoFile
    images: int = 0
    slots: dict[str, Slot] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    keys: set[str] = field(default_factory=set)


def id_text(value: Any) -> str:
    """Ids are compared as text: tools write the same one as 1, "1" and 1.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value)


def image_name(entry: Any) -> str | None:
    """The name of an image; LVIS has no `file_name`, only the address of the picture, which ends in folder and name."""
    if not isinstance(entry, dict):
        return None
    name, address = entry.get("file_name"), entry.get("coco_url")
    if not isinstance(name, str):
        name = "/".join(address.split("/")[-2:]) if isinstance(address, str) else None
    return None if name is None else safe_name(name)


class CocoIndex:
    """Categories and the places of images and annotations of all files that could be read."""

    def __init__(self, report: Report) -> None:
        self.files: list[CocoFile] = []
        self.info: dict[str, Any] = {}
        self.categories: list[tuple[int, Any]] = []
        self.uncategorised_captions = False
        self.keeps_ids = True
        self.masks: Counter[str] = Counter()
        self._report = report
        self._slots = 0
        self._by_name: dict[str, tuple[Slot, CocoFile]] = {}
        self._aliases: dict[Slot, Slot] = {}
        self._image_slots, self._image_files = array("q"), array("i")
        self._image_starts, self._image_ends, self._image_ids = array("q"), array("q"), array("q")
        self._slots_of, self._files_of = array("q"), array("i")
        self._starts, self._ends = array("q"), array("q")

    def add(self, file: CocoFile) -> bool:
        """Walk one file; False, with the reason in the report, where it is not to be read."""
        marks = (len(self._image_slots), len(self._slots_of), len(self.categories))
        scan = _Scan(len(self.files), file)
        missing: Counter[str] = Counter()
        seen = dict.fromkeys(LISTS, False)
        try:
            for found in walk(file.path, LISTS, report=self._report, name=file.name):
                if found.is_item:
                    self._take(scan, found, missing)
                elif found.key in seen and isinstance(found.value, list):
                    seen[found.key] = True
                elif found.key == "info" and isinstance(found.value, dict) and not self.info:
                    self.info = found.value
        except JsonError as error:
            self._report.refuse(file.name, f"The file cannot be read as JSON. {error}")
            self._forget(marks)
            return False
        if not seen["images"]:
            self._forget(marks)
            return False
        for key in LISTS[1:]:
            if not seen[key]:
                self._report.fix(file.name, f'The list "{key}" is missing; it was taken as empty.')
        for key, count in missing.items():
            self._report.fix(file.name, f"{count} {_MISSING[key]}")
        self.files.append(file)
        return True

    @property
    def image_count(self) -> int:
        return len(self._image_slots)

    @property
    def annotation_count(self) -> int:
        return len(self._slots_of)

    def walk_images(self) -> Iterator[Indexed]:
        """Every image with its annotations."""
        slots = self._settled_slots()
        order = np.argsort(slots, kind="stable")
        starts, ends, files = (np.frombuffer(places, dtype=places.typecode) for places in self._places())
        ordered = slots[order]
        wanted = np.asarray(self._image_slots, dtype=np.int64)
        firsts = np.searchsorted(ordered, wanted)
        lasts = np.searchsorted(ordered, wanted, side="right")
        del slots, ordered, wanted
        with _Files(self.files) as opened:
            for place, (first, last) in enumerate(zip(firsts, lasts, strict=True)):
                file = self.files[self._image_files[place]]
                entry = opened.read(self._image_files[place], self._image_starts[place], self._image_ends[place])
                mine = order[first:last]
                found = opened.read_all(files[mine].tolist(), starts[mine].tolist(), ends[mine].tolist())
                yield place, file, entry, self._image_ids[place], found

    def walk_orphans(self) -> Iterator[tuple[CocoFile, Any]]:
        """The annotations of images that no file lists."""
        known = np.zeros(self._slots + 1, dtype=bool)
        known[np.asarray(self._image_slots, dtype=np.int64)] = True
        with _Files(self.files) as opened:
            for place in np.flatnonzero(~known[self._settled_slots()]).tolist():
                number = self._files_of[place]
                yield self.files[number], opened.read(number, self._starts[place], self._ends[place])

    def settle_ids(self) -> None:
        """Decide whether the images keep their ids: only where all are different whole numbers from 1 on."""
        ids = np.frombuffer(self._image_ids, dtype=np.int64) if self._image_ids else np.empty(0, np.int64)
        self.keeps_ids = bool((ids >= 1).all()) and np.unique(ids).size == ids.size

    def _take(self, scan: _Scan, found: Found, missing: Counter[str]) -> None:
        if found.key == "categories":
            self.categories.append((scan.number, found.value))
        elif isinstance(found.value, Unreadable):
            self._report.refuse(f"{scan.file.name}: {found.key}, byte {found.start}", found.value.detail)
        elif found.key == "annotations":
            self._take_annotation(scan, found, missing)
        else:
            self._take_image(scan, found)

    def _take_annotation(self, scan: _Scan, found: Found, missing: Counter[str]) -> None:
        entry = found.value
        if not isinstance(entry, dict):
            self._report.refuse(scan.file.name, f"The annotation {entry!r:.60} is not an object.")
            return
        if isinstance(entry.get("caption"), str):
            self.uncategorised_captions |= "category_id" not in entry or not entry["category_id"]
        else:
            if "area" not in entry:
                missing["area"] += 1
            if "iscrowd" not in entry:
                missing["iscrowd"] += 1
            if isinstance(entry.get("segmentation"), dict):
                self.masks["crowd" if entry.get("iscrowd") else "single"] += 1
        self._slots_of.append(self._slot(scan, id_text(entry.get("image_id"))))
        self._files_of.append(scan.number)
        self._starts.append(found.start)
        self._ends.append(found.end)

    def _take_image(self, scan: _Scan, found: Found) -> None:
        entry = found.value
        scan.images += 1
        where = f"{scan.file.name}: image {scan.images}"
        name = image_name(entry)
        if name is None or "id" not in entry:
            self._report.refuse(where, 'An image needs "id" and "file_name".')
            return
        key = id_text(entry["id"])
        slot = self._slot(scan, key)
        if name in scan.names:
            self._report.refuse(where, f"{name} was listed before; each file name may be listed once.")
            return
        if key in scan.keys:
            self._report.refuse(where, f"The id {key} was given before; each image needs its own.")
            return
        scan.names.add(name)
        scan.keys.add(key)
        before = self._by_name.setdefault(name, (slot, scan.file))
        if before[1] is not scan.file and before[1].family == scan.file.family:
            self._aliases[slot] = before[0]
            return
        self._image_slots.append(slot)
        self._image_files.append(scan.number)
        self._image_starts.append(found.start)
        self._image_ends.append(found.end)
        value = entry["id"]
        self._image_ids.append(value if type(value) is int and 0 <= value < 2**31 else 0)

    def _slot(self, scan: _Scan, key: str) -> Slot:
        slot = scan.slots.get(key)
        if slot is None:
            slot = scan.slots[key] = self._slots
            self._slots += 1
        return slot

    def _settled_slots(self) -> npt.NDArray[np.int64]:
        slots = np.array(self._slots_of, dtype=np.int64)
        if self._aliases:
            meant = np.arange(self._slots + 1)
            meant[list(self._aliases)] = list(self._aliases.values())
            slots = meant[slots]
        return slots

    def _places(self) -> tuple[array[int], array[int], array[int]]:
        return self._starts, self._ends, self._files_of

    def _forget(self, marks: tuple[int, int, int]) -> None:
        images, annotations, categories = marks
        for places in (self._image_slots, self._image_files, self._image_starts, self._image_ends, self._image_ids):
            del places[images:]
        for places in (self._slots_of, *self._places()):
            del places[annotations:]
        del self.categories[categories:]
        self._by_name = {name: kept for name, kept in self._by_name.items() if kept[1] in self.files}


_MISSING = {
    "area": "annotations lack the area; it was computed.",
    "iscrowd": "annotations lack iscrowd; they were read as single objects.",
}


class _Files:
    """The files, opened when they are first needed."""

    def __init__(self, files: list[CocoFile]) -> None:
        self._files = files
        self._opened: dict[int, BinaryIO] = {}

    def __enter__(self) -> _Files:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._opened.values():
            file.close()

    def read(self, number: int, start: int, end: int) -> Any:
        return read_value(self._open(number), start, end)

    def read_all(
        self, numbers: Sequence[int], starts: Sequence[int], ends: Sequence[int]
    ) -> list[tuple[CocoFile, Any]]:
        """Items by their files and places: at once where they stand one behind the other, as they mostly do."""
        gaps = map(operator.sub, starts[1:], ends)
        if len(set(numbers)) == 1 and all(0 < gap <= _GAP_BYTES for gap in gaps):
            file = self._files[numbers[0]]
            found = read_values(self._open(numbers[0]), starts[0], ends[-1], len(starts))
            if found is not None:
                return [(file, value) for value in found]
        places = zip(numbers, starts, ends, strict=True)
        return [(self._files[number], self.read(number, start, end)) for number, start, end in places]

    def _open(self, number: int) -> BinaryIO:
        if number not in self._opened:
            if len(self._opened) >= _OPEN_FILES:
                self._opened.pop(next(iter(self._opened))).close()
            self._opened[number] = self._files[number].path.open("rb", buffering=0)
        return self._opened[number]
