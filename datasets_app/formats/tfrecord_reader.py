"""From TFRecord files of TensorFlow's Object Detection API to records. Knows that format's fields.

Read are all files below the folder that begin as a TFRecord does; the split is told by words in their names. Pictures
inside the files stay there and are opened from where they stand.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image, UnidentifiedImageError

from annotator.core.geometry.base import Shape
from annotator.core.geometry.rle import Rle
from datasets_app.formats.base import FormatError, Progress, Report
from datasets_app.formats.checked import SPLIT_WORDS, box_between, checked_annotation, checked_size, picture_record
from datasets_app.formats.features import state_without_states
from datasets_app.formats.pictures import PictureFolder, safe_name
from datasets_app.formats.tfrecord_labels import FILE_NAME, read_labels
from datasets_app.formats.tfrecord_wire import WireError, example_from_bytes, is_record_file, records
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

_SUFFIXES = {"jpeg": ".jpg", "jpg": ".jpg", "png": ".png", "gif": ".gif", "bmp": ".bmp"}
_PROBED_RECORDS = 3
_DECIMALS = 3
"""32-bit floats tell fractions of 16,000 pixels to a thousandth."""


def detect_tfrecord(root: Path) -> float:
    """0.95 where one of the first records of a file has fields of an image, 0.3 where they are others' records."""
    best = 0.0
    for path in _files(root):
        try:
            examples = [example_from_bytes(record.data) for record in islice(records(path), _PROBED_RECORDS)]
        except (FormatError, WireError):
            continue
        names = set(chain.from_iterable(examples))
        best = max(best, 0.95 if {"image/filename", "image/height", "image/encoded"} & names else 0.3)
    if not best and root.is_dir() and (root / FILE_NAME).is_file():
        return 0.9
    return best


def read_tfrecord(root: Path, report: Report, progress: Progress) -> Dataset:
    paths = _files(root)
    folder = root if root.is_dir() else root.parent
    maps = sorted(path for path in folder.rglob("*.pbtxt") if path.is_file() and not path.is_symlink())
    if not paths and not maps:
        raise FormatError(f"There is no TFRecord file in {root.name}.")
    reader = _Reader(PictureFolder(root), report)
    for path in maps[:1]:
        reader.know(read_labels(path, report))
    for path in paths if not maps else ():
        # Without a label map the classes are only known when every record was looked at.
        for example in _examples(path, Report()):
            reader.learn(example)
    return Dataset(reader.classes(), reader.images(paths, progress))


