"""From MOT Challenge sequences of any origin to records. Knows only those.

A sequence is a folder with `gt/gt.txt` or `seqinfo.ini`; its name is the group of its frames. Frames are the pictures
in its `imDir` by the number that they are called, and those that `gt.txt` has rows for. Class ids are named by
`labels.txt`, else as MOT16 and its successors number them.
"""

from __future__ import annotations

import configparser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from annotator.core.geometry.base import ShapeError
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import checked_annotation, checked_size, number, picture_record
from datasets_app.formats.features import TRACK
from datasets_app.formats.lines import lines_of, plain_file, plain_folder
from datasets_app.formats.listing import (
    Found,
    SizeOf,
    UniqueNames,
    has_listing,
    known_picture,
    listed_pictures,
    split_word,
    walk_files,
)
from datasets_app.formats.pictures import PICTURE_SUFFIXES, picture_size, safe_name
from datasets_app.formats.spool import Spool
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

COORDINATES_KEY, GROUPED_KEY = "annotatorCoordinates", "annotatorGrouped"
"""What `seqinfo.ini` of our own files says beyond MOT's keys."""

FIRST_FREE = 1_000_001
"""Our own files number objects without a track from here on."""

_NAMES = (
    *("pedestrian", "person on vehicle", "car", "bicycle", "motorbike", "non-motorized vehicle", "static person"),
    *("distractor", "occluder", "occluder on the ground", "occluder full", "reflection", "crowd"),
)
_TEXT = frozenset((".txt", ".ini"))
_LABELS = "labels.txt"
_MAX_CLASS, _MAX_FRAME, _MAX_INI = 10_000, 10**8, 1 << 16
_PROBED = 20


@dataclass(frozen=True, slots=True)
class _Sequence:
    key: str
    folder: Path
    info: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return PurePosixPath(self.key).name

    @property
    def is_ours(self) -> bool:
        return COORDINATES_KEY.lower() in self.info

    @property
    def truth(self) -> Path:
        return self.folder / "gt" / "gt.txt"


def detect_mot(root: Path) -> float:
    """0.97 where a gt.txt or a seqinfo.ini looks like MOT's."""
    for sequence in _sequences(root):
        if "seqlength" in sequence.info:
            return 0.97
        rows = [text for _, (_, text) in zip(range(_PROBED), _lines(sequence, Report()), strict=False)]
        if rows and all(_numbers(text) is not None for text in rows):
            return 0.95
    return 0.0


def read_mot(root: Path, report: Report, progress: Progress, coordinates: str, size_of: SizeOf | None) -> Dataset:
    sequences = list(_sequences(root))
    names = _names(root, sequences)
    if not sequences and not (has_listing(root) and plain_file(root / _LABELS)):
        raise FormatError("No MOT sequence was found: a folder with gt/gt.txt or seqinfo.ini.")
    used = {_class_id(values) for sequence in sequences for values in _truths(sequence, Report())}
    ids = sorted({*range(1, len(names) + 1), *(found for found in used if 1 <= found <= _MAX_CLASS)})
    named = {place: _name(place, names) for place in ids}
    numbers = {name: at for at, name in enumerate(dict.fromkeys(named.values()), 1)}
    classes = tuple(ClassRecord(at, name) for name, at in numbers.items())
    by_id = {place: numbers[name] for place, name in named.items()}
    return Dataset(classes, _Reader(root, by_id, report, coordinates, size_of).images(sequences, progress))


def _sequences(root: Path) -> Iterator[_Sequence]:
    """The folders with a `gt/gt.txt` or a `seqinfo.ini`, in order."""
    seen = set()
    for key in walk_files(root, _TEXT, depth=6) if root.is_dir() else ():
        path = PurePosixPath(key)
        is_truth = path.name == "gt.txt" and path.parent.name == "gt"
        if not is_truth and path.name != "seqinfo.ini":
            continue
        folder = path.parent.parent if is_truth else path.parent
        if str(folder) not in seen:
            seen.add(str(folder))
            yield _Sequence(str(folder), root / folder, _info(root / folder / "seqinfo.ini"))


def _info(path: Path) -> dict[str, str]:
    if not plain_file(path) or path.stat().st_size > _MAX_INI:
        return {}
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(path.read_text(encoding="utf-8", errors="replace"))
        return dict(parser["Sequence"]) if parser.has_section("Sequence") else {}
    except configparser.Error:
        return {}


def _names(root: Path, sequences: list[_Sequence]) -> list[str]:
    places = [root / _LABELS, *(sequence.folder / "gt" / _LABELS for sequence in sequences[:1])]
    for path in places:
        if plain_file(path):
            return [text for _, text in lines_of(path, _LABELS, Report())][:_MAX_CLASS]
    return []


def _name(class_id: int, names: list[str]) -> str:
    known = names or _NAMES
    return known[class_id - 1] if class_id <= len(known) else f"class {class_id}"


def _lines(sequence: _Sequence, report: Report) -> Iterator[tuple[int, str]]:
    if plain_file(sequence.truth):
        yield from lines_of(sequence.truth, f"{sequence.key}/gt/gt.txt", report)


def _truths(sequence: _Sequence, report: Report) -> Iterator[list[float]]:
    for _, text in _lines(sequence, report):
        values = _numbers(text)
        if values is not None:
            yield values


def _numbers(text: str) -> list[float] | None:
    """The row's numbers, frame and id whole ones; None where it is no row."""
    cells = [number(cell) for cell in text.replace(",", " ").split()]
    values = [cell for cell in cells if cell is not None]
    if len(values) != len(cells) or not 6 <= len(values) <= 10 or values[0] % 1 or values[1] % 1:
        return None
    return values if 1 <= values[0] <= _MAX_FRAME else None


