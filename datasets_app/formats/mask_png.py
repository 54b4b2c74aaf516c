"""Mask PNG: a file of class numbers and one of object numbers for each picture. Knows no other format.

    masks/<split>/<name>.png               8-bit palette; 0 background, 255 to be ignored, else a number of classes.json
    instances/<split>/<name>.png           16-bit grey; 0 background, else the number of the object in its picture
    images/<split>/<name>                  the pictures, where they were asked for
    classes.json                           {"background": 0, "ignore": 255, "classes": {"1": {"name", "rgb"}, ...}}
    images.csv                             the names that the project gives the images

Images of no split are in `default`. Read are masks of other tools as well, with or without `instances`, in colours or
numbers, and a `classes.json` that is a list of names or maps numbers to names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson
from typing_extensions import override

from annotator.core.numbers import whole_number
from datasets_app.formats.base import FormatError, Progress, Report, no_progress
from datasets_app.formats.listing import UniquePaths, split_word, suffix_of
from datasets_app.formats.mask_files import MaskFileError, load_mask, numbers_by_colour, save_numbers, save_wide_numbers
from datasets_app.formats.options import NO_OPTIONS
from datasets_app.formats.palettes import BLACK, WHITE, Colour, class_colours
from datasets_app.formats.pictures import safe_name
from datasets_app.formats.pixel_format import ALWAYS_LOST, Layout, Pictures, PixelFormat, pixel_image, pixel_record
from datasets_app.formats.pixel_masks import Painted, majority, regions
from datasets_app.ir import AnnotationRecord, ClassRecord, Dataset, ImageRecord

_CLASSES = "classes.json"
_IGNORE = 255
_MAX_OBJECTS = 65_535
_MAX_BYTES = 1 << 22
_UNSPLIT = "default"


class MaskPng(PixelFormat):
    """The pixels of every object, and which class it is."""

    lossy = ALWAYS_LOST | {"instances"}

    @override
    def detect(self, root: Path) -> float:
        base = _base(root)
        return 0.0 if base is None else 0.95

    @override
    def read(
        self, root: Path, report: Report, *, progress: Progress = no_progress, options: Mapping[str, Any] = NO_OPTIONS
    ) -> Dataset:
        base = _base(root)
        if base is None:
            raise FormatError(f"No masks were found: a folder masks beside a file {_CLASSES} that names the classes.")
        labels = _labels(base / _CLASSES)
        reader = _Reader(base, labels, report)
        return Dataset(labels.classes, reader.images(progress), len(reader.stems))

    @override
    def layout(self, dataset: Dataset, root: Path, options: Mapping[str, Any]) -> Layout:
        return _Layout(dataset, root)


class _Layout(Layout):
    def __init__(self, dataset: Dataset, folder: Path) -> None:
        self.folder = folder
        self._values = {record.number: value for value, record in enumerate(dataset.classes, 1)}
        colours = class_colours(dataset.classes)
        self._palette = [BLACK, *colours, *([BLACK] * (254 - len(colours))), WHITE]
        self._paths = UniquePaths()
        (folder / "masks").mkdir()
        classes = {
            str(self._values[record.number]): {"name": record.name, "rgb": colour}
            for record, colour in zip(dataset.classes, colours, strict=True)
        }
        content = {"background": 0, "ignore": _IGNORE, "classes": classes}
        (folder / _CLASSES).write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))

    @override
    def add(self, image: ImageRecord, painted: Painted, report: Report) -> str:
        key = self._paths.take(f"{image.split or _UNSPLIT}/{safe_name(image.name)}", "")
        count = len(painted.objects)
        classes = painted.values([self._values[record.class_number] for record in painted.objects])
        objects = painted.values([value if value <= _MAX_OBJECTS else 0 for value in range(1, count + 1)])
        save_numbers(self.folder / "masks" / f"{key}.png", classes, self._palette)
        save_wide_numbers(self.folder / "instances" / f"{key}.png", objects)
        if count > _MAX_OBJECTS:
            report.lost["instances"] += count - _MAX_OBJECTS
        return f"images/{key}{suffix_of(image)}"


@dataclass(frozen=True, slots=True)
class _Labels:
    classes: tuple[ClassRecord, ...]
    numbers: dict[int, int] = field(default_factory=dict)
    """The class number of each value."""

    colours: dict[Colour, int] = field(default_factory=dict)
    """The value of each colour."""

    ignored: frozenset[int] = frozenset((0, _IGNORE))


def _base(root: Path) -> Path | None:
    if not root.is_dir():
        return None
    for path in sorted(root.rglob(_CLASSES)):
        if (path.parent / "masks").is_dir():
            return path.parent
    return None


def _labels(path: Path) -> _Labels:
    try:
        with path.open("rb") as file:
            content = orjson.loads(file.read(_MAX_BYTES))
    except orjson.JSONDecodeError as error:
        raise FormatError(f"{path.name} is not JSON: {error}.") from None
    said = content if isinstance(content, dict) else {}
    ignored = {value for value in (said.get("background", 0), said.get("ignore", _IGNORE)) if type(value) is int}
    listed = said.get("classes", content)
    pairs = enumerate(listed) if isinstance(listed, list) else listed.items() if isinstance(listed, dict) else ()
    classes: list[ClassRecord] = []
    numbers: dict[int, int] = {}
    colours: dict[Colour, int] = {}
    for key, entry in pairs:
        value = whole_number(str(key), _MAX_OBJECTS)
        name = entry if isinstance(entry, str) else entry.get("name") if isinstance(entry, dict) else None
        if value is None or value in ignored or not isinstance(name, str):
            continue
        rgb = entry.get("rgb", entry.get("color")) if isinstance(entry, dict) else None
        colour = _colour(rgb)
        if colour is not None:
            colours[colour] = value
        numbers[value] = len(classes) + 1
        classes.append(ClassRecord(len(classes) + 1, name, "#{:02x}{:02x}{:02x}".format(*colour) if colour else ""))
    if not classes and listed:
        raise FormatError(f'{path.name} names no class; it should say {{"classes": {{"1": {{"name", "rgb"}}, ...}}}}.')
    return _Labels(tuple(classes), numbers, colours, frozenset(ignored))


def _colour(value: Any) -> Colour | None:
    if not isinstance(value, list) or len(value) != 3 or not all(type(v) is int and 0 <= v <= 255 for v in value):
        return None
    return value[0], value[1], value[2]


class _Reader:
    def __init__(self, base: Path, labels: _Labels, report: Report) -> None:
        self._base = base
        self._labels = labels
        self._report = report
        self._pictures = Pictures(base, "images", report)
        masks = (path for path in sorted((base / "masks").rglob("*.png")) if path.is_file() and not path.is_symlink())
        stems = [path.relative_to(base / "masks").with_suffix("").as_posix() for path in masks]
        self._masked = set(stems)
        self.stems = stems + [stem for stem in self._pictures.by_stem if stem not in self._masked]

    def images(self, progress: Progress) -> Iterator[ImageRecord]:
        for number, stem in enumerate(self.stems, 1):
            where = f"masks/{stem}.png"
            try:
                size, found = self._objects(stem, where)
            except MaskFileError as error:
                self._report.refuse(where, str(error))
            else:
                first, _, rest = stem.partition("/")
                split = split_word(first)
                path = self._pictures.path_of(stem)
                inside = rest if rest and (split or first == _UNSPLIT) else stem
                name = self._pictures.name_of(stem, f"{inside}{path.suffix if path else '.png'}")
                yield pixel_image(number, name, size, path, split, found)
            progress(number, len(self.stems))

    def _objects(self, stem: str, where: str) -> tuple[tuple[int, int], list[AnnotationRecord]]:
        if stem not in self._masked:
            size = self._pictures.by_stem[stem].known_size()
            if size is None:
                raise MaskFileError("There is neither a mask nor a picture that could be read.")
            return size, []
        mask = load_mask(self._base / "masks" / f"{stem}.png")
        values = mask.pixels
        if mask.has_colours:
            values, strange = numbers_by_colour(mask.pixels, {BLACK: 0, WHITE: 0, **self._labels.colours}, 0)
            for colour in strange:
                self._report.fix(where, f"The colour {colour} is of no class; its pixels were left out.")
        for value in np.unique(values).tolist():
            if value not in self._labels.numbers and value not in self._labels.ignored:
                self._report.fix(where, f"The number {value} is of no class; its pixels were left out.")
                values = np.where(values == value, 0, values)
        for value in self._labels.ignored:
            values = np.where(values == value, 0, values)
        return mask.size, self._split(stem, values)

    def _split(self, stem: str, values: npt.NDArray[Any]) -> list[AnnotationRecord]:
        path = self._base / "instances" / f"{stem}.png"
        if not path.is_file():
            return self._records({}, values)
        instances = load_mask(path)
        if instances.has_colours or instances.pixels.shape != values.shape:
            raise MaskFileError("The masks of classes and of objects differ in size or kind; both must hold numbers.")
        objects = np.where(values == 0, 0, instances.pixels)
        found = self._records(majority(values, objects), objects)
        return found + self._records({}, np.where(objects == 0, values, 0))

    def _records(self, values: dict[int, int], numbers: npt.NDArray[Any]) -> list[AnnotationRecord]:
        """A record for each number; `values` says its class's value where the number itself does not."""
        return [
            pixel_record(self._labels.numbers[values.get(value, value)], found) for value, found in regions(numbers)
        ]


FORMAT = MaskPng()