class _Example:
    """The features of one record."""

    def __init__(self, features: Mapping[str, list[Any]], data: bytes, path: Path, offset: int, where: str) -> None:
        self._features = features
        self._data = data
        self._path = path
        self._offset = offset
        self.where = where

    def numbers(self, name: str) -> list[Any]:
        return [value for value in self._features.get(name, ()) if not isinstance(value, tuple)]

    def spans(self, name: str) -> list[tuple[int, int]]:
        return [value for value in self._features.get(name, ()) if isinstance(value, tuple)]

    def contents(self, name: str) -> list[bytes]:
        return [self._data[start:end] for start, end in self.spans(name)]

    def texts(self, name: str) -> list[str]:
        return [content.decode("utf-8", "replace") for content in self.contents(name)]

    def text(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def first(self, name: str) -> Any:
        return next(iter(self.numbers(name)), None)

    def picture(self) -> partial[BinaryIO] | None:
        """Opens the bytes inside the file."""
        for start, end in self.spans("image/encoded"):
            return partial(_open_part, self._path, self._offset + start, end - start) if end > start else None
        return None


class _Reader:
    def __init__(self, pictures: PictureFolder, report: Report) -> None:
        self._pictures = pictures
        self._report = report
        self._labels: dict[int, str] = {}
        self._numbers: dict[str, int] = {}
        self._names: set[str] = set()

    def know(self, labels: Mapping[int, str]) -> None:
        for label, name in labels.items():
            self._labels[label] = name
            self._numbers.setdefault(name, label)

    def learn(self, example: _Example) -> None:
        """Remember the classes that an example names."""
        for part in ("object/class", "class"):
            labels, names = example.numbers(f"image/{part}/label"), example.texts(f"image/{part}/text")
            for place in range(max(len(labels), len(names))):
                name = names[place] if place < len(names) else ""
                label = labels[place] if place < len(labels) else 0
                if label in self._labels or (name and name in self._numbers):
                    continue
                known = label if isinstance(label, int) and label >= 1 else max(self._labels, default=0) + 1
                self.know({known: name or f"class {label}"})

    def classes(self) -> tuple[ClassRecord, ...]:
        return tuple(ClassRecord(number=number, name=name) for name, number in self._numbers.items())

    def images(self, paths: Sequence[Path], progress: Progress) -> Iterator[ImageRecord]:
        done = 0
        for path in paths:
            split = _split(path)
            for example in _examples(path, self._report):
                done += 1
                image = self._image(example, done)
                if image is not None:
                    yield replace(image, split=split)
                progress(done, -1)

    def _image(self, example: _Example, number: int) -> ImageRecord | None:
        kind = example.text("image/format").lower()
        name = safe_name(example.text("image/filename") or f"{number:08d}{_SUFFIXES.get(kind, '.jpg')}")
        if name in self._names:
            self._report.refuse(example.where, f"{name} came before; each file name may come once.")
            return None
        opener = example.picture()
        path = None if opener else self._pictures.find(name, self._pictures.root)
        size = checked_size(example.first("image/width"), example.first("image/height"), path)
        size = size or (_size_inside(opener) if opener else None)
        if size is None:
            self._report.refuse(example.where, f"{name} has no width and height, and no picture tells them.")
            return None
        self._names.add(name)
        image = picture_record(number, name, size, path)
        if opener:
            image = replace(image, open=opener, suffix=_SUFFIXES.get(kind, image.suffix))
        image = replace(image, annotations=tuple(chain(self._objects(example, image), self._tags(example, image))))
        return replace(image, state=state_without_states(image))

    def _tags(self, example: _Example, image: ImageRecord) -> Iterator[AnnotationRecord]:
        labels, names = example.numbers("image/class/label"), example.texts("image/class/text")
        for place in range(max(len(labels), len(names))):
            yield from self._annotation({"type": "tag"}, (labels, names), place, image, example)

    def _objects(self, example: _Example, image: ImageRecord) -> Iterator[AnnotationRecord]:
        edges = [example.numbers(f"image/object/bbox/{side}") for side in ("xmin", "ymin", "xmax", "ymax")]
        count = len(edges[0])
        if any(len(edge) != count for edge in edges):
            self._report.refuse(example.where, "The lists xmin, ymin, xmax and ymax must be of the same length.")
            return
        classes = example.numbers("image/object/class/label"), example.texts("image/object/class/text")
        masks, kinds = example.contents("image/object/mask"), example.texts("image/object/shape")
        if masks and len(masks) != count:
            self._report.refuse(example.where, f"There are {len(masks)} masks for {count} objects; they were left out.")
            masks = []
        flags = {name: example.numbers(f"image/object/{name}") for name in ("is_crowd", "truncated", "difficult")}
        for place in range(count):
            box = _box([edge[place] for edge in edges], image)
            png = masks[place] if masks and kinds[place : place + 1] != ["box"] else b""
            shape = self._mask(png, image, f"{example.where}, object {place + 1}") if png else None
            marks = {name: bool(values[place]) for name, values in flags.items() if place < len(values)}
            yield from self._annotation(
                shape or {"type": "box", "box": list(box)}, classes, place, image, example, **marks
            )

    def _mask(self, png: bytes, image: ImageRecord, where: str) -> dict[str, Any] | None:
        """The shape in a PNG; None where it holds no pixel or cannot be read."""
        try:
            with Image.open(io.BytesIO(png), formats=("PNG",)) as picture:
                if picture.size != (image.width, image.height):
                    size = f"{picture.width} x {picture.height}"
                    self._report.fix(where, f"The mask is of {size} pixels and not of the picture's; the box was read.")
                    return None
                pixels = np.asarray(picture.convert("L") if picture.mode not in ("L", "1") else picture)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
            self._report.fix(where, f"The mask cannot be read; the box was read instead: {error}.")
            return None
        rle = Rle.from_mask(pixels > 0)
        return {"type": "mask", "box": list(rle.box), "counts": rle.crop(rle.box).to_string()} if rle.area else None

    def _annotation(
        self,
        shape: Shape,
        classes: tuple[list[Any], list[str]],
        place: int,
        image: ImageRecord,
        example: _Example,
        **marks: bool,
    ) -> Iterator[AnnotationRecord]:
        where = f"{example.where}, object {place + 1}"
        labels, names = classes
        label = labels[place] if place < len(labels) else None
        name = names[place] if place < len(names) else self._labels.get(label or 0, "")
        number = self._numbers.get(name)
        if number is None:
            self._report.refuse(where, f"There is no class with the name {name!r} or the label {label!r}.")
            return
        attributes = {"difficult": True} if marks.get("difficult") else {}
        found = checked_annotation(
            shape,
            number,
            image,
            where,
            self._report,
            crowd=marks.get("is_crowd", False),
            truncated=marks.get("truncated", False),
            attributes=attributes,
        )
        if found is not None:
            yield found


def _examples(path: Path, report: Report) -> Iterator[_Example]:
    for place, record in enumerate(records(path), 1):
        where = f"{path.name}, record {place}"
        if not record.is_whole:
            report.refuse(where, "The record has a wrong checksum; it is damaged.")
            continue
        try:
            features = example_from_bytes(record.data)
        except WireError as error:
            report.refuse(where, f"The record is no tf.train.Example. {error}")
            continue
        yield _Example(features, record.data, path, record.offset, where)


def _box(edges: Sequence[Any], image: ImageRecord) -> tuple[float, float, float, float]:
    left, top, right, bottom = (
        _pixels(edge, side) for edge, side in zip(edges, (image.width, image.height) * 2, strict=True)
    )
    return box_between(left, top, right, bottom)


def _pixels(fraction: Any, side: int) -> float:
    """Rounded to what the fraction can tell, which also takes its own rounding back."""
    return round(float(fraction) * side, _DECIMALS)


def _split(path: Path) -> str | None:
    words = re.split(r"[^a-z]+", path.name.lower())
    return next((SPLIT_WORDS[word] for word in words if word in SPLIT_WORDS), None)


def _files(root: Path) -> list[Path]:
    """TFRecord files in the order of their names. What they are called differs; how they begin does not."""
    if root.is_file():
        return [root] if is_record_file(root) else []
    if not root.is_dir():
        return []
    found = (path for path in root.rglob("*rec*") if path.is_file() and not path.is_symlink())
    return sorted(path for path in found if is_record_file(path))


def _size_inside(opener: partial[BinaryIO]) -> tuple[int, int] | None:
    try:
        with opener() as file, Image.open(file) as picture:
            return picture.size
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None


def _open_part(path: Path, offset: int, length: int) -> BinaryIO:
    with path.open("rb") as file:
        file.seek(offset)
        return io.BytesIO(file.read(length))