def _class_id(values: list[float]) -> int:
    """The class of a row; rows of MOT15 have none, and everybody in them is a pedestrian."""
    found = values[7] if 8 <= len(values) <= 9 else 1.0
    return int(found) if found >= 1 else 1


class _Reader:
    def __init__(
        self, root: Path, numbers: Mapping[int, int], report: Report, coordinates: str, size_of: SizeOf | None
    ) -> None:
        self._root = root
        self._numbers = numbers
        self._report = report
        self._coordinates = coordinates
        self._size_of = size_of
        self._listed = {found.key: found for found in listed_pictures(root, report)}
        self._names = UniqueNames()

    def images(self, sequences: list[_Sequence], progress: Progress) -> Iterator[ImageRecord]:
        done = 0
        for sequence in sequences:
            frames = self._frames(sequence)
            with Spool() as spool:
                for line, text in _lines(sequence, self._report):
                    values = _numbers(text)
                    if values is None:
                        self._report.refuse(
                            f"{sequence.key}/gt/gt.txt: line {line}",
                            "A row must be six to ten numbers: frame, id, left, top, width, height, …, "
                            "frames counted from 1.",
                        )
                        continue
                    frames.setdefault(int(values[0]), None)
                    spool.add(str(int(values[0])), [line, values])
                for frame in sorted(frames):
                    done += 1
                    yield from self._image(done, sequence, frame, frames[frame], spool.take(str(frame)))
                    progress(done, -1)

    def _frames(self, sequence: _Sequence) -> dict[int, Found | None]:
        """The pictures of a sequence by their frame."""
        frames: dict[int, Found | None] = {}
        inside = safe_name(sequence.info.get("imdir", "img1"))
        start = f"{sequence.key}/{inside}/"
        for key, found in self._listed.items():
            if key.startswith(start):
                self._add_frame(frames, found)
        folder = sequence.folder / inside
        if plain_folder(folder):
            for name in walk_files(folder, PICTURE_SUFFIXES, depth=1):
                if f"{start}{name}" not in self._listed:
                    self._add_frame(frames, Found(f"{start}{name}", folder / name))
        return frames

    def _add_frame(self, frames: dict[int, Found | None], found: Found) -> None:
        digits = found.stem.rpartition("_")[2]
        if digits.isdecimal() and digits.isascii() and 0 < len(digits) <= 8:
            frames.setdefault(int(digits), found)
        else:
            self._report.refuse(found.key, "The picture's name is no number, so nothing tells which frame it is.")

    def _image(
        self, done: int, sequence: _Sequence, frame: int, found: Found | None, rows: list[list[object]]
    ) -> Iterator[ImageRecord]:
        path = found.path if found else None
        size = (picture_size(path) if path else None) or (found.size if found else None)
        key = safe_name(found.key if found else f"{sequence.key}/img1/{frame:06d}{sequence.info.get('imext', '.jpg')}")
        file = PurePosixPath(key).name
        name = (found.name if found else "") or (f"{sequence.name}/{file}" if sequence.name else file)
        if path is None and (known := known_picture((name, key), self._size_of)) is not None:
            name, size = known[0], size or known[1]
        size = size or checked_size(sequence.info.get("imwidth"), sequence.info.get("imheight"), None)
        if size is None:
            self._report.refuse(
                f"{sequence.key}: frame {frame}", "The picture is not at hand, and seqinfo.ini does not tell its size."
            )
            return
        split = next((word for part in sequence.key.split("/")[:-1] if (word := split_word(part))), None)
        group = sequence.info.get("name", sequence.name) if sequence.info.get(GROUPED_KEY.lower()) != "0" else ""
        image = replace(picture_record(done, self._names.take(name, key), size, path), split=split, group=group)
        read = (self._annotation(sequence, line, values, image) for line, values in rows)
        annotations = tuple(annotation for annotation in read if annotation is not None)
        yield replace(image, annotations=annotations, state="annotated" if annotations else "unlabelled")

    def _annotation(
        self, sequence: _Sequence, line: object, values: object, image: ImageRecord
    ) -> AnnotationRecord | None:
        where = f"{sequence.key}/gt/gt.txt: line {line}"
        try:
            return self._checked(sequence, values if isinstance(values, list) else [], image, where)
        except ShapeError as error:
            self._report.refuse(where, str(error))
            return None

    def _checked(
        self, sequence: _Sequence, values: list[float], image: ImageRecord, where: str
    ) -> AnnotationRecord | None:
        _, track, left, top, width, height, *rest = values
        class_id = _class_id(values)
        if class_id not in self._numbers:
            raise ShapeError(f"The class {class_id} is beyond {_MAX_CLASS}.")
        coordinates = sequence.info.get(COORDINATES_KEY.lower(), self._coordinates)
        first = 0 if coordinates == "raw" else 1
        box = [round(left - first, 6), round(top - first, 6), width, height]
        attributes: dict[str, object] = {}
        if track >= 0 and not (sequence.is_ours and track >= FIRST_FREE):
            attributes[TRACK] = int(track)
        if rest and rest[0] == 0:
            attributes["ignored"] = True
        visibility = rest[2] if len(rest) == 3 else 1.0
        if not sequence.is_ours and 0 <= visibility < 1:
            attributes["visibility"] = visibility
        return checked_annotation(
            {"type": "box", "box": box},
            self._numbers[class_id],
            image,
            where,
            self._report,
            attributes=attributes,
            occluded=0 <= visibility <= 0.5,
        )
